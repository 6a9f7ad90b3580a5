package import SQL

/// Dyads over all time, each the sum of its months.
///
/// A first large import leaves them out, as it leaves indexes out (`DeferredIndexes`): with their own indexes they are made sorted at its end.
package enum DyadTotals {
  /// Under which they are noted as left out.
  package static let name = "event_dyads"

  private static let sums: SQLFragment = """
    INSERT INTO event_dyads SELECT a, b, sum(count), sum(cooperative), sum(conflictual), sum(goldstein_count), sum(goldstein_sum) \
    FROM event_dyad_months
    """
  private static let delete: SQLFragment = "DELETE FROM event_dyads"
  /// A row where they are left out.
  package static let noted: SQLFragment = "SELECT 1 FROM deferred_indexes WHERE name = '\(raw: name)'"

  /// Makes those that were left out, of the months that are stored.
  package static let sum: SQLFragment = "\(sums) GROUP BY a, b"
  /// Makes them anew, unless they are left out.
  package static let fill: [SQLFragment] = [delete, "\(sums) WHERE NOT EXISTS (\(noted)) GROUP BY a, b"]

  private static let clearing = SQLTemplate(delete)
  private static let leftOut = SQLTemplate(noted)

  package static func clear(_ connection: any Connection) throws { try connection.execute(clearing) }
  package static func areLeftOut(_ connection: any Connection) throws -> Bool { try connection.integer(leftOut) != nil }
}
