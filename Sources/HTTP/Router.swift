internal import Formats

/// Finds the handler for a method and a path, on the raw bytes of the path, without an allocation.
///
/// Patterns are paths with named captures of one segment: `/v1/outcomes/{id}/assessments`. A literal segment wins over a capture; `HEAD`
/// falls back to `GET`; a trailing slash makes another path. Each path has one pattern: ambiguous ones are refused when added.
package struct Router<Handler> {
  // The tree holds handlers' numbers: generic code that is not specialised across modules costs a tenth of a request.
  private var tree = RouteTree()
  private var handlers: [Handler] = []

  /// The result of a look-up.
  package enum Match {
    /// The handler, and the pattern that matched.
    case found(Handler, pattern: String)
    /// The path exists with these methods; `OPTIONS` and, with `GET`, `HEAD` are among them.
    case methodNotAllowed([Method])
    /// No pattern matches the path: 404.
    case notFound
  }

  /// A router without routes.
  package init() {}

  /// Adds a handler.
  ///
  /// - Throws: `RouteConflict` for a pattern that collides with a known one; nothing is added then.
  package mutating func add(_ method: Method, _ pattern: String, _ handler: Handler) throws(RouteConflict) {
    try tree.add(method, RoutePattern(pattern), handlers.count)
    handlers.append(handler)
  }

  /// Finds the handler of `request` and records the captures there.
  package func match(_ request: Request) -> Match {
    guard let (node, pattern) = tree.find(request) else { return .notFound }
    guard let number = tree.handler(of: node, request.method) else { return .methodNotAllowed(tree.allowed(at: node)) }
    return .found(handlers[number], pattern: pattern.text)
  }
}

extension Router: Sendable where Handler: Sendable {}

/// A tree of path segments; its leaves hold handlers' numbers.
struct RouteTree {
  private var nodes: [Node] = [Node()]
  private var patterns: [RoutePattern] = []

  private struct Node {
    var literals: [(text: [UInt8], node: Int)] = []
    var capture: Int?
    /// The pattern that ends here.
    var end: RoutePattern?
    /// The number of each method's handler, by the method's raw value; -1 for none.
    var handlers: [Int] = Array(repeating: -1, count: Method.allCases.count)
  }

  mutating func add(_ method: Method, _ pattern: RoutePattern, _ handler: Int) throws(RouteConflict) {
    if let rival = patterns.first(where: { $0.crosses(pattern) }) { throw .ambiguous(pattern: pattern.text, known: rival.text) }
    var node = 0
    for segment in pattern.segments { node = child(of: node, segment) }
    if let known = nodes[node].end {
      guard known.names == pattern.names else { throw .renamed(pattern: pattern.text, known: known.text) }
      let isFree = nodes[node].handlers[Int(method.rawValue)] < 0
      guard isFree else { throw .repeated(method, pattern: pattern.text, known: known.text) }
    } else {
      nodes[node].end = pattern
      patterns.append(pattern)
    }
    nodes[node].handlers[Int(method.rawValue)] = handler
  }

  /// The node of the request's path, with its pattern; records the captures in the request.
  func find(_ request: Request) -> (node: Int, pattern: RoutePattern)? {
    request.captures.removeAll(keepingCapacity: true)
    request.captureNames = []
    let found: (node: Int, pattern: RoutePattern)? = request.path.withSpan { path in
      guard path.count > 0, path[0] == UInt8(ascii: "/") else { return nil }
      return descend(0, path, 1, &request.captures)
    }
    guard let found else { return nil }
    request.captureNames = found.pattern.names
    return found
  }

  func handler(of node: Int, _ method: Method) -> Int? {
    let own = nodes[node].handlers[Int(method.rawValue)]
    if own >= 0 { return own }
    guard method == .head else { return nil }
    let get = nodes[node].handlers[Int(Method.get.rawValue)]
    return get >= 0 ? get : nil
  }

  func allowed(at node: Int) -> [Method] {
    Method.allCases.filter { $0 == .options || handler(of: node, $0) != nil }
  }

  /// Continues at `start` below `node`: the literal first, then, if that leads nowhere, the capture.
  private func descend(_ node: Int, _ path: Span<UInt8>, _ start: Int, _ captures: inout [Range<Int>])
    -> (node: Int, pattern: RoutePattern)?
  {
    let end = path.firstIndex(of: UInt8(ascii: "/"), from: start) ?? path.count
    if let next = literal(of: node, path.extracting(start..<end)), let found = finish(next, path, end, &captures) { return found }
    guard let next = nodes[node].capture, end > start else { return nil }
    captures.append(start..<end)
    if let found = finish(next, path, end, &captures) { return found }
    captures.removeLast()
    return nil
  }

  private func finish(_ node: Int, _ path: Span<UInt8>, _ end: Int, _ captures: inout [Range<Int>])
    -> (node: Int, pattern: RoutePattern)?
  {
    guard end == path.count else { return descend(node, path, end &+ 1, &captures) }
    return nodes[node].end.map { (node, $0) }
  }

  private func literal(of node: Int, _ segment: Span<UInt8>) -> Int? {
    for index in nodes[node].literals.indices where isSame(segment, nodes[node].literals[index].text) {
      return nodes[node].literals[index].node
    }
    return nil
  }

  private func isSame(_ segment: Span<UInt8>, _ text: [UInt8]) -> Bool {
    guard segment.count == text.count else { return false }
    var index = 0
    while index < text.count {
      guard segment[index] == text[index] else { return false }
      index &+= 1
    }
    return true
  }

  private mutating func child(of node: Int, _ segment: RoutePattern.Segment) -> Int {
    let made = nodes.count
    switch segment {
    case .capture:
      if let known = nodes[node].capture { return known }
      nodes[node].capture = made
    case .literal(let text):
      if let known = nodes[node].literals.first(where: { $0.text == text }) { return known.node }
      nodes[node].literals.append((text, made))
    }
    nodes.append(Node())
    return made
  }
}
