package import SQL

/// Goldstein arithmetic in billionths: integers, so that subtracting a value leaves no remainder, and small enough that a sum of values
/// with up to nine decimals is exact. 900 million events of the highest value fit an integer.
package enum Goldstein {
  private static let scale = 1_000_000_000

  /// SQL of the mean, rounded to 4 decimals; null when no event has a value. `sum` is in billionths.
  package static func mean(sum: SQLFragment, count: SQLFragment) -> SQLFragment { Dialect.rounded("\(whole(sum)) / \(count)", 4) }
  /// SQL of the sum; null when no event has a value, to distinguish it from values that add up to zero. `sum` is in billionths; shown are
  /// six decimals, as of every sum of reals.
  package static func sum(_ sum: SQLFragment, count: SQLFragment) -> SQLFragment {
    "CASE WHEN \(count) > 0 THEN \(Dialect.rounded(whole(sum), 6)) END"
  }
  private static func whole(_ sum: SQLFragment) -> SQLFragment { "\(sum) / \(raw: "\(scale).0")" }
  /// SQL of an event column in billionths; null for null.
  static func billionths(_ column: SQLFragment) -> SQLFragment { Dialect.parts(scale, of: column) }
  /// SQL of the sum over events, in billionths; 0 without values.
  package static func total(_ column: SQLFragment) -> SQLFragment { "coalesce(sum(\(billionths(column))), 0)" }

  /// A value in billionths.
  static func billionths(of value: Double) -> Int64 { Int64((value * Double(scale)).rounded()) }
}

/// Cooperation and conflict by quad class: 1-2 and 3-4 (domain §3).
package enum QuadClass {
  private static let cooperative: ClosedRange<Int64> = 1...2
  private static let conflictual: ClosedRange<Int64> = 3...4

  static func isCooperative(_ quad: Int64) -> Bool { cooperative.contains(quad) }
  static func isConflictual(_ quad: Int64) -> Bool { conflictual.contains(quad) }

  /// The same as a SQL condition on a column.
  static func isCooperative(_ column: SQLFragment) -> SQLFragment { condition(column, cooperative) }
  static func isConflictual(_ column: SQLFragment) -> SQLFragment { condition(column, conflictual) }

  private static func condition(_ column: SQLFragment, _ quads: ClosedRange<Int64>) -> SQLFragment {
    "\(column) IN (\(raw: quads.map(String.init).joined(separator: ", ")))"
  }
}
