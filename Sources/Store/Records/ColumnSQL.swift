internal import Records
internal import SQL

extension Column {
  /// SQL of the column for a SELECT list or a WHERE clause; a computed column is its expression.
  ///
  /// - Parameter alias: of the table.
  package func sql(_ alias: String) -> String { field.computed?.sql(alias) ?? "\(alias).\(name)" }
}

extension Computed {
  /// - Parameter alias: of the table with the fields.
  fileprivate func sql(_ alias: String) -> String {
    switch self {
    case .isPast(let date, let exceptions):
      let isPast = "\(alias).\(date.name) IS NOT NULL AND \(alias).\(date.name) < \(Dialect.today.text)"
      let isLeft = exceptions.map { " AND \(alias).\($0.field.name) NOT IN (\($0.words.map { "'\($0)'" }.joined(separator: ", ")))" }
      return "(\(isPast)\(isLeft.joined()))"
    case .number(let field, let numbers):
      return "CASE \(alias).\(field.name)\(numbers.map { " WHEN '\($0.word)' THEN \($0.number)" }.joined()) END"
    }
  }
}
