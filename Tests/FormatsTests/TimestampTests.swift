import Formats
import Glibc
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (1_718_703_000_123, "2024-06-18T09:30:00.123Z"),
      (Timestamp.earliest, "0001-01-01T00:00:00.000Z"), (Timestamp.latest, "9999-12-31T23:59:59.999Z"),
      (.min, "0001-01-01T00:00:00.000Z"), (.max, "9999-12-31T23:59:59.999Z"),
    ] as [(Int64, String)])
  func `a moment is written in UTC with milliseconds`(moment: Int64, text: String) {
    #expect(written { $0.append(timestamp: moment) } == text)
  }

  @Test func `random moments make the round trip and agree with gmtime`() throws {
    var random = Seeded("timestamps")
    for _ in 0..<10_000 {
      let moment = Int64.random(in: Timestamp.earliest...Timestamp.latest, using: &random)
      let text = written { $0.append(timestamp: moment) }
      #expect(try Timestamp.parse(text) == moment)
      let glibc = GlibcCalendar(seconds: Int((Double(moment) / 1_000).rounded(.down)))
      let clock = [glibc.hour, glibc.minute, glibc.second].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
      #expect(text.dropFirst(11).prefix(8) == clock)
    }
  }

  @Test(
    arguments: [
      ("2024-06-18T09:30:00Z", 1_718_703_000_000), ("2024-06-18t09:30:00z", 1_718_703_000_000),
      ("2024-06-18T18:30:00+09:00", 1_718_703_000_000),
      ("2024-06-18T04:00:00-05:30", 1_718_703_000_000), ("2024-06-18T09:30:00.1Z", 1_718_703_000_100),
      ("2024-06-18T09:30:00.12Z", 1_718_703_000_120),
      ("2024-06-18T09:30:00.123000000Z", 1_718_703_000_123), ("1970-01-01T00:00:00+23:59", -86_340_000),
    ] as [(String, Int64)])
  func `an offset is taken into account`(text: String, moment: Int64) throws {
    #expect(try Timestamp.parse(text) == moment)
  }

  @Test(arguments: [
    ("", "malformed"), ("2024-06-18", "malformed"), ("2024-06-18 09:30:00Z", "malformed"), ("2024-06-18T09:30Z", "malformed"),
    ("2024-06-18T09:30:00", "no_offset"), ("2024-06-18T09:30:00.123", "no_offset"), ("2024-06-18T09:30:00.Z", "malformed"),
    ("2024-06-18T09:30:00+0900", "malformed"), ("2024-06-18T09:30:00+09", "malformed"), ("2024-06-18T09:30:00+24:00", "malformed"),
    ("2024-06-18T09:30:00+09:60", "malformed"), ("2024-06-18T09:30:00Z ", "malformed"), ("2024-06-18T09:30:00 Z", "malformed"),
    ("2024-02-30T09:30:00Z", "no_such_date"), ("2024-13-01T09:30:00Z", "no_such_date"), ("2024-06-18T24:00:00Z", "no_such_time"),
    ("2024-06-18T09:60:00Z", "no_such_time"), ("2024-06-18T09:30:61Z", "no_such_time"), ("2016-12-31T23:59:60Z", "leap_second"),
    ("2024-06-18T09:30:00.1234Z", "precision"), ("2024-06-18T09:30:00.0001Z", "precision"), ("0001-01-01T00:00:00+00:01", "out_of_range"),
    ("9999-12-31T23:59:59-00:01", "out_of_range"), ("2024-06-18Taa:30:00Z", "malformed"),
  ])
  func `a moment in any other form is refused with its reason`(text: String, code: String) {
    let error = #expect(throws: DateError.self) { try Timestamp.parse(text) }
    #expect(error?.code == code)
    #expect(error?.detail.contains("found \"\(text)\"") == true)
  }

  @Test func `now is the wall clock`() {
    let seconds = time(nil)
    #expect(abs(Int(Timestamp.now() / 1_000) - seconds) <= 1)
  }
}
