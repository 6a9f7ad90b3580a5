package import Records
internal import SQL

/// What became of the recommendations: what was said of them, against what was done.
package enum RecommendationFigures {
  package static let overdue = Figures.column("overdue", .integer(0...Int64.max))
  package static let progress = Figures.column("mean_progress", .real(0...100))

  package static func rows(of list: ListQuery, by groups: [Grouping]) -> Figures {
    let isOverdue = Recommendations.resource[Recommendations.overdue].sql("r")
    let figures: [SQLFragment] = ["count(*)", "count(*) FILTER (WHERE \(raw: isOverdue))", Dialect.rounded("avg(r.progress)", 4)]
    let rows = ListSQL(
      grouping: list, select: (groups.map(\.expression) + figures).joined(separator: ", "), joining: groups.joining,
      tail: "\(groups.condition)\(groups.groupBy()) ORDER BY \(raw: (1...(groups.count + 1)).map(String.init).joined(separator: ", "))")
    return Figures(columns: groups.map(\.column) + [Figures.count, overdue, progress], sql: rows.statement)
  }
}
