/// A set of up to four byte values, searched eight bytes at a time.
struct ByteSet: Sendable {
  private let first, second, third, fourth: UInt64
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  init(_ first: UInt8, _ second: UInt8, _ third: UInt8? = nil, _ fourth: UInt8? = nil) {
    self.first = UInt64(first) &* Self.ones
    self.second = UInt64(second) &* Self.ones
    self.third = UInt64(third ?? first) &* Self.ones
    self.fourth = UInt64(fourth ?? first) &* Self.ones
  }

  /// The index of the first byte of the set at or after `start`; `bytes.count` if there is none.
  @inline(__always)
  func firstIndex(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index &+ 8 <= bytes.count {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let found = (zeros(word ^ first) | zeros(word ^ second) | zeros(word ^ third) | zeros(word ^ fourth)) & (Self.ones &* 0x80)
      if found != 0 { return index &+ found.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < bytes.count, unsafe !contains(bytes[index]) { index &+= 1 }
    return index
  }

  /// Sets the top bit of each zero byte; above the lowest one, borrows may set more.
  @inline(__always)
  private func zeros(_ word: UInt64) -> UInt64 { (word &- Self.ones) & ~word }

  @inline(__always)
  private func contains(_ byte: UInt8) -> Bool {
    let value = UInt64(byte)
    return value == first & 0xFF || value == second & 0xFF || value == third & 0xFF || value == fourth & 0xFF
  }
}
