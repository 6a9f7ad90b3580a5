internal import HTTP
internal import Records
package import SQL

/// Checks that the rollups agree with the events.
///
/// Two checks. The *fingerprint* identifies the columns that the rollups were built from; a field declared later has no rows in them. And
/// the sums must agree: each field of `event_totals`, each day, month and country counts every event once, which detects missing rows
/// whatever removed them. Reads the rollups and an index of the events, not the events.
package enum RollupCheck {
  // MARK: Before the first answer

  /// The faults of the fingerprint and of the small tables, such as `event_totals (mode)`; empty if all agree. Takes some
  /// milliseconds for a million events.
  ///
  /// - Parameter connection: used while the rollups hold every change and no write runs.
  /// - Throws: `SQLError`.
  package static func faults(_ connection: any Connection) throws -> [String] {
    guard try connection.text(storedFingerprint) == Rollups.fingerprint else { return ["built from other columns than this program's"] }
    guard try RollupState(connection).reach == .exact else { return [] }
    return try tablesApart(from: try Sums(ofEvents: connection), connection)
  }

  /// Whether the rollups were never made: in a new register, and behind a migration that emptied them.
  ///
  /// - Throws: `SQLError`.
  package static func areNew(_ connection: any Connection) throws -> Bool {
    try connection.text(storedFingerprint) == nil
  }

  private static let storedFingerprint = SQLTemplate("SELECT value FROM register_state WHERE name = 'rollups_fingerprint'")

  /// The sums over the rows of one table, or of one field in it.
  private struct Sums: Equatable {
    var count: Int64 = 0
    var goldsteinCount: Int64 = 0
    var goldstein: Int64 = 0

    init() {}

    init(_ row: Row) { (count, goldsteinCount, goldstein) = (row[1].integer, row[2].integer, row[3].integer) }

    private static let ofDays = SQLTemplate("SELECT '', \(raw: RollupCheck.sums) FROM event_days")
    private static let events = SQLTemplate("SELECT count(*) FROM events")

    /// Counts the events by an index; the other sums, which only a scan of the events could give, come from `event_days`.
    init(ofEvents connection: any Connection) throws {
      try connection.query(Self.ofDays) { row in
        self = Sums(row)
        return false
      }
      count = try connection.integer(Self.events) ?? 0
    }
  }

  private static let sums = "coalesce(sum(count), 0), coalesce(sum(goldstein_count), 0), coalesce(sum(goldstein_sum), 0)"

  private static let ofTables = SQLTemplate(
    """
    SELECT 'event_days', \(raw: sums) FROM event_days UNION ALL SELECT 'event_months', \(raw: sums) FROM event_months
    UNION ALL SELECT 'event_totals (' || field || ')', \(raw: sums) FROM event_totals GROUP BY field
    """)

  /// The tables and fields whose sums differ from `events`, by name.
  private static func tablesApart(from events: Sums, _ connection: any Connection) throws -> [String] {
    let names = ["event_days", "event_months"] + EventTotals.columns.map { "event_totals (\($0.name))" }
    // A table without rows has sums of 0.
    var found = Dictionary(uniqueKeysWithValues: names.map { ($0, Sums()) })
    try connection.query(ofTables) { row in
      found[row[0].string] = Sums(row)
      return true
    }
    let apart = found.filter { $0.value != events }.map(\.key).sorted()
    guard apart.isEmpty, try connection.integer(areQuadsSame) != 1 else { return apart }
    return ["event_days"]
  }

  /// Cooperation and conflict by day against the totals by quad class.
  private static let areQuadsSame = SQLTemplate(
    """
    SELECT (SELECT coalesce(sum(cooperative), 0), coalesce(sum(conflictual), 0) FROM event_days) = (SELECT \
    coalesce(sum(count) FILTER (WHERE \(QuadClass.isCooperative(quad))), 0), \
    coalesce(sum(count) FILTER (WHERE \(QuadClass.isConflictual(quad))), 0) \
    FROM event_totals WHERE field = '\(raw: Events.quadClass.name)')
    """)
  private static let quad = Dialect.integer("nullif(value, '')")

  // MARK: Beside the first answers

  /// The large tables whose sums differ from the small ones; takes up to a second for a million events with a million dyad months.
  ///
  /// Each table is compared in one statement, so writes may run concurrently: they store all tables together.
  ///
  /// - Throws: `SQLError`.
  package static func faultsOfLarge(_ connection: any Connection) throws -> [String] {
    try large.compactMap { name, isWhole in try connection.integer(isWhole) == 1 ? nil : name }
  }

  private static let large = [
    (
      "event_country_months",
      SQLTemplate("SELECT (SELECT \(raw: sums) FROM event_country_months) = (SELECT \(raw: sums) FROM event_months)")
    ),
    // Dyad totals against their months, unless an import has left the totals out.
    (
      "event_dyads", SQLTemplate("SELECT EXISTS (\(DyadTotals.noted)) OR \(raw: quads("event_dyads")) = \(raw: quads("event_dyad_months"))")
    ),
  ]

  private static func quads(_ table: String) -> String {
    "(SELECT coalesce(sum(cooperative), 0), coalesce(sum(conflictual), 0), \(sums) FROM \(table))"
  }
}
