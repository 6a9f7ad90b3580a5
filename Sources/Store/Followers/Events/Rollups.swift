internal import Formats
package import Records
package import SQL

/// The rollups of events as one write sees them: what it changes is stored when it ends, inside its savepoint.
///
/// A work of many writes (an import in turns) stores its changes together: the rows of a rollup lie on as many pages as there are rows in a
/// turn, and to write each page anew ten times a second cost more than the events themselves. Until then the rollups are *behind*:
/// `register_state` says so in the same transaction, questions are put to the events, and the end of the import brings the rollups up to
/// date; single writes between its turns add theirs to what is held, and need not wait for it.
package final class Rollups: Follower {
  /// What writes have changed and not stored, kept by the writer. It holds for the database that says its token: after a commit that
  /// failed, or a crash, the two differ, and the rollups are made anew.
  private final class Backlog {
    let changes = RollupChanges()
    /// 0 is no database's.
    var token: Int64 = 0

    func clear() {
      changes.clear()
      token = 0
    }
  }

  /// Changed rows that are held in memory at the most; 8 MB.
  private static let maxHeld = 262_144

  /// There while the rollups are behind.
  package static let behind = SQLTemplate("SELECT value FROM register_state WHERE name = 'rollups_behind'")
  private static let noteBehind = note("rollups_behind")
  private static let catchUp = SQLTemplate("DELETE FROM register_state WHERE name = 'rollups_behind'")

  /// Sets a value of the register's state.
  private static func note(_ name: String) -> SQLTemplate {
    SQLTemplate(
      "INSERT INTO register_state VALUES ('\(raw: name)', \(parameter: "value"))\(Dialect.orChange(["name"], ["value = excluded.value"]))")
  }

  /// Has figures come from the events until the rollups are made anew: with a token that no backlog has.
  package static func distrust(_ connection: any Connection) throws { try connection.execute(noteBehind, with: -1) }

  private let transaction: any WriteTransaction
  private let cause: WriteCause
  private let changes = RollupChanges()
  private var mustSettle = false

  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) { (self.transaction, self.cause) = (transaction, cause) }

  /// Has the rollups up to date when this write ends.
  package func settle() { mustSettle = true }

  /// What a turn of an import changes may wait in memory, and what others change while such changes wait.
  package func atEnd() throws { try end { isBehind in cause.isContinued || (isBehind && !mustSettle) } }

  package func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws {
    if let old { changes.take(old, -1) }
    if let new { changes.take(new, 1) }
    // The event is stored already: rollups that are made anew now count it, so it must not wait among what comes afterwards.
    if changes.isFull(Self.maxHeld) { try end { _ in false } }
  }

  /// - Parameter mayHold: whether what is changed may wait in memory; told whether changes of an import wait there.
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
      // What is held was undone.
      backlog.clear()
    }
    if mayHold(backlog.token != 0), !backlog.changes.isFull(Self.maxHeld, with: changes.count) {
      try hold(in: backlog)
    } else if backlog.token == 0 {
      try changes.store(over: transaction.connection)
    } else {
      // Where storing fails what was held is gone, but not the database's token: the next write finds that they differ.
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

  /// Over the events alone: of the index of participants, this very write may hold something back.
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

  /// Tells what the rollups are made of: their tables, keys, fields and sums, as the statements say that make them. A change of what the
  /// program adds up without these statements (`RollupChanges`) makes the number at its end another.
  package static let fingerprint = Base64URL.encode(
    Hash.tag(Array("\(fill.map(\.text).joined(separator: ";")); 1".utf8), key: Array("rollups".utf8)))
  private static let noteFingerprint = note("rollups_fingerprint")

  private func makeAnew() throws {
    for statement in Self.fill { try transaction.connection.execute(statement) }
    try transaction.connection.execute(Self.noteFingerprint, with: Self.fingerprint)
    try transaction.connection.execute(Self.catchUp)
  }
}
