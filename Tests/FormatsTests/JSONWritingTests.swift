import Formats
import Testing

@Suite struct JSONWritingTests {
  @Test(arguments: [
    (0.0, "0.0"), (-0.0, "-0.0"), (1.0, "1.0"), (-1.5, "-1.5"), (0.1, "0.1"), (0.25, "0.25"), (0.0001, "0.0001"), (39.0194, "39.0194"),
    (999_999_999.9999, "999999999.9999"), (1e9, "1000000000.0"), (0.00001, "1e-05"), (0.123456, "0.123456"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1e16, "1e+16"), (.leastNonzeroMagnitude, "5e-324"), (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
  ])
  func `a real is written in its shortest form`(value: Double, text: String) {
    #expect(written { $0.append(real: value) } == text)
  }

  @Test func `every real reads back as the same bits, and is never longer than the standard library's form`() throws {
    var random = Seeded("reals")
    for round in 0..<50_000 {
      let bits = random.next()
      let value = round % 2 == 0 ? Double(bitPattern: bits) : Double(Int64(bitPattern: bits) >> 32) / 10_000
      guard value.isFinite else { continue }
      let text = written { $0.append(real: value) }
      #expect(try #require(Double(text)).bitPattern == value.bitPattern, "\(text)")
      #expect(text.utf8.count <= value.description.utf8.count, "\(text)")
    }
  }

  @Test(arguments: [
    ("", "\"\""), ("abc", "\"abc\""), ("a\"b", "\"a\\\"b\""), ("\\", "\"\\\\\""), ("/", "\"/\""),
    ("\u{8}\t\n\u{c}\r", "\"\\b\\t\\n\\f\\r\""), ("\u{0}\u{1f}\u{20}\u{7f}", "\"\\u0000\\u001f \u{7f}\""), ("é–🙂", "\"é–🙂\""),
  ])
  func `a string is quoted and escaped`(text: String, json: String) {
    #expect(written { $0.append(jsonString: text) } == json)
  }

  @Test func `a constant is escaped like any string`() {
    #expect(written { $0.append(jsonString: "a\nb" as StaticString) } == "\"a\\nb\"")
  }

  @Test func `each byte that needs an escape is found at each place of a text of each length`() {
    for length in 1...26 {
      for place in 0..<length {
        for (byte, escape) in [(0x22, "\\\""), (0x5C, "\\\\"), (0x1F, "\\u001f"), (0x00, "\\u0000"), (0x0A, "\\n")] as [(UInt8, String)] {
          var text = [UInt8](repeating: UInt8(ascii: "x"), count: length)
          text[place] = byte
          let expected = "\"" + String(repeating: "x", count: place) + escape + String(repeating: "x", count: length - place - 1) + "\""
          #expect(written { $0.append(jsonString: String(decoding: text, as: UTF8.self)) } == expected)
        }
      }
    }
  }

  @Test func `a text made of escapes only grows as far as it must`() {
    let buffer = ByteBuffer(capacity: 16)
    buffer.append(jsonString: String(repeating: "\u{1}", count: 10_000))
    #expect(buffer.count == 60_002)
  }

  @Test func `bytes next to the ones that need escapes are left alone`() {
    let text = String(decoding: [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7E, 0x7F, 0x20, 0x21, 0x23] as [UInt8], as: UTF8.self)
    #expect(written { $0.append(jsonString: text) } == "\"\(text)\"")
  }
}
