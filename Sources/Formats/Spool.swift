internal import Glibc

/// An unnamed file that keeps bytes until they are complete, gone with its last descriptor.
///
/// So a client that stops half-way blocks neither the writer nor memory, and a crash leaves nothing.
package final class Spool: @unchecked Sendable {
  // Sendable holds because one side writes before anyone reads, and reading has no state.

  private let descriptor: Int32
  /// Bytes written so far.
  package private(set) var count = 0

  /// Opens an empty spool.
  ///
  /// - Parameter folder: the directory that holds the bytes; empty for the current one.
  /// - Throws: `SpoolError`.
  package init(folder: String) throws {
    let path = folder.isEmpty ? "." : folder
    let nameless = unsafe open(path, Self.temporaryFile | O_RDWR | O_CLOEXEC, 0o600)
    descriptor = nameless >= 0 ? nameless : Self.openAndUnlink(in: path)
    guard descriptor >= 0 else { throw SpoolError(operation: "open", code: errno) }
  }

  /// Linux's `O_TMPFILE`, which the Glibc module lacks.
  private static let temporaryFile: Int32 = 0o20200000

  /// For file systems without unnamed files.
  private static func openAndUnlink(in folder: String) -> Int32 {
    var template = Array("\(folder)/.chancery-import-XXXXXX".utf8CString)
    let made = unsafe mkstemp(&template)
    guard made >= 0 else { return made }
    _ = fcntl(made, F_SETFD, FD_CLOEXEC)
    unsafe unlink(template)
    return made
  }

  deinit { close(descriptor) }

  /// Appends all of `bytes`.
  ///
  /// - Throws: `SpoolError`; `isFull` when the disk is full.
  package func write(_ bytes: ByteView) throws {
    let source = unsafe bytes.unsafeBytes
    var offset = 0
    while offset < bytes.count {
      let written = unsafe Glibc.write(descriptor, source.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw SpoolError(operation: "write", code: errno) }
      offset += written
    }
    count += bytes.count
  }

  /// Frees the space: from now on there is nothing to read.
  package func discard() { _ = ftruncate(descriptor, 0) }

  /// Appends up to `room` bytes from an offset on, none at the end. Any thread may read while nobody writes.
  ///
  /// - Throws: `SpoolError`.
  package func read(into buffer: ByteBuffer, from position: Int, atMost room: Int) throws {
    var failure: Int32 = 0
    unsafe buffer.appendUninitialized(room) { target in
      while true {
        let got = unsafe pread(descriptor, target.baseAddress, target.count, off_t(position))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        return max(got, 0)
      }
    }
    guard failure == 0 else { throw SpoolError(operation: "read", code: failure) }
  }
}

/// A failed system call on the spool's file.
package struct SpoolError: Error, CustomStringConvertible {
  /// `open`, `write` or `read`.
  package let operation: String
  /// Its errno.
  package let code: Int32

  /// Whether the disk or the quota is exhausted.
  package var isFull: Bool { code == ENOSPC || code == EDQUOT }
  /// `spool write: No space left on device`.
  package var description: String { unsafe "spool \(operation): \(String(cString: strerror(code)))" }
}
