internal import Glibc

/// The text form of a record's key: a prefix, `_` and 13 characters of Crockford base32, e.g. `evt_0hk3v9q2m7x8a`.
package enum Identifier {
  /// The number of base32 characters of a 63-bit key.
  package static let digits = 13

  /// Reads an identifier with this prefix.
  ///
  /// - Parameter prefix: e.g. `evt`; compared with case, while the 13 characters after it may be of either case.
  /// - Returns: the key, or `nil` for any other form or a number above 63 bits.
  static func parse(_ text: UnsafeRawBufferPointer, prefix: StaticString) -> Int64? {
    let length = prefix.utf8CodeUnitCount
    guard text.count == length &+ 1 &+ digits, let start = text.baseAddress,
      unsafe memcmp(start, prefix.utf8Start, length) == 0, unsafe text[length] == UInt8(ascii: "_")
    else { return nil }
    return unsafe decode(UnsafeRawBufferPointer(rebasing: text[(length &+ 1)...]))
  }

  /// Reads an identifier with this prefix.
  package static func parse(_ text: String, prefix: StaticString) -> Int64? {
    var text = text
    return text.withUTF8 { unsafe parse(UnsafeRawBufferPointer($0), prefix: prefix) }
  }

  /// The prefix of a well-formed identifier (1 to 8 letters `a-z`), or `nil`.
  static func prefix(of text: UnsafeRawBufferPointer) -> String? {
    let length = text.count &- 1 &- digits
    guard (1...8).contains(length), unsafe text[length] == UInt8(ascii: "_"),
      unsafe text.prefix(length).allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }),
      unsafe decode(UnsafeRawBufferPointer(rebasing: text[(length &+ 1)...])) != nil
    else { return nil }
    return unsafe String(decoding: text.prefix(length), as: UTF8.self)
  }

  /// The prefix of a well-formed identifier, or `nil`.
  package static func prefix(of text: String) -> String? {
    var text = text
    return text.withUTF8 { unsafe prefix(of: UnsafeRawBufferPointer($0)) }
  }

  /// The key of an identifier with any prefix, or `nil` for text of another form.
  static func key(of text: UnsafeRawBufferPointer) -> Int64? {
    let length = text.count &- 1 &- digits
    guard length > 0, unsafe text[length] == UInt8(ascii: "_") else { return nil }
    return unsafe decode(UnsafeRawBufferPointer(rebasing: text[(length &+ 1)...]))
  }

  private static func decode(_ text: UnsafeRawBufferPointer) -> Int64? {
    var value: UInt64 = 0
    for index in 0..<text.count {
      // Thirteen characters hold 65 bits, so the first must not exceed 7.
      guard let digit = unsafe digit(of: text[index]), value < 1 << 58 else { return nil }
      value = value << 5 | UInt64(digit)
    }
    return Int64(exactly: value)
  }

  /// Crockford's decoding: either case, `i` and `l` for 1, `o` for 0; `u` is not a digit.
  @inline(__always)
  private static func digit(of byte: UInt8) -> UInt8? {
    switch byte | 0x20 {
    case UInt8(ascii: "a")...UInt8(ascii: "h"): (byte | 0x20) &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "i"), UInt8(ascii: "l"): 1
    case UInt8(ascii: "j"), UInt8(ascii: "k"): (byte | 0x20) &- UInt8(ascii: "j") &+ 18
    case UInt8(ascii: "m"), UInt8(ascii: "n"): (byte | 0x20) &- UInt8(ascii: "m") &+ 20
    case UInt8(ascii: "o"): 0
    case UInt8(ascii: "p")...UInt8(ascii: "t"): (byte | 0x20) &- UInt8(ascii: "p") &+ 22
    case UInt8(ascii: "v")...UInt8(ascii: "z"): (byte | 0x20) &- UInt8(ascii: "v") &+ 27
    default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? byte &- UInt8(ascii: "0") : nil
    }
  }
}

extension ByteBuffer {
  /// Writes an identifier: `prefix`, `_` and the key in 13 characters of lower-case Crockford base32, highest bits first.
  ///
  /// - Parameter id: a key of 63 bits; the sign bit is dropped.
  package func append(id: Int64, prefix: StaticString) {
    append(prefix)
    append(UInt8(ascii: "_"))
    reserve(Identifier.digits)
    let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
    let key = UInt64(bitPattern: id & .max)
    for digit in 0..<Identifier.digits {
      let shift = UInt64(5 &* (Identifier.digits &- 1 &- digit))
      unsafe base[count &+ digit] = alphabet.utf8Start[Int(key >> shift & 31)]
    }
    count &+= Identifier.digits
  }
}
