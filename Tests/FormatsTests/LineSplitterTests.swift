import Formats
import Testing

private func split(_ pieces: [[UInt8]], maxLineBytes: Int = 100) -> [Given] {
  var splitter = LineSplitter(maxLineBytes: maxLineBytes)
  var given: [Given] = []
  for piece in pieces { piece.withByteView { bytes in splitter.feed(bytes) { given.append(Given($0)) } } }
  splitter.finish { given.append(Given($0)) }
  return given
}

private func split(_ text: String, maxLineBytes: Int = 100) -> [Given] { split([Array(text.utf8)], maxLineBytes: maxLineBytes) }

@Suite struct LineSplitterTests {
  @Test(
    arguments: [
      ("", []), ("a", [.record(line: 1, "a")]), ("a\n", [.record(line: 1, "a")]),
      ("a\r\nb\n", [.record(line: 1, "a"), .record(line: 2, "b")]),
      ("\n\n a \n\r\n \t\r\nb", [.record(line: 3, " a "), .record(line: 6, "b")]), ("a\rb\n", [.record(line: 1, "a\rb")]),
      ("a\r", [.record(line: 1, "a")]),
    ] as [(String, [Given])])
  func `lines are given with their numbers, blank ones left out`(text: String, expected: [Given]) {
    #expect(split(text) == expected)
  }

  @Test func `a line at the limit is given, one above it is a fault, and reading goes on`() {
    #expect(
      split("1234\n12345\r\n123456\n1\n123456", maxLineBytes: 5)
        == [
          .record(line: 1, "1234"), .record(line: 2, "12345"), .fault(line: 3, "line_too_long"), .record(line: 4, "1"),
          .fault(line: 5, "line_too_long"),
        ])
  }

  @Test(arguments: [
    "{\"a\":1}\r\n\n{\"b\":2}\n  \n{}", "12345\r\n123456\r\n1234567\n\r\n1", "\r\r\n\n", "123456\r", "12345\r\r\n1", "123456789",
  ])
  func `it does not matter how the stream is cut`(text: String) {
    let whole = split(text, maxLineBytes: 6)
    everyCut(Array(text.utf8)) { pieces in #expect(split(pieces, maxLineBytes: 6) == whole, "\(pieces)") }
  }

  @Test func `the receiver's error ends the reading`() {
    struct Stop: Error, Equatable {}
    var splitter = LineSplitter(maxLineBytes: 10)
    var seen = 0
    #expect(throws: Stop()) {
      try Array("a\nb\nc\n".utf8).withByteView { bytes in
        try splitter.feed(bytes) { _ throws(Stop) in
          seen += 1
          if seen == 2 { throw Stop() }
        }
      }
    }
    #expect(seen == 2)
  }
}
