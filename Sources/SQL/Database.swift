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
}

/// Keeps something derived from records up to date behind the writes: it may lag, and what asks for it adds what it lacks.
///
/// The writer calls it between the writes of others: in a transaction that commits anyway, and alone once nobody has written for a while.
package protocol CommitFollower: AnyObject, Sendable {
  /// Whether it has something to take in now; cheap, since every turn asks.
  ///
  /// - Parameters:
  ///   - seq: the last change number, of this transaction.
  ///   - isQuiet: nobody has written for a while.
  func isDue(at seq: Int64, isQuiet: Bool) -> Bool

  /// Takes in a slice of the changes up to `seq`. What it throws undoes its own work only.
  ///
  /// - Parameter milliseconds: the longest that it may take.
  /// - Returns: the number of changes it still lacks.
  func follow(_ connection: any Connection, upTo seq: Int64, isQuiet: Bool, atMost milliseconds: Double) throws -> Int64
}

/// A database with one writer and many readers.
package protocol Database: AnyObject, Sendable {
  /// Opens a read-only connection for the calling thread.
  func makeReader() throws -> any Connection

  /// Runs `body` in a transaction that may be shared with other writes. Each has its own savepoint, so one that throws undoes only
  /// itself. Returns after the commit.
  ///
  /// `body` may run more than once (a distributed engine retries), so it must not change anything but the database.
  ///
  /// - Throws: what `body` throws; `SQLError` `.unavailable` when too many writes wait, or when this one has not begun within `patience`.
  func write<Result: Sendable>(
    _ patience: WritePatience, _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
  ) async throws -> Result

  /// The last committed change number; observers and waiters learn of each commit that took any. An observer must not block: writes wait
  /// for it. Closed with the database.
  var commits: Watermark { get }

  /// The writer's latest turns, oldest first.
  var turns: [WriterTurn] { get }

  /// Lets a follower take in changes between the writes; at most a few, for the database's life.
  func add(_ follower: any CommitFollower)

  /// Lets the writer see questions that may run long: its log cannot start over while they read from it.
  func add(_ readers: any LongReaders)
}

/// How long a write waits for its turn.
package enum WritePatience: Sendable {
  /// As long as is configured: a client is waiting.
  case limited
  /// Until its turn comes: a step of something longer, which nothing gives up half-way.
  case unlimited
}

/// What one turn of the writer took, in microseconds where nothing else is said.
package struct WriterTurn: Sendable {
  /// When it ended, in Unix milliseconds.
  package var endedAt: Int64 = 0
  /// Writes in its transaction.
  package var writes = 0
  /// Those of them that came after its last write had begun.
  package var lateWrites = 0
  /// Change numbers taken.
  package var changes: Int64 = 0
  /// The longest that one of its writes had waited before the turn began.
  package var waited = 0
  /// From the begin of the transaction to its COMMIT.
  package var ran = 0
  /// COMMIT, with the flush to disk.
  package var committed = 0
  /// Moving the log into the file afterwards; 0 if it was not due.
  package var checkpointed = 0
  /// Pages of the log after the turn.
  package var logPages = 0
  /// Changes that the slowest follower lacks after the turn.
  package var tail: Int64 = 0

  /// A turn of nothing, to be filled in.
  package init() {}
}

/// Questions that run for long beside the writer, each on a snapshot of its own.
package protocol LongReaders: AnyObject, Sendable {
  /// Lets no further question begin until `resume`. Calls `body` once, as soon as those that run have ended.
  func pause(whenQuiet body: @escaping @Sendable () -> Void)

  /// Lets questions begin again.
  func resume()

  /// Ends the question that has run longest; its caller gets an error that says so.
  ///
  /// - Returns: whether one was running.
  func endOldest() -> Bool
}

extension Database {
  /// Runs `body` in a transaction, for a client that waits; see `write(_:_:)`.
  package func write<Result: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Result) async throws -> Result {
    try await write(.limited, body)
  }

  /// The last committed change number.
  package var lastSeq: Int64 { commits.value }
}
