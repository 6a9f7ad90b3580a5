package import Formats
package import Records
internal import SQL

/// The figures of a front page: counts of the last days against as many days before, and what is open today.
package enum SummaryFigures {
  /// Name of the figure, its count now, the count in the period before, and the difference; the last two are null for stocks.
  package static let columns = [
    Figures.column("figure", .text(max: 64)), Figures.count, Figures.column("previous", .integer(0...Int64.max)),
    Figures.column("change", .integer(Int64.min...Int64.max)),
  ]

  /// One row per figure, in a fixed order.
  ///
  /// - Parameters:
  ///   - days: length of the period; it ends with `today`.
  ///   - today: a UTC day.
  ///   - rollups: where they lack changes, events are counted instead: two periods hold few.
  package static func rows(of days: Int, upTo today: CalendarDate, rollups: RollupState) -> Figures {
    let last = Period(from: today.adding(days: 1 - days), to: today)
    let before = Period(from: today.adding(days: 1 - days * 2), to: today.adding(days: -days))
    return Figures(columns: columns, sql: sql((rollups.reach == .exact ? Self.days : events) + others, last, before))
  }

  /// A figure counted by day: its name, aggregate, table, date column and further condition.
  private struct Flow {
    let figure: String
    var sum: SQLFragment = "count(*)"
    let table: String
    let day: String
    var condition = Dialect.always
  }

  /// Events from the daily rollup.
  private static let days = [
    Flow(figure: "events", sum: "sum(count)", table: "event_days", day: "day"),
    Flow(figure: "cooperative_events", sum: "sum(cooperative)", table: "event_days", day: "day"),
    Flow(figure: "conflictual_events", sum: "sum(conflictual)", table: "event_days", day: "day"),
  ]

  /// The same, counted from the events.
  private static let events = [
    Flow(figure: "events", table: "events", day: "start_date"),
    Flow(figure: "cooperative_events", table: "events", day: "start_date", condition: QuadClass.isCooperative("quad_class")),
    Flow(figure: "conflictual_events", table: "events", day: "start_date", condition: QuadClass.isConflictual("quad_class")),
  ]

  private static let others = [
    Flow(figure: "resolved_outcomes", table: "outcomes", day: "resolved_on"),
    Flow(figure: "kept_commitments", table: "commitments", day: "done_on", condition: "status = 'done'"),
  ]

  /// Counts as of today, without a previous value.
  private static let stocks: [(figure: String, sql: SQLFragment)] = [
    ("open_outcomes", "SELECT count(*) FROM outcomes r WHERE r.status = 'open'"),
    (
      "overdue_recommendations",
      "SELECT count(*) FROM recommendations r WHERE \(raw: Recommendations.resource[Recommendations.overdue].sql("r"))"
    ),
    ("overdue_commitments", "SELECT count(*) FROM commitments r WHERE \(raw: Commitments.resource[Commitments.overdue].sql("r"))"),
  ]

  /// An inclusive range of days.
  private struct Period {
    let from: CalendarDate
    let to: CalendarDate

    func contains(_ day: String) -> SQLFragment { "\(raw: day) BETWEEN \(from) AND \(to)" }
  }

  private static func sql(_ flows: [Flow], _ last: Period, _ before: Period) -> SQLFragment {
    let counted = flows.enumerated().map { place, flow -> SQLFragment in
      let count = { (period: Period) -> SQLFragment in
        "(SELECT coalesce(\(flow.sum), 0) FROM \(raw: flow.table) WHERE \(period.contains(flow.day)) AND \(flow.condition))"
      }
      return "SELECT \(place) AS place, \(flow.figure) AS figure, \(count(last)) AS now, \(count(before)) AS before"
    }
    // One lookup in the index of participants per stakeholder, instead of a scan of all participations.
    let active = { (period: Period) -> SQLFragment in
      """
      (SELECT count(*) FROM stakeholders s WHERE EXISTS (SELECT 1 FROM event_participants p \
      WHERE p.stakeholder = s.code AND \(period.contains("p.start_date"))))
      """
    }
    let stakeholders: SQLFragment = "SELECT \(flows.count), 'active_stakeholders', \(active(last)), \(active(before))"
    let standing = stocks.enumerated().map { place, stock -> SQLFragment in
      "SELECT \(flows.count + 1 + place), \(stock.figure), (\(stock.sql)), NULL"
    }
    let all = (counted + [stakeholders] + standing).joined(separator: " UNION ALL ")
    return "SELECT figure, now, before, now - before FROM (\(all)) ORDER BY place"
  }
}
