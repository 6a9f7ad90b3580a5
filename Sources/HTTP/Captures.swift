package import Formats

extension Request {
  /// The segment captured by the route's pattern as `name`, percent-decoded: `capture("id")` for `/v1/events/{id}`.
  ///
  /// The decoder has refused malformed escapes and `%00`; the caller checks for UTF-8. The view is valid until the next call of `capture`.
  /// A name that the pattern lacks is a programming error: debug builds stop, release builds return an empty segment, under which nothing
  /// is found.
  package func capture(_ name: StaticString) -> ByteView {
    for index in captureNames.indices {
      let known = captureNames[index]
      if known.span.equals(name) { return captured(index) }
    }
    assertionFailure("the route has no capture {\(name)}")
    return .empty
  }

  /// Whether all captured segments, decoded, are UTF-8. A path that is not names nothing; replacing bad bytes would merge two names into
  /// one.
  package var hasTextCaptures: Bool {
    guard path.contains(where: { $0 == UInt8(ascii: "%") || $0 >= 0x80 }) else { return true }
    return captures.indices.allSatisfy { captured($0).isValidUTF8 }
  }

  /// The captured segment at an index of `captures`, left to right; handlers ask by name.
  package func captured(_ index: Int) -> ByteView {
    let raw = path[captures[index]]
    guard raw.firstIndex(of: UInt8(ascii: "%")) != nil else { return raw }
    decoded.clear()
    raw.withSpan { decodePercent($0) }
    return decoded.bytes
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
  /// The byte at `index`, decoded if it is an escape, and the length of what encodes it; `nil` for a malformed escape (RFC 3986 §2.1).
  @inline(__always)
  func percentDecoded(at index: Int) -> (byte: UInt8, length: Int)? {
    guard self[index] == UInt8(ascii: "%") else { return (self[index], 1) }
    guard index &+ 2 < count, let high = self[index &+ 1].hexValue, let low = self[index &+ 2].hexValue else { return nil }
    return (high << 4 | low, 3)
  }
}
