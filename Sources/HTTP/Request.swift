package import Formats

/// One request's head: an owned copy of its bytes, and where in them everything is.
///
/// A class that is kept and filled again, so a request costs no allocation. It belongs to one exchange: neither it nor a view
/// of it may be kept behind the answer. Not `Sendable`.
package final class Request {
  package internal(set) var method: Method = .get
  /// The request's id: the client's `X-Request-Id` if that is 1-64 token characters, else a generated one.
  package var id: String = ""
  /// The length that `Content-Length` announces, in bytes; `nil` without one.
  package internal(set) var contentLength: Int?
  /// Whether the body comes in chunks (RFC 9112 §7.1).
  package internal(set) var isChunked = false
  /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
  package internal(set) var expectsContinue = false
  /// Whether the client wants to send more requests on this connection (RFC 9112 §9.3).
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
  /// Where the segments are that the router's pattern captured; offsets into the path.
  package internal(set) var captures: [Range<Int>] = []
  /// What the router's pattern calls them: the pattern's own array, shared.
  var captureNames: [[UInt8]] = []

  package init() {
    fields.reserveCapacity(16)
    captures.reserveCapacity(4)
  }

  /// Whether a body follows the head.
  package var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

  /// The path as it was sent, percent-encoding included; begins with `/` (or is `*`, for OPTIONS).
  package var rawPath: ByteView { bytes(pathRange) }

  /// The query as it was sent, without `?`; empty if there is none.
  package var rawQuery: ByteView { bytes(queryRange) }

  /// The host and perhaps the port that the request is for: of an absolute target its own, whatever `Host` says (RFC 9112 §3.2.2);
  /// `nil` where neither is there.
  package var host: ByteView? {
    guard let authorityRange else { return field("Host") }
    return bytes(authorityRange)
  }

  /// The first field of that name: its value, trimmed; `nil` if there is none.
  ///
  /// - Parameter name: in any case: `Content-Type` and `content-type` are one name (RFC 9110 §5.1).
  package func field(_ name: StaticString) -> ByteView? {
    for field in fields where isNamed(field, name) { return bytes(field.value) }
    return nil
  }

  /// Calls `body` with the value of each field of that name, in any case, in the order in which they came.
  package func fields(named name: StaticString, _ body: (ByteView) -> Void) {
    for field in fields where isNamed(field, name) { body(bytes(field.value)) }
  }

  /// Forgets the request, keeps the room. Every stored property must be here: what is left over answers another client.
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

  func bytes(_ range: Range<Int>) -> ByteView { head.bytes[range] }

  @inline(__always)
  func isNamed(_ field: FieldRange, _ name: StaticString) -> Bool { bytes(field.name).equalsIgnoringCase(name) }
}

/// Where a field's name and its trimmed value are in the head.
struct FieldRange {
  var name: Range<Int>
  var value: Range<Int>
}
