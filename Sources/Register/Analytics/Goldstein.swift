/// How Goldstein values are added: in ten-thousandths, so that what is taken away again leaves nothing behind.
enum Goldstein {
  private static let scale = 10_000

  /// SQL of the mean; null where no event has a value.
  static func mean(sum: String, count: String) -> String { "round(\(sum) / \(scale).0 / \(count), 4)" }
  /// SQL of the sum; null where no event has a value: nothing is not the zero of things that cancel out.
  static func sum(_ sum: String, count: String) -> String { "CASE WHEN \(count) > 0 THEN \(sum) / \(scale).0 END" }
  /// SQL of a column of events in ten-thousandths; null where it is null.
  static func tenThousandths(_ column: String) -> String { "CAST(round(\(column) * \(scale)) AS INTEGER)" }
  /// SQL of the sum over events, in ten-thousandths.
  static func total(_ column: String) -> String { "coalesce(sum(\(tenThousandths(column))), 0)" }

  /// A value in ten-thousandths.
  static func tenThousandths(of value: Double) -> Int64 { Int64((value * Double(scale)).rounded()) }
}

/// Cooperation or conflict, as quad classes tell them (domain §3).
enum QuadClass {
  private static let cooperative: ClosedRange<Int64> = 1...2
  private static let conflictual: ClosedRange<Int64> = 3...4

  static func isCooperative(_ quad: Int64) -> Bool { cooperative.contains(quad) }
  static func isConflictual(_ quad: Int64) -> Bool { conflictual.contains(quad) }

  /// The same as conditions on a column.
  static func isCooperative(_ column: String) -> String { condition(column, cooperative) }
  static func isConflictual(_ column: String) -> String { condition(column, conflictual) }

  private static func condition(_ column: String, _ quads: ClosedRange<Int64>) -> String {
    "\(column) IN (\(quads.map(String.init).joined(separator: ", ")))"
  }
}
