internal import Glibc

/// Finds numbers whose text would change when stored and written again.
enum JSONNumber {
  @inline(__always)
  static func starts(with byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: "-") }

  /// Checks every number of a parsed document.
  ///
  /// - Parameter tokens: the start offsets of all tokens.
  /// - Throws: `number_precision` for the first number that does not survive.
  static func check(_ bytes: UnsafeRawBufferPointer, tokens: UnsafeBufferPointer<UInt32>) throws(JSONError) {
    for index in 0..<tokens.count {
      let start = unsafe Int(tokens[index])
      guard unsafe starts(with: bytes[start]) else { continue }
      let limit = index &+ 1 < tokens.count ? unsafe Int(tokens[index &+ 1]) : bytes.count
      // Fewer than six bytes hold neither 16 digits nor a three-digit exponent.
      if limit &- start < 6 { continue }
      let token = unsafe token(at: start, in: bytes)
      if token.count < 6 { continue }
      if unsafe !survives(token) { throw unsafe error(token, at: start, in: bytes) }
    }
  }

  /// The bytes of the number that begins at `start`.
  static func token(at start: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = start
    while end < bytes.count, unsafe isPart(bytes[end]) { end &+= 1 }
    return unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<end])
  }

  @inline(__always)
  private static func isPart(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+")
  }

  static func error(_ token: UnsafeRawBufferPointer, at offset: Int, in bytes: UnsafeRawBufferPointer) -> JSONError {
    let shown = unsafe String(decoding: token.prefix(40), as: UTF8.self)
    let detail = "the number \(shown)\(token.count > 40 ? "…" : "") has no exact 64-bit value; write it as a string"
    return unsafe JSONError(.numberPrecision, detail, at: offset, in: bytes)
  }

  /// Whether the stored value, written with as many digits, gives the same digits.
  ///
  /// Whole numbers must fit `Int64` or be exact as a double; others must have at most 17 significant digits, all of them exact.
  static func survives(_ token: UnsafeRawBufferPointer) -> Bool {
    let shape = unsafe shape(of: token)
    if shape.isWhole { return unsafe shape.length <= 18 || wholeSurvives(token) }
    // Fifteen digits always survive, unless the number leaves the exponent range.
    if shape.significant == 0 || (shape.significant <= 15 && !shape.hasExponent && token.count <= 300) { return true }
    return unsafe shape.significant <= 17 && decimalSurvives(token, digits: shape.significant)
  }

  private struct Shape {
    var isWhole = true
    var hasExponent = false
    /// Digits before the exponent.
    var length = 0
    /// Digits from the first to the last non-zero one.
    var significant = 0
  }

  private static func shape(of token: UnsafeRawBufferPointer) -> Shape {
    var shape = Shape()
    var zeros = 0
    for index in 0..<token.count {
      switch unsafe token[index] {
      case UInt8(ascii: "0"):
        shape.length &+= 1
        if shape.significant > 0 { zeros &+= 1 }
      case UInt8(ascii: "1")...UInt8(ascii: "9"):
        shape.length &+= 1
        shape.significant &+= zeros &+ 1
        zeros = 0
      case UInt8(ascii: "."): shape.isWhole = false
      case UInt8(ascii: "e"), UInt8(ascii: "E"):
        shape.isWhole = false
        shape.hasExponent = true
        return shape
      default: continue
      }
    }
    return shape
  }

  private static func wholeSurvives(_ token: UnsafeRawBufferPointer) -> Bool {
    let isNegative = unsafe token[0] == UInt8(ascii: "-")
    var magnitude: UInt64 = 0
    for index in (isNegative ? 1 : 0)..<token.count {
      let (tens, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = unsafe tens.addingReportingOverflow(UInt64(token[index] &- UInt8(ascii: "0")))
      if overflow || carry { return false }
      magnitude = sum
    }
    if isNegative { return magnitude <= Int64.min.magnitude }
    return magnitude <= Int64.max.magnitude || UInt64(exactly: Double(magnitude)) == magnitude
  }

  /// Writes the nearest double with the same number of digits, and compares them.
  private static func decimalSurvives(_ token: UnsafeRawBufferPointer, digits: Int) -> Bool {
    guard let value = unsafe double(token), value.isFinite else { return false }
    let back = ByteBuffer(capacity: 48)
    unsafe back.appendUninitialized(48) { room in
      let target = unsafe room.assumingMemoryBound(to: CChar.self).baseAddress
      return unsafe Int(withVaList([Int32(digits - 1), value]) { unsafe vsnprintf(target, 48, "%.*e", $0) })
    }
    return unsafe back.withBytes { unsafe significantDigits(token).elementsEqual(significantDigits($0)) }
  }

  private static func double(_ token: UnsafeRawBufferPointer) -> Double? {
    let text = ByteBuffer(capacity: token.count + 1)
    unsafe text.append(token)
    text.append(0)
    return unsafe text.withBytes { unsafe $0.assumingMemoryBound(to: CChar.self).baseAddress.map { unsafe strtod($0, nil) } }
  }

  /// The digits before the exponent, without zeros at either end.
  private static func significantDigits(_ token: UnsafeRawBufferPointer) -> ArraySlice<UInt8> {
    let mantissa = unsafe token.prefix { $0 | 0x20 != UInt8(ascii: "e") }
    let digits = unsafe mantissa.filter { $0 &- UInt8(ascii: "0") < 10 }
    let tail = digits.drop { $0 == UInt8(ascii: "0") }
    return tail.prefix((tail.lastIndex { $0 != UInt8(ascii: "0") } ?? tail.startIndex - 1) - tail.startIndex + 1)
  }
}
