/// Finds the handler of a method and a path, on the raw bytes of the path, without an allocation.
///
/// Patterns are paths with captures that stand for one segment: `/v1/outcomes/{id}/assessments`. A literal segment wins over a capture;
/// `HEAD` falls back to `GET`; a slash at the end makes another path.
package struct Router<Handler> {
  private var nodes: [Node] = [Node()]

  private struct Node {
    var literals: [(text: [UInt8], node: Int)] = []
    var capture: Int?
    var pattern = ""
    var handlers: [(method: Method, handler: Handler)] = []
  }

  /// What a path and a method lead to.
  package enum Match {
    case found(Handler, pattern: String)
    /// The path is known with these methods; `OPTIONS` and, with `GET`, `HEAD` are among them.
    case methodNotAllowed([Method])
    case notFound
  }

  package init() {}

  /// Adds a handler; the last one for a method and a pattern stays.
  package mutating func add(_ method: Method, _ pattern: String, _ handler: Handler) {
    var node = 0
    for segment in pattern.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      node = child(of: node, Array(segment))
    }
    nodes[node].pattern = pattern
    nodes[node].handlers.removeAll { $0.method == method }
    nodes[node].handlers.append((method, handler))
  }

  /// Finds the handler of `request` and records its captures there.
  package func match(_ request: Request) -> Match {
    let method = request.method
    var captures = request.captures
    request.captures = []
    captures.removeAll(keepingCapacity: true)
    let node = unsafe request.path.withSpan { find($0, &captures) }
    request.captures = captures
    guard let node else { return .notFound }
    return answer(of: node, method)
  }

  private func answer(of node: Int, _ method: Method) -> Match {
    if let handler = handler(of: node, method) ?? (method == .head ? handler(of: node, .get) : nil) {
      return .found(handler, pattern: nodes[node].pattern)
    }
    return .methodNotAllowed(allowed(at: node))
  }

  private func handler(of node: Int, _ method: Method) -> Handler? {
    for entry in nodes[node].handlers where entry.method == method { return entry.handler }
    return nil
  }

  private func allowed(at node: Int) -> [Method] {
    let known = nodes[node].handlers.map(\.method)
    return Method.allCases.filter { method in
      known.contains(method) || method == .options || (method == .head && known.contains(.get))
    }
  }

  /// The node of `path` that has handlers.
  private func find(_ path: Span<UInt8>, _ captures: inout [Range<Int>]) -> Int? {
    guard path.count > 0, path[0] == UInt8(ascii: "/") else { return nil }
    return descend(0, path, 1, &captures)
  }

  /// Goes on at `start` below `node`: first to the literal, then, if that leads nowhere, to the capture.
  private func descend(_ node: Int, _ path: Span<UInt8>, _ start: Int, _ captures: inout [Range<Int>]) -> Int? {
    let end = path.firstIndex(of: UInt8(ascii: "/"), from: start) ?? path.count
    if let next = literal(of: node, path.extracting(start..<end)), let found = finish(next, path, end, &captures) { return found }
    guard let next = nodes[node].capture, end > start else { return nil }
    captures.append(start..<end)
    if let found = finish(next, path, end, &captures) { return found }
    captures.removeLast()
    return nil
  }

  private func finish(_ node: Int, _ path: Span<UInt8>, _ end: Int, _ captures: inout [Range<Int>]) -> Int? {
    guard end == path.count else { return descend(node, path, end &+ 1, &captures) }
    return nodes[node].handlers.isEmpty ? nil : node
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

  private mutating func child(of node: Int, _ segment: [UInt8]) -> Int {
    let isCapture = segment.first == UInt8(ascii: "{") && segment.last == UInt8(ascii: "}")
    let known = isCapture ? nodes[node].capture : nodes[node].literals.first { $0.text == segment }?.node
    if let known { return known }
    nodes.append(Node())
    let made = nodes.count - 1
    if isCapture { nodes[node].capture = made } else { nodes[node].literals.append((segment, made)) }
    return made
  }
}
