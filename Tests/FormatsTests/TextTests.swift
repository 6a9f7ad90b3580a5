import Formats
import Testing

private func bytes(_ text: String) -> ByteBuffer {
  let buffer = ByteBuffer()
  buffer.append(text)
  return buffer
}

@Suite struct NormalizationTests {
  @Test(
    arguments: [
      ("", ""), ("plain", "plain"), ("e\u{301}", "\u{E9}"), ("\u{E9}", "\u{E9}"),
      ("a long text with one e\u{301} in it", "a long text with one \u{E9} in it"),
      ("\u{212B}", "\u{C5}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("\u{2126}", "\u{3A9}"),
      ("日本語", "日本語"), ("\u{FB01}", "\u{FB01}"), ("\u{958}", "\u{915}\u{93C}"), ("🙂", "🙂"), ("x\u{2FF}\u{300}", "x\u{2FF}\u{300}"),
    ])
  func `text is brought into form C, and compatibility forms are left`(text: String, normal: String) {
    let output = ByteBuffer()
    bytes(text).withView { normalizedNFC($0, into: output) }
    #expect(output.array == Array(normal.utf8))
    #expect(bytes(text).withView { isNFC($0) } == (Array(text.utf8) == Array(normal.utf8)))
    #expect(output.withView { isNFC($0) })
  }

  @Test func `a combining mark is seen at each place of a text`() {
    for length in 0...20 {
      for place in 0...length {
        let text = String(repeating: "x", count: place) + "e\u{301}" + String(repeating: "\u{CB}", count: length - place)
        #expect(!bytes(text).withView { isNFC($0) }, "\(text)")
      }
    }
  }
}

@Suite struct UTF8TextTests {
  @Test(
    arguments: [
      ([], nil), ([0x41], nil), ([0x41, 0x80], 1), ([0xC3, 0xA9], nil), ([0xC0, 0x80], 0), ([0xED, 0xA0, 0x80], 0),
      ([0x41, 0xF4, 0x90, 0x80, 0x80], 1),
      ([0xF0, 0x9F, 0x99, 0x82], nil), ([0x41, 0xF0, 0x9F, 0x99], 1), ([0xFF], 0), ([0xE0, 0x80, 0x80], 0),
    ] as [([UInt8], Int?)])
  func `the first byte that is no UTF-8 is found`(text: [UInt8], place: Int?) {
    let buffer = ByteBuffer()
    buffer.append(text)
    #expect(buffer.withView { $0.isValidUTF8 } == (place == nil))
    #expect(buffer.withView { firstInvalidUTF8($0) } == place)
  }

  @Test func `simdjson and the standard library agree on random bytes`() {
    var random = Seeded("UTF-8")
    let seed = Array("aé日🙂 and some more text, longer than sixty-four bytes, é日🙂 éé日日🙂".utf8)
    var valid = 0
    for _ in 0..<5_000 {
      let buffer = ByteBuffer()
      buffer.append(random.mutate(seed, alphabet: [0x41, 0x80, 0xBF, 0xC3, 0xE2, 0xF0]))
      let isValid = buffer.withView { $0.isValidUTF8 }
      #expect(isValid == (buffer.withView { firstInvalidUTF8($0) } == nil))
      valid += isValid ? 1 : 0
    }
    #expect(valid > 50 && valid < 4_950)
  }
}

@Suite struct SlugTests {
  @Test(
    arguments: [
      ("Kim Jong Un", "kim-jong-un"), ("", ""), ("  A  b\t", "a-b"), ("Côte d'Ivoire", "cote-d-ivoire"), ("e\u{301}te\u{301}", "ete"),
      ("Łódź", "lodz"),
      ("Straße 5", "strasse-5"), ("Ærø", "aero"), ("習近平", ""), ("習 Xi", "xi"), ("--a--", "a"), ("Åland Islands", "aland-islands"),
      ("U.S.A.", "u-s-a"),
      ("Türkiye", "turkiye"), ("Việt Nam", "viet-nam"), ("İstanbul", "istanbul"),
    ])
  func `a name becomes a handle`(name: String, handle: String) {
    #expect(slug(name) == handle)
    #expect(slug(handle) == handle)
  }
}

@Suite struct NearestTests {
  private let fields = ["title", "summary", "status", "start_date", "end_date", "country"]

  @Test(
    arguments: [
      ("titel", "title"), ("tilte", "title"), ("sumary", "summary"), ("startdate", "start_date"), ("Title", "title"),
      ("cuontry", "country"), ("stauts", "status"),
      ("title", "title"), ("end_dates", "end_date"), ("xyz", nil), ("", nil), ("ti", nil), ("somewhat", nil), ("titl", "title"),
      ("country_of_origin", nil),
    ])
  func `a slip of the finger is recognised, another word is not`(word: String, meant: String?) {
    #expect(nearest(word, in: fields) == meant)
  }

  @Test func `the nearest counts, and of equals the first`() {
    #expect(nearest("abcdef", in: ["abxxef", "abcxef", "abcdxf"]) == "abcxef")
  }

  @Test func `a third of the length is the limit, and 64 bytes`() {
    #expect(nearest("abcdef", in: ["abcdxx"]) == "abcdxx")
    #expect(nearest("abcdef", in: ["abcxxx"]) == nil)
    let long = String(repeating: "a", count: 64)
    #expect(nearest(long, in: [long + "b"]) == long + "b")
    #expect(nearest(long + "a", in: [long]) == nil)
  }
}
