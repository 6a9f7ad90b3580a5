internal import Formats

extension Request {
  /// The segment that the route's pattern captures under `name`, percent-decoded: `capture("id")` of `/v1/events/{id}`.
  ///
  /// The decoder has refused malformed escapes and `%00`; whether the bytes are UTF-8 is the caller's to ask. The pointer holds until the next
  /// call of `capture`. A name that the pattern lacks is a fault of the program: debug builds stop with it, and in release the segment is empty, so
  /// that nothing is found under it.
  package func capture(_ name: StaticString) -> UnsafeRawBufferPointer {
    for index in captureNames.indices {
      let known = captureNames[index]
      if known.span.equals(name) { return unsafe capture(index) }
    }
    assertionFailure("the route has no capture {\(name)}")
    return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
  }

  /// The captured segment at place `index`, percent-decoded; empty if there is no such capture. The pointer holds as that of `capture` by name.
  package func capture(_ index: Int) -> UnsafeRawBufferPointer {
    guard captures.indices.contains(index) else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    let raw = unsafe UnsafeRawBufferPointer(rebasing: path[captures[index]])
    let isPlain = unsafe raw.withSpan { $0.firstIndex(of: UInt8(ascii: "%"), from: 0) == nil }
    if isPlain { return unsafe raw }
    decoded.clear()
    unsafe raw.withSpan { decodePercent($0) }
    return unsafe decoded.rawBytes
  }

  private func decodePercent(_ bytes: Span<UInt8>) {
    var index = 0
    while index < bytes.count {
      let (byte, length) = bytes.percentDecoded(at: index) ?? (bytes[index], 1)
      decoded.append(byte)
      index &+= length
    }
  }
}

extension Span<UInt8> {
  /// The byte at `index`, decoded if it is an escape, and how many bytes stand for it; `nil` for a malformed escape (RFC 3986 §2.1).
  @inline(__always)
  func percentDecoded(at index: Int) -> (byte: UInt8, length: Int)? {
    guard self[index] == UInt8(ascii: "%") else { return (self[index], 1) }
    guard index &+ 2 < count, let high = self[index &+ 1].hexValue, let low = self[index &+ 2].hexValue else { return nil }
    return (high << 4 | low, 3)
  }
}
