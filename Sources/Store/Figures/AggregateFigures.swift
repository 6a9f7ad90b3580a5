internal import Formats
package import Records
package import SQL

/// Groups and aggregates any resource, using its declaration only.
package enum AggregateFigures {
  /// A condition on a group (HAVING): a metric compared with a constant.
  package struct Condition {
    /// The metric compared; it need not be shown.
    package let metric: Metric
    /// The comparison.
    package let sign: Sign
    /// The constant: a number, a date or a moment in Unix milliseconds.
    package let bound: SQLValue

    /// - Parameter bound: of the metric's type.
    package init(metric: Metric, sign: Sign, bound: SQLValue) {
      self.metric = metric
      self.sign = sign
      self.bound = bound
    }
  }

  /// A comparison, named as in a request.
  package enum Sign: String, CaseIterable {
    case eq, ne, gt, gte, lt, lte

    fileprivate var sql: String {
      switch self {
      case .eq: "="
      // As in lists: null is not equal to a value.
      case .ne: "IS NOT"
      case .gt: ">"
      case .gte: ">="
      case .lt: "<"
      case .lte: "<="
      }
    }
  }

  /// A sort key: a column of the answer and a direction.
  package struct Order {
    /// The column's position in the answer, from 0: groups first, then metrics.
    package let place: Int
    /// Largest first; nulls then come last.
    package let isDescending: Bool

    /// - Parameter place: from 0.
    package init(place: Int, isDescending: Bool) {
      self.place = place
      self.isDescending = isDescending
    }
  }

  /// One row per group: the groups' values, then the metrics.
  ///
  /// - Parameters:
  ///   - list: the filters; its own order and limit are ignored.
  ///   - groups: none gives one row over all records.
  ///   - conditions: a group must meet all of them (HAVING).
  ///   - order: sort columns; by default the first column.
  package static func rows(of list: ListQuery, by groups: [Grouping], _ metrics: [Metric], having conditions: [Condition], _ order: [Order])
    -> Figures
  {
    let select = (groups.map(\.expression) + metrics.map(\.sql)).joined(separator: ", ")
    let kept = conditions.map { "\($0.metric.sql) \(raw: $0.sign.sql) \($0.bound)" as SQLFragment }.joined(separator: " AND ")
    let havingKept: SQLFragment = kept.isEmpty ? "" : " HAVING \(kept)"
    // By default the first column.
    let keys = order.map { key($0, groups) }
    let places = keys.isEmpty ? "1" : keys.joined(separator: ", ")
    let tail: SQLFragment = "\(groups.condition)\(groups.groupBy())\(havingKept) ORDER BY \(places)"
    let rows = ListSQL(grouping: list, select: select, joining: groups.joining, tail: tail)
    return Figures(columns: groups.map(\.column) + metrics.map(\.column), sql: rows.statement)
  }

  /// Names in the order of lists, without case and diacritics; where these are the same, by their bytes.
  private static func key(_ order: Order, _ groups: [Grouping]) -> SQLFragment {
    let place = Dialect.order(by: "\(raw: String(order.place + 1))", isDescending: order.isDescending)
    guard order.place < groups.count, groups[order.place].column.isFolded else { return place }
    return "\(Dialect.order(by: Dialect.folded(groups[order.place].expression), isDescending: order.isDescending)), \(place)"
  }

  // MARK: Metrics

  /// An aggregate function, named as in a request.
  package enum Function: String, CaseIterable {
    case sum, avg, min, max

    /// SQL of the function over `column` of the row `r`; null when no record has a value. Real sums and means are exact to 6 decimals.
    package func sql(_ column: Column) -> SQLFragment {
      let value: SQLFragment = "\(raw: column.sql("r"))"
      let sum = column.kind == .real ? Self.sum(ofReals: value) : "sum(\(value))"
      return switch self {
      case .sum: column.kind == .real ? Dialect.rounded(sum, 6) : sum
      case .avg: Dialect.rounded("\(sum) * 1.0 / count(\(value))", 6)
      case .min, .max: "\(raw: rawValue)(\(value))"
      }
    }

    /// Adds millionths as integers: in binary floating point the mean of many 1.9s would be below their minimum. The rest beyond millionths
    /// is summed separately, so the sum is exact to six decimals for any number of values; it is rounded where it is shown.
    private static func sum(ofReals value: SQLFragment) -> SQLFragment {
      let (whole, rest) = (Dialect.parts(1_000_000, of: value), Dialect.rest(beyond: 1_000_000, of: value))
      return "(sum(\(whole)) + sum(\(rest))) / 1000000.0"
    }

    /// Whether the function is defined for the column: numbers take all four, dates and moments only `min` and `max`.
    package func takes(_ column: Column) -> Bool {
      switch column.kind {
      case .integer, .real: column.number != StandardColumns.idNumber
      case .date, .period, .timestamp: self == .min || self == .max
      default: false
      }
    }
  }

  /// One aggregate column of the answer.
  package struct Metric {
    fileprivate let sql: SQLFragment
    /// Name and type in the answer, such as `avg_progress`.
    package let column: Column

    /// The number of records.
    package static let count = Metric(sql: "count(*)", column: Figures.count)

    /// - Parameters:
    ///   - sql: an aggregate over the row `r`.
    ///   - column: name and type in the answer.
    package init(sql: SQLFragment, column: Column) {
      self.sql = sql
      self.column = column
    }

    /// `function` of `column`, named `function_column`; a mean is a real whatever the column is.
    package init(_ function: Function, of column: Column) {
      sql = function.sql(column)
      let type: FieldType = function == .avg ? .real(column.reals) : column.field.type
      self.column = Figures.column("\(function.rawValue)_\(column.name)", type)
    }
  }

  /// Every metric of a resource as a request writes it: `count`, or `function:column`.
  package static func words(_ resource: Resource) -> [String] {
    ["count"]
      + Function.allCases.flatMap { function in
        resource.columns.filter { $0.isFilterable && function.takes($0) }.map { "\(function.rawValue):\($0.name)" }
      }
  }

  /// Parses a metric such as `avg:progress`; `nil` when the resource has no such metric.
  package static func known(_ word: String, _ resource: Resource) -> Metric? {
    if word == "count" { return .count }
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let function = Function(rawValue: parts[0]), let column = resource.column(parts[1]), column.isFilterable,
      function.takes(column)
    else { return nil }
    return Metric(function, of: column)
  }
}
