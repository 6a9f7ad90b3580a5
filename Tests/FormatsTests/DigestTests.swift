import Formats
import Testing

@Suite struct DigestTests {
  private func sha256(_ pieces: [ArraySlice<UInt8>]) -> [UInt8] {
    var digest = SHA256()
    for piece in pieces { Array(piece).withByteView { digest.update($0) } }
    return digest.finish()
  }

  private func sha512(_ pieces: [ArraySlice<UInt8>]) -> [UInt8] {
    var digest = SHA512()
    for piece in pieces { Array(piece).withByteView { digest.update($0) } }
    return digest.finish()
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

  /// From FIPS 180-4's examples.
  @Test(arguments: [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func `the published examples of SHA-256`(text: String, repeats: Int, expected: String) {
    #expect(hexadecimal(sha256([Array(String(repeating: text, count: repeats).utf8)[...]])) == expected)
  }

  /// From FIPS 180-4's examples.
  @Test(arguments: [
    (
      "", 1,
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
    ),
    (
      "abc", 1,
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", 1,
      "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"
    ),
    (
      "a", 1_000_000,
      "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b"
    ),
  ])
  func `the published examples of SHA-512`(text: String, repeats: Int, expected: String) {
    #expect(hexadecimal(sha512([Array(String(repeating: text, count: repeats).utf8)[...]])) == expected)
  }

  /// A thousand bytes, each other than its neighbours.
  private let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }

  /// Expected: Python's `hashlib`, the digest of the digests of the first 0, 1, … 300 bytes.
  @Test func `every length around a block is right`() {
    let lengths = 0...300
    #expect(
      hexadecimal(sha256(lengths.map { sha256([bytes[..<$0]])[...] })) == "7d917fbd2cf49ddff9ad0a8706bba32d204e92e71d2e369c5a03d6af29278c9f"
    )
    #expect(
      hexadecimal(sha512(lengths.map { sha512([bytes[..<$0]])[...] }))
        == "404431b1c0eac12729b20176c61b0e1c561b6b20d2ecbb7ee1126c361943d724d7c0814a8daf5c3a2a7d3e431a0aaf58c12f96d8c3370582b777fd375c3c972f"
    )
  }

  /// Expected: Python's `hashlib`.
  @Test func `cut into pieces of any length it is the same`() {
    for length in 1...140 {
      let pieces = stride(from: 0, to: bytes.count, by: length).map { bytes[$0..<min($0 + length, bytes.count)] }
      #expect(
        hexadecimal(sha256(pieces)) == "1e9bc38cbf860b9ec31918b065f9b52476c549a782e0e7990bed8ce3868d2371", "pieces of \(length) bytes")
      #expect(
        hexadecimal(sha512(pieces))
          == "00e36fccf193e59697a92b5ab24666ce6326d7fa16bf10832d0991ddc591112e9dfa6a636950ed9c4d67344a760654c2ff7785e1d60094d651038735b5dccabd",
        "pieces of \(length) bytes")
    }
    #expect(sha256([bytes[..<0], bytes[...], bytes[..<0]]) == sha256([bytes[...]]), "empty pieces add nothing")
  }

  /// Expected: Python's `hashlib.blake2b(b"abc", digest_size=16, key=b"key")`.
  @Test func `a tag is keyed BLAKE2b, and every bit of it counts`() {
    let tag = Hash.tag(Array("abc".utf8), key: Array("key".utf8))
    #expect(hexadecimal(tag) == "2cf02ae16ac225ee731f9d359d8a1c38")
    #expect(Hash.equal(tag, Hash.tag(Array("abc".utf8), key: Array("key".utf8))))
    for bit in 0..<128 {
      var other = tag
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!Hash.equal(tag, other), "bit \(bit)")
    }
    #expect(!Hash.equal(tag, Array(tag.dropLast())))
  }
}
