/// Writes decimal digits in place.
extension ByteBuffer {
  /// Writes a whole number in decimal, with `-` in front when it is negative.
  package func append(integer value: Int64) {
    // Fast path: classes, counts and versions mostly have one digit.
    if value >= 0, value < 10 { return append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value)) }
    reserve(20)
    if value < 0 {
      unsafe base[count] = UInt8(ascii: "-")
      count &+= 1
    }
    append(digitsOf: value.magnitude, width: Self.digitCount(value.magnitude))
  }

  /// Writes `value` in decimal as exactly `width` digits, zero-padded; higher digits and the sign are dropped.
  package func append(decimal value: Int, width: Int) {
    append(digitsOf: UInt64(value.magnitude), width: max(width, 0))
  }

  /// Writes two digits a step from the end, which halves the divisions.
  @inline(__always)
  func append(digitsOf value: UInt64, width: Int) {
    reserve(width)
    var rest = value
    var position = count &+ width
    let start = count
    while position &- 2 >= start {
      let pair = UInt8(truncatingIfNeeded: rest % 100)
      rest /= 100
      position &-= 2
      unsafe base[position] = UInt8(ascii: "0") &+ pair / 10
      unsafe base[position &+ 1] = UInt8(ascii: "0") &+ pair % 10
    }
    if position > start { unsafe base[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10) }
    count = start &+ width
  }

  private static func digitCount(_ value: UInt64) -> Int {
    var digits = 1
    var rest = value
    while rest >= 10_000 {
      rest /= 10_000
      digits &+= 4
    }
    if rest >= 1_000 { return digits &+ 3 }
    if rest >= 100 { return digits &+ 2 }
    return rest >= 10 ? digits &+ 1 : digits
  }
}

extension Double {
  /// Reads a finite number written in decimal: `-2.5`, `1e3`; `nil` for `0x1`, `inf` and `nan`, which `Double.init` takes.
  package init?(decimal text: some StringProtocol) {
    let isDecimal = text.utf8.allSatisfy { $0 &- 0x30 < 10 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    self = value
  }
}
