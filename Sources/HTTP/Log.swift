package import Formats

/// Where lines of the log go: a descriptor in the program, memory in a test. Any thread may write.
package protocol LogSink: AnyObject, Sendable {
  /// Takes whole lines, each with its line feed. It never waits: what cannot be written now is kept, up to a limit, and written with what comes next;
  /// lines that are lost are counted, and a line of the log tells how many.
  func write(_ lines: ByteBuffer)
}

/// The log of what fails here: JSON lines, handed to whoever may have to tell.
package struct Log: Sendable {
  private let sink: (any LogSink)?

  /// - Parameter sink: takes the lines; `nil` for a program without a log.
  package init(_ sink: (any LogSink)?) { self.sink = sink }

  /// Tells of a failure of our own: what a client sees as 500, or what goes wrong behind the answers.
  ///
  /// - Parameters:
  ///   - subject: the request's id, or the part of the program: `search`.
  ///   - detail: for the operator; it may hold SQL and paths.
  package func failure(_ subject: String, _ detail: String) {
    guard let sink else { return }
    let line = ByteBuffer(capacity: 256)
    Self.line(subject, detail, to: line)
    sink.write(line)
  }

  /// Appends one line with its line feed.
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
