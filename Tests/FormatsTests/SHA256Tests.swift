import Formats
import Testing

@Suite struct SHA256Tests {
  private func digest(_ pieces: [[UInt8]], isFast: Bool) -> String {
    var sha256 = SHA256(isFast: isFast)
    for piece in pieces { unsafe piece.withUnsafeBytes { unsafe sha256.update($0) } }
    return sha256.finish().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// From FIPS 180-4's examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func `the published examples`(text: String, expected: String) {
    #expect(digest([Array(text.utf8)], isFast: true) == expected)
    #expect(digest([Array(text.utf8)], isFast: false) == expected)
  }

  @Test func `cut anywhere, with the processor's instructions and without, it is the same`() {
    var random = Seeded("SHA-256")
    for length in [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 1_000, 4_096, 10_001] {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
      let whole = digest([bytes], isFast: false)
      for _ in 0..<20 {
        let cuts = (0..<3).map { _ in Int.random(in: 0...length, using: &random) }.sorted() + [length]
        var start = 0
        let pieces = cuts.map { end in
          defer { start = end }
          return Array(bytes[start..<end])
        }
        #expect(digest(pieces, isFast: true) == whole, "\(length) bytes cut at \(cuts)")
      }
    }
  }
}
