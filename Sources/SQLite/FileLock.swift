internal import Glibc

/// Keeps a second process from opening the database for writing: two checkpointing writers can destroy it.
package final class FileLock: Sendable {
  /// Another process holds the lock.
  package struct Held: Error, CustomStringConvertible {
    /// The lock file.
    package let path: String
    /// The message for the operator; names the lock file.
    package var description: String { "another process is using this database (\(path) is locked)" }
  }

  private let descriptor: Int32

  /// Takes the lock without waiting. The kernel releases it when the process ends, however it ends.
  ///
  /// - Throws: `Held` when another process has it; `SQLErrorAtOpen` when the file cannot be opened.
  package init(path: String) throws {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw SQLErrorAtOpen(path: path, reason: unsafe String(cString: strerror(errno)))
    }
    // `deinit` closes the descriptor on this path too: every stored property is set.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Held(path: path) }
  }

  /// Releases the lock for good.
  package func release() { _ = flock(descriptor, LOCK_UN) }

  deinit { close(descriptor) }
}

/// The database or its lock file cannot be opened.
package struct SQLErrorAtOpen: Error, CustomStringConvertible {
  /// The database or its lock file.
  package let path: String
  /// The text of `errno`, or why the path is refused.
  package let reason: String
  /// The message for the operator: path and reason.
  package var description: String { "cannot open \(path): \(reason)" }
}
