package import HTTP
package import SQL

/// Indexes (and the totals of dyads) whose keys come in no order cost a large import most of its time, and more the larger they grow: the
/// first large import of events leaves them out, and they are made at its end, sorted, one a transaction, so that other writes have their
/// turn between them.
///
/// Until then questions that they serve read more rows. What is left out is noted in the database: after a crash the next start makes it.
package enum DeferredIndexes {
  /// With more events than this the indexes are worth more than the import.
  private static let fewEvents = 1_000

  private static let hasMany = SQLTemplate("SELECT 1 FROM events LIMIT 1 OFFSET \(raw: String(fewEvents))")
  private static let shrink = SQLTemplate("PRAGMA shrink_memory")
  private static let cacheSize = SQLTemplate("PRAGMA cache_size")
  private static let next = SQLTemplate("SELECT name, sql FROM deferred_indexes ORDER BY name LIMIT 1")
  private static let note = Dialect.store(in: "deferred_indexes", key: ["name"], columns: ["name", "sql"])
  private static let forget = SQLTemplate("DELETE FROM deferred_indexes WHERE name = \(parameter: "name")")
  /// Unique ones hold what must hold; those of what few events have are small; numbers of changes and of imports only grow, at the end of
  /// their index.
  private static let randomOnes = SQLTemplate(
    """
    SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'events' AND sql IS NOT NULL
      AND sql NOT LIKE 'CREATE UNIQUE%' AND sql NOT LIKE '% IS NOT NULL' AND sql NOT LIKE '%(seq)%'
    """)

  /// Leaves the indexes of events out, where there are few events.
  ///
  /// - Returns: whether it did.
  package static func leaveOut(_ connection: any Connection) throws -> Bool {
    guard try connection.integer(hasMany) == nil else { return false }
    var indexes: [(name: String, sql: String)] = []
    try connection.query(randomOnes) { row in
      indexes.append((row[0].string, row[1].string))
      return true
    }
    for index in indexes {
      try note(index.name, index.sql, connection)
      try connection.execute("DROP INDEX \(raw: index.name)")
    }
    try DyadTotals.clear(connection)
    try note(DyadTotals.name, DyadTotals.sum.text, connection)
    return true
  }

  /// A sort takes as much memory as the page cache may have, and fills the cache beside it: half for each.
  private static func withHalfTheCache(_ connection: any Connection, _ body: () throws -> Void) throws {
    let size = try connection.integer(cacheSize) ?? 0
    try connection.query(shrink) { _ in true }
    try connection.execute("PRAGMA cache_size = \(raw: String(size / 2))")
    defer { _ = try? connection.execute("PRAGMA cache_size = \(raw: String(size))") }
    try body()
  }

  /// - Parameter sql: what makes it.
  private static func note(_ name: String, _ sql: String, _ connection: any Connection) throws {
    try connection.execute(note, with: name, sql)
  }

  /// Makes one index that was left out.
  ///
  /// - Returns: whether there was one.
  package static func makeOne(_ connection: any Connection) throws -> Bool {
    var index: (name: String, sql: String)?
    try connection.query(next) { row in
      index = (row[0].string, row[1].string)
      return false
    }
    guard let index else { return false }
    try withHalfTheCache(connection) { try connection.execute(SQLFragment(raw: index.sql)) }
    try connection.execute(forget, with: index.name)
    return true
  }
}

extension Database {
  /// Makes all indexes that were left out.
  ///
  /// One that cannot be made, as on a full disk, is told of in the log and tried again after the next import and at the next start: until
  /// then questions read more rows and are answered all the same.
  package func makeDeferredIndexes(_ log: Log) async {
    do { while try await write({ try DeferredIndexes.makeOne($0.connection) }) {} } catch {
      log.failure("indexes", "an index that an import left out cannot be made now: \(error)")
    }
  }
}
