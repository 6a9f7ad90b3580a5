/// The ranges of path and query in a request target (RFC 9112 §3.2).
struct RequestTarget {
  var path: Range<Int>
  var query: Range<Int>
  /// The host and optional port of an absolute form.
  var authority: Range<Int>?
}

extension RequestTarget {
  /// Parses the origin form (`/path?query`), the absolute form (reduced to its path), and `*` for OPTIONS.
  ///
  /// - Parameters:
  ///   - head: the bytes that contain `target`.
  /// - Throws: 400 for other forms, a fragment, or a malformed escape in the path. `%00` is refused too: it ends a C string.
  init(_ head: Span<UInt8>, _ target: Range<Int>, method: Method) throws(Problem) {
    if method == .options, target.count == 1, head[target.lowerBound] == UInt8(ascii: "*") {
      self.init(path: target, query: target.upperBound..<target.upperBound)
      return
    }
    let (authority, start) = try Self.start(head, target)
    var pathEnd = start
    while pathEnd < target.upperBound, head[pathEnd] != UInt8(ascii: "?") { pathEnd &+= 1 }
    try Self.check(head.extracting(start..<pathEnd))
    let queryStart = min(pathEnd &+ 1, target.upperBound)
    self.init(path: start..<pathEnd, query: queryStart..<target.upperBound, authority: authority)
    guard head.extracting(query).firstIndex(of: UInt8(ascii: "#"), from: 0) == nil else { throw Self.malformed }
  }

  /// The authority of an absolute form, and where its path begins.
  private static func start(_ head: Span<UInt8>, _ target: Range<Int>) throws(Problem) -> (authority: Range<Int>?, path: Int) {
    if head[target.lowerBound] == UInt8(ascii: "/") { return (nil, target.lowerBound) }
    for scheme: StaticString in ["http://", "https://"] {
      let authority = target.lowerBound &+ scheme.utf8CodeUnitCount
      guard authority < target.upperBound, head.extracting(target.lowerBound..<authority).equalsIgnoringCase(scheme) else { continue }
      let slash = head.extracting(0..<target.upperBound).firstIndex(of: UInt8(ascii: "/"), from: authority)
      guard let slash, slash > authority else { throw malformed }
      return (authority..<slash, slash)
    }
    throw malformed
  }

  private static func check(_ path: Span<UInt8>) throws(Problem) {
    var index = 0
    while index < path.count {
      guard path[index] != UInt8(ascii: "#"), let (byte, length) = path.percentDecoded(at: index), byte != 0 else { throw malformed }
      index &+= length
    }
  }

  private static var malformed: Problem {
    .badRequest(.badTarget, "The request target must be a path and a query, percent-encoded where needed.")
  }
}
