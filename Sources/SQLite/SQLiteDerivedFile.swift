internal import Glibc
package import SQL

/// A file derived from a register's database (`DerivedFile`), in WAL mode: it can be read while it is written.
package final class SQLiteDerivedFile: DerivedFile {
  /// Page cache for reading the register while filling the file, KiB: small, since each row is read once.
  private static let sourceCacheKiB = 2_048
  /// Size of the log above which the writing connection checkpoints it, in pages of 4 KiB.
  private static let logPages = 4_096

  private let database: SQLiteDatabase.Configuration
  private let path: String
  private let cacheKiB: Int

  /// - Parameters:
  ///   - suffix: appended to the database's path.
  ///   - cacheKiB: page cache of the writing connection.
  package init(of database: SQLiteDatabase.Configuration, suffix: String, cacheKiB: Int) {
    self.database = database
    self.cacheKiB = cacheKiB
    path = database.path + suffix
  }

  /// `synchronous=NORMAL`: a power failure can lose the last commits but not damage the file, which is enough for
  /// contents that can be refilled.
  package func makeWriter() throws -> any Connection {
    let connection = try SQLiteConnection(path: path, role: .writer, cacheKiB: cacheKiB, mapMiB: 0)
    try connection.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=\(Self.logPages)")
    return connection
  }

  /// Reads the register with a 2 MiB page cache and no mapping.
  package func makeSource() throws -> any Connection {
    try SQLiteConnection(path: database.path, role: .reader, cacheKiB: Self.sourceCacheKiB, mapMiB: 0)
  }

  /// The attached file is read-only, like the connection's own.
  package func makeReader(schema: String) throws -> any Connection {
    let connection = try SQLiteConnection(
      path: database.path, role: .reader, cacheKiB: database.readerCacheKiB, mapMiB: database.mapMiB)
    try connection.execute("ATTACH \(path) AS \(raw: schema)")
    return connection
  }

  /// A `:memory:` database, private to the connection.
  package func makeScratch() throws -> any Connection {
    try SQLiteConnection(path: ":memory:", role: .writer, cacheKiB: Self.sourceCacheKiB, mapMiB: 0)
  }

  /// Unlinks the file, its log and its shared memory; missing ones are ignored.
  package func remove() {
    for suffix in ["", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
  }
}
