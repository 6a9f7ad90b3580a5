internal import CCrypto
internal import CSodium

/// Keyed hashes, from libsodium.
package enum Hash {
  /// A 16-byte keyed BLAKE2b MAC (RFC 7693) over `bytes`; only the first 64 bytes of the key count.
  package static func tag(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var tag = [UInt8](repeating: 0, count: 16)
    let keyCount = min(key.count, 64)
    unsafe crypto_generichash(&tag, tag.count, bytes, UInt64(bytes.count), key, keyCount)
    return tag
  }

  /// Whether two tags are equal, compared in constant time.
  package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    unsafe a.count == b.count && sodium_memcmp(a, b, a.count) == 0
  }
}

/// An incremental SHA-256 digest (FIPS 180-4), from libcrypto.
package struct SHA256: Sendable {
  private var state = SHA256_CTX()

  /// A digest of no bytes yet.
  package init() { unsafe SHA256_Init(&state) }

  /// Adds the next bytes.
  package mutating func update(_ bytes: ByteView) { unsafe SHA256_Update(&state, bytes.unsafeBytes.baseAddress, bytes.count) }

  /// The 32 bytes of the digest; call it once, after the last `update`.
  package mutating func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe SHA256_Final(&digest, &state)
    return digest
  }
}

/// An incremental SHA-512 digest (FIPS 180-4), from libcrypto.
package struct SHA512: Sendable {
  private var state = SHA512_CTX()

  /// A digest of no bytes yet.
  package init() { unsafe SHA512_Init(&state) }

  /// Adds the next bytes.
  package mutating func update(_ bytes: ByteView) { unsafe SHA512_Update(&state, bytes.unsafeBytes.baseAddress, bytes.count) }

  /// The 64 bytes of the digest; call it once, after the last `update`.
  package mutating func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 64)
    unsafe SHA512_Final(&digest, &state)
    return digest
  }
}

/// Base64 for URLs, without padding (RFC 4648 §5).
package enum Base64URL {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// Encodes bytes without padding.
  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count * 4 + 2) / 3)
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    for byte in bytes {
      pending = (pending << 8) | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        text.append(alphabet[Int((pending >> bits) & 63)])
      }
      pending &= (1 << bits) - 1
    }
    if bits > 0 { text.append(alphabet[Int((pending << (6 - bits)) & 63)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes; `nil` for any text that `encode` does not produce.
  package static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    for character in text.utf8 {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      pending = (pending << 6) | UInt32(value)
      bits += 6
      guard bits >= 8 else { continue }
      bits -= 8
      bytes.append(UInt8((pending >> bits) & 255))
      pending &= (1 << bits) - 1
    }
    return bits < 6 && pending == 0 ? bytes : nil
  }
}

/// Base64 with padding (RFC 4648 §4), as header fields carry it.
package enum Base64 {
  /// The bytes; `nil` for any other form.
  package static func decode(_ text: String) -> [UInt8]? {
    let padding = text.utf8.reversed().prefix { $0 == 0x3D }.count
    guard text.utf8.count % 4 == 0, padding <= 2 else { return nil }
    let plain = text.dropLast(padding).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "-" || $0 == "_" ? "=" : $0 }
    return Base64URL.decode(String(plain))
  }
}
