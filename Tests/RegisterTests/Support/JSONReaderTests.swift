import TestSupport
import Testing

/// The reader that answers are read with in tests.
@Suite struct JSONReaderTests {
  @Test(
    arguments: [
      ("null", nil), ("true", true), (" false ", false), ("0", 0), ("-12", -12), ("1.5", 1.5), ("2.0", 2), ("1e3", 1_000), ("-1E-2", -0.01),
      ("9223372036854775807", .integer(.max)), ("1e300", 1e300), (#""""#, ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u00e9\u65E5\ud83d\ude42""#, "é日🙂"), ("\"é日🙂\"", "é日🙂"), ("[]", []), ("[ 1 , [2] ]", [1, [2]]), ("{}", [:]),
      (#"{"a":{"b":[null]},"":1}"#, ["a": ["b": [nil]], "": 1]),
    ] as [(String, JSON)])
  func `what is JSON is read`(text: String, value: JSON) throws { #expect(try JSON(Array(text.utf8)) == value) }

  @Test(
    arguments: [
      "", " ", "nul", "truex", "01", "1.", ".5", "+1", "1e", "--1", "\"", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ude42\"",
      "\"a\nb\"", "[1", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "{1:2}", "[]]", "1 2", "'a'",
    ])
  func `what is not is refused`(text: String) { #expect(throws: (any Error).self) { try JSON(Array(text.utf8)) } }

  @Test func `what was written is read as itself`() throws {
    let value: JSON = ["a": [1, 2.5, nil, true], "b": ["c": "\"\\\n\u{1}é🙂"], "": []]
    #expect(try JSON(value.bytes) == value)
    #expect(throws: (any Error).self) { try JSON([0x22, 0xFF, 0x22]) }
  }
}
