internal import CSHA256
internal import CSodium

/// Keyed and plain hashes, from libsodium.
package enum Hash {
  /// A 16-byte BLAKE2b tag over `bytes` that only who has the key can make.
  package static func tag(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    var tag = [UInt8](repeating: 0, count: 16)
    let keyCount = min(key.count, 64)
    unsafe crypto_generichash(&tag, tag.count, bytes, UInt64(bytes.count), key, keyCount)
    return tag
  }

  /// Whether two tags are the same, in a time that tells nothing about where they differ.
  package static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    unsafe a.count == b.count && sodium_memcmp(a, b, a.count) == 0
  }
}

/// A SHA-256 digest (FIPS 180-4) over bytes that come in pieces: from libsodium, whole blocks by the processor's own instructions where it
/// has them.
package struct SHA256: Sendable {
  private static let blockBytes = 64
  private static let hasInstructions = csha256_is_available() != 0

  private var state = crypto_hash_sha256_state()
  private let isFast: Bool

  /// - Parameter isFast: `false` leaves the processor's instructions unused.
  package init(isFast: Bool = true) {
    self.isFast = isFast && Self.hasInstructions
    unsafe crypto_hash_sha256_init(&state)
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard isFast else { return unsafe add(bytes) }
    // `count` is in bits; what does not fill a block waits in the library's buffer.
    let begun = Int(state.count / 8) % Self.blockBytes
    let head = begun == 0 ? 0 : min(Self.blockBytes - begun, bytes.count)
    unsafe add(UnsafeRawBufferPointer(rebasing: bytes[..<head]))
    let blocks = (bytes.count - head) / Self.blockBytes
    unsafe compress(UnsafeRawBufferPointer(rebasing: bytes[head..<head + blocks * Self.blockBytes]), blocks)
    unsafe add(UnsafeRawBufferPointer(rebasing: bytes[(head + blocks * Self.blockBytes)...]))
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    unsafe crypto_hash_sha256_update(&state, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, UInt64(bytes.count))
  }

  private mutating func compress(_ bytes: UnsafeRawBufferPointer, _ blocks: Int) {
    guard blocks > 0, let start = unsafe bytes.assumingMemoryBound(to: UInt8.self).baseAddress else { return }
    unsafe withUnsafeMutableBytes(of: &state.state) { words in
      guard let words = unsafe words.assumingMemoryBound(to: UInt32.self).baseAddress else { return }
      unsafe csha256_compress(words, start, blocks)
    }
    state.count += UInt64(bytes.count) * 8
  }

  /// The 32 bytes; nothing can be added after.
  package mutating func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe crypto_hash_sha256_final(&state, &digest)
    return digest
  }
}

/// A SHA-512 digest (FIPS 180-4) over bytes that come in pieces, from libsodium.
package struct SHA512: Sendable {
  private var state = crypto_hash_sha512_state()

  package init() { unsafe crypto_hash_sha512_init(&state) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe crypto_hash_sha512_update(&state, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, UInt64(bytes.count))
  }

  /// The 64 bytes; nothing can be added after.
  package mutating func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 64)
    unsafe crypto_hash_sha512_final(&state, &digest)
    return digest
  }
}

/// Base64 for URLs, without padding (RFC 4648 §5).
package enum Base64URL {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

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

  /// `nil` for anything that `encode` does not make.
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
  /// `nil` for anything else.
  package static func decode(_ text: String) -> [UInt8]? {
    let padding = text.utf8.reversed().prefix { $0 == 0x3D }.count
    guard text.utf8.count % 4 == 0, padding <= 2 else { return nil }
    let plain = text.dropLast(padding).map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "-" || $0 == "_" ? "=" : $0 }
    return Base64URL.decode(String(plain))
  }
}
