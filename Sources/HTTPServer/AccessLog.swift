internal import Formats
internal import Glibc
internal import HTTP

/// The access log of one loop: JSON lines, collected and written once a turn. It never blocks: what a full pipe does not take is kept up
/// to a limit, then dropped.
struct AccessLog {
  private let target: LogTarget?
  private let lines = ByteBuffer(capacity: 4_096)

  /// Written at that many bytes even within a turn.
  private static let flushBytes = 65_536
  /// Above that many unwritten bytes lines are dropped.
  private static let maxKeptBytes = 1_048_576

  /// - Parameter descriptor: where to write; `nil` for no log.
  init(descriptor: Int32?) { target = descriptor.map(LogTarget.init) }

  /// Adds a line. The path is logged without its query, which may hold secrets.
  func write(_ request: Request, _ response: Response, bodyBytes: Int, microseconds: Int, remote: String, dates: DateTexts) {
    guard target != nil, lines.count < Self.maxKeptBytes else { return }
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

  /// Writes what has been collected, as far as that goes without waiting.
  func flush() {
    guard !lines.isEmpty, let target else { return }
    lines.removeFirst(unsafe target.write(lines.rawBytes))
  }

  private func writeTarget(_ request: Request, _ response: Response) {
    let isRead = unsafe !request.path.isEmpty
    lines.append(",\"method\":\"")
    lines.append(isRead ? request.method.name : "")
    lines.append("\",\"route\":")
    lines.append(jsonString: response.route)
    lines.append(",\"path\":")
    unsafe lines.append(jsonString: request.path)
  }

  private func write(_ name: StaticString, _ number: Int) {
    lines.append(name)
    lines.append(integer: Int64(number))
  }
}

/// Where log lines go. Descriptors such as standard error are shared with other programs, so they are not made non-blocking: each
/// kind is written in the way that doesn't block.
struct LogTarget {
  private let descriptor: Int32
  private let kind: Kind

  private enum Kind {
    /// Never blocks for long: everything at once.
    case file
    case socket
    /// Pipes and terminals: asked first, then at most what a pipe takes at once and whole.
    case pipe
  }

  init(descriptor: Int32) {
    self.descriptor = descriptor
    var status = stat()
    unsafe _ = fstat(descriptor, &status)
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFSOCK: kind = .socket
    default: kind = .pipe
    }
  }

  /// Writes whole lines.
  ///
  /// - Returns: how many bytes are done with: written, or lost to an error that would come again.
  func write(_ lines: UnsafeRawBufferPointer) -> Int {
    var done = 0
    while done < lines.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: lines[done...])
      let result = unsafe writeSome(rest)
      if result > 0 { done += result } else { return done + (isTemporary ? 0 : rest.count) }
    }
    return done
  }

  private var isTemporary: Bool { errno == EAGAIN || errno == EINTR }

  private func writeSome(_ lines: UnsafeRawBufferPointer) -> Int {
    switch kind {
    case .file: return unsafe Glibc.write(descriptor, lines.baseAddress, lines.count)
    case .socket: return unsafe send(descriptor, lines.baseAddress, lines.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
    case .pipe:
      var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard unsafe Glibc.poll(&poll, 1, 0) == 1 else {
        errno = EAGAIN
        return -1
      }
      return unsafe Glibc.write(descriptor, lines.baseAddress, wholeLines(lines))
    }
  }

  /// The length of the lines that fit into what a pipe takes without blocking and in one piece (PIPE_BUF): lines of several loops
  /// don't mix.
  private func wholeLines(_ lines: UnsafeRawBufferPointer) -> Int {
    let room = min(lines.count, 4_096)
    guard room < lines.count else { return room }
    let newline = unsafe lines[..<room].lastIndex(of: 0x0A)
    return newline.map { $0 + 1 } ?? room
  }
}
