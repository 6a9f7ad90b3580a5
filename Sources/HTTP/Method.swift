/// A request method (RFC 9110 §9).
package enum Method: UInt8, Sendable, CaseIterable {
  case get, head, post, put, patch, delete, options
  /// Known but supported nowhere: 405, not 501 (RFC 9110 §15.6.2).
  case trace, query
  /// Any other token: 501.
  case other

  /// The method as it is spelled on the wire.
  package var name: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .patch: "PATCH"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    case .trace: "TRACE"
    case .query: "QUERY"
    case .other: "OTHER"
    }
  }

  /// The method spelled `token`; methods are case-sensitive (RFC 9110 §9.1).
  init(token: Span<UInt8>) {
    if token.equals("GET") {
      self = .get
    } else {
      self = Method.allCases.first { $0 != .other && token.equals($0.name) } ?? .other
    }
  }
}
