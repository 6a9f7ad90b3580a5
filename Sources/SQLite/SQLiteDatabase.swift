internal import Formats
internal import Glibc
internal import Locks
package import SQL

/// A register's database file: one writer with group commit, readers beside it (SQLite in WAL mode).
package final class SQLiteDatabase: Database {
  package struct Configuration: Sendable {
    package enum Synchronous: String, Sendable, CaseIterable {
      /// Every commit is on the disk before it is acknowledged.
      case full
      /// A commit survives a crash of the program, but perhaps not of the machine.
      case normal
    }

    package var path: String
    package var synchronous = Synchronous.full
    /// Page cache of the writer, KiB.
    package var writerCacheKiB = 32_768
    /// Page cache of each reader, KiB.
    package var readerCacheKiB = 8_192
    /// How much of the file each reader may map, MiB.
    package var mapMiB = 2_047
    /// Write-ahead log above which it is moved into the file, KiB.
    package var logKiB = 65_536
    /// Writes that may wait for the writer.
    package var maxWaitingWrites = 4_096
    /// This server's number in ids, 0-1023.
    package var node = 0

    package init(path: String) { self.path = path }
  }

  /// With the path that all of the file's names lead to.
  package let configuration: Configuration
  private let lock: FileLock
  private let writer: Writer

  /// Opens the file, makes it if it is not there, and brings it to the program's last migration.
  ///
  /// - Throws: `MigrationRefusal` for a database that this program must not touch; `FileLock.Held` when another process
  ///   has it; `SQLError` otherwise.
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
    limits.logPages = Int32(clamping: configuration.logKiB / 4)
    writer = try Writer(connection, node: configuration.node, limits: limits)
  }

  /// By another name, lock and log of the same file would lie elsewhere, and a second process could write to it
  /// (https://www.sqlite.org/howtocorrupt.html §2.5): symbolic links are followed, and hard links refused.
  private static func onlyName(of path: String) throws -> String {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return path }
    guard status.st_nlink == 1 else {
      throw SQLErrorAtOpen(
        path: path, reason: "the file has \(status.st_nlink) names (hard links), and one process could not know of another's")
    }
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  package func makeReader() throws -> any Connection {
    try SQLiteConnection(
      path: configuration.path, role: .reader, cacheKiB: configuration.readerCacheKiB, mapMiB: configuration.mapMiB)
  }

  package var lastSeq: Int64 { writer.lastSeq }

  package func observeCommits(_ body: @escaping @Sendable (Int64) -> Void) { writer.observeCommits(body) }

  package func write<Result: Sendable>(_ body: @escaping @Sendable (any WriteTransaction) throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      guard writer.submit(Write(body, continuation)) else {
        return continuation.resume(throwing: SQLError(.unavailable, "too many writes are waiting"))
      }
    }
  }

  /// Ends what waits and moves the write-ahead log into the file; later writes are refused. Then another process may have the file.
  package func close() {
    writer.close()
    lock.release()
  }
}

/// A write with its answer.
private final class Write<Result: Sendable>: PendingWrite, @unchecked Sendable {
  // Sendable holds because the writer performs and answers on its one queue.
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
