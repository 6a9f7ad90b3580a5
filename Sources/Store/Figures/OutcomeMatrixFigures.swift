package import Records
internal import SQL

/// Outcomes and the regions or stakeholders that they would touch: a row for each impact.
package enum OutcomeMatrixFigures {
  package static let columns = [id] + outcome + impact

  private static let id = Figures.column("outcome", .reference("outcomes"))
  private static let outcome = [
    Outcomes.title, Outcomes.theme, Outcomes.direction, Outcomes.status, Outcomes.horizon, Outcomes.probability, Outcomes.likelihood,
    Outcomes.confidence,
  ].map { Outcomes.resource[$0] }
  private static let impact = Outcomes.resource[Outcomes.regionalImpacts].parts

  package static func rows(of list: ListQuery) -> Figures {
    let parts = impact.map { Dialect.member($0.name, of: Dialect.element("j")) }
    let shown = outcome.map { "\(raw: $0.sql("r"))" as SQLFragment }
    let rows = ListSQL(
      grouping: list, select: (["r.id"] + shown + parts).joined(separator: ", "),
      joining: " LEFT JOIN \(Dialect.elements(of: "r.regional_impacts", as: "j"))",
      tail: " ORDER BY r.id DESC, \(Dialect.position("j"))")
    return Figures(columns: columns, sql: rows.statement)
  }
}
