package import HTTP
package import SQL

/// The indexes (and dyad totals) that the first large import of events drops and rebuilds at its end.
///
/// Their keys arrive in random order: maintaining them costs a large import most of its time, and more the larger they grow. Building each
/// from sorted keys is faster; one per transaction lets other writes in between. Until then the queries they serve read more rows. What is
/// left out is noted in the database, so that the next start after a crash builds it.
package enum DeferredIndexes {
  /// Above this many events the indexes stay: queries need them more than the import gains.
  private static let fewEvents = 1_000

  private static let hasMany = SQLTemplate("SELECT 1 FROM events LIMIT 1 OFFSET \(raw: String(fewEvents))")
  private static let shrink = SQLTemplate("PRAGMA shrink_memory")
  private static let cacheSize = SQLTemplate("PRAGMA cache_size")
  private static let next = SQLTemplate("SELECT name, sql FROM deferred_indexes ORDER BY name LIMIT 1")
  private static let note = Dialect.store(in: "deferred_indexes", key: ["name"], columns: ["name", "sql"])
  private static let forget = SQLTemplate("DELETE FROM deferred_indexes WHERE name = \(parameter: "name")")
  /// All but unique indexes, which enforce constraints, partial indexes, which are small, and indexes on change and import numbers, which
  /// grow only at their end.
  private static let randomOnes = SQLTemplate(
    """
    SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'events' AND sql IS NOT NULL
      AND sql NOT LIKE 'CREATE UNIQUE%' AND sql NOT LIKE '% IS NOT NULL' AND sql NOT LIKE '%(seq)%'
    """)

  /// Drops and notes the deferrable indexes of events and empties the dyad totals, unless there are more than 1,000 events.
  ///
  /// - Returns: whether it did.
  /// - Throws: `SQLError`.
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

  /// A sort takes as much memory as the page cache is allowed, besides filling the cache: halve the limit for both together.
  private static func withHalfTheCache(_ connection: any Connection, _ body: () throws -> Void) throws {
    let size = try connection.integer(cacheSize) ?? 0
    try connection.query(shrink) { _ in true }
    try connection.execute("PRAGMA cache_size = \(raw: String(size / 2))")
    defer { _ = try? connection.execute("PRAGMA cache_size = \(raw: String(size))") }
    try body()
  }

  /// - Parameter sql: the statement that builds it.
  private static func note(_ name: String, _ sql: String, _ connection: any Connection) throws {
    try connection.execute(note, with: name, sql)
  }

  /// Builds one noted index.
  ///
  /// - Returns: whether one was left to build.
  /// - Throws: `SQLError`.
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
  /// Builds all noted indexes, one per transaction.
  ///
  /// A failure, such as a full disk, is logged; the next import and the next start retry. Until then queries read more rows but give the
  /// same answers.
  package func makeDeferredIndexes(_ log: Log) async {
    do { while try await write({ try DeferredIndexes.makeOne($0.connection) }) {} } catch {
      log.failure("indexes", "an index left out by an import cannot be built now: \(error)")
    }
  }
}
