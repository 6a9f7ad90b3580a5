package import Formats

/// An error of a request, reported as `application/problem+json` (RFC 9457).
///
/// `code` is stable and meant for programs, `detail` for people. Neither contains SQL, paths of the server or stack traces.
package struct Problem: Error, Sendable, Equatable {
  /// The HTTP status, 400-599.
  package var status: Int
  /// A stable word such as `not_found`; `/problems/<code>` explains it.
  package var code: String
  /// One sentence, the same for all problems of this code.
  package var title: String
  /// What is specific to this occurrence.
  package var detail: String?
  /// Every fault found, not just the first.
  package var faults: [Fault]
  /// What the sender can do about it.
  package var hint: String?
  /// The methods that the path supports, for `Allow` (405).
  package var allow: [Method]
  /// `Retry-After`, in seconds (429, 503).
  package var retryAfterSeconds: Int?

  /// A problem; only `status`, `code` and `title` are required.
  package init(
    status: Int, code: String, title: String, detail: String? = nil, faults: [Fault] = [], hint: String? = nil,
    allow: [Method] = [], retryAfterSeconds: Int? = nil
  ) {
    self.status = status
    self.code = code
    self.title = title
    self.detail = detail
    self.faults = faults
    self.hint = hint
    self.allow = allow
    self.retryAfterSeconds = retryAfterSeconds
  }

  /// One fault: where it is and what it is.
  package struct Fault: Sendable, Equatable {
    /// Where the fault is: in the body, a parameter, a header field or a file.
    package var location: Location
    /// A stable word such as `unknown_parameter`.
    package var code: String
    /// What is wrong with the value, in words.
    package var detail: String
    /// The values that would have been valid, if they are few.
    package var allowed: [String]

    /// A fault at `location`; `code` is a stable word such as `unknown_parameter`.
    package init(_ location: Location, code: String, detail: String, allowed: [String] = []) {
      self.location = location
      self.code = code
      self.detail = detail
      self.allowed = allowed
    }
  }

  /// The place of a fault.
  package enum Location: Sendable, Equatable {
    /// A JSON Pointer into the body (RFC 6901).
    case pointer(String)
    /// A parameter of the query, by name.
    case parameter(String)
    /// A character position, from 1, in a parameter that holds an expression.
    case expression(parameter: String, column: Int)
    /// A header field, by name.
    case header(String)
    /// A line of an imported file, from 1, and its column where the file has columns.
    case line(Int, column: String?)
  }
}

extension Problem {
  /// Writes the problem as a JSON object.
  ///
  /// - Parameters:
  ///   - buffer: appended to.
  ///   - requestID: written as `request_id`; the log uses the same id.
  package func write(to buffer: ByteBuffer, requestID: String) {
    buffer.append("{\"type\":")
    buffer.append(jsonString: "/problems/" + code)
    buffer.append(",\"title\":")
    buffer.append(jsonString: title)
    buffer.append(",\"status\":")
    buffer.append(integer: Int64(status))
    writeMember(",\"detail\":", detail, to: buffer)
    writeMember(",\"code\":", code, to: buffer)
    writeFaults(to: buffer)
    writeMember(",\"hint\":", hint, to: buffer)
    writeMember(",\"request_id\":", requestID, to: buffer)
    buffer.append("}")
  }

  private func writeMember(_ name: StaticString, _ value: String?, to buffer: ByteBuffer) {
    guard let value else { return }
    buffer.append(name)
    buffer.append(jsonString: value)
  }

  private func writeFaults(to buffer: ByteBuffer) {
    guard !faults.isEmpty else { return }
    buffer.append(",\"errors\":[")
    for (index, fault) in faults.enumerated() {
      if index > 0 { buffer.append(",") }
      fault.write(to: buffer)
    }
    buffer.append("]")
  }
}

extension Problem.Fault {
  fileprivate func write(to buffer: ByteBuffer) {
    location.write(to: buffer)
    buffer.append(",\"code\":")
    buffer.append(jsonString: code)
    buffer.append(",\"detail\":")
    buffer.append(jsonString: detail)
    writeAllowed(to: buffer)
    buffer.append("}")
  }

  private func writeAllowed(to buffer: ByteBuffer) {
    guard !allowed.isEmpty else { return }
    buffer.append(",\"allowed\":[")
    for (index, value) in allowed.enumerated() {
      if index > 0 { buffer.append(",") }
      buffer.append(jsonString: value)
    }
    buffer.append("]")
  }
}

extension Problem.Location {
  fileprivate func write(to buffer: ByteBuffer) {
    switch self {
    case .pointer(let pointer): write("{\"pointer\":", pointer, to: buffer)
    case .parameter(let name): write("{\"parameter\":", name, to: buffer)
    case .expression(let name, let column):
      write("{\"parameter\":", name, to: buffer)
      buffer.append(",\"column\":")
      buffer.append(integer: Int64(column))
    case .header(let name): write("{\"header\":", name, to: buffer)
    case .line(let line, let column):
      buffer.append("{\"line\":")
      buffer.append(integer: Int64(line))
      if let column { write(",\"column\":", column, to: buffer) }
    }
  }

  private func write(_ member: StaticString, _ value: String, to buffer: ByteBuffer) {
    buffer.append(member)
    buffer.append(jsonString: value)
  }
}
