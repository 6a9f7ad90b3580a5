internal import CSQLite
internal import Dispatch
internal import Formats
internal import Glibc
internal import Locks
internal import SQL

/// The only connection that writes and checkpoints, on its own queue.
///
/// Group commit: all writes waiting at the start of a turn share one transaction, and so the cost of one durable commit.
@safe
final class Writer: @unchecked Sendable {
  // Sendable holds because everything but `waiting`, `commits`, `log.add` and `latest`, which synchronise themselves, is used on `queue`
  // only.

  struct Limits: Sendable {
    /// Most writes that may wait; one more is refused.
    var waiting = 4_096
    /// How long a write waits for its turn, milliseconds.
    var patienceMilliseconds = 10_000
    /// Most writes in one transaction.
    var group = 512
    /// How many times, and how long each, a transaction waits to gather as many writes as the last one had.
    var gatherTurns = 6
    var gatherMicroseconds = 50
    /// How long a transaction that is about to commit takes further writes, microseconds.
    var lateMicroseconds = 5_000
    /// How long a follower may hold the writer: while nobody waits, and while somebody does.
    var followMilliseconds = 200.0
    var followHurriedMilliseconds = 60.0
    /// How long the writer must be idle before followers catch up.
    var quietMilliseconds = 200
    /// How long the writer must be idle before the log is truncated.
    var idleMilliseconds = 2_000
    var log = LogKeeper.Limits()
  }

  /// Turns that are remembered.
  private static let rememberedTurns = 1_000
  /// Late writes taken at a time.
  private static let lateGroup = 16

  private static let loadSeq = SQLTemplate("SELECT value FROM register_state WHERE name = 'seq'")
  private static let loadID = SQLTemplate("SELECT value FROM register_state WHERE name = 'last_id'")
  private static let store = SQLTemplate(
    """
    UPDATE register_state SET value = CASE name WHEN 'seq' THEN \(parameter: "seq") ELSE max(value, \(parameter: "last_id")) END
    WHERE name IN ('seq', 'last_id')
    """)

  let connection: SQLiteConnection
  private let queue = DispatchQueue(label: "chancery.writer", qos: .userInitiated)
  private let waiting: WriteQueue
  private let limits: Limits
  /// The last committed change number.
  let commits: Watermark
  private let log: LogKeeper
  private let latest = Locked(TurnRing(Writer.rememberedTurns))
  private var seq: Int64
  private var ids: SnowflakeGenerator
  private let followers = Locked<[any CommitFollower]>([])
  private var idleTurn: UInt64 = 0
  /// Number of writes in the last transaction.
  private var lastGroup = 1

  init(_ connection: SQLiteConnection, node: Int, limits: Limits) throws {
    self.connection = connection
    self.limits = limits
    waiting = WriteQueue(most: limits.waiting, patience: limits.patienceMilliseconds)
    log = LogKeeper(connection, limits.log, on: queue)
    seq = try connection.integer(Self.loadSeq) ?? 0
    // Above the last stored id, whatever the clock says after a restart.
    ids = SnowflakeGenerator(node: node, after: try connection.integer(Self.loadID) ?? 0)
    commits = Watermark(seq)
  }

  /// The latest turns, oldest first; safe from any thread.
  var turns: [WriterTurn] { latest.withLock { $0.turns } }

  /// Lets a follower take in changes between the writes, also those from before this start.
  func add(_ follower: any CommitFollower) {
    followers.withLock { $0.append(follower) }
    queue.async { @Sendable in self.tidyWhenIdle() }
  }

  /// The number of writes that wait for their turn; safe from any thread.
  var waitingWrites: Int { waiting.count }

  /// Lets the keeper of the log hold back questions of these readers.
  func add(_ readers: any LongReaders) { log.add(readers) }

  /// Queues a write; `false` when too many wait or the writer is closed.
  func submit(_ write: any PendingWrite, _ patience: WritePatience) -> Bool {
    let verdict = waiting.submit(write, patience)
    if verdict.mustCall { queue.async { @Sendable in self.drain() } }
    return verdict.isTaken
  }

  /// Refuses new writes, finishes the waiting ones, checkpoints and truncates the log.
  func close() {
    waiting.close()
    queue.sync {
      drain()
      _ = log.truncate(patience: SQLiteConnection.busyMilliseconds)
    }
    commits.close()
  }

  // MARK: On the queue

  private func drain() {
    while true {
      gather()
      let group = waiting.take(limits.group)
      guard !group.isEmpty else { break }
      lastGroup = group.count
      var turn = WriterTurn()
      commit(group, &turn)
      let began = monotonicNanoseconds()
      log.keep()
      turn.checkpointed = microseconds(from: began, to: monotonicNanoseconds())
      turn.logPages = Int(log.pages)
      turn.endedAt = Timestamp.now()
      latest.withLock { [turn] in $0.append(turn) }
    }
    tidyWhenIdle()
  }

  /// Waits briefly for as many writes as the last transaction had: clients that wrote together send their next requests together, and
  /// waiting saves a commit. Otherwise the earliest commits alone and the others pay for a second commit. A lone writer never waits.
  private func gather() {
    for _ in 0..<limits.gatherTurns where lastGroup > 1 {
      guard (1..<lastGroup).contains(waiting.count) else { return }
      usleep(UInt32(limits.gatherMicroseconds))
    }
  }

  private func commit(_ group: [WriteQueue.Entry], _ turn: inout WriterTurn) {
    let began = monotonicNanoseconds()
    // The first has waited longest.
    turn.waited = microseconds(from: group[0].submitted, to: began)
    // Writes that share the transaction also wait for its end.
    let isShared = group.count > 1
    let transaction = Transaction(connection: connection, now: Timestamp.now(), seq: seq, ids: ids) { [waiting] in
      isShared || !waiting.isEmpty
    }
    var taken = group
    var failures: [(any Error)?] = []
    do {
      try connection.run("BEGIN IMMEDIATE")
      for entry in group { failures.append(try attempt(entry.write, in: transaction, alone: group.count == 1)) }
      try takeLate(&taken, &failures, transaction)
      turn.tail = try follow(upTo: transaction.seq, isQuiet: false)
      turn.writes = taken.count
      turn.lateWrites = taken.count - group.count
      turn.changes = transaction.seq - seq
      let ended = monotonicNanoseconds()
      turn.ran = microseconds(from: began, to: ended)
      try end(transaction)
      turn.committed = microseconds(from: ended, to: monotonicNanoseconds())
    } catch {
      if connection.isInTransaction { try? connection.run("ROLLBACK") }
      ids = transaction.ids
      return taken.forEach { $0.write.answer(error) }
    }
    ids = transaction.ids
    // First: whoever is answered must find their write in the next snapshot.
    commits.advance(to: seq)
    for (entry, failure) in zip(taken, failures) { entry.write.answer(failure) }
  }

  /// Takes writes that came while the group ran into the same transaction, which is about to commit: one flush to disk for both. Each has
  /// its savepoint. A step of something longer, such as a turn of an import, begins a transaction of its own.
  private func takeLate(_ taken: inout [WriteQueue.Entry], _ failures: inout [(any Error)?], _ transaction: Transaction) throws {
    let end = monotonicNanoseconds() + UInt64(limits.lateMicroseconds) * 1_000
    while taken.count < limits.group, monotonicNanoseconds() < end {
      let late = waiting.takeHurried(min(Self.lateGroup, limits.group - taken.count))
      guard !late.isEmpty else { return }
      taken += late
      for entry in late { failures.append(try attempt(entry.write, in: transaction, alone: false)) }
    }
  }

  /// Runs one write in its own savepoint.
  ///
  /// - Returns: its error, if it failed alone; `nil` otherwise.
  /// - Throws: an error that ends the whole transaction (a full disk, a lost savepoint).
  private func attempt(_ write: any PendingWrite, in transaction: Transaction, alone: Bool) throws -> (any Error)? {
    let before = transaction.seq
    if !alone { try connection.run("SAVEPOINT one") }
    defer { transaction.endings.removeAll() }
    do {
      try write.perform(in: transaction)
      for ending in transaction.endings { try ending() }
    } catch {
      guard connection.isInTransaction else { throw error }
      transaction.seq = before
      try connection.run(alone ? "ROLLBACK; BEGIN IMMEDIATE" : "ROLLBACK TO one; RELEASE one")
      return error
    }
    if !alone { try connection.run("RELEASE one") }
    return nil
  }

  private func end(_ transaction: Transaction) throws {
    if transaction.seq != seq {
      try connection.execute(Self.store, with: transaction.seq, transaction.lastID)
    }
    try connection.run("COMMIT")
    seq = transaction.seq
  }

  // MARK: Followers

  /// Lets the followers that are due take in a slice. One that fails loses its slice, and nobody else anything.
  ///
  /// - Returns: the most changes that one of them lacks; 0 if none was due.
  private func follow(upTo seq: Int64, isQuiet: Bool) throws -> Int64 {
    var left: Int64 = 0
    for follower in followers.withLock({ $0 }) where follower.isDue(at: seq, isQuiet: isQuiet) {
      try connection.run("SAVEPOINT follower")
      do {
        let longest = waiting.isEmpty ? limits.followMilliseconds : limits.followHurriedMilliseconds
        left = max(left, try follower.follow(connection, upTo: seq, isQuiet: isQuiet, atMost: longest))
        try connection.run("RELEASE follower")
      } catch {
        guard connection.isInTransaction else { throw error }
        try connection.run("ROLLBACK TO follower; RELEASE follower")
      }
    }
    return left
  }

  private func tidyWhenIdle() {
    idleTurn += 1
    let turn = idleTurn
    queue.asyncAfter(deadline: .now() + .milliseconds(limits.quietMilliseconds)) { @Sendable [weak self] in
      guard let self, self.idleTurn == turn else { return }
      self.catchUp()
      self.truncateWhenIdle(turn)
    }
  }

  /// Lets the followers take in what is left, a slice for each transaction, until somebody writes.
  private func catchUp() {
    var left: Int64 = 1
    while left > 0, waiting.isEmpty {
      do {
        guard followers.withLock({ $0 }).contains(where: { $0.isDue(at: seq, isQuiet: true) }) else { return }
        try connection.run("BEGIN IMMEDIATE")
        left = try follow(upTo: seq, isQuiet: true)
        try connection.run("COMMIT")
      } catch {
        // Tried again after the next write; the follower has told of it.
        if connection.isInTransaction { try? connection.run("ROLLBACK") }
        return
      }
      log.keep()
    }
  }

  private func truncateWhenIdle(_ turn: UInt64) {
    guard log.pages > 0 else { return }
    queue.asyncAfter(deadline: .now() + .milliseconds(limits.idleMilliseconds)) { @Sendable [weak self] in
      guard let self, self.idleTurn == turn else { return }
      // A reader on an old snapshot (an analyst's open transaction) blocks the truncation: retry later, writes must not wait for it.
      if !self.log.truncate(patience: 0) { self.truncateWhenIdle(turn) }
    }
  }

  private func microseconds(from start: UInt64, to end: UInt64) -> Int { Int((end &- start) / 1_000) }
}

/// The latest turns, in the order of their ends.
private struct TurnRing {
  private let most: Int
  private var kept: [WriterTurn] = []
  /// Place of the oldest, once the ring is full.
  private var oldest = 0

  init(_ most: Int) { self.most = most }

  var turns: [WriterTurn] { Array(kept[oldest...] + kept[..<oldest]) }

  mutating func append(_ turn: WriterTurn) {
    guard kept.count == most else { return kept.append(turn) }
    kept[oldest] = turn
    oldest = (oldest + 1) % most
  }
}
