internal import CSQLite
internal import Dispatch
internal import Formats
internal import Glibc
internal import Locks
internal import SQL

/// A queued write.
protocol PendingWrite: Sendable {
  /// Runs inside the transaction; an error undoes only this write.
  func perform(in transaction: any WriteTransaction) throws
  /// Resumes the caller after the commit; with `failure` if the commit or this write failed.
  func answer(_ failure: (any Error)?)
}

/// The only connection that writes and checkpoints, on its own queue.
///
/// Group commit: all writes waiting at the start of a turn share one transaction, and so the cost of one durable commit.
@safe
final class Writer: @unchecked Sendable {
  // Sendable holds because everything but `waiting` and `commits`, which synchronise themselves, is used on `queue` only.

  struct Limits: Sendable {
    /// Most writes that may wait; one more is refused.
    var waiting = 4_096
    /// Most writes in one transaction.
    var group = 512
    /// How many times, and how long each, a transaction waits to gather as many writes as the last one had.
    var gatherTurns = 6
    var gatherMicroseconds = 50
    /// Size of the write-ahead log, in pages, above which it is checkpointed.
    var logPages: Int32 = 16_384
    /// How long the writer must be idle before the log is truncated.
    var idleMilliseconds = 2_000
  }

  private struct Waiting {
    var writes: [any PendingWrite] = []
    var isScheduled = false
    var isClosed = false
  }

  private static let loadSeq = SQLTemplate("SELECT value FROM register_state WHERE name = 'seq'")
  private static let loadID = SQLTemplate("SELECT value FROM register_state WHERE name = 'last_id'")
  private static let store = SQLTemplate(
    """
    UPDATE register_state SET value = CASE name WHEN 'seq' THEN \(parameter: "seq") ELSE max(value, \(parameter: "last_id")) END
    WHERE name IN ('seq', 'last_id')
    """)

  let connection: SQLiteConnection
  private let queue = DispatchQueue(label: "chancery.writer", qos: .userInitiated)
  private let waiting = Locked(Waiting())
  private let limits: Limits
  /// The last committed change number.
  let commits: Watermark
  private var seq: Int64
  private var ids: SnowflakeGenerator
  private let memory = WriterMemory()
  private let logPages: UnsafeMutablePointer<Int32>
  private var turns: UInt64 = 0
  /// Number of writes in the last transaction.
  private var lastGroup = 1

  init(_ connection: SQLiteConnection, node: Int, limits: Limits) throws {
    self.connection = connection
    self.limits = limits
    seq = try connection.integer(Self.loadSeq) ?? 0
    // Above the last stored id, whatever the clock says after a restart.
    ids = SnowflakeGenerator(node: node, after: try connection.integer(Self.loadID) ?? 0)
    commits = Watermark(seq)
    unsafe logPages = .allocate(capacity: 1)
    unsafe logPages.initialize(to: 0)
    unsafe connection.countLogPages(into: logPages)
  }

  deinit { unsafe logPages.deallocate() }

  /// Queues a write; `false` when the queue is full or the writer is closed.
  func submit(_ write: any PendingWrite) -> Bool {
    let verdict = waiting.withLock { state -> (taken: Bool, mustSchedule: Bool) in
      guard !state.isClosed, state.writes.count < limits.waiting else { return (false, false) }
      state.writes.append(write)
      defer { state.isScheduled = true }
      return (true, !state.isScheduled)
    }
    if verdict.mustSchedule { queue.async { @Sendable in self.drain() } }
    return verdict.taken
  }

  /// Refuses new writes, finishes the waiting ones, checkpoints and truncates the log.
  func close() {
    waiting.withLock { $0.isClosed = true }
    queue.sync {
      drain()
      connection.checkpoint(truncate: true, waits: true)
    }
    commits.close()
  }

  // MARK: On the queue

  private func drain() {
    while let group = takeGroup() {
      lastGroup = group.count
      commit(group)
      if unsafe logPages.pointee > limits.logPages { connection.checkpoint(truncate: false) }
    }
    checkpointWhenIdle()
  }

  /// Waits briefly for as many writes as the last transaction had: clients that wrote together send their next requests together, and
  /// waiting saves a commit. Otherwise the earliest commits alone and the others pay for a second commit. A lone writer never waits.
  private func gather() {
    for _ in 0..<limits.gatherTurns where lastGroup > 1 {
      guard waiting.withLock({ !$0.writes.isEmpty && $0.writes.count < lastGroup }) else { return }
      usleep(UInt32(limits.gatherMicroseconds))
    }
  }

  private func takeGroup() -> [any PendingWrite]? {
    gather()
    return waiting.withLock { state in
      guard !state.writes.isEmpty else {
        state.isScheduled = false
        return nil
      }
      guard state.writes.count > limits.group else {
        defer { state.writes.removeAll(keepingCapacity: true) }
        return state.writes
      }
      defer { state.writes.removeFirst(limits.group) }
      return Array(state.writes.prefix(limits.group))
    }
  }

  private func commit(_ group: [any PendingWrite]) {
    // Writes that share the transaction also wait for its end.
    let isShared = group.count > 1
    let transaction = Transaction(connection: connection, now: Timestamp.now(), seq: seq, ids: ids, memory: memory) { [waiting] in
      isShared || waiting.withLock { !$0.writes.isEmpty }
    }
    var failures = [(any Error)?](repeating: nil, count: group.count)
    do {
      try connection.run("BEGIN IMMEDIATE")
      for (index, write) in group.enumerated() {
        failures[index] = try attempt(write, in: transaction, alone: group.count == 1)
      }
      try end(transaction)
    } catch {
      if connection.isInTransaction { try? connection.run("ROLLBACK") }
      ids = transaction.ids
      return group.forEach { $0.answer(error) }
    }
    ids = transaction.ids
    for (write, failure) in zip(group, failures) { write.answer(failure) }
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
    guard transaction.seq != seq else { return }
    seq = transaction.seq
    commits.advance(to: seq)
  }

  private func checkpointWhenIdle() {
    guard unsafe logPages.pointee > 0 else { return }
    turns += 1
    let turn = turns
    queue.asyncAfter(deadline: .now() + .milliseconds(limits.idleMilliseconds)) { @Sendable [weak self] in
      guard let self, self.turns == turn else { return }
      // A reader on an old snapshot (an analyst's open transaction) blocks the truncation: retry later, writes must not wait for it.
      guard self.connection.checkpoint(truncate: true) else { return self.checkpointWhenIdle() }
      unsafe self.logPages.pointee = 0
    }
  }
}

/// Memory shared by a writer's transactions.
private final class WriterMemory {
  var kept: AnyObject?
}

/// The transaction of one group of writes.
private final class Transaction: WriteTransaction {
  let connection: any Connection
  let now: Int64
  let committedSeq: Int64
  var seq: Int64
  var ids: SnowflakeGenerator
  private let memory: WriterMemory
  private let isAwaited: () -> Bool

  init(
    connection: any Connection, now: Int64, seq: Int64, ids: SnowflakeGenerator, memory: WriterMemory, isAwaited: @escaping () -> Bool
  ) {
    self.memory = memory
    self.connection = connection
    self.now = now
    committedSeq = seq
    self.seq = seq
    self.ids = ids
    self.isAwaited = isAwaited
  }

  var othersWait: Bool { isAwaited() }

  func nextSeq() -> Int64 {
    seq += 1
    return seq
  }

  func takeBackSeq() { seq -= 1 }

  /// `atEnd` work of the running write.
  var endings: [() throws -> Void] = []

  func atEnd(_ body: @escaping () throws -> Void) { endings.append(body) }

  var kept: AnyObject? {
    get { memory.kept }
    set { memory.kept = newValue }
  }

  private(set) var lastID: Int64 = 0

  func nextID() -> Int64 {
    lastID = ids.next(nowMilliseconds: now)
    return lastID
  }
}
