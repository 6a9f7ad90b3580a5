internal import Formats
package import Records
package import SQL

/// Maintains the rollups of events: stores a write's changes at its end, inside its savepoint.
///
/// An import in turns stores the changes of all turns together: the changed rows of one turn lie on as many pages, and rewriting each page
/// ten times a second cost more than the events themselves. Until then the rollups are *behind*: `register_state` records it in the same
/// transaction, queries count events, and the end of the import brings the rollups up to date. Other writes between the turns add to the
/// held changes and need not wait.
package final class Rollups: Follower {
  /// Changes of committed writes not stored yet, kept in the writer's memory. Valid if the database holds the same token: after a failed
  /// commit or a crash the two differ, and the rollups are rebuilt.
  private final class Backlog {
    let changes = RollupChanges()
    /// 0 when nothing is held; no database holds 0.
    var token: Int64 = 0

    func clear() {
      changes.clear()
      token = 0
    }
  }

  /// Most changed rows held in memory; 8 MB.
  private static let maxHeld = 262_144

  /// Selects the token while the rollups are behind; no row otherwise.
  package static let behind = SQLTemplate("SELECT value FROM register_state WHERE name = 'rollups_behind'")
  private static let noteBehind = note("rollups_behind")
  private static let catchUp = SQLTemplate("DELETE FROM register_state WHERE name = 'rollups_behind'")

  /// Sets a value in `register_state`; takes the value.
  private static func note(_ name: String) -> SQLTemplate {
    SQLTemplate(
      "INSERT INTO register_state VALUES ('\(raw: name)', \(parameter: "value"))\(Dialect.orChange(["name"], ["value = excluded.value"]))")
  }

  /// Marks the rollups as behind with a token that no backlog has: queries count events until a write of events rebuilds them.
  package static func distrust(_ connection: any Connection) throws { try connection.execute(noteBehind, with: -1) }

  private let transaction: any WriteTransaction
  private let cause: WriteCause
  private let changes = RollupChanges()
  private var mustSettle = false

  /// - Parameter cause: a continued import may hold its changes in memory.
  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) { (self.transaction, self.cause) = (transaction, cause) }

  /// Makes this write end with the rollups up to date.
  package func settle() { mustSettle = true }

  /// Stores the changes, or holds them in memory: for a turn of an import that continues, and for other writes while such changes are held.
  package func atEnd() throws { try end { isBehind in cause.isContinued || (isBehind && !mustSettle) } }

  /// Notes the old and the new state of an event; stores the changes when they are too many.
  package func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws {
    if let old { changes.take(old, -1) }
    if let new { changes.take(new, 1) }
    // The event is stored already: rollups rebuilt now count it, so its change must not stay among later ones.
    if changes.isFull(Self.maxHeld) { try end { _ in false } }
  }

  /// - Parameter mayHold: whether the changes may stay in memory; its argument is whether an import's changes are held already.
  private func end(mayHold: (Bool) -> Bool) throws {
    defer { changes.clear() }
    let backlog = transaction.kept as? Backlog ?? Backlog()
    transaction.kept = backlog
    if let token = try transaction.connection.integer(Self.behind) {
      guard token == backlog.token else {
        backlog.clear()
        return try makeAnew()
      }
    } else {
      // The held changes were rolled back.
      backlog.clear()
    }
    if mayHold(backlog.token != 0), !backlog.changes.isFull(Self.maxHeld, with: changes.count) {
      try hold(in: backlog)
    } else if backlog.token == 0 {
      try changes.store(over: transaction.connection)
    } else {
      // If storing fails, the held changes are lost but the database keeps its token: the next write sees the difference and rebuilds.
      defer { backlog.clear() }
      backlog.changes.take(changes)
      try backlog.changes.store(over: transaction.connection)
      try transaction.connection.execute(Self.catchUp)
    }
  }

  private func hold(in backlog: Backlog) throws {
    guard !changes.isEmpty else { return }
    backlog.changes.take(changes)
    backlog.token += 1
    try transaction.connection.execute(Self.noteBehind, with: backlog.token)
  }

  // MARK: From the events

  /// Statements that rebuild all rollups, from the events alone: this very write may hold back entries of the index of participants.
  private static let fill = EventTotals.fill + months + DyadTotals.fill
  private static let months: [SQLFragment] = [
    "DELETE FROM event_months", "DELETE FROM event_country_months", "DELETE FROM event_dyad_months",
    """
    INSERT INTO event_country_months
    SELECT coalesce(country, ''), \(Dialect.start(of: .month, "start_date")), type, \(RollupTable.sums(hasQuads: false))
    FROM events GROUP BY 1, 2, 3
    """,
    """
    INSERT INTO event_months
    SELECT month, type, sum(count), sum(goldstein_count), sum(goldstein_sum) FROM event_country_months GROUP BY 1, 2
    """,
    """
    INSERT INTO event_dyad_months
    SELECT a, b, \(Dialect.start(of: .month, "start_date")), \(RollupTable.sums(hasQuads: true))
    FROM (
      SELECT DISTINCT r.id, \(party("x")) AS a, \(party("y")) AS b, r.start_date, r.quad_class, r.goldstein
      FROM events r, \(parties("x")), \(parties("y")) WHERE \(party("x")) < \(party("y")))
    GROUP BY 1, 2, 3
    """,
  ]

  /// The participants of an event `r` as a table.
  private static func parties(_ alias: String) -> SQLFragment { Dialect.elements(of: "r.participants", as: alias) }
  private static func party(_ alias: String) -> SQLFragment { Dialect.member("stakeholder", of: Dialect.element(alias)) }

  /// Identifies how the rollups are built: a hash of the statements that build them. Increment the number at its end when what
  /// `RollupChanges` adds up in code changes.
  package static let fingerprint = Base64URL.encode(
    Hash.tag(Array("\(fill.map(\.text).joined(separator: ";")); 1".utf8), key: Array("rollups".utf8)))
  private static let noteFingerprint = note("rollups_fingerprint")

  private func makeAnew() throws {
    for statement in Self.fill { try transaction.connection.execute(statement) }
    try transaction.connection.execute(Self.noteFingerprint, with: Self.fingerprint)
    try transaction.connection.execute(Self.catchUp)
  }
}
