internal import CSQLite
internal import Glibc
package import SQL
internal import Synchronization

/// One SQLite connection and its cache of prepared statements. Used by one thread at a time.
@safe
package final class SQLiteConnection: Connection {
  /// What a connection is opened for.
  package enum Role: Sendable {
    /// Writes and checkpoints; one per file. Creates the file.
    case writer
    /// Read-only (`query_only`).
    case reader
  }

  /// Global configuration, run once before the first connection.
  private static let isConfigured = csqlite_configure() == SQLITE_OK

  /// How long to wait for another process's lock.
  static let busyMilliseconds: Int32 = 5_000

  private let handle: OpaquePointer
  /// Holds the template too: a freed template's identity could be reused by another and find the wrong statement.
  private var fixed: [ObjectIdentifier: (sql: SQLTemplate, statement: Statement)] = [:]
  /// The last one run: many rows go through one statement.
  private var last: (sql: SQLTemplate, statement: Statement)?
  private var found: [String: Statement] = [:]
  private var foundOrder: [String] = []
  private let keptStatements: Int
  /// A row for a fragment's values, reused.
  private var spare: Values?
  private let deadline = Deadline()

  /// Read by SQLite's progress handler: monotonic nanoseconds. Atomic, since `interrupt` is called from other threads.
  private final class Deadline: Sendable {
    let nanoseconds = Atomic<UInt64>(.max)
  }

  /// Opens the file.
  ///
  /// - Parameters:
  ///   - cacheKiB: page cache of this connection.
  ///   - mapMiB: how much of the file a reader may map; the writer maps nothing.
  ///   - keptStatements: how many composed statements stay prepared.
  /// - Throws: `SQLError` when the file cannot be opened.
  package init(path: String, role: Role, cacheKiB: Int, mapMiB: Int, keptStatements: Int = 128) throws {
    _ = Self.isConfigured
    var opened: OpaquePointer?
    let access = role == .writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    let code = unsafe sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened = unsafe opened else {
      let error = unsafe SQLError(code: code, database: opened, sql: "open")
      unsafe sqlite3_close_v2(opened)
      throw error
    }
    unsafe handle = opened
    self.keptStatements = keptStatements
    unsafe sqlite3_extended_result_codes(handle, 1)
    unsafe sqlite3_busy_timeout(handle, Self.busyMilliseconds)
    unsafe addTextFunctions(to: handle)
    try run("PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cache_size=-\(cacheKiB)")
    guard role == .reader else { return }
    try run("PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=\(mapMiB * 1_048_576)")
  }

  deinit {
    last = nil
    fixed.removeAll()
    found.removeAll()
    unsafe sqlite3_close_v2(handle)
  }

  /// Runs SQL without values and rows: pragmas, migrations, transaction control.
  ///
  /// - Throws: `SQLError` for the first statement that fails; those before it have run.
  package func run(_ sql: String) throws {
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw unsafe SQLError(code: code, database: handle, sql: sql) }
  }

  /// Runs a template with its cached prepared statement; see `Connection`.
  @discardableResult
  package func query(_ template: SQLTemplate, _ values: Values, _ row: (Row) throws -> Bool) throws -> Int {
    try statement(template).run(values, row)
  }

  /// Runs a template; returns `sqlite3_changes64`.
  @discardableResult
  package func execute(_ template: SQLTemplate, _ values: Values) throws -> Int {
    _ = try statement(template).run(values) { _ in true }
    return unsafe Int(sqlite3_changes64(handle))
  }

  /// Runs a composed statement with its cached prepared statement; see `Connection`.
  @discardableResult
  package func query(_ statement: SQLFragment, _ row: (Row) throws -> Bool) throws -> Int {
    let prepared = try foundStatement(statement.text)
    // `row` may run another query: bound values must stay with the running statement.
    let values = spare ?? Values()
    spare = nil
    defer { spare = values }
    values.reset()
    for value in statement.values { values.append(value: value) }
    return try prepared.run(values, row)
  }

  /// Runs a composed statement; returns `sqlite3_changes64`.
  @discardableResult
  package func execute(_ statement: SQLFragment) throws -> Int {
    try query(statement) { _ in true }
    return unsafe Int(sqlite3_changes64(handle))
  }

  private static let begin = SQLTemplate("BEGIN")
  private static let commit = SQLTemplate("COMMIT")

  /// Runs `body` in a read transaction, or in the one that is open.
  package func inSnapshot<Result>(_ body: () throws -> Result) throws -> Result {
    guard !isInTransaction else { return try body() }
    try execute(Self.begin)
    defer { _ = try? execute(Self.commit) }
    return try body()
  }

  /// Sets the deadline in milliseconds from now; a progress handler checks it every 2,000 VM instructions
  /// (https://www.sqlite.org/c3ref/progress_handler.html). `nil` removes it.
  package func setDeadline(milliseconds: Int?) {
    guard let milliseconds else {
      unsafe sqlite3_progress_handler(handle, 0, nil, nil)
      return deadline.nanoseconds.store(.max, ordering: .relaxed)
    }
    deadline.nanoseconds.store(monotonicNanoseconds() + UInt64(max(milliseconds, 0)) * 1_000_000, ordering: .relaxed)
    unsafe sqlite3_progress_handler(
      handle, 2_000,
      { context in
        guard let context = unsafe context else { return 0 }
        let deadline = unsafe Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue()
        return monotonicNanoseconds() > deadline.nanoseconds.load(ordering: .relaxed) ? 1 : 0
      }, Unmanaged.passUnretained(deadline).toOpaque())
  }

  /// Expires the deadline; safe from any thread. Not `sqlite3_interrupt`: it ends the running statement but not the next one of the
  /// same request.
  package func interrupt() { deadline.nanoseconds.store(0, ordering: .relaxed) }

  /// Whether a transaction is open; an error such as a full disk rolls it back automatically.
  var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  /// Writes the number of pages in the write-ahead log to `pages` after each commit, and turns automatic checkpoints off.
  func countLogPages(into pages: UnsafeMutablePointer<Int32>) {
    unsafe sqlite3_wal_hook(
      handle,
      { counter, _, _, pages in
        unsafe counter.unsafelyUnwrapped.storeBytes(of: pages, as: Int32.self)
        return SQLITE_OK
      }, pages)
  }

  /// How much a checkpoint does (https://www.sqlite.org/c3ref/wal_checkpoint_v2.html).
  enum Checkpoint: Int32 {
    /// Moves what no reader needs, and waits for nobody.
    case passive = 0
    /// Moves everything and empties the log.
    case truncate = 3
  }

  /// Checkpoints the write-ahead log; only the writer does.
  ///
  /// - Parameter milliseconds: how long `.truncate` waits for readers. They may be other programs, with transactions of any length.
  /// - Returns: whether the checkpoint is complete.
  @discardableResult
  func checkpoint(_ mode: Checkpoint, patience milliseconds: Int32 = 0) -> Bool {
    if milliseconds > 0, milliseconds < Self.busyMilliseconds {
      // In steps of 0.2 ms: SQLite's own handler soon sleeps for longer than the readers here take.
      unsafe sqlite3_busy_handler(
        handle,
        { steps, step in
          usleep(200)
          return Int(step) < Int(bitPattern: steps) ? 1 : 0
        }, UnsafeMutableRawPointer(bitPattern: Int(milliseconds) * 5))
    } else {
      unsafe sqlite3_busy_timeout(handle, milliseconds)
    }
    defer { unsafe sqlite3_busy_timeout(handle, Self.busyMilliseconds) }
    return unsafe sqlite3_wal_checkpoint_v2(handle, nil, mode.rawValue, nil, nil) == SQLITE_OK
  }

  private func statement(_ template: SQLTemplate) throws -> Statement {
    if let last, last.sql === template { return last.statement }
    let statement = try fixed[ObjectIdentifier(template)]?.statement ?? fixedStatement(template)
    last = (template, statement)
    return statement
  }

  private func fixedStatement(_ template: SQLTemplate) throws -> Statement {
    let made = try unsafe Statement(template, on: handle)
    fixed[ObjectIdentifier(template)] = (template, made)
    return made
  }

  /// Statements composed from client requests: the latest stay prepared, first in, first out.
  private func foundStatement(_ text: String) throws -> Statement {
    if let known = found[text] { return known }
    let made = try unsafe Statement(text, on: handle)
    if foundOrder.count >= keptStatements { found[foundOrder.removeFirst()] = nil }
    found[text] = made
    foundOrder.append(text)
    return made
  }
}

/// The monotonic clock in nanoseconds.
func monotonicNanoseconds() -> UInt64 { clock_gettime_nsec(CLOCK_MONOTONIC) }

private func clock_gettime_nsec(_ clock: clockid_t) -> UInt64 {
  var time = timespec()
  unsafe clock_gettime(clock, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
