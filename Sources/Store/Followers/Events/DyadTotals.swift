package import SQL

/// Dyad totals over all time: each the sum of its months.
///
/// The first large import defers them like an index (`DeferredIndexes`): at its end they are built sorted, together with their own indexes.
package enum DyadTotals {
  /// The table, and the name under which it is noted as left out.
  package static let name = "event_dyads"

  private static let sums: SQLFragment = """
    INSERT INTO event_dyads SELECT a, b, sum(count), sum(cooperative), sum(conflictual), sum(goldstein_count), sum(goldstein_sum) \
    FROM event_dyad_months
    """
  /// A SELECT with one row while they are left out.
  package static let noted: SQLFragment = "SELECT 1 FROM deferred_indexes WHERE name = '\(raw: name)'"

  /// Fills the empty table from the stored months.
  package static let sum: SQLFragment = "\(sums) GROUP BY a, b"
  private static let clearing = SQLTemplate("DELETE FROM event_dyads")
  private static let leftOut = SQLTemplate(noted)

  /// Empties the table `event_dyads`.
  ///
  /// - Throws: `SQLError`.
  package static func clear(_ connection: any Connection) throws { try connection.execute(clearing) }
  /// Whether an import has left the totals out, so that the table must not be read or added to.
  package static func areLeftOut(_ connection: any Connection) throws -> Bool { try connection.integer(leftOut) != nil }
}
