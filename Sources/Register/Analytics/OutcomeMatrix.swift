internal import Records

/// Outcomes and the regions or stakeholders that they would touch: a row for each impact.
enum OutcomeMatrix {
  static let analytic = Analytic(
    "analytics/outcome-matrix", "Outcomes by region: how probable each is, and what it would mean there.", [],
    columns: [id] + outcome + impact,
    filters: Outcomes.resource
  ) { context, _, parameters in
    try context.answer(parameters) {
      let list = try context.list(Outcomes.resource, parameters)
      let parts = impact.map { "json_extract(j.value, '$.\($0.name)')" }
      let sql = ListSQL(
        grouping: list, select: (["r.id"] + outcome.map { $0.sql("r") } + parts).joined(separator: ", "),
        joining: " LEFT JOIN json_each(r.regional_impacts) j", tail: " ORDER BY r.id DESC, j.key")
      return Figures(columns: [id] + outcome + impact, sql: sql.text, values: sql.values)
    }
  }

  private static let id = Figures.column("outcome", .reference("outcomes"))
  private static let outcome = ["title", "theme", "direction", "status", "horizon", "probability", "likelihood", "confidence"].compactMap {
    Outcomes.resource.column($0)
  }
  private static let impact = Outcomes.resource[Outcomes.regionalImpacts].parts
}
