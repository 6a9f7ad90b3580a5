package import Formats

/// An answer in the making: filled by a responder, reused by the loop. Not `Sendable`.
package final class Response {
  /// The HTTP status, 200-599.
  package var status = 200
  /// `Content-Type`; empty for none.
  package var contentType: StaticString = Response.json
  /// The body before any coding.
  package let body = ByteBuffer(capacity: 1_024)
  /// A prepared body that replaces `body`.
  package var stored: StoredBody?
  /// The entity tag without quotes. The server quotes it, and appends `-gzip` when it codes the body (RFC 9110 §8.8.3.3).
  package var etag: String?
  /// The pattern that matched, for the access log: it groups lines as a path with ids could not.
  package var route: String = ""
  /// An internal failure, logged under the request's id. The client sees a problem, never this text.
  package var failure: String?
  /// Whether gzip may help; `false` for compressed content.
  package var isCompressible = true
  /// Further fields, each a whole line with CRLF.
  let fields = ByteBuffer(capacity: 256)
  private(set) var hasVary = false
  /// Whether a `Content-Encoding` was added: the body is coded already.
  package private(set) var hasCoding = false

  /// An empty 200 answer of type JSON.
  package init() {}

  /// The body to send, before any coding.
  package var content: ByteBuffer { stored?.plain ?? body }

  /// Whether an answer of this status may have a body (RFC 9110 §6.4.1).
  package var allowsBody: Bool { status >= 200 && status != 204 && status != 304 }

  /// The media type of JSON (RFC 8259), without parameters.
  package static var json: StaticString { "application/json" }

  /// Adds a field. A control character in the value becomes a space, which prevents response splitting.
  package func header(_ name: StaticString, _ value: ByteView) {
    beginField(name)
    for byte in value { fields.append(byte.isFieldContent ? byte : 0x20) }
    fields.append("\r\n")
  }

  /// Adds a field whose value is known to be clean.
  package func header(_ name: StaticString, _ value: StaticString) {
    beginField(name)
    fields.append(value)
    fields.append("\r\n")
  }

  /// Adds a field. A control character in the value becomes a space.
  package func header(_ name: StaticString, _ value: String) {
    value.withByteView { header(name, $0) }
  }

  /// Turns this into the answer for `problem`: status, body, `Allow`, `Retry-After`. Drops fields added before, which belonged to another
  /// answer.
  ///
  /// - Parameter requestID: `request.id`.
  package func problem(_ problem: Problem, requestID: String) {
    status = problem.status
    contentType = "application/problem+json"
    etag = nil
    forgetFields()
    // Some statuses are cacheable by default (RFC 9111 §4.2.2), and a refused request may be valid a moment later.
    header("Cache-Control", "no-store" as StaticString)
    body.clear()
    stored = nil
    problem.write(to: body, requestID: requestID)
    if !problem.allow.isEmpty || problem.status == 405 { allow(problem.allow) }
    if let seconds = problem.retryAfterSeconds { header("Retry-After", String(seconds)) }
  }

  /// Adds `Allow`, for a 405 and for OPTIONS (RFC 9110 §10.2.1).
  package func allow(_ methods: [Method]) {
    beginField("Allow")
    for (index, method) in methods.enumerated() {
      if index > 0 { fields.append(", ") }
      fields.append(method.name)
    }
    fields.append("\r\n")
  }

  /// Empties the response and keeps its memory (up to 128 KiB of body).
  package func clear() {
    status = 200
    contentType = Response.json
    // Enough for a page of 50 records and for what the buffer grew to while it was written.
    body.clear(keeping: 131_072)
    stored = nil
    etag = nil
    route = ""
    failure = nil
    isCompressible = true
    forgetFields()
  }

  private func forgetFields() {
    fields.clear(keeping: 4_096)
    hasVary = false
    hasCoding = false
  }

  private func beginField(_ name: StaticString) {
    if ByteView(name).equalsIgnoringCase("Vary") { hasVary = true }
    if ByteView(name).equalsIgnoringCase("Content-Encoding") { hasCoding = true }
    fields.append(name)
    fields.append(": ")
  }
}
