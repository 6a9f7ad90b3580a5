package import Records
internal import SQL

/// Follow-up of recommendations: how many, how many overdue, how far.
package enum RecommendationFigures {
  /// The number of recommendations past their due date.
  package static let overdue = Figures.column("overdue", .integer(0...Int64.max))
  /// The mean progress in percent, rounded to 4 decimals.
  package static let progress = Figures.column("mean_progress", .real(0...100))

  /// One row per group: count, overdue and mean progress, sorted by the groups.
  package static func rows(of list: ListQuery, by groups: [Grouping]) -> Figures {
    let isOverdue = Recommendations.resource[Recommendations.overdue].sql("r")
    let figures: [SQLFragment] = ["count(*)", "count(*) FILTER (WHERE \(raw: isOverdue))", Dialect.rounded("avg(r.progress)", 4)]
    let rows = ListSQL(
      grouping: list, select: (groups.map(\.expression) + figures).joined(separator: ", "), joining: groups.joining,
      tail: "\(groups.condition)\(groups.groupBy()) ORDER BY \(raw: (1...(groups.count + 1)).map(String.init).joined(separator: ", "))")
    return Figures(columns: groups.map(\.column) + [Figures.count, overdue, progress], sql: rows.statement)
  }
}
