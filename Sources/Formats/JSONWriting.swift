/// Writes JSON values (RFC 8259) without an intermediate tree.
extension ByteBuffer {
  /// Writes a JSON number: the shortest text that reads back as the same double. Whole numbers keep their `.0`.
  ///
  /// NaN and the infinities have no JSON form and become `null`.
  package func append(real value: Double) {
    guard value.isFinite else { return append("null") }
    if appendFixed(value) { return }
    append(value.description)
  }

  /// Writes up to four decimals without `description`; most of a register's reals (coordinates, probabilities, scores) are such.
  private func appendFixed(_ value: Double) -> Bool {
    guard value.magnitude < 1e9 else { return false }
    // Adding and subtracting 1.5 * 2^52 rounds to the nearest whole number without a call to libm.
    let scaled = value.magnitude * 1e4 + 0x1.8p52 - 0x1.8p52
    guard scaled / 1e4 == value.magnitude else { return false }
    if value.sign == .minus { append(UInt8(ascii: "-")) }
    let whole = Int64(scaled)
    append(integer: whole / 10_000)
    append(fraction: UInt64(whole % 10_000))
    return true
  }

  /// Writes `.` and four decimals without trailing zeros, but at least one digit.
  private func append(fraction: UInt64) {
    append(UInt8(ascii: "."))
    var (digits, width) = (fraction, 4)
    if digits % 100 == 0 { (digits, width) = (digits / 100, 2) }
    if digits % 10 == 0 { (digits, width) = (digits / 10, width - 1) }
    append(digitsOf: digits, width: width)
  }

  /// Writes UTF-8 as a JSON string: quoted, with quotes, backslashes and control characters escaped.
  ///
  /// Bytes from 0x80 on are copied: the caller guarantees that the text is UTF-8.
  func append(jsonString text: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    unsafe append(jsonFragment: text)
    append(UInt8(ascii: "\""))
  }

  /// Writes text as a JSON string, quoted and escaped.
  package func append(jsonString text: String) {
    var text = text
    text.withUTF8 { unsafe append(jsonString: UnsafeRawBufferPointer($0)) }
  }

  /// Writes text as a JSON string, quoted and escaped.
  package func append(jsonString text: StaticString) {
    unsafe append(jsonString: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Writes UTF-8 escaped for a JSON string, without surrounding quotes, for strings assembled from pieces.
  func append(jsonFragment text: UnsafeRawBufferPointer) {
    var read = 0
    while read < text.count {
      let plain = unsafe Self.plainCount(text, from: read)
      unsafe append(UnsafeRawBufferPointer(rebasing: text[read..<read &+ plain]))
      read &+= plain
      guard read < text.count else { return }
      appendEscape(unsafe text[read])
      read &+= 1
    }
  }

  /// The number of bytes from `start` on that need no escape, found four words at a time so that one copy takes them all.
  private static func plainCount(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let source = text.baseAddress else { return 0 }
    var read = start
    while read &+ 32 <= text.count {
      var escapes: UInt64 = 0
      for offset in stride(from: 0, to: 32, by: 8) {
        escapes |= escapeMask(unsafe source.loadUnaligned(fromByteOffset: read &+ offset, as: UInt64.self))
      }
      guard escapes == 0 else { break }
      read &+= 32
    }
    while read &+ 8 <= text.count {
      let escapes = escapeMask(unsafe source.loadUnaligned(fromByteOffset: read, as: UInt64.self))
      guard escapes == 0 else { return read &+ escapes.trailingZeroBitCount / 8 &- start }
      read &+= 8
    }
    while read < text.count {
      let byte = unsafe text[read]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
      read &+= 1
    }
    return read &- start
  }

  /// Sets the top bit of each byte that needs an escape; only the lowest set bit is reliable, because borrows run upward.
  @inline(__always)
  private static func escapeMask(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let control = (word &- ones &* 0x20) & ~word
    return (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | control) & (ones &* 0x80)
  }

  @inline(never)
  private func appendEscape(_ byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0A: append(UInt8(ascii: "n"))
    case 0x0C: append(UInt8(ascii: "f"))
    case 0x0D: append(UInt8(ascii: "r"))
    default:
      append("u00")
      append(hexDigit: byte >> 4)
      append(hexDigit: byte & 15)
    }
  }

  private func append(hexDigit value: UInt8) {
    append(value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10)
  }
}
