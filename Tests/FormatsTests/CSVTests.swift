import Formats
import Testing

private func read(_ pieces: [[UInt8]], _ options: CSVReader.Options = .init()) -> [Given] {
  var reader = CSVReader(options)
  var given: [Given] = []
  for piece in pieces { piece.withByteView { bytes in reader.feed(bytes) { given.append(Given($0)) } } }
  reader.finish { given.append(Given($0)) }
  return given
}

private func read(_ text: String, _ options: CSVReader.Options = .init()) -> [Given] { read([Array(text.utf8)], options) }

private let small = CSVReader.Options(maxFieldBytes: 5, maxRowBytes: 12, maxColumns: 3)
private let tabs = CSVReader.Options(delimiter: UInt8(ascii: "\t"), quotes: false)

@Suite struct CSVReaderTests {
  @Test(
    arguments: [
      ("", []), ("\n\r\n", []), ("a", [.row(line: 1, ["a"])]), ("a,b\n", [.row(line: 1, ["a", "b"])]), (",", [.row(line: 1, ["", ""])]),
      ("a,b\r\nc,\r\n", [.row(line: 1, ["a", "b"]), .row(line: 2, ["c", ""])]), ("\"\"\n", [.row(line: 1, [""])]),
      ("\"\"", [.row(line: 1, [""])]),
      ("\"a,b\",\"c\"\"d\"\n", [.row(line: 1, ["a,b", "c\"d"])]), ("\"\"\"\"", [.row(line: 1, ["\""])]),
      (" a , b\n", [.row(line: 1, [" a ", " b"])]),
      ("\"a\r\nb\",c\n\nd,e", [.row(line: 1, ["a\r\nb", "c"]), .row(line: 4, ["d", "e"])]), ("\u{FEFF}a,b\n", [.row(line: 1, ["a", "b"])]),
      ("\u{FEFF}\"a\"\n", [.row(line: 1, ["a"])]), ("\u{FEFF}", []),
      ("a\n\u{FEFF}b", [.row(line: 1, ["a"]), .row(line: 2, ["\u{FEFF}b"])]),
      ("é,\"日本\"\n", [.row(line: 1, ["é", "日本"])]), ("a\r", [.row(line: 1, ["a"])]), ("\"a\"\r", [.row(line: 1, ["a"])]),
      ("\"\"\"a\"\"\",\"b\"\"\"\n", [.row(line: 1, ["\"a\"", "b\""])]),
    ] as [(String, [Given])])
  func `rows are read as RFC 4180 says`(text: String, expected: [Given]) {
    #expect(read(text) == expected)
  }

  @Test(
    arguments: [
      ("a,b\"c\nd\n", [.fault(line: 1, "bare_quote", column: 2), .row(line: 2, ["d"])]),
      ("\"a\"b,c\nd\n", [.fault(line: 1, "bare_quote", column: 1), .row(line: 2, ["d"])]),
      ("x\n\"a\nb\"c\nd\n", [.row(line: 1, ["x"]), .fault(line: 2, "bare_quote", column: 1), .row(line: 4, ["d"])]),
      ("a,\"b\nc\n", [.fault(line: 1, "unterminated_quote", column: 2)]), ("\"", [.fault(line: 1, "unterminated_quote", column: 1)]),
      ("a\rb\nc", [.fault(line: 1, "bare_cr", column: 1), .row(line: 2, ["c"])]),
      ("\"a\"\rb\nc", [.fault(line: 1, "bare_cr", column: 1), .row(line: 2, ["c"])]),
      ("a\r\r\nb", [.fault(line: 1, "bare_cr", column: 1), .row(line: 2, ["b"])]), ("a \"b\"", [.fault(line: 1, "bare_quote", column: 1)]),
    ] as [(String, [Given])])
  func `a row that breaks the rules is a fault, and reading goes on with the next line`(text: String, expected: [Given]) {
    #expect(read(text) == expected)
  }

  @Test(
    arguments: [
      ("12345,1,2\n", [.row(line: 1, ["12345", "1", "2"])]),
      ("123456\na", [.fault(line: 1, "field_too_long", column: 1), .row(line: 2, ["a"])]),
      ("\"123\"\n", [.row(line: 1, ["123"])]), ("\"1234\"\na", [.fault(line: 1, "field_too_long", column: 1), .row(line: 2, ["a"])]),
      ("12345,12345,\n", [.row(line: 1, ["12345", "12345", ""])]),
      ("12345,12345,1\nb", [.fault(line: 1, "row_too_long", column: 3), .row(line: 2, ["b"])]),
      ("1,2,3\r\n", [.row(line: 1, ["1", "2", "3"])]),
      ("1,2,3,4\nc", [.fault(line: 1, "too_many_columns", column: 4), .row(line: 2, ["c"])]),
      ("1,2,3,\nc", [.fault(line: 1, "too_many_columns", column: 4), .row(line: 2, ["c"])]), ("12345\r\n", [.row(line: 1, ["12345"])]),
    ] as [(String, [Given])])
  func `limits hold at, under and over`(text: String, expected: [Given]) {
    #expect(read(text, small) == expected)
  }

  @Test func `delimiter and quotes are a choice`() {
    #expect(read("a\tb\"c\t\"d\n\r\nx\ry\r\n", tabs) == [.row(line: 1, ["a", "b\"c", "\"d"]), .row(line: 3, ["x\ry"])])
    #expect(read("a;\"b;c\";d,e", .init(delimiter: UInt8(ascii: ";"))) == [.row(line: 1, ["a", "b;c", "d,e"])])
  }

  @Test func `whether a field was in quotes can be asked`() {
    var reader = CSVReader()
    var quoted: [Bool] = []
    Array("a,\"\",,\"b\"\"\"\n".utf8).withByteView { bytes in
      reader.feed(bytes) { row in quoted = (0..<row.count).map { row.isQuoted($0) } }
    }
    #expect(quoted == [false, true, false, true])
  }

  @Test(
    arguments: [
      "\u{FEFF}a,\"b\"\"c\r\nd\",e\r\n\r\n,\n\"x\",y\"z\nlast,\"\"", "1,2,3,4\n\"12\"\"3\",\"\n\",x\r\n123456,1\n12345,12345,12345\nend\r",
      "\"1234567890123\n\"a\n\"b\"\n",
      "12345,1234567890\n1,2\r3\n\"1\"\r\n\"1\"\r2\n\"1\" \n\"", "\u{FEFF}\u{FEFF}a\n\"1234\"\r\nx",
      "12345\r\n123456\r\n\"123\"\r\n\"1234\"\r\n12345,12345,\r\n12345,12345,1\r\n",
    ])
  func `it does not matter how the stream is cut`(text: String) {
    for options in [CSVReader.Options(), small, tabs] {
      let whole = read(text, options)
      #expect(!whole.isEmpty)
      everyCut(Array(text.utf8)) { pieces in #expect(read(pieces, options) == whole, "\(pieces.count) \(pieces[0])") }
    }
  }

  @Test func `mutated rows do no harm and read alike however they are cut`() {
    var random = Seeded("CSV mutations")
    let seed = Array("\u{FEFF}id,name\r\n1,\"a \"\"b\"\"\nc\"\r\n2,é\n,\n".utf8)
    for _ in 0..<5_000 {
      let bytes = random.mutate(seed, alphabet: Array("\",\r\n\u{FEFF}a".utf8))
      let cut = Int.random(in: 0...bytes.count, using: &random)
      #expect(read([bytes], small) == read([Array(bytes[..<cut]), Array(bytes[cut...])], small), "\(bytes) \(cut)")
    }
  }
}

@Suite struct CSVWritingTests {
  private func field(_ text: String, safe: Bool = false) -> String {
    let input = ByteBuffer()
    input.append(text)
    return written { output in input.withView { safe ? output.append(csvSafe: $0) : output.append(csvField: $0) } }
  }

  @Test(
    arguments: [
      ("", ""), ("abc", "abc"), ("a b", "a b"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("\"", "\"\"\"\""), ("a\nb", "\"a\nb\""),
      ("a\r", "\"a\r\""),
      (" a", "\" a\""), ("a ", "\"a \""), ("=1", "=1"), ("a;b", "a;b"), ("a longer text, with a comma", "\"a longer text, with a comma\""),
    ])
  func `a field is quoted only when it must be`(text: String, expected: String) {
    #expect(field(text) == expected)
  }

  @Test(
    arguments: [
      ("=1+1", "'=1+1"), ("@a", "'@a"), ("+a", "'+a"), ("-a", "'-a"), ("\ta", "'\ta"), ("\ra", "\"'\ra\""), ("=a,b", "\"'=a,b\""),
      ("-1", "-1"),
      ("+1.5", "+1.5"), ("-", "'-"), ("-1.", "'-1."), ("-1.2.3", "'-1.2.3"), ("-.5", "'-.5"), ("-1+2", "'-1+2"), ("-1e5", "'-1e5"),
      ("a=1", "a=1"), ("", ""),
    ])
  func `a field that a spreadsheet would run is made text`(text: String, expected: String) {
    #expect(field(text, safe: true) == expected)
  }

  @Test func `random rows are read back as they were written`() {
    var random = Seeded("CSV round trip")
    let alphabet = Array("ab,\"\r\n é;\t")
    for _ in 0..<2_000 {
      let row = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        String((0..<Int.random(in: 0...12, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
      }
      guard row != [""] else { continue }
      #expect(read(row.map { field($0) }.joined(separator: ",") + "\r\n") == [.row(line: 1, row)])
    }
  }
}
