internal import Records
internal import SQL

/// Maintains a recommendation's progress in the same transaction: the percentage of its commitments' weight that is done, without dropped
/// ones.
final class KeptShare: Follower {
  private static let share = SQLTemplate(
    """
    SELECT coalesce(\(Dialect.rounded("100.0 * sum(CASE status WHEN 'done' THEN weight ELSE 0 END) / nullif(sum(weight), 0)", 1)), 0.0)
    FROM commitments WHERE recommendation = \(parameter: "recommendation") AND status <> 'dropped'
    """)

  private let connection: any Connection

  /// - Parameter cause: ignored.
  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) { connection = transaction.connection }

  /// Recomputes the progress of the recommendations that the commitment belonged or belongs to.
  package func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws {
    // A commitment may have moved from one recommendation to another.
    for owner in Set([new, old].compactMap { $0?[Commitments.recommendation].integer }) {
      var progress = 0.0
      try connection.query(Self.share, with: owner) { row in
        progress = row[0].real
        return false
      }
      try write.derive(Recommendations.resource, owner) { $0.set(Recommendations.progress, real: progress) }
    }
  }
}
