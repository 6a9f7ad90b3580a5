internal import Records
internal import Store

/// Recommendations and their progress: `/v1/analytics/recommendations`.
enum RecommendationProgress {
  static let analytic = Analytic(
    "analytics/recommendations", "Recommendations by position and implementation, or by strategy or addressee, with those overdue.",
    [.groups("group_by", of: Recommendations.resource, max: maxGroups, without: ["overdue"], example: "strategy")],
    columns: Grouping.all(of: Recommendations.resource).map(\.column).filter { $0.name != "overdue" } + [
      Figures.count, RecommendationFigures.overdue, RecommendationFigures.progress,
    ],
    filters: Recommendations.resource
  ) { context, _, parameters in
    try context.answer(
      parameters,
      figures: {
        let words = parameters.words("group_by")
        let groups = Grouping.read(
          words.isEmpty ? ["position", "implementation"] : words, "group_by", of: Recommendations.resource, parameters)
        return RecommendationFigures.rows(of: try context.list(Recommendations.resource, parameters), by: groups)
      })
  }

  private static let maxGroups = 4
}
