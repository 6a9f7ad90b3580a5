package import Formats

/// Where log lines go: a descriptor in the program, memory in a test. Any thread may write.
package protocol LogSink: AnyObject, Sendable {
  /// Writes whole lines, each with its line feed. Never blocks: what cannot be written now is kept, up to a limit, and written with later
  /// lines; lost lines are counted, and a log line reports the count.
  func write(_ lines: ByteBuffer)
}

/// The log of internal failures: JSON lines, shared by every part that can fail.
package struct Log: Sendable {
  private let sink: (any LogSink)?

  /// - Parameter sink: receives the lines; `nil` disables the log.
  package init(_ sink: (any LogSink)?) { self.sink = sink }

  /// Logs an internal failure: a 500, or an error in the background.
  ///
  /// - Parameters:
  ///   - subject: the request's id, or the part of the program, such as `search`.
  ///   - detail: for the operator; may contain SQL and paths.
  package func failure(_ subject: String, _ detail: String) {
    guard let sink else { return }
    let line = ByteBuffer(capacity: 256)
    Self.line(subject, detail, to: line)
    sink.write(line)
  }

  /// Appends one JSON line with its line feed.
  package static func line(_ subject: String, _ detail: String, to line: ByteBuffer) {
    line.append("{\"time\":\"")
    line.append(timestamp: Timestamp.now())
    line.append("\",\"level\":\"error\",\"request_id\":")
    line.append(jsonString: subject)
    line.append(",\"detail\":")
    line.append(jsonString: detail)
    line.append("}\n")
  }
}
