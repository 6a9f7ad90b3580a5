internal import Records
internal import SQL

/// Outcomes and the regions or stakeholders that they would touch: a row for each impact.
enum OutcomeMatrix {
  static let analytic = Analytic(
    "analytics/outcome-matrix", "Outcomes by region: how probable each is, and what it would mean there.", [],
    columns: [id] + outcome + impact,
    filters: Outcomes.resource
  ) { context, _, parameters in
    try context.answer(parameters) {
      let list = try context.list(Outcomes.resource, parameters)
      let parts = impact.map { Dialect.member($0.name, of: Dialect.element("j")) }
      let columns = outcome.map { "\(raw: $0.sql("r"))" as SQLFragment }
      let rows = ListSQL(
        grouping: list, select: (["r.id"] + columns + parts).joined(separator: ", "),
        joining: " LEFT JOIN \(Dialect.elements(of: "r.regional_impacts", as: "j"))",
        tail: " ORDER BY r.id DESC, \(Dialect.position("j"))")
      return Figures(columns: [id] + outcome + impact, sql: rows.statement)
    }
  }

  private static let id = Figures.column("outcome", .reference("outcomes"))
  private static let outcome = ["title", "theme", "direction", "status", "horizon", "probability", "likelihood", "confidence"].compactMap {
    Outcomes.resource.column($0)
  }
  private static let impact = Outcomes.resource[Outcomes.regionalImpacts].parts
}
