import Formats
import Testing

private func split(_ pieces: [[UInt8]], maxElementBytes: Int = 100) -> [Given] {
  var splitter = JSONArraySplitter(maxElementBytes: maxElementBytes)
  var given: [Given] = []
  for piece in pieces { piece.withByteView { bytes in splitter.feed(bytes) { given.append(Given($0)) } } }
  splitter.finish { given.append(Given($0)) }
  return given
}

private func split(_ text: String, maxElementBytes: Int = 100) -> [Given] { split([Array(text.utf8)], maxElementBytes: maxElementBytes) }

@Suite struct JSONArraySplitterTests {
  @Test(
    arguments: [
      ("[]", []), (" [ \n ] \n", []), ("[{}]", [.record(line: 1, "{}")]),
      ("[\n{\"a\":1},\r\n {\"b\":[{\"c\":2}]}\n]\n", [.record(line: 2, "{\"a\":1}"), .record(line: 3, "{\"b\":[{\"c\":2}]}")]),
      (#"[{"a":"]}\"\\"},{}]"#, [.record(line: 1, #"{"a":"]}\"\\"}"#), .record(line: 1, "{}")]),
      ("[{\n\"a\":\n1},\n{}]", [.record(line: 1, "{\n\"a\":\n1}"), .record(line: 4, "{}")]),
    ] as [(String, [Given])])
  func `elements are given with the line they start on`(text: String, expected: [Given]) {
    #expect(split(text) == expected)
  }

  @Test(
    arguments: [
      ("", [.fault(line: 1, "empty")]), (" \n", [.fault(line: 2, "empty")]), ("{}", [.fault(line: 1, "array_wanted")]),
      ("[1]", [.fault(line: 1, "object_wanted")]), ("[,{}]", [.fault(line: 1, "object_wanted")]),
      ("[{}", [.record(line: 1, "{}"), .fault(line: 1, "unterminated")]),
      ("[{},\n]", [.record(line: 1, "{}"), .fault(line: 2, "object_wanted")]),
      ("[{}{}]", [.record(line: 1, "{}"), .fault(line: 1, "comma_wanted")]),
      ("[{}]\n[]", [.record(line: 1, "{}"), .fault(line: 2, "trailing_bytes")]),
      ("[{}],", [.record(line: 1, "{}"), .fault(line: 1, "trailing_bytes")]),
      ("[", [.fault(line: 1, "unterminated")]), ("[{},", [.record(line: 1, "{}"), .fault(line: 1, "unterminated")]),
      ("[\n{\n\"a", [.fault(line: 2, "unterminated")]), ("[[]]", [.fault(line: 1, "object_wanted")]),
      ("[\"{}\"]", [.fault(line: 1, "object_wanted")]),
    ] as [(String, [Given])])
  func `anything but an array of objects ends the stream`(text: String, expected: [Given]) {
    #expect(split(text) == expected)
  }

  @Test func `an element at the limit is given, one above it is a fault, and reading goes on`() {
    #expect(
      split("[{\"a\":1},{\"ab\":1},{\"abc\":\"}\"},{}]", maxElementBytes: 8)
        == [.record(line: 1, "{\"a\":1}"), .record(line: 1, "{\"ab\":1}"), .fault(line: 1, "element_too_long"), .record(line: 1, "{}")])
  }

  @Test(
    arguments: [
      "[{\"a\":\"\\\\\"},\n{\"b\":\"\\\"\n\"},{\"long\":\"0123456789\"},{}]\n", "[{\"a\":[[{}]]} , {} ] x", "[{},{\"a\":\"\\",
      " [ {\"0123456789012345\":", "[{}{", "[{\"a\":\"\\\n\"}\n,{}]",
    ])
  func `it does not matter how the stream is cut`(text: String) {
    let whole = split(text, maxElementBytes: 16)
    everyCut(Array(text.utf8)) { pieces in #expect(split(pieces, maxElementBytes: 16) == whole, "\(pieces)") }
  }
}
