/// Why a route cannot be added: a request would match two handlers with no rule to choose.
package enum RouteConflict: Error, Equatable, CustomStringConvertible {
  /// The method already has a handler for this pattern, spelled `known`.
  case repeated(Method, pattern: String, known: String)
  /// The same paths with other capture names: lookups by name would depend on the order of adding.
  case renamed(pattern: String, known: String)
  /// Some paths match both patterns and neither is narrower, as with `/a/{x}/c` and `/a/b/{y}`.
  case ambiguous(pattern: String, known: String)
  /// The pattern does not begin with `/`, or a capture has no name or a repeated one.
  case malformed(pattern: String)

  /// The conflict in one sentence, for the developer.
  package var description: String {
    switch self {
    case .repeated(let method, let pattern, let known): "\(method.name) \(pattern) has a handler already: \(known)"
    case .renamed(let pattern, let known): "\(pattern) is \(known) with other names"
    case .ambiguous(let pattern, let known): "some paths match both \(pattern) and \(known), and neither is more specific"
    case .malformed(let pattern): "\(pattern) is not a pattern: it must begin with /, and each capture needs its own name"
    }
  }
}

/// A parsed route pattern: `/v1/outcomes/{id}/assessments`. A class, because each request takes one along.
final class RoutePattern: Sendable {
  let text: String
  let segments: [Segment]
  /// The capture names, left to right.
  let names: [[UInt8]]

  enum Segment: Equatable, Sendable {
    case literal([UInt8])
    /// Matches one segment that is not empty.
    case capture(name: [UInt8])

    var isCapture: Bool { if case .capture = self { true } else { false } }
  }

  /// - Throws: `.malformed`.
  init(_ text: String) throws(RouteConflict) {
    guard text.utf8.first == UInt8(ascii: "/") else { throw .malformed(pattern: text) }
    self.text = text
    segments = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { segment in
      let isCapture = segment.first == UInt8(ascii: "{") && segment.last == UInt8(ascii: "}")
      return isCapture ? .capture(name: Array(segment.dropFirst().dropLast())) : .literal(Array(segment))
    }
    names = segments.compactMap { segment in if case .capture(let name) = segment { name } else { nil } }
    guard Set(names).count == names.count, !names.contains([]) else { throw .malformed(pattern: text) }
  }

  /// Whether some path matches both patterns and neither is narrower. Patterns that match the same paths do not cross.
  func crosses(_ other: RoutePattern) -> Bool {
    guard segments.count == other.segments.count else { return false }
    var (isNarrower, isWider) = (false, false)
    for (mine, theirs) in zip(segments, other.segments) {
      switch (mine.isCapture, theirs.isCapture) {
      case (false, false): guard mine == theirs else { return false }
      case (false, true): isNarrower = true
      case (true, false): isWider = true
      case (true, true): break
      }
    }
    return isNarrower && isWider
  }
}
