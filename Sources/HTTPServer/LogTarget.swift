internal import Glibc

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

  /// Writes whole lines, as far as that goes without waiting.
  ///
  /// - Returns: how many bytes were written, and whether the rest would meet the same error again: a closed pipe, a full disk.
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

  /// The length of the lines that fit into what a pipe takes without blocking and in one piece (PIPE_BUF): lines of several loops
  /// don't mix.
  private func wholeLines(_ lines: UnsafeRawBufferPointer) -> Int {
    let room = min(lines.count, 4_096)
    guard room < lines.count else { return room }
    let newline = unsafe lines[..<room].lastIndex(of: 0x0A)
    return newline.map { $0 + 1 } ?? room
  }
}
