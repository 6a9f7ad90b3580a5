internal import Glibc

/// `\u` escapes (RFC 8259 §7): each half of a surrogate pair needs the other, or the text is not Unicode.
enum JSONEscape {
  /// Checks every escape of a parsed document: simdjson 3.0 accepts some lone halves.
  ///
  /// - Throws: `lone_surrogate` for the first unpaired half.
  static func check(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
    guard let start = bytes.baseAddress else { return }
    var index = 0
    while index < bytes.count, let found = unsafe memchr(start + index, Int32(UInt8(ascii: "\\")), bytes.count &- index) {
      let place = unsafe UnsafeRawPointer(found) - start
      guard let length = unsafe length(at: place, in: bytes) else { throw unsafe error(at: place, in: bytes) }
      index = place &+ length
    }
  }

  static func error(at offset: Int, in bytes: UnsafeRawBufferPointer) -> JSONError {
    unsafe JSONError(.loneSurrogate, "the escape is half of a surrogate pair, and the other half is missing", at: offset, in: bytes)
  }

  /// The length in bytes of the escape (or surrogate pair) at this backslash; `nil` for a lone half.
  static func length(at place: Int, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let unit = unsafe unit(at: place, in: bytes) else { return 2 }
    switch unit {
    case 0xDC00...0xDFFF: return nil
    case 0xD800...0xDBFF:
      guard let low = unsafe Self.unit(at: place &+ 6, in: bytes), (0xDC00...0xDFFF).contains(low) else { return nil }
      return 12
    default: return 6
    }
  }

  /// The code unit of the `\uXXXX` at this offset; `nil` for anything else.
  static func unit(at place: Int, in bytes: UnsafeRawBufferPointer) -> UInt16? {
    guard place &+ 6 <= bytes.count, unsafe bytes[place] == UInt8(ascii: "\\"), unsafe bytes[place &+ 1] == UInt8(ascii: "u") else {
      return nil
    }
    var value: UInt16 = 0
    for index in (place &+ 2)..<(place &+ 6) {
      guard let digit = unsafe hexValue(bytes[index]) else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }

  @inline(__always)
  private static func hexValue(_ byte: UInt8) -> UInt8? {
    if byte &- UInt8(ascii: "0") < 10 { return byte &- UInt8(ascii: "0") }
    let letter = (byte | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter &+ 10 : nil
  }
}
