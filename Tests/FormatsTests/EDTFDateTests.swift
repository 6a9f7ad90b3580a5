import Formats
import Testing

@Suite struct EDTFDateTests {
  @Test(
    arguments: [
      ("2024-06-18", "2024-06-18", "2024-06-18", .day), ("2024-06", "2024-06-01", "2024-06-30", .month),
      ("2024-02", "2024-02-01", "2024-02-29", .month),
      ("2024", "2024-01-01", "2024-12-31", .year), ("0001", "0001-01-01", "0001-12-31", .year),
      ("9999-12", "9999-12-01", "9999-12-31", .month),
      ("2024-33", "2024-01-01", "2024-03-31", .quarter), ("2024-34", "2024-04-01", "2024-06-30", .quarter),
      ("2024-35", "2024-07-01", "2024-09-30", .quarter), ("2024-36", "2024-10-01", "2024-12-31", .quarter),
      ("2024-06-18/2024-06-21", "2024-06-18", "2024-06-21", .days), ("2023-12-31/2024-01-01", "2023-12-31", "2024-01-01", .days),
    ] as [(String, String, String, EDTFDate.Precision)])
  func `a date names its first and last day and its precision`(text: String, start: String, end: String, precision: EDTFDate.Precision)
    throws
  {
    let date = try EDTFDate.parse(text)
    #expect(date.start.description == start && date.end.description == end && date.precision == precision && !date.approximate)
    #expect(date.description == text)
    let about = try EDTFDate.parse(text + "~")
    #expect(about.start == date.start && about.end == date.end && about.precision == precision && about.approximate)
    #expect(about.description == text + "~")
  }

  @Test func `an interval of one day is a day, and either end may be approximate`() throws {
    #expect(try EDTFDate.parse("2024-06-18/2024-06-18").precision == .day)
    #expect(try EDTFDate.parse("2024-06-18~/2024-06-21").approximate)
  }

  @Test(
    arguments: [
      ("", "empty"), ("18/06/2024", "ambiguous"), ("06/18/2024", "ambiguous"), ("1/2/24", "ambiguous"), ("18.06.2024", "ambiguous"),
      ("18-06-2024", "ambiguous"), ("06/2024", "ambiguous"), ("2024/06/18", "ambiguous"), ("18 06 2024", "ambiguous"),
      ("2024-6-1", "malformed"),
      ("20240618", "malformed"), ("202406", "malformed"), ("24", "malformed"), ("2024-", "malformed"), ("2024-06-", "malformed"),
      ("2024-06-18T", "malformed"),
      ("2024-06-18T09:30:00Z", "malformed"), ("June 2024", "malformed"), ("18 June 2024", "malformed"), ("2024-06-18 ", "malformed"),
      (" 2024-06-18", "malformed"), ("2024-W25", "malformed"), ("2024-Q2", "malformed"), ("202X", "malformed"), ("2024-XX", "malformed"),
      ("-2024", "malformed"),
      ("Y2024", "malformed"), ("2024-06-18~~", "malformed"), ("~2024", "malformed"), ("~", "malformed"), ("2024.06", "malformed"),
      ("2024/2025", "malformed"),
      ("2024-06/2024-07", "malformed"), ("2024-06-18/2024", "malformed"), ("2024-06-18/21", "malformed"),
      ("2024-06-18/2024-06-21/2024-06-22", "malformed"),
      ("2024-06-18--2024-06-21", "malformed"), ("2024-13", "no_such_date"), ("2024-00", "no_such_date"), ("0000", "no_such_date"),
      ("0000-01-01", "no_such_date"),
      ("2024-13-01", "no_such_date"), ("2024-02-30", "no_such_date"), ("2023-02-29", "no_such_date"), ("2024-06-00", "no_such_date"),
      ("2024-33-01", "no_such_date"),
      ("2024-99", "no_such_date"), ("2024-06-21/2024-06-18", "reversed"), ("2024-06-18/..", "open_interval"),
      ("../2024-06-18", "open_interval"),
      ("2024-06-18/", "open_interval"), ("/2024-06-18", "open_interval"), ("/", "open_interval"), ("2024-06?", "uncertain"),
      ("2024-06-18%", "uncertain"),
      ("2024-21", "season"), ("2024-32", "season"), ("2024-37", "season"), ("2024-41", "season"),
    ])
  func `anything ambiguous or malformed is refused with its reason`(text: String, code: String) {
    let error = #expect(throws: DateError.self) { try EDTFDate.parse(text) }
    #expect(error?.code == code)
    #expect(error?.detail.hasPrefix("found \"\(text)\", expected ") == true)
  }

  @Test func `a value of a megabyte is not repeated in the error`() {
    let error = #expect(throws: DateError.self) { try EDTFDate.parse(String(repeating: "9", count: 1_000_000)) }
    #expect(error.map { $0.detail.utf8.count < 300 } == true)
  }

  @Test func `a date that runs backwards cannot be made`() {
    #expect(EDTFDate(start: .last, end: .first, precision: .days) == nil)
    #expect(EDTFDate(start: .first, end: .first, precision: .day) != nil)
  }

  @Test func `mutated dates do no harm, and what is read is written as it was`() {
    var random = Seeded("EDTF mutations")
    let seeds = ["2024-06-18", "2024-06", "2024-33~", "2024-06-18/2024-06-21", "2024"].map { Array($0.utf8) }
    var read = 0
    for round in 0..<20_000 {
      let text = String(decoding: random.mutate(seeds[round % seeds.count], alphabet: Array("0123456789-/~.?X".utf8)), as: UTF8.self)
      guard let date = try? EDTFDate.parse(text) else { continue }
      read += 1
      #expect(date.start <= date.end)
      #expect((try? EDTFDate.parse(date.description)) == date, "\(text)")
      if !text.contains("/") { #expect(date.description == text) }
    }
    #expect(read > 500)
  }
}
