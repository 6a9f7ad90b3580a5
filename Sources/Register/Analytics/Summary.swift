internal import Formats
internal import Records
internal import SQL

/// The figures of a front page: what happened in the last days, against as many days before; and what stands open today.
enum Summary {
  static let analytic = Analytic(
    "analytics/summary", "Figures of the last days, with the change against the period before.",
    [
      .query("period", ["type": "string", "pattern": "^[1-9][0-9]{0,3}d$"], "Days; 30d without it.", example: "30d")
    ], columns: columns, filters: nil
  ) { context, _, parameters in
    try context.answer(parameters) {
      let days = period(parameters)
      let values = Values()
      let today = CalendarDate(days: Int(Timestamp.now() / 86_400_000)) ?? .last
      for back in [days * 2 - 1, days, days - 1, 0] { values.append(text: today.adding(days: -back).description) }
      let isBehind = try context.isBehind()
      return Figures(columns: columns, sql: isBehind ? fromEvents : fromDays, values: values)
    }
  }

  private static let maxDays = 36_525

  /// `30d` in days.
  private static func period(_ parameters: Parameters) -> Int {
    guard let text = parameters["period"], !text.isEmpty else { return 30 }
    if text.hasSuffix("d"), let days = Int(text.dropLast()), (1...maxDays).contains(days) { return days }
    parameters.fault("period", "malformed_value", "days are wanted, from 1d to \(maxDays)d, not \"\(text.prefix(40))\"")
    return 30
  }

  private static let columns = [
    Figures.column("figure", .text(max: 64)), Figures.count, Figures.column("previous", .integer(0...Int64.max)),
    Figures.column("change", .integer(Int64.min...Int64.max)),
  ]

  /// What is counted by day: the figure, what it is summed of, and the table with its day and further condition.
  private struct Flow {
    let figure: String
    var sum = "count(*)"
    let table: String
    let day: String
    var condition = "1"
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
  private static let stocks = [
    ("open_outcomes", "SELECT count(*) FROM outcomes r WHERE r.status = 'open'"),
    (
      "overdue_recommendations",
      "SELECT count(*) FROM recommendations r WHERE \(Recommendations.resource[Recommendations.overdue].sql("r"))"
    ),
    ("overdue_commitments", "SELECT count(*) FROM commitments r WHERE \(Commitments.resource[Commitments.overdue].sql("r"))"),
  ]

  private static let fromDays = sql(days + others)
  private static let fromEvents = sql(events + others)

  /// The last period is from ?3 to ?4, the one before from ?1 to ?2.
  private static func sql(_ flows: [Flow]) -> String {
    let counted = flows.enumerated().map { place, flow in
      let count = { (from: String, to: String) in
        "(SELECT coalesce(\(flow.sum), 0) FROM \(flow.table) WHERE \(flow.day) BETWEEN \(from) AND \(to) AND \(flow.condition))"
      }
      return "SELECT \(place) AS place, '\(flow.figure)' AS figure, \(count("?3", "?4")) AS now, \(count("?1", "?2")) AS before"
    }
    // One look into the index of participants for each stakeholder, instead of reading all who took part.
    let active = { (from: String, to: String) in
      "(SELECT count(*) FROM stakeholders s WHERE EXISTS (SELECT 1 FROM event_participants p "
        + "WHERE p.stakeholder = s.code AND p.start_date BETWEEN \(from) AND \(to)))"
    }
    let stakeholders = "SELECT \(flows.count), 'active_stakeholders', \(active("?3", "?4")), \(active("?1", "?2"))"
    let standing = stocks.enumerated().map { "SELECT \(flows.count + 1 + $0), '\($1.0)', (\($1.1)), NULL" }
    let all = (counted + [stakeholders] + standing).joined(separator: " UNION ALL ")
    return "SELECT figure, now, before, now - before FROM (\(all)) ORDER BY place"
  }
}
