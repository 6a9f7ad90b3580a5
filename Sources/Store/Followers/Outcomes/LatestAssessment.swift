internal import Records
internal import SQL

/// Maintains an outcome's copy of its latest assessment in the same transaction.
final class LatestAssessment: Follower {
  private static let latest = SQLTemplate(
    """
    SELECT probability, likelihood, confidence, (SELECT count(*) FROM assessments WHERE outcome = \(parameter: "outcome"))
    FROM assessments WHERE outcome = \(parameter: "outcome") ORDER BY assessed_at DESC, id DESC LIMIT 1
    """)

  private static let shown = [Outcomes.probability, Outcomes.likelihood, Outcomes.confidence, Outcomes.assessmentCount]

  private let connection: any Connection

  /// - Parameter cause: ignored.
  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) { connection = transaction.connection }

  /// Copies the outcome's latest assessment and the number of its assessments to the outcome.
  package func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws {
    guard let owner = (new ?? old)?[Assessments.outcome].integer else { return }
    let summary = Values(count: Self.shown.count)
    // For when no assessment is left.
    summary.set(Self.shown.count - 1, integer: 0)
    try connection.query(Self.latest, with: owner) { row in
      for column in Self.shown.indices { summary.set(column, row[column]) }
      return false
    }
    try write.derive(Outcomes.resource, owner) { outcome in
      for (column, field) in Self.shown.enumerated() { outcome.set(field, summary[column]) }
    }
  }
}
