package import Locks

/// What a write works with: the writer's connection inside an open transaction, the time, change numbers and ids.
package protocol WriteTransaction: AnyObject {
  /// The writer's connection; a transaction is open on it.
  var connection: any Connection { get }
  /// Record time of everything in this transaction, in Unix milliseconds.
  var now: Int64 { get }
  /// The last change number before this transaction; higher ones are invisible to readers.
  var committedSeq: Int64 { get }
  /// Whether other writes wait for this transaction to end: queued ones, and those that share it.
  var othersWait: Bool { get }
  /// Takes the next register-wide change number. Gap-free: numbers of a rolled-back write are reused.
  func nextSeq() -> Int64
  /// Returns the last change number for reuse, after its change was refused and left nothing.
  func takeBackSeq()
  /// Takes a new snowflake id; unique and increasing.
  func nextID() -> Int64
  /// Runs `body` at the end of the current write, inside its savepoint: an error undoes the write. Skipped when the write fails.
  /// For work that many changes of one write share.
  func atEnd(_ body: @escaping () throws -> Void)
  /// Memory that survives from one transaction to the next. A rollback does not restore it.
  var kept: AnyObject? { get set }
}

/// A database with one writer and many readers.
package protocol Database: AnyObject, Sendable {
  /// Opens a read-only connection for the calling thread.
  func makeReader() throws -> any Connection

  /// Runs `body` in a transaction that may be shared with other writes. Each has its own savepoint, so one that throws undoes only
  /// itself. Returns after the commit.
  ///
  /// `body` may run more than once (a distributed engine retries), so it must not change anything but the database.
  func write<Result: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Result) async throws -> Result

  /// The last committed change number; observers and waiters learn of each commit that took any. An observer must not block: writes wait
  /// for it. Closed with the database.
  var commits: Watermark { get }
}

extension Database {
  /// The last committed change number.
  package var lastSeq: Int64 { commits.value }

  /// Waits for a commit with a change number above `seq`.
  ///
  /// - Parameter milliseconds: the longest wait; `nil` sets no bound.
  /// - Returns: the last change number by then, at most `seq` if the time is over, the task cancelled or the database closed.
  package func commits(after seq: Int64, within milliseconds: Int?) async -> Int64 {
    await commits.reach(seq + 1, within: milliseconds)
  }
}
