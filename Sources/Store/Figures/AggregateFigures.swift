internal import Formats
package import Records
package import SQL

/// Any resource in groups, from its declaration alone.
package enum AggregateFigures {
  /// A condition on a group: what it says of a metric.
  package struct Condition {
    package let metric: Metric
    /// How the metric is compared.
    package let sign: Sign
    /// What it is compared with: a number, a day or a moment.
    package let bound: SQLValue

    package init(metric: Metric, sign: Sign, bound: SQLValue) {
      self.metric = metric
      self.sign = sign
      self.bound = bound
    }
  }

  /// A comparison, by the word that asks for it.
  package enum Sign: String, CaseIterable {
    case eq, ne, gt, gte, lt, lte

    fileprivate var sql: String {
      switch self {
      case .eq: "="
      // As in lists: what is not known is not equal.
      case .ne: "IS NOT"
      case .gt: ">"
      case .gte: ">="
      case .lt: "<"
      case .lte: "<="
      }
    }
  }

  /// A column of the answer by its place, and a direction.
  package struct Order {
    package let place: Int
    package let isDescending: Bool

    package init(place: Int, isDescending: Bool) {
      self.place = place
      self.isDescending = isDescending
    }
  }

  package static func rows(of list: ListQuery, by groups: [Grouping], _ metrics: [Metric], having conditions: [Condition], _ order: [Order])
    -> Figures
  {
    let select = (groups.map(\.expression) + metrics.map(\.sql)).joined(separator: ", ")
    let kept = conditions.map { "\($0.metric.sql) \(raw: $0.sign.sql) \($0.bound)" as SQLFragment }.joined(separator: " AND ")
    let havingKept: SQLFragment = kept.isEmpty ? "" : " HAVING \(kept)"
    // One row has no order; a constant is none either.
    let places = order.isEmpty ? "1" : order.map { "\($0.place + 1)\($0.isDescending ? " DESC" : "")" }.joined(separator: ", ")
    let tail: SQLFragment = "\(groups.condition)\(groups.groupBy())\(havingKept) ORDER BY \(raw: places)"
    let rows = ListSQL(grouping: list, select: select, joining: groups.joining, tail: tail)
    return Figures(columns: groups.map(\.column) + metrics.map(\.column), sql: rows.statement)
  }

  // MARK: Metrics

  /// How a column becomes one number or date.
  package enum Function: String, CaseIterable {
    case sum, avg, min, max

    package func sql(_ column: Column) -> SQLFragment {
      let value: SQLFragment = "\(raw: column.sql("r"))"
      let sum = column.kind == .real ? Self.sum(ofReals: value) : "sum(\(value))"
      return switch self {
      case .sum: sum
      case .avg: Dialect.rounded("\(sum) * 1.0 / count(\(value))", 6)
      case .min, .max: "\(raw: rawValue)(\(value))"
      }
    }

    /// Millionths are added as whole numbers: in binary the mean of many times 1.9 would be less than the least of them. What a value has
    /// beyond its millionths is added apart, so that the sum is exact to six decimals however many there are.
    private static func sum(ofReals value: SQLFragment) -> SQLFragment {
      let (whole, rest) = (Dialect.parts(1_000_000, of: value), Dialect.rest(beyond: 1_000_000, of: value))
      return Dialect.rounded("(sum(\(whole)) + sum(\(rest))) / 1000000.0", 6)
    }

    package func takes(_ column: Column) -> Bool {
      switch column.kind {
      case .integer, .real: column.number != StandardColumns.idNumber
      case .date, .period, .timestamp: self == .min || self == .max
      default: false
      }
    }
  }

  package struct Metric {
    fileprivate let sql: SQLFragment
    package let column: Column

    package static let count = Metric(sql: "count(*)", column: Figures.count)

    package init(sql: SQLFragment, column: Column) {
      self.sql = sql
      self.column = column
    }

    package init(_ function: Function, of column: Column) {
      sql = function.sql(column)
      let type: FieldType = function == .avg ? .real(column.reals) : column.field.type
      self.column = Figures.column("\(function.rawValue)_\(column.name)", type)
    }
  }

  /// All that a resource's metrics can be, as they are written.
  package static func words(_ resource: Resource) -> [String] {
    ["count"]
      + Function.allCases.flatMap { function in
        resource.columns.filter { $0.isFilterable && function.takes($0) }.map { "\(function.rawValue):\($0.name)" }
      }
  }

  /// The metric that is written so; `nil` where the resource has none.
  package static func known(_ word: String, _ resource: Resource) -> Metric? {
    if word == "count" { return .count }
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let function = Function(rawValue: parts[0]), let column = resource.column(parts[1]), column.isFilterable,
      function.takes(column)
    else { return nil }
    return Metric(function, of: column)
  }
}
