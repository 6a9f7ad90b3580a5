import Formats
import Testing

extension JSONParser {
  /// Parses what a buffer holds.
  fileprivate func read(_ buffer: ByteBuffer) throws(JSONError) -> JSONNode {
    try buffer.withView { bytes throws(JSONError) in try parse(bytes) }
  }
}

/// Parses text and writes the value again.
private func reparsed(_ text: String, maxDepth: Int = 64) throws -> String {
  let parser = JSONParser(maxDepth: maxDepth)
  let input = ByteBuffer()
  input.append(text)
  let node = try parser.read(input)
  return written { node.append(to: $0) }
}

/// The error that parsing these bytes gives.
private func refusal(_ bytes: [UInt8], maxDepth: Int = 64) -> JSONError? {
  let parser = JSONParser(maxDepth: maxDepth)
  do throws(JSONError) {
    let input = ByteBuffer()
    input.append(bytes)
    _ = try parser.read(input)
    return nil
  } catch {
    return error
  }
}

private func refusal(_ text: String, maxDepth: Int = 64) -> JSONError? { refusal(Array(text.utf8), maxDepth: maxDepth) }

@Suite struct JSONParserTests {
  @Test(
    arguments: [
      ("null", "null"), (" true ", "true"), ("false", "false"), ("0", "0"), ("-0", "0"), ("12", "12"), ("-1.50", "-1.5"), ("1e2", "100.0"),
      ("\"\"", "\"\""), ("\"a\\u00e9\\n\\/\\ud83d\\ude42\"", "\"aé\\n/🙂\""), ("\"\\u0000\"", "\"\\u0000\""), ("[]", "[]"), ("{}", "{}"),
      ("[ [ ] , { } , 1 ]", "[[],{},1]"),
      ("{ \"a\" : { \"b\" : [ 1 , \"c\" , null ] } , \"\" : false }", "{\"a\":{\"b\":[1,\"c\",null]},\"\":false}"),
      ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"), ("\n\t\r 1", "1"),
    ])
  func `a document is read and written again compactly`(text: String, compact: String) throws {
    #expect(try reparsed(text) == compact)
    #expect(try reparsed(compact) == compact)
  }

  @Test func `values are told apart and read where they lie`() throws {
    let parser = JSONParser(maxDepth: 8)
    let input = ByteBuffer()
    input.append(#"{"s":"x\u0041","i":-7,"r":2.5,"big":9223372036854775808,"t":true,"f":false,"n":null,"a":[1,2,3],"o":{"k":1}}"#)
    let root = try parser.read(input)
    #expect(root.kind == .object && root.count == 9)
    #expect(root["s"]?.string == "xA" && root["s"]?.kind == .string)
    #expect(root["i"]?.integer == -7 && root["i"]?.real == -7 && root["i"]?.kind == .integer)
    #expect(root["r"]?.real == 2.5 && root["r"]?.kind == .real && root["r"]?.integer == 0)
    #expect(root["big"]?.kind == .real && root["big"]?.real == 9_223_372_036_854_775_808)
    #expect(root["t"]?.bool == true && root["f"]?.bool == false && root["f"]?.kind == .bool)
    #expect(root["n"]?.isNull == true && root["s"]?.isNull == false)
    #expect(root["a"]?.count == 3 && root["o"]?["k"]?.integer == 1)
    #expect(root["missing"] == nil && root["a"]?["k"] == nil)
    var sum: Int64 = 0
    root["a"]?.forEachElement { sum += $0.integer }
    #expect(sum == 6)
    var names: [String] = []
    root.forEachMember { name, _ in names.append(name.string) }
    #expect(names == ["s", "i", "r", "big", "t", "f", "n", "a", "o"])
  }

  @Test func `an error thrown while members are read comes out as it is`() throws {
    struct Stop: Error, Equatable {}
    let parser = JSONParser(maxDepth: 8)
    let input = ByteBuffer()
    input.append(#"{"a":1,"b":[1]}"#)
    let root = try parser.read(input)
    #expect(throws: Stop()) { try root.forEachMember { _, _ throws(Stop) in throw Stop() } }
    #expect(throws: Stop()) { try root["b"]?.forEachElement { _ throws(Stop) in throw Stop() } }
  }

  @Test(
    arguments: [
      ("", "empty", nil), ("  \n ", "empty", 0), ("{", "invalid_json", 1), ("[1,]", "invalid_json", 3), ("[1 2]", "invalid_json", 3),
      ("{\"a\" 1}", "invalid_json", 5), ("{\"a\":}", "invalid_json", 5), ("{a:1}", "invalid_json", 1), ("{\"a\":1,}", "invalid_json", 7),
      ("'a'", "invalid_json", 0), ("[1}", "invalid_json", 2), ("{\"a\":1]", "invalid_json", 6), ("]", "invalid_json", 0),
      (",", "invalid_json", 0),
      ("nul", "invalid_json", 0), ("nulls", "invalid_json", 4), ("True", "invalid_json", 0), ("NaN", "invalid_json", 0),
      ("[Infinity]", "invalid_json", 1), ("-Infinity", "invalid_json", 1), ("01", "invalid_json", 0), ("+1", "invalid_json", 0),
      ("1.", "invalid_json", 2),
      (".5", "invalid_json", 0), ("1e", "invalid_json", 2), ("-", "invalid_json", 1), ("1.5.2", "invalid_json", 0),
      ("0x10", "invalid_json", 1),
      ("\"abc", "invalid_json", 0), ("\"a\nb\"", "invalid_json", 2), ("\"a\tb\"", "invalid_json", 2), ("\"\\x\"", "invalid_json", 1),
      ("\"\\u12g4\"", "invalid_json", 1), ("\"\\", "invalid_json", 1), ("[1] // no", "trailing_bytes", 4), ("1 2", "trailing_bytes", 2),
      ("{}{}", "trailing_bytes", 2), ("{}\u{0}", "trailing_bytes", 2), ("\u{FEFF}{}", "byte_order_mark", 0), ("[1]]", "trailing_bytes", 3),
    ] as [(String, String, Int?)])
  func `a malformed document is refused with the place of its fault`(text: String, code: String, offset: Int?) {
    let error = refusal(text)
    #expect(error?.code == code, "\(text)")
    #expect(error?.offset == offset, "\(text)")
  }

  @Test func `a fault is placed by line and column, counted from one`() {
    let error = refusal("{\n  \"a\": 1,\n  \"b\": tru\n}")
    #expect(error?.line == 3 && error?.column == 8)
  }

  @Test(arguments: [[0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xFF], [0xE2, 0x82]] as [[UInt8]])
  func `bytes that are no UTF-8 are refused`(bytes: [UInt8]) {
    let error = refusal(Array("[\"ab".utf8) + bytes + Array("\"]".utf8))
    #expect(error?.code == "invalid_utf8" && error?.offset == 4)
  }

  @Test(
    arguments: [
      ("\"\\ud83d\"", 1), ("\"\\ude42\"", 1), ("\"x\\ud83dx\"", 2), ("\"\\ud83d\\u0041\"", 1), ("\"\\ud83d\\ud83d\\ude42\"", 1),
      ("\"\\ud83d\\n\"", 1),
      ("\"\\\\\\ud83d\"", 3), ("\"\\ud83d\\ude42\\ude42\"", 13), ("{\"\\udfff\":1}", 2), ("\"\\uDBFF\\uE000\"", 1),
    ])
  func `half of a surrogate pair is refused`(text: String, offset: Int) {
    let error = refusal(text)
    #expect(error?.code == "lone_surrogate" && error?.offset == offset, "\(text)")
  }

  @Test func `a backslash before a u that is itself escaped is no surrogate`() throws {
    #expect(try reparsed("\"\\\\ud83d\"") == "\"\\\\ud83d\"")
  }

  @Test func `depth is allowed at the limit and refused above it`() throws {
    func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
    #expect(try reparsed(nested(7), maxDepth: 8) == nested(7))
    #expect(try reparsed(nested(8), maxDepth: 8) == nested(8))
    #expect(refusal(nested(9), maxDepth: 8)?.code == "depth")
    #expect(refusal(nested(9), maxDepth: 8)?.offset == 8)
    #expect(refusal("{\"a\":{\"a\":{}}}", maxDepth: 2)?.code == "depth")
    #expect(refusal("1", maxDepth: 0) == nil)
    #expect(refusal("[]", maxDepth: 0)?.code == "depth")
  }

  @Test func `the greatest depth is read and written again`() throws {
    let text = String(repeating: "[{\"a\":", count: 512) + "1" + String(repeating: "}]", count: 512)
    #expect(try reparsed(text, maxDepth: .max) == text)
  }

  @Test func `four gibibytes are refused before they are read`() {
    let byte = [UInt8(ascii: "1")]
    unsafe byte.withUnsafeBytes { one in
      let claimed = unsafe UnsafeRawBufferPointer(start: one.baseAddress, count: 1 << 32)
      let error = #expect(throws: JSONError.self) { _ = try unsafe JSONParser(maxDepth: 1).parse(ByteView(claimed)) }
      #expect(error?.code == "too_large")
    }
  }

  @Test func `a hundred thousand brackets do no harm`() {
    #expect(refusal(String(repeating: "[", count: 100_000))?.code == "depth")
    #expect(refusal(String(repeating: "{\"a\":", count: 100_000))?.code == "depth")
    #expect(refusal(String(repeating: "[", count: 100_000), maxDepth: .max)?.offset == 1_024)
  }

  @Test func `buffers of a long document are given back, and the parser goes on`() throws {
    let parser = JSONParser(maxDepth: 4, keepBytes: 1_000)
    let input = ByteBuffer()
    for length in [10, 100_000, 10, 999, 1_001, 5] {
      input.clear()
      input.append(jsonString: String(repeating: "x", count: length))
      #expect(try parser.read(input).utf8.count == length)
    }
  }

  @Test func `mutated documents neither crash nor split simdjson and the fault finder`() {
    var random = Seeded("JSON mutations")
    let parser = JSONParser(maxDepth: 8)
    let alphabet = Array("{}[]:,\"\\u0d8-+.eE19tfn \n\u{e9}".utf8)
    let seeds = [
      #"{"a":[1,-2.5e10,"x\ud83d\ude42\n",null,true],"b":{"c":{"d":[[],{}]}},"é":12345678901234567}"#,
      #"[{"a":1,"b":2},{"a":"\\\"","c":false}]"#,
    ].map { Array($0.utf8) }
    var refused = 0
    for round in 0..<20_000 {
      let input = ByteBuffer()
      input.append(random.mutate(seeds[round % seeds.count], alphabet: alphabet))
      do throws(JSONError) {
        let node = try parser.read(input)
        let again = ByteBuffer()
        node.append(to: again)
        let second = ByteBuffer()
        try parser.read(again).append(to: second)
        #expect(second.string == again.string)
      } catch {
        refused += 1
        // Every refusal has a place: the fault finder agrees that there is a fault.
        #expect(error.offset != nil || error.code == "empty", "\(error) in \(input.string)")
      }
    }
    #expect(refused > 1_000 && refused < 20_000)
  }
}

@Suite struct JSONTapeCheckTests {
  @Test(
    arguments: [
      ("{\"a\":1,\"a\":1}", 7), ("{\"a\":1,\"\\u0061\":2}", 7), ("[{\"x\":{\"b\":1,\"c\":[1.5,2],\"b\":0}}]", 25), ("{\"\":1,\"\":2}", 6),
      ("{\"longer than eight\":1,\"longer than eight\":2}", 23), ("{\"12345678\":1,\"12345678\":2}", 14),
    ])
  func `a key that is there twice is refused at any level`(text: String, offset: Int) {
    let error = refusal(text)
    #expect(error?.code == "duplicate_key" && error?.offset == offset, "\(text)")
  }

  @Test(
    arguments: [
      "{\"a\":{\"a\":{\"a\":1}}}", "[{\"a\":1},{\"a\":1}]", "{\"a\":1,\"A\":1,\"a \":1,\"aa\":1}",
      "{\"longer than eight\":1,\"longer than nine\":2}",
      "{\"a\":\"a\",\"b\":\"a\"}", "{\"a\\u0000\":1,\"a\":2}", "{\"12345678a\":1,\"12345678b\":2}",
    ])
  func `names that only look alike are let pass`(text: String) {
    #expect(refusal(text) == nil)
  }

  @Test(arguments: [2, 31, 32, 33, 34, 1_000]) func `the second of a pair is found in objects of any size`(members: Int) {
    for prefix in ["k", "a long common beginning "] {
      let names = (0..<members).map { "\(prefix)\($0)" }
      func document(_ names: [String]) -> String { "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}" }
      #expect(refusal(document(names)) == nil)
      for place in [1, members / 2, members - 1] where place > 0 {
        var doubled = names
        doubled[place] = names[0]
        let front = document(Array(doubled[..<place])).utf8.count
        #expect(refusal(document(doubled))?.offset == front, "\(members) \(place)")
      }
    }
  }
}

@Suite struct JSONNumberTests {
  @Test(
    arguments: [
      "9007199254740993", "1234567890.12345", "0.1", "123456789012345.5", "0.30000000000000004", "1.7976931348623157e308", "5e-324",
      "2.2250738585072014e-308", "1e22", "9223372036854775808", "10000000000000000000",
      "1.50000000000000000000000000",
      "0.000000000000000000000000000000000000001", "0e999", "0.0", "-0.0", "1E5", "1e+5",
    ])
  func `a number that comes back with its digits is taken`(text: String) {
    #expect(refusal(text) == nil)
    #expect(refusal("[0,\(text)]") == nil)
  }

  @Test(
    arguments: [
      "9223372036854775809", "18446744073709551615", "18446744073709551616", "-9223372036854775809", "123456789012345678901234567890",
      "0.1234567890123456789", "3.141592653589793238", "0.30000000000000001", "1e309", "-1e309", "1e-400", "1e-325", "3e-324",
      "1.2345678901e-320", "12345678901234567.8", "100000000000000000000.5e-5", "-12345678901234567e-3", "9007199254740993.0",
    ])
  func `a number that would change is refused`(text: String) {
    #expect(refusal(text)?.code == "number_precision")
    let inside = refusal("[0,\n\(text)]")
    #expect(inside?.code == "number_precision" && inside?.offset == 4 && inside?.line == 2)
  }

  @Test func `digits inside strings are not looked at`() throws {
    #expect(refusal("[\"0.1234567890123456789\",\"1e-400\"]") == nil)
  }

  @Test func `every double that Swift writes is taken back unchanged`() throws {
    var random = Seeded("JSON doubles")
    let parser = JSONParser(maxDepth: 1)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let input = ByteBuffer()
      input.append(real: value)
      #expect(try parser.read(input).real.bitPattern == value.bitPattern, "\(value)")
    }
  }
}
