internal import Formats
internal import HTTP

/// One loop's access log: JSON lines, collected and written once a turn.
struct AccessLog {
  private let sink: (any LogSink)?
  private let lines = ByteBuffer(capacity: 4_096)

  /// Lines are written within a turn once they reach this many bytes.
  private static let flushBytes = 65_536

  /// - Parameter sink: receives the lines; `nil` disables the log.
  init(_ sink: (any LogSink)?) { self.sink = sink }

  /// Adds a line. The path is logged without its query, which may hold secrets.
  func write(_ request: Request, _ response: Response, bodyBytes: Int, microseconds: Int, remote: String, dates: DateTexts) {
    guard sink != nil else { return }
    lines.append("{\"time\":\"")
    lines.append(dates.log)
    lines.append(".")
    lines.append(decimal: dates.milliseconds, width: 3)
    lines.append("Z\",\"request_id\":")
    lines.append(jsonString: request.id)
    writeTarget(request, response)
    write(",\"status\":", response.status)
    write(",\"duration_us\":", microseconds)
    write(",\"bytes\":", bodyBytes)
    lines.append(",\"remote\":\"")
    lines.append(remote)
    lines.append("\"}\n")
    if lines.count >= Self.flushBytes { flush() }
  }

  /// Writes the collected lines.
  func flush() {
    guard !lines.isEmpty, let sink else { return }
    sink.write(lines)
    lines.clear()
  }

  private func writeTarget(_ request: Request, _ response: Response) {
    let isRead = !request.path.isEmpty
    lines.append(",\"method\":\"")
    lines.append(isRead ? request.method.name : "")
    lines.append("\",\"route\":")
    lines.append(jsonString: response.route)
    lines.append(",\"path\":")
    lines.append(jsonString: request.path)
  }

  private func write(_ name: StaticString, _ number: Int) {
    lines.append(name)
    lines.append(integer: Int64(number))
  }
}
