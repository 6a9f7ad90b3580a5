internal import Records
package import SQL

/// The changes of events since the rollups were last moved on: those that have come, and those that they replaced or that were deleted.
/// Rollups and tail together are exact at any change number.
enum RollupTail {
  /// SQL of the change number up to which the rollups hold all changes.
  static let since: SQLFragment = "SELECT value FROM register_state WHERE name = 'rollups_seq'"
  /// Without it the planner may take an index of a filter and read all its events.
  static let bySeq = Dialect.using(index: "events_seq")
  static let byEnd = Dialect.using(index: "events_ended")

  /// Two SELECTs over events `r` of the tail, `UNION ALL` between them.
  ///
  /// - Parameters:
  ///   - select: result columns, given the sign of what is added up: 1 or -1.
  ///   - joining: a further table, with its leading comma.
  ///   - tail: further conditions with AND, and GROUP BY.
  static func rows(_ select: (SQLFragment) -> SQLFragment, joining: SQLFragment = "", _ tail: SQLFragment) -> SQLFragment {
    """
    SELECT \(select("1")) FROM events r\(bySeq)\(joining) WHERE r.seq > (\(since))\(tail) \
    UNION ALL SELECT \(select("-1")) FROM events_history r\(byEnd)\(joining) WHERE r.ended_seq > (\(since)) AND r.seq <= (\(since))\(tail)
    """
  }
}

/// How far the rollups have come, in one snapshot of the register.
package struct RollupState: Sendable {
  /// What figures may take from the rollups.
  package enum Reach: Sendable {
    /// They hold every change.
    case exact
    /// They lack some changes, which figures add.
    case lagging
    /// They lack so many that the events are asked instead.
    case useless
  }

  /// What figures may take from the rollups.
  package let reach: Reach
  /// Whether `event_dyads` is filled; an import may have left it out.
  package let hasDyadTotals: Bool

  /// Changes up to which reading them costs less than reading events.
  static let mostTail: Int64 = 100_000

  private static let state = SQLTemplate(
    """
    SELECT (SELECT value FROM register_state WHERE name = 'seq') - (\(RollupTail.since)), EXISTS (\(DyadTotals.noted))
    """)

  /// Reads the state.
  ///
  /// - Throws: `SQLError`.
  package init(_ connection: any Connection) throws {
    var (tail, isLeftOut) = (Int64.max, true)
    try connection.query(Self.state) { row in
      if !row[0].isNull { tail = row[0].integer }
      isLeftOut = row[1].integer == 1
      return false
    }
    reach = tail == 0 ? .exact : tail <= Self.mostTail ? .lagging : .useless
    hasDyadTotals = !isLeftOut
  }

  /// A state that the caller knows.
  package init(reach: Reach, hasDyadTotals: Bool) {
    self.reach = reach
    self.hasDyadTotals = hasDyadTotals
  }
}
