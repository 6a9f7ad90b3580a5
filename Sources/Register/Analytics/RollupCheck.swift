internal import Formats
internal import SQL

/// Whether the rollups can be what the events say: asked at each start, before anything is answered from them.
///
/// Two things are compared. The *fingerprint* says what the rollups were made of; a field that the declaration has gained since is in no
/// row of theirs. And their sums must agree: each field of `event_totals`, each day, month and country counts every event once. That finds
/// rows that are missing, whoever took them. It reads the rollups and an index of the events, not the events.
struct RollupCheck {
  /// Names what is wrong: `event_totals (mode)`; empty where nothing is.
  let faults: [String]

  private static let stored = SQLText("SELECT value FROM register_state WHERE name = 'rollups_fingerprint'")

  /// - Parameter connection: of one snapshot, in which the rollups are not behind.
  init(_ connection: any Connection) throws {
    guard try connection.text(Self.stored) == Rollups.fingerprint else {
      faults = ["made of other columns than this program's"]
      return
    }
    faults = try Self.apart(from: try Sums(ofEvents: connection), connection)
  }

  // MARK: Sums

  /// What the rows of one table, or of one field in it, add up to.
  private struct Sums: Equatable {
    var count: Int64 = 0
    var goldsteinCount: Int64 = 0
    var goldstein: Int64 = 0

    init() {}

    init(_ row: Row) { (count, goldsteinCount, goldstein) = (row[1].integer, row[2].integer, row[3].integer) }

    private static let ofDays = SQLText("SELECT '', \(RollupCheck.sums) FROM event_days")
    private static let events = SQLText("SELECT count(*) FROM events")

    /// The number of events by an index; the rest, which only the events themselves could say, as the days have it.
    init(ofEvents connection: any Connection) throws {
      try connection.query(Self.ofDays, Values()) { row in
        self = Sums(row)
        return false
      }
      count = try connection.integer(Self.events) ?? 0
    }
  }

  private static let sums = "coalesce(sum(count), 0), coalesce(sum(goldstein_count), 0), coalesce(sum(goldstein_sum), 0)"

  private static let ofEvents = SQLText(
    (["event_days", "event_months", "event_country_months"].map { "SELECT '\($0)', \(sums) FROM \($0)" }
      + ["SELECT 'event_totals (' || field || ')', \(sums) FROM event_totals GROUP BY field"]).joined(separator: " UNION ALL "))

  /// The tables and fields that do not add up to the events, in order of name.
  private static func apart(from events: Sums, _ connection: any Connection) throws -> [String] {
    let names = ["event_days", "event_months", "event_country_months"] + EventTotals.columns.map { "event_totals (\($0.name))" }
    // What has no row adds up to nothing.
    var found = Dictionary(uniqueKeysWithValues: names.map { ($0, Sums()) })
    try connection.query(ofEvents, Values()) { row in
      found[row[0].string] = Sums(row)
      return true
    }
    let apart = found.filter { $0.value != events }.map(\.key).sorted()
    return try apart + (areDyadsApart(connection) ? ["event_dyads"] : [])
  }

  private static let dyads = ["event_dyads", "event_dyad_months"].map { table in
    "(SELECT coalesce(sum(cooperative), 0), coalesce(sum(conflictual), 0), \(sums) FROM \(table))"
  }

  private static let haveDyads = SQLText("SELECT \(dyads.joined(separator: " = "))")

  /// Dyads over all time against their months, unless an import has left them out.
  private static func areDyadsApart(_ connection: any Connection) throws -> Bool {
    guard try !DyadTotals.areLeftOut(connection) else { return false }
    return try connection.integer(haveDyads) == 0
  }
}

extension Register {
  private static let markBehind = SQLText("INSERT OR IGNORE INTO register_state VALUES ('rollups_behind', -1)")

  /// Has figures come from the events when the rollups cannot be what these say; `settle` then makes the rollups anew.
  ///
  /// Before the first answer. What is found is named in the log. Of a million events it takes some hundredths of a second.
  package func checkRollups() async throws {
    let reader = try database.makeReader()
    guard try reader.integer(Rollups.behind) == nil else { return }
    let check = try RollupCheck(reader)
    guard !check.faults.isEmpty else { return }
    Log.failure("rollups", "the rollups are made anew from the events: \(check.faults.joined(separator: ", "))")
    _ = try await database.write { try $0.connection.execute(Self.markBehind) }
  }
}
