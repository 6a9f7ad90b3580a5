internal import Formats
package import SQL

/// Applies the program's migrations to a database file, or refuses it.
package struct Migrator {
  /// "CHCY" as `PRAGMA application_id`: identifies a register, to us and to the `file` command.
  package static let applicationID: Int64 = 0x4348_4359

  private static let isEmpty = SQLTemplate("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)")
  private static let applicationIDQuery = SQLTemplate("PRAGMA application_id")
  private static let applied = SQLTemplate("SELECT number, name, checksum FROM schema_migrations ORDER BY number")
  private static let record = SQLTemplate(
    """
    INSERT INTO schema_migrations (number, name, checksum, applied_at)
    VALUES (\(parameter: "number"), \(parameter: "name"), \(parameter: "checksum"), \(parameter: "applied_at"))
    """)

  private let connection: SQLiteConnection

  /// - Parameter connection: the writer, with no transaction open.
  package init(_ connection: SQLiteConnection) { self.connection = connection }

  /// Checks that the file is a register or empty, and sets WAL mode, `synchronous` and manual checkpoints.
  ///
  /// - Throws: `MigrationRefusal.foreign` for another program's database; `SQLError` otherwise.
  package func prepare(synchronous: SQLiteDatabase.Configuration.Synchronous) throws {
    let found = try connection.integer(Self.applicationIDQuery) ?? 0
    if found != Self.applicationID {
      guard found == 0, try connection.integer(Self.isEmpty) == 1 else { throw MigrationRefusal.foreign(applicationID: found) }
      try connection.run("PRAGMA application_id=\(Self.applicationID)")
    }
    try connection.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=\(synchronous.rawValue); PRAGMA wal_autocheckpoint=0")
    try connection.run(
      """
      CREATE TABLE IF NOT EXISTS schema_migrations (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL
      ) STRICT
      """)
  }

  /// Compares the file with `migrations`, without changing it.
  ///
  /// - Throws: `MigrationRefusal` when they contradict each other.
  package func state(_ migrations: [Migration]) throws -> MigrationState {
    var applied: [(number: Int, name: String, checksum: String)] = []
    try connection.query(Self.applied) { row in
      applied.append((Int(row[0].integer), row[1].string, row[2].string))
      return true
    }
    return try Migration.compare(applied: applied, known: migrations)
  }

  /// Applies the pending migrations in order, each in a transaction of its own.
  ///
  /// - Throws: `MigrationRefusal` before anything runs; `SQLError` for a step that fails, with the steps before it kept.
  package func apply(_ migrations: [Migration]) throws {
    guard case .pending(let numbers) = try state(migrations) else { return }
    for migration in migrations where numbers.contains(migration.number) { try apply(migration) }
  }

  private func apply(_ migration: Migration) throws {
    try connection.run("BEGIN IMMEDIATE")
    do {
      try connection.run(migration.sql)
      try connection.execute(Self.record, with: migration.number, migration.name, migration.checksum, Timestamp.now())
      try connection.run("COMMIT")
    } catch {
      if connection.isInTransaction { try? connection.run("ROLLBACK") }
      throw error
    }
  }
}
