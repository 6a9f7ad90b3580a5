internal import Glibc

/// Keeps a second process from opening the same database for writing: two writers that checkpoint can destroy it.
package final class FileLock: Sendable {
  /// Another process holds the lock.
  package struct Held: Error, CustomStringConvertible {
    package let path: String
    package var description: String { "another process is using this database (\(path) is locked)" }
  }

  private let descriptor: Int32

  /// Takes the lock, or throws at once. The kernel lets go of it when the process ends, however it ends.
  package init(path: String) throws {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw SQLErrorAtOpen(path: path, reason: unsafe String(cString: strerror(errno)))
    }
    // `deinit` closes it here too: all that the object stores is set.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw Held(path: path) }
  }

  /// Lets go of it, for good.
  package func release() { _ = flock(descriptor, LOCK_UN) }

  deinit { close(descriptor) }
}

/// The database's folder cannot be used.
package struct SQLErrorAtOpen: Error, CustomStringConvertible {
  package let path: String
  package let reason: String
  package var description: String { "cannot open \(path): \(reason)" }
}
