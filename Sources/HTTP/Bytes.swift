internal import Formats

// Byte classes of a message (RFC 9110 §5.6.2, RFC 9112). Sets are bit masks: a test is one shift, without a table.

extension UInt8 {
  /// A `tchar` (RFC 9110 §5.6.2): a byte of a method or field name.
  @inline(__always)
  var isToken: Bool {
    if self < 64 { return 0x03FF_6CFA_0000_0000 as UInt64 >> UInt64(self) & 1 != 0 }
    return self < 128 && 0x57FF_FFFF_C7FF_FFFE as UInt64 >> UInt64(self &- 64) & 1 != 0
  }

  /// A byte of a field value: a visible character, space, tab or a byte above ASCII (RFC 9110 §5.5).
  @inline(__always)
  var isFieldContent: Bool { self >= 0x20 ? self != 0x7F : self == 0x09 }

  /// Space or tab.
  @inline(__always)
  var isBlank: Bool { self == 0x20 || self == 0x09 }

  @inline(__always)
  var isDigit: Bool { self &- 0x30 < 10 }

  /// A hexadecimal digit's value.
  @inline(__always)
  var hexValue: UInt8? {
    if isDigit { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }

  /// An ASCII letter in lower case; any other byte unchanged.
  @inline(__always)
  var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}

extension Span<UInt8> {
  /// Whether these bytes equal `text`.
  @inline(__always)
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    var index = 0
    while index < count {
      guard unsafe self[index] == text.utf8Start[index] else { return false }
      index &+= 1
    }
    return true
  }

  /// Whether these bytes equal `text`, ignoring ASCII case.
  @inline(__always)
  func equalsIgnoringCase(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    var index = 0
    while index < count {
      guard unsafe self[index].lowercased == text.utf8Start[index].lowercased else { return false }
      index &+= 1
    }
    return true
  }

  /// `range` without the blanks at its ends.
  func trimming(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, self[start].isBlank { start &+= 1 }
    while end > start, self[end &- 1].isBlank { end &-= 1 }
    return start..<end
  }

  /// The index of the first `byte` at or after `start`.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    var index = start
    while index < count {
      if self[index] == byte { return index }
      index &+= 1
    }
    return nil
  }

  /// Calls `body` with each member of a comma-separated list (RFC 9110 §5.6.1), trimmed; empty members are skipped.
  func forEachListMember(_ body: (Range<Int>) -> Void) {
    var start = 0
    while start <= count {
      let end = firstIndex(of: UInt8(ascii: ","), from: start) ?? count
      let member = trimming(start..<end)
      if !member.isEmpty { body(member) }
      start = end &+ 1
    }
  }
}
