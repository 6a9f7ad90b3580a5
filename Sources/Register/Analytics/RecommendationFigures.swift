internal import Records
internal import SQL

/// What became of the recommendations: what was said of them, against what was done.
enum RecommendationFigures {
  static let analytic = Analytic(
    "analytics/recommendations", "Recommendations by position and implementation, or by strategy or addressee, with those overdue.",
    [.groups("group_by", of: Recommendations.resource, max: maxGroups, without: ["overdue"], example: "strategy")],
    columns: Grouping.all(of: Recommendations.resource).map(\.column).filter { $0.name != "overdue" } + [Figures.count, overdue, progress],
    filters: Recommendations.resource
  ) { context, _, parameters in
    try context.answer(parameters) {
      let words = parameters.words("group_by")
      let groups = Grouping.read(
        words.isEmpty ? ["position", "implementation"] : words, "group_by", of: Recommendations.resource, parameters)
      let list = try context.list(Recommendations.resource, parameters)
      let isOverdue = Recommendations.resource[Recommendations.overdue].sql("r")
      let figures: [SQLFragment] = ["count(*)", "count(*) FILTER (WHERE \(raw: isOverdue))", Dialect.rounded("avg(r.progress)", 4)]
      let rows = ListSQL(
        grouping: list, select: (groups.map(\.expression) + figures).joined(separator: ", "), joining: groups.joining,
        tail: "\(groups.condition)\(groups.groupBy()) ORDER BY \(raw: (1...(groups.count + 1)).map(String.init).joined(separator: ", "))")
      return Figures(columns: groups.map(\.column) + [Figures.count, overdue, progress], sql: rows.statement)
    }
  }

  private static let maxGroups = 4
  private static let overdue = Figures.column("overdue", .integer(0...Int64.max))
  private static let progress = Figures.column("mean_progress", .real(0...100))
}
