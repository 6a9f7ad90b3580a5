package import Formats

/// One request's head: an owned copy of its bytes, and the ranges of its parts.
///
/// A class that is reused, so a request costs no allocation. It belongs to one exchange: neither it nor a view into it may outlive the
/// answer. Not `Sendable`.
package final class Request {
  /// The method (RFC 9110 §9).
  package internal(set) var method: Method = .get
  /// The request's id: the client's `X-Request-Id` if it is 1-64 token characters, else a generated one.
  package var id: String = ""
  /// `Content-Length`, in bytes; `nil` without one.
  package internal(set) var contentLength: Int?
  /// Whether the body is chunked (RFC 9112 §7.1).
  package internal(set) var isChunked = false
  /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
  package internal(set) var expectsContinue = false
  /// Whether the connection stays open after the answer, as the client wants it (RFC 9112 §9.3).
  package internal(set) var keepAlive = true
  /// 1 for HTTP/1.1, 0 for HTTP/1.0.
  package internal(set) var minorVersion: UInt8 = 1

  let head = ByteBuffer(capacity: 1_024)
  let decoded = ByteBuffer(capacity: 64)
  var fields: [FieldRange] = []
  var trailers: Trailers?
  var pathRange = 0..<0
  var queryRange = 0..<0
  var authorityRange: Range<Int>?
  /// The path segments captured by the router's pattern; offsets into the path.
  package internal(set) var captures: [Range<Int>] = []
  /// The names of the captures: the pattern's own array, shared.
  var captureNames: [[UInt8]] = []

  /// An empty request, with room for 16 fields.
  package init() {
    fields.reserveCapacity(16)
    captures.reserveCapacity(4)
  }

  /// Whether a body follows the head.
  package var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

  /// The path as sent, percent-encoding included; begins with `/` (or is `*`, for OPTIONS).
  package var path: ByteView { bytes(pathRange) }

  /// The query as sent, without `?`; empty if there is none.
  package var query: ByteView { bytes(queryRange) }

  /// The host and optional port of the request: an absolute target overrides `Host` (RFC 9112 §3.2.2); `nil` where neither
  /// is given.
  package var host: ByteView? {
    guard let authorityRange else { return header("Host") }
    return bytes(authorityRange)
  }

  /// The trimmed value of the first field with this name; `nil` if there is none.
  ///
  /// - Parameter name: in any case (RFC 9110 §5.1).
  package func header(_ name: StaticString) -> ByteView? {
    for field in fields where isNamed(field, name) { return bytes(field.value) }
    return nil
  }

  /// Calls `body` with the value of each field with this name, in any case, in the order received.
  package func headers(named name: StaticString, _ body: (ByteView) -> Void) {
    for field in fields where isNamed(field, name) { body(bytes(field.value)) }
  }

  /// Empties the request and keeps its memory. Reset every stored property here: what is left over leaks into another client's answer.
  package func clear() {
    method = .get
    head.clear(keeping: 16_384)
    decoded.clear(keeping: 1_024)
    fields.removeAll(keepingCapacity: true)
    captures.removeAll(keepingCapacity: true)
    captureNames = []
    trailers = nil
    id = ""
    contentLength = nil
    isChunked = false
    expectsContinue = false
    keepAlive = true
    minorVersion = 1
    pathRange = 0..<0
    queryRange = 0..<0
    authorityRange = nil
  }

  /// Empties a request that could not be read: its refusal has a body unless the method is HEAD.
  package func clearAllButMethod() {
    let asked = method
    clear()
    method = asked
  }

  func bytes(_ range: Range<Int>) -> ByteView { head.bytes[range] }

  @inline(__always)
  func isNamed(_ field: FieldRange, _ name: StaticString) -> Bool { bytes(field.name).equalsIgnoringCase(name) }
}

/// The ranges of a field's name and trimmed value in the head.
struct FieldRange {
  var name: Range<Int>
  var value: Range<Int>
}
