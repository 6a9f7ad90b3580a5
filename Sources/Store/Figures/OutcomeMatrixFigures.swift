package import Records
internal import SQL

/// Outcomes by the regions or stakeholders they would affect: one row per impact.
package enum OutcomeMatrixFigures {
  /// The outcome's id and fields, then the parts of a regional impact.
  package static let columns = [id] + outcome + impact

  private static let id = Figures.column("outcome", .reference("outcomes"))
  private static let outcome = [
    Outcomes.title, Outcomes.theme, Outcomes.direction, Outcomes.status, Outcomes.horizon, Outcomes.probability, Outcomes.likelihood,
    Outcomes.confidence,
  ].map { Outcomes.resource[$0] }
  private static let impact = Outcomes.resource[Outcomes.regionalImpacts].parts

  /// One row per impact, newest outcome first; an outcome without impacts has one row with nulls.
  ///
  /// - Parameter list: the filters on outcomes; its own order and limit are ignored.
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
