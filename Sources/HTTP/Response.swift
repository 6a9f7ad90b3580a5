package import Formats

/// An answer while it is being made: filled by a responder, kept and filled again by the loop. Not `Sendable`.
package final class Response {
  /// The HTTP status, 200-599.
  package var status = 200
  /// `Content-Type`; empty for none.
  package var contentType: StaticString = Response.json
  /// The body, as it is before any coding.
  package let body = ByteBuffer(capacity: 1_024)
  /// A body that is there already and takes the place of `body`.
  package var stored: StoredBody?
  /// The entity tag without quotes. The server quotes it, and adds `-gzip` when it codes the body (RFC 9110 §8.8.3.3).
  package var etag: String?
  /// The pattern that answered, for the access log: it groups lines as a path with ids could not.
  package var route: String = ""
  /// What failed on our side, for the log; the server writes it there under the request's id. The client sees a problem, never this.
  package var failure: String?
  /// Whether gzip may help; not for what is compressed already.
  package var isCompressible = true
  /// Further fields, each a whole line with CRLF.
  let fields = ByteBuffer(capacity: 256)
  private(set) var hasVary = false
  /// Whether a `Content-Encoding` was added: the body is coded already.
  package private(set) var hasCoding = false

  package init() {}

  /// What is sent, before any coding.
  package var content: ByteBuffer { stored?.plain ?? body }

  /// Whether an answer of this status may have a body (RFC 9110 §6.4.1).
  package var allowsBody: Bool { status >= 200 && status != 204 && status != 304 }

  package static var json: StaticString { "application/json" }

  /// Adds a field. A control character in the value becomes a space: nobody splits our answers.
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

  /// Makes this the answer that tells `problem`: status, body, `Allow`, `Retry-After`. Fields that were added before
  /// went with another answer and are forgotten.
  ///
  /// - Parameter requestID: `request.id`.
  package func problem(_ problem: Problem, requestID: String) {
    status = problem.status
    contentType = "application/problem+json"
    etag = nil
    forgetFields()
    // Some statuses may be kept without being asked (RFC 9111 §4.2.2), and what was wrong may be right in a moment.
    header("Cache-Control", "no-store" as StaticString)
    body.clear()
    stored = nil
    problem.write(to: body, requestID: requestID)
    if !problem.allow.isEmpty || problem.status == 405 { allow(problem.allow) }
    if let seconds = problem.retryAfterSeconds { header("Retry-After", String(seconds)) }
  }

  /// Adds `Allow`, as a 405 and the answer to OPTIONS have it (RFC 9110 §10.2.1).
  package func allow(_ methods: [Method]) {
    beginField("Allow")
    for (index, method) in methods.enumerated() {
      if index > 0 { fields.append(", ") }
      fields.append(method.name)
    }
    fields.append("\r\n")
  }

  /// Forgets everything, keeps the room (up to 128 KiB of body).
  package func clear() {
    status = 200
    contentType = Response.json
    // A page of 50 records, and what it grew to while it was written.
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
