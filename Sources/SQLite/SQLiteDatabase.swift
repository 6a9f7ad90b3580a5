internal import Formats
internal import Glibc
package import Locks
package import SQL

/// A register's database file in WAL mode: one writer with group commit, any number of readers.
package final class SQLiteDatabase: Database {
  /// What an operator can set.
  package struct Configuration: Sendable {
    /// `PRAGMA synchronous` of the writer (https://www.sqlite.org/pragma.html#pragma_synchronous).
    package enum Synchronous: String, Sendable, CaseIterable {
      /// Every commit is on disk before it is acknowledged.
      case full
      /// A commit survives a crash of the program, but not always of the machine.
      case normal
    }

    /// The database file; log, shared memory and lock lie beside it.
    package var path: String
    /// When a commit counts as durable.
    package var synchronous = Synchronous.full
    /// Page cache of the writer, KiB.
    package var writerCacheKiB = 32_768
    /// Page cache of each reader, KiB.
    package var readerCacheKiB = 8_192
    /// How much of the file each reader may map, MiB.
    package var mapMiB = 2_047
    /// How much the write-ahead log grows between two checkpoints, KiB.
    package var checkpointKiB = 16_384
    /// Size of the write-ahead log above twice which it is truncated, KiB.
    package var logKiB = 65_536
    /// Size of the write-ahead log above which the oldest question is ended, KiB.
    package var maxLogKiB = 1_048_576
    /// Most writes that may wait for the writer; more are refused.
    package var maxWaitingWrites = 4_096
    /// How long a write waits for its turn before it is refused, milliseconds.
    package var writeWaitMilliseconds = 10_000
    /// This server's number in ids, 0-1023.
    package var node = 0

    /// The defaults, for this file.
    package init(path: String) { self.path = path }
  }

  /// As given, with `path` resolved to the file's real path.
  package let configuration: Configuration
  private let lock: FileLock
  private let writer: Writer

  /// Opens the file, creates it if it is missing, and applies the pending migrations.
  ///
  /// - Throws: `MigrationRefusal` for a database that this program must not touch; `FileLock.Held` when another process
  ///   has it; `SQLErrorAtOpen` for a path that cannot be used; `SQLError` otherwise.
  package init(_ configuration: Configuration, migrations: [Migration]) throws {
    var configuration = configuration
    configuration.path = try Self.onlyName(of: configuration.path)
    self.configuration = configuration
    lock = try FileLock(path: configuration.path + ".lock")
    let connection = try SQLiteConnection(
      path: configuration.path, role: .writer, cacheKiB: configuration.writerCacheKiB, mapMiB: 0)
    try Migrator(connection).prepare(synchronous: configuration.synchronous)
    try Migrator(connection).apply(migrations)
    var limits = Writer.Limits()
    limits.waiting = configuration.maxWaitingWrites
    limits.patienceMilliseconds = configuration.writeWaitMilliseconds
    limits.log.window = Int32(clamping: configuration.checkpointKiB / 4)
    limits.log.usual = Int32(clamping: configuration.logKiB / 4)
    limits.log.most = Int32(clamping: configuration.maxLogKiB / 4)
    writer = try Writer(connection, node: configuration.node, limits: limits)
  }

  /// The real path of the file: symbolic links are followed, hard links refused.
  ///
  /// Under a second name the lock and the log would lie elsewhere, and another process could write to the file at the same time
  /// (https://www.sqlite.org/howtocorrupt.html §2.5).
  private static func onlyName(of path: String) throws -> String {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return path }
    guard status.st_nlink == 1 else {
      throw SQLErrorAtOpen(
        path: path, reason: "the file has \(status.st_nlink) names (hard links), and the lock protects only one of them")
    }
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// Opens a read-only connection with the configured cache and mapping.
  package func makeReader() throws -> any Connection {
    try SQLiteConnection(
      path: configuration.path, role: .reader, cacheKiB: configuration.readerCacheKiB, mapMiB: configuration.mapMiB)
  }

  /// The last committed change number. Observers run on the writer's queue.
  package var commits: Watermark { writer.commits }

  /// The writer's latest turns, oldest first.
  package var turns: [WriterTurn] { writer.turns }

  /// The number of writes that wait for their turn.
  package var waitingWrites: Int { writer.waitingWrites }

  /// Lets a follower take in changes between the writes.
  package func add(_ follower: any CommitFollower) { writer.add(follower) }

  /// Lets the writer hold back these readers while they keep its log from starting over.
  package func add(_ readers: any LongReaders) { writer.add(readers) }

  /// Runs `body` in the next group commit and returns once the commit is durable as configured.
  ///
  /// - Throws: what `body` throws; `SQLError` `.unavailable` when `maxWaitingWrites` are waiting, this one has waited for
  ///   `writeWaitMilliseconds` or the database is closed; the commit's own `SQLError`.
  package func write<Result: Sendable>(
    _ patience: WritePatience, _ body: @escaping @Sendable (any WriteTransaction) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      guard writer.submit(Write(body, continuation), patience) else {
        return continuation.resume(throwing: SQLError(.unavailable, "too many writes are waiting"))
      }
    }
  }

  /// Finishes the waiting writes, checkpoints the log and releases the lock for another process; later writes are refused.
  package func close() {
    writer.close()
    lock.release()
  }
}

/// A write and the continuation that gets its result.
private final class Write<Result: Sendable>: PendingWrite, @unchecked Sendable {
  // Sendable holds because the writer calls `perform` and `answer` on its one queue.
  private let body: @Sendable (any WriteTransaction) throws -> Result
  private let continuation: CheckedContinuation<Result, any Error>
  private var result: Result?

  init(_ body: @escaping @Sendable (any WriteTransaction) throws -> Result, _ continuation: CheckedContinuation<Result, any Error>) {
    self.body = body
    self.continuation = continuation
  }

  func perform(in transaction: any WriteTransaction) throws { result = try body(transaction) }

  func answer(_ failure: (any Error)?) {
    guard failure == nil, let result else {
      return continuation.resume(throwing: failure ?? SQLError(.other, "a write gave no result"))
    }
    continuation.resume(returning: result)
  }
}
