import Formats
import Testing

@Suite struct RelativeMomentTests {
  private static let now: Int64 = 1_711_881_000_000  // 2024-03-31T10:30:00Z, by `date -u -d @1711881000`

  @Test(arguments: [
    ("now", "2024-03-31T10:30:00Z"), ("now-6h", "2024-03-31T04:30:00Z"), ("now-90d", "2024-01-01T10:30:00Z"),
    ("now+2w", "2024-04-14T10:30:00Z"), ("now 2w", "2024-04-14T10:30:00Z"), ("now-1m", "2024-02-29T10:30:00Z"),
    ("now+1m", "2024-04-30T10:30:00Z"), ("now-13m", "2023-02-28T10:30:00Z"), ("now-1y", "2023-03-31T10:30:00Z"),
    ("now+0d", "2024-03-31T10:30:00Z"), ("now+999999y", "9999-12-31T10:30:00Z"), ("now-999999m", "0001-01-01T10:30:00Z"),
    ("now-999999w", "0001-01-01T00:00:00Z"),
  ])
  func `a step from now`(text: String, moment: String) throws {
    #expect(try RelativeMoment.parse(text, now: Self.now) == Timestamp.parse(moment))
  }

  @Test func `what does not start with now is none, what is no step is malformed`() throws {
    for text in ["", "2024-01-01", "no", "Now"] { #expect(try RelativeMoment.parse(text, now: 0) == nil) }
    for text in ["now-", "now+d", "now-1", "now-1x", "now-1234567d", "now-d1", "nowhere", "now-1 d", "now-\u{0661}d", "now-1é"] {
      #expect(throws: DateError.self, "\(text)") { try RelativeMoment.parse(text, now: 0) }
    }
  }

  @Test(arguments: [
    ("Élan", "elan"), ("ÅNGSTRÖM", "angstrom"), ("Straße", "strasse"), ("Łódź", "lodz"), ("ABC xyz 1", "abc xyz 1"), ("日本", "日本"),
    ("ΑΘΉΝΑ", "αθηνα"), ("", ""), ("Æsir", "aesir"),
  ])
  func `text without case and marks`(text: String, folded: String) {
    let (input, output) = (ByteBuffer(capacity: 16), ByteBuffer(capacity: 16))
    input.append(text)
    input.withView { appendFolded($0, to: output) }
    #expect(output.string == folded)
  }
}
