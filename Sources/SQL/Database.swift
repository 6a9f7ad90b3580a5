/// What a write gets: the writer's connection inside an open transaction, the time, and the next change numbers.
package protocol WriteTransaction: AnyObject {
  var connection: any Connection { get }
  /// Record time of everything in this transaction, in Unix milliseconds.
  var now: Int64 { get }
  /// The last change number before this transaction: what is above it nobody has seen yet.
  var committedSeq: Int64 { get }
  /// Whether other writes wait for the end of this transaction.
  var othersWait: Bool { get }
  /// The next register-wide change number: gap-free, because one that is rolled back is given again.
  func nextSeq() -> Int64
  /// Makes the last number free again, because the change that took it was refused and left nothing.
  func takeBackSeq()
  /// A new snowflake id.
  func nextID() -> Int64
  /// Runs `body` when the write that asks has done its work, as a part of it: inside its savepoint, and what it throws undoes the
  /// write. Of a write that fails, nothing is run. For what many changes of one write share.
  func atEnd(_ body: @escaping () throws -> Void)
  /// What is kept in memory from one transaction to the next; a transaction that is undone does not undo it.
  var kept: AnyObject? { get set }
}

/// A database with one writer and many readers.
package protocol Database: AnyObject, Sendable {
  /// A read-only connection of its own, for the thread that asks.
  func makeReader() throws -> any Connection

  /// Runs `body` in a transaction that it may share with others: each has its own savepoint, so one that throws undoes only
  /// itself. Returns after the commit.
  ///
  /// `body` may run more than once (a distributed engine retries), so it must not change anything but the database.
  func write<Result: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Result) async throws -> Result

  /// The last change number that is committed.
  var lastSeq: Int64 { get }

  /// Has `body` called after each commit that took change numbers, with the last one. It must not block: writes wait for it.
  func observeCommits(_ body: @escaping @Sendable (Int64) -> Void)
}
