internal import HTTP
internal import Records
package import SQL

/// Whether the rollups can be what the events say.
///
/// Two things are compared. The *fingerprint* says what the rollups were made of; a field that the declaration has gained since is in no
/// row of theirs. And their sums must agree: each field of `event_totals`, each day, month and country counts every event once. That finds
/// rows that are missing, whoever took them. It reads the rollups and an index of the events, not the events.
package enum RollupCheck {
  // MARK: Before the first answer

  /// What is wrong with the fingerprint and with the small tables, by name: `event_totals (mode)`; some milliseconds for a million events.
  ///
  /// - Parameter connection: sees rollups that are not behind, and no write beside it.
  package static func faults(_ connection: any Connection) throws -> [String] {
    guard try connection.text(storedFingerprint) == Rollups.fingerprint else { return ["made of other columns than this program's"] }
    return try tablesApart(from: try Sums(ofEvents: connection), connection)
  }

  private static let storedFingerprint = SQLTemplate("SELECT value FROM register_state WHERE name = 'rollups_fingerprint'")

  /// What the rows of one table, or of one field in it, add up to.
  private struct Sums: Equatable {
    var count: Int64 = 0
    var goldsteinCount: Int64 = 0
    var goldstein: Int64 = 0

    init() {}

    init(_ row: Row) { (count, goldsteinCount, goldstein) = (row[1].integer, row[2].integer, row[3].integer) }

    private static let ofDays = SQLTemplate("SELECT '', \(raw: RollupCheck.sums) FROM event_days")
    private static let events = SQLTemplate("SELECT count(*) FROM events")

    /// The number of events by an index; the rest, which only the events themselves could say, as the days have it.
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

  /// The tables and fields that do not add up to the events, in order of name.
  private static func tablesApart(from events: Sums, _ connection: any Connection) throws -> [String] {
    let names = ["event_days", "event_months"] + EventTotals.columns.map { "event_totals (\($0.name))" }
    // What has no row adds up to nothing.
    var found = Dictionary(uniqueKeysWithValues: names.map { ($0, Sums()) })
    try connection.query(ofTables) { row in
      found[row[0].string] = Sums(row)
      return true
    }
    return found.filter { $0.value != events }.map(\.key).sorted()
  }

  // MARK: Beside the first answers

  /// Which of the large tables do not add up to the small ones; up to a second for a million events of a million dyads and months.
  ///
  /// Each is compared in one statement, so writes may go on beside it: they store all tables together.
  package static func faultsOfLarge(_ connection: any Connection) throws -> [String] {
    try large.compactMap { name, isWhole in try connection.integer(isWhole) == 1 ? nil : name }
  }

  private static let large = [
    (
      "event_country_months",
      SQLTemplate("SELECT (SELECT \(raw: sums) FROM event_country_months) = (SELECT \(raw: sums) FROM event_months)")
    ),
    // Dyads over all time against their months, unless an import has left them out.
    (
      "event_dyads", SQLTemplate("SELECT EXISTS (\(DyadTotals.noted)) OR \(raw: quads("event_dyads")) = \(raw: quads("event_dyad_months"))")
    ),
  ]

  private static func quads(_ table: String) -> String {
    "(SELECT coalesce(sum(cooperative), 0), coalesce(sum(conflictual), 0), \(sums) FROM \(table))"
  }
}
