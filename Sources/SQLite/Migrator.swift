internal import Formats
package import SQL

/// Brings a database file to the program's last migration, or refuses it.
package struct Migrator {
  /// "CHCY": what the `file` command and we ourselves know a register by.
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

  package init(_ connection: SQLiteConnection) { self.connection = connection }

  /// Makes sure that the file is a register or empty, and sets what lasts in the file.
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

  /// Where the file stands, without a change to it.
  package func state(_ migrations: [Migration]) throws -> MigrationState {
    var applied: [(number: Int, name: String, checksum: String)] = []
    try connection.query(Self.applied) { row in
      applied.append((Int(row[0].integer), row[1].string, row[2].string))
      return true
    }
    return try Migration.compare(applied: applied, known: migrations)
  }

  /// Applies what is missing, each step in a transaction of its own.
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
