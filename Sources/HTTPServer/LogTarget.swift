internal import Glibc

/// Where log lines go. Other programs share descriptors such as standard error, so they must not be made non-blocking: each kind is written
/// in a way that does not block.
struct LogTarget {
  private let descriptor: Int32
  private let kind: Kind

  private enum Kind {
    /// Never blocks for long: written in full.
    case file
    case socket
    /// Pipes and terminals: polled first, then given at most what a pipe accepts at once and whole.
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

  /// Writes whole lines, as many as it can without blocking.
  ///
  /// - Returns: the number of bytes written, and whether the rest would meet the same error again: a closed pipe, a full disk.
  func write(_ lines: UnsafeRawBufferPointer) -> (written: Int, isBroken: Bool) {
    var written = 0
    while written < lines.count {
      let result = unsafe writeSome(UnsafeRawBufferPointer(rebasing: lines[written...]))
      guard result > 0 else { return (written, errno != EAGAIN && errno != EINTR) }
      written += result
    }
    return (written, false)
  }

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

  /// The length of the lines that a pipe accepts atomically and without blocking (PIPE_BUF), so that lines of several loops do not mix.
  private func wholeLines(_ lines: UnsafeRawBufferPointer) -> Int {
    let room = min(lines.count, 4_096)
    guard room < lines.count else { return room }
    let newline = unsafe lines[..<room].lastIndex(of: 0x0A)
    return newline.map { $0 + 1 } ?? room
  }
}
