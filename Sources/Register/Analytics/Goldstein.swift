/// Goldstein values in SQL. They are added in ten-thousandths, so that what is taken away again leaves nothing behind.
enum Goldstein {
  /// Null where no event has a value.
  static func mean(sum: String, count: String) -> String { "round(\(sum) / 10000.0 / \(count), 4)" }
  /// Null, too, where no event has a value: nothing is not the zero of things that cancel out.
  static func sum(_ sum: String, count: String) -> String { "CASE WHEN \(count) > 0 THEN \(sum) / 10000.0 END" }
  /// Of a column of events, null where it has none.
  static func tenThousandths(_ column: String) -> String { "CAST(round(\(column) * 10000) AS INTEGER)" }
  /// The sum over events.
  static func total(_ column: String) -> String { "coalesce(sum(\(tenThousandths(column))), 0)" }
}

/// What quad classes say, as conditions on their column.
enum QuadClass {
  static func isCooperative(_ column: String) -> String { "\(column) IN (1, 2)" }
  static func isConflictual(_ column: String) -> String { "\(column) IN (3, 4)" }
}
