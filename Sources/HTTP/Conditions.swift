package import Formats

// Entity tags in conditional requests (RFC 9110 §8.8.3, §13.1).

extension Request {
  /// Whether a list of entity tags, such as `If-None-Match`, contains the stored tag.
  ///
  /// `5` also matches its coded form `"5-gzip"`: the server adds that suffix when it codes a body.
  ///
  /// - Parameters:
  ///   - etag: the stored tag, without quotes.
  ///   - header: the field name, in any case: `If-None-Match` or `If-Match`.
  ///   - weak: whether `W/"5"` matches `"5"`: yes for If-None-Match, no for If-Match.
  /// - Returns: `true` for `*` too; `false` without the field.
  package func matches(etag: ByteView, in header: StaticString, weak: Bool) -> Bool {
    etag.withSpan { listed($0, in: header, weak: weak, form: .any) }
  }

  /// The same for a `String` tag.
  package func matches(etag: String, in header: StaticString, weak: Bool) -> Bool {
    etag.withByteView { matches(etag: $0, in: header, weak: weak) }
  }

  /// Whether the client holds the gzip form of `etag`.
  func holdsCodedForm(of etag: String) -> Bool {
    etag.withByteView { tag in tag.withSpan { listed($0, in: "If-None-Match", weak: true, form: .coded) } }
  }

  private func listed(_ tag: Span<UInt8>, in header: StaticString, weak: Bool, form: TagForm) -> Bool {
    for field in fields where isNamed(field, header) {
      if bytes(field.value).withSpan({ TagList.contains($0, tag, weak: weak, form: form) }) { return true }
    }
    return false
  }
}

enum TagForm {
  case any, coded
}

/// Iterates over `*` or a list of entity tags.
private enum TagList {
  static func contains(_ text: Span<UInt8>, _ tag: Span<UInt8>, weak: Bool, form: TagForm) -> Bool {
    if text.equals("*") { return form == .any }
    var index = 0
    while let item = next(text, &index) {
      if (weak || !item.isWeak) && matches(text.extracting(item.tag), tag, form) { return true }
    }
    return false
  }

  /// The next `[W/]"tag"` at or after `index`; malformed text ends the list.
  private static func next(_ text: Span<UInt8>, _ index: inout Int) -> (tag: Range<Int>, isWeak: Bool)? {
    while index < text.count, text[index].isBlank || text[index] == UInt8(ascii: ",") { index &+= 1 }
    let isWeak = index &+ 1 < text.count && text[index] == UInt8(ascii: "W") && text[index &+ 1] == UInt8(ascii: "/")
    if isWeak { index &+= 2 }
    guard index < text.count, text[index] == UInt8(ascii: "\"") else { return nil }
    guard let end = text.firstIndex(of: UInt8(ascii: "\""), from: index &+ 1) else { return nil }
    defer { index = end &+ 1 }
    return (index &+ 1..<end, isWeak)
  }

  private static func matches(_ listed: Span<UInt8>, _ tag: Span<UInt8>, _ form: TagForm) -> Bool {
    if form == .any, isSame(listed, tag) { return true }
    let stem = listed.count &- 5
    guard stem >= 0, listed.extracting(stem..<listed.count).equals("-gzip") else { return false }
    return isSame(listed.extracting(0..<stem), tag)
  }

  private static func isSame(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var index = 0
    while index < left.count {
      guard left[index] == right[index] else { return false }
      index &+= 1
    }
    return true
  }
}
