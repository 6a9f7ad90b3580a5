internal import Glibc
package import SQL

/// A file beside a register's database that is derived from it (`DerivedFile`), in WAL mode: read while it is written.
package final class SQLiteDerivedFile: DerivedFile {
  /// What the one that fills the file reads the register with, KiB: it reads each row once.
  private static let sourceCacheKiB = 2_048
  /// Log above which the writing connection moves it into the file, in pages of 4 KiB.
  private static let logPages = 4_096

  private let database: SQLiteDatabase.Configuration
  private let path: String
  private let cacheKiB: Int

  /// - Parameters:
  ///   - suffix: what the file's name has behind the database's.
  ///   - cacheKiB: page cache of the connection that writes it.
  package init(of database: SQLiteDatabase.Configuration, suffix: String, cacheKiB: Int) {
    self.database = database
    self.cacheKiB = cacheKiB
    path = database.path + suffix
  }

  /// `synchronous=NORMAL`: after a power failure the file lacks its last commits and is whole otherwise, which is enough for
  /// what can be filled up again.
  package func makeWriter() throws -> any Connection {
    let connection = try SQLiteConnection(path: path, role: .writer, cacheKiB: cacheKiB, mapMiB: 0)
    try connection.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=\(Self.logPages)")
    return connection
  }

  package func makeSource() throws -> any Connection {
    try SQLiteConnection(path: database.path, role: .reader, cacheKiB: Self.sourceCacheKiB, mapMiB: 0)
  }

  /// An attached file is opened like the connection's own: read-only.
  package func makeReader(schema: String) throws -> any Connection {
    let connection = try SQLiteConnection(
      path: database.path, role: .reader, cacheKiB: database.readerCacheKiB, mapMiB: database.mapMiB)
    try connection.execute("ATTACH \(path) AS \(raw: schema)")
    return connection
  }

  package func makeScratch() throws -> any Connection {
    try SQLiteConnection(path: ":memory:", role: .writer, cacheKiB: Self.sourceCacheKiB, mapMiB: 0)
  }

  package func remove() {
    for suffix in ["", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
  }
}
