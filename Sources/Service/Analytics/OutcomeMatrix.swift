internal import Records
internal import Store

/// Outcomes by region: `/v1/analytics/outcome-matrix`.
enum OutcomeMatrix {
  static let analytic = Analytic(
    "analytics/outcome-matrix", "Outcomes by region: how probable each is, and what it would mean there.", [],
    columns: OutcomeMatrixFigures.columns, filters: Outcomes.resource
  ) { context, _, parameters in
    try context.answer(parameters, figures: { OutcomeMatrixFigures.rows(of: try context.list(Outcomes.resource, parameters)) })
  }
}
