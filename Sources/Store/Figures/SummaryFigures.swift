package import Formats
package import Records
internal import SQL

/// The figures of a front page: what happened in the last days, against as many days before; and what stands open today.
package enum SummaryFigures {
  package static let columns = [
    Figures.column("figure", .text(max: 64)), Figures.count, Figures.column("previous", .integer(0...Int64.max)),
    Figures.column("change", .integer(Int64.min...Int64.max)),
  ]

  /// - Parameters:
  ///   - days: how many the period has; it ends today.
  ///   - isBehind: whether the rollups lack what was changed last.
  package static func rows(of days: Int, upTo today: CalendarDate, isBehind: Bool) -> Figures {
    let last = Period(from: today.adding(days: 1 - days), to: today)
    let before = Period(from: today.adding(days: 1 - days * 2), to: today.adding(days: -days))
    return Figures(columns: columns, sql: sql((isBehind ? events : Self.days) + others, last, before))
  }

  /// What is counted by day: the figure, what it is summed of, and the table with its day and further condition.
  private struct Flow {
    let figure: String
    var sum: SQLFragment = "count(*)"
    let table: String
    let day: String
    var condition = Dialect.always
  }

  /// Events as the rollup by day has them.
  private static let days = [
    Flow(figure: "events", sum: "sum(count)", table: "event_days", day: "day"),
    Flow(figure: "cooperative_events", sum: "sum(cooperative)", table: "event_days", day: "day"),
    Flow(figure: "conflictual_events", sum: "sum(conflictual)", table: "event_days", day: "day"),
  ]

  /// The same from the events.
  private static let events = [
    Flow(figure: "events", table: "events", day: "start_date"),
    Flow(figure: "cooperative_events", table: "events", day: "start_date", condition: QuadClass.isCooperative("quad_class")),
    Flow(figure: "conflictual_events", table: "events", day: "start_date", condition: QuadClass.isConflictual("quad_class")),
  ]

  private static let others = [
    Flow(figure: "resolved_outcomes", table: "outcomes", day: "resolved_on"),
    Flow(figure: "kept_commitments", table: "commitments", day: "done_on", condition: "status = 'done'"),
  ]

  /// What stands today; what stood before is not counted again.
  private static let stocks: [(figure: String, sql: SQLFragment)] = [
    ("open_outcomes", "SELECT count(*) FROM outcomes r WHERE r.status = 'open'"),
    (
      "overdue_recommendations",
      "SELECT count(*) FROM recommendations r WHERE \(raw: Recommendations.resource[Recommendations.overdue].sql("r"))"
    ),
    ("overdue_commitments", "SELECT count(*) FROM commitments r WHERE \(raw: Commitments.resource[Commitments.overdue].sql("r"))"),
  ]

  /// Days from the first to the last.
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
    // One look into the index of participants for each stakeholder, instead of reading all who took part.
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
