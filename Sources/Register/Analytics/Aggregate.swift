internal import Formats
internal import Records
internal import SQL

/// Any resource in groups: `group_by`, `metric`, `having` and `sort`, from its declaration alone.
enum Aggregate {
  static func analytic(of resource: Resource) -> Analytic {
    Analytic(
      "\(resource.path)/aggregate", "\(resource.name) in groups.",
      [
        .groups("group_by", of: resource, max: maxGroups),
        .words("metric", words(resource), max: maxMetrics, metricDoc, example: "count"),
        .query(
          "having", ["type": "string", "pattern": "^[a-z_:]+__(?:eq|ne|gt|gte|lt|lte):[^,]+$"],
          "Conditions on a metric, with commas between them: `count__gte:10`.", example: "count__gte:1"),
        .query(
          "sort", ["type": "string", "pattern": "^-?[a-z_]+(?:,-?[a-z_]+)*$"], "Groups and metrics, `-` for the largest first.",
          example: "-count"),
      ],
      columns: Grouping.all(of: resource).map(\.column) + words(resource).compactMap { word in known(word, resource)?.column },
      filters: resource
    ) { context, _, parameters in
      try context.answer(parameters) {
        try figures(resource, parameters) { try context.list(resource, parameters) }
      }
    }
  }

  private static let metricDoc =
    "What is told of each group; the count without it. Sums are exact to six decimals and means rounded to as many; `having` asks what is shown."
  private static let maxGroups = 4
  private static let maxMetrics = 16

  private static func figures(_ resource: Resource, _ parameters: Parameters, _ list: () throws -> ListQuery) throws -> Figures {
    let groups = Grouping.read(parameters.words("group_by"), "group_by", of: resource, parameters)
    let metrics = metrics(resource, parameters)
    let columns = groups.map(\.column) + metrics.map(\.column)
    let order = order(columns, groups.count, parameters)
    let conditions = parameters.parts("having").compactMap { having($0, resource, parameters) }
    let select = (groups.map(\.expression) + metrics.map(\.sql)).joined(separator: ", ")
    let kept = conditions.map { "\($0.metric.sql) \(raw: $0.sign) \($0.bound[0])" as SQLFragment }.joined(separator: " AND ")
    let havingKept: SQLFragment = kept.isEmpty ? "" : " HAVING \(kept)"
    let tail: SQLFragment = "\(groups.condition)\(groups.groupBy())\(havingKept) ORDER BY \(raw: order)"
    let rows = ListSQL(grouping: try list(), select: select, joining: groups.joining, tail: tail)
    return Figures(columns: columns, sql: rows.statement)
  }

  // MARK: Metrics

  /// How a column becomes one number or date.
  private enum Function: String, CaseIterable {
    case sum, avg, min, max

    func sql(_ column: Column) -> SQLFragment {
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

    func takes(_ column: Column) -> Bool {
      switch column.kind {
      case .integer, .real: column.number != StandardColumns.idNumber
      case .date, .period, .timestamp: self == .min || self == .max
      default: false
      }
    }
  }

  private struct Metric {
    let sql: SQLFragment
    let column: Column

    static let count = Metric(sql: "count(*)", column: Figures.count)

    init(sql: SQLFragment, column: Column) {
      self.sql = sql
      self.column = column
    }

    init(_ function: Function, of column: Column) {
      sql = function.sql(column)
      let type: FieldType = function == .avg ? .real(column.reals) : column.field.type
      self.column = Figures.column("\(function.rawValue)_\(column.name)", type)
    }
  }

  /// All that a resource's metrics can be, as they are written.
  private static func words(_ resource: Resource) -> [String] {
    ["count"]
      + Function.allCases.flatMap { function in
        resource.columns.filter { $0.isFilterable && function.takes($0) }.map { "\(function.rawValue):\($0.name)" }
      }
  }

  private static func metrics(_ resource: Resource, _ parameters: Parameters) -> [Metric] {
    let words = parameters.words("metric")
    return words.isEmpty ? [.count] : words.compactMap { known($0, resource) }
  }

  /// `count` or `avg:goldstein`.
  private static func metric(_ word: String, _ parameter: String, _ resource: Resource, _ parameters: Parameters) -> Metric? {
    guard let metric = known(word, resource) else {
      parameters.notAWord(parameter, word, words(resource))
      return nil
    }
    return metric
  }

  private static func known(_ word: String, _ resource: Resource) -> Metric? {
    if word == "count" { return .count }
    let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let function = Function(rawValue: parts[0]), let column = resource.column(parts[1]), column.isFilterable,
      function.takes(column)
    else { return nil }
    return Metric(function, of: column)
  }

  // MARK: Having

  private struct Condition {
    let metric: Metric
    let sign: String
    let bound: Values
  }

  private static let signs = [("eq", "="), ("ne", "IS NOT"), ("gt", ">"), ("gte", ">="), ("lt", "<"), ("lte", "<=")]

  /// `count__gte:10`, `avg:goldstein__lt:-2.5`, `max:start_date__gte:2024-01-01`.
  private static func having(_ text: String, _ resource: Resource, _ parameters: Parameters) -> Condition? {
    guard let at = text.range(of: "__"), let colon = text[at.upperBound...].firstIndex(of: ":") else {
      parameters.fault(
        "having", "malformed_value", "a metric, an operator and a value are wanted, as count__gte:10, not \"\(text.prefix(80))\"")
      return nil
    }
    let word = String(text[at.upperBound..<colon])
    let sign = signs.first { $0.0 == word }?.1
    if sign == nil { parameters.notAWord("having", word, signs.map(\.0)) }
    guard let metric = metric(String(text[..<at.lowerBound]), "having", resource, parameters), let sign else { return nil }
    let bound = Values()
    let value = String(text[text.index(after: colon)...])
    guard append(value, for: metric.column, to: bound) else {
      parameters.fault("having", "malformed_value", "\"\(value.prefix(40))\" is nothing that \(metric.column.name) can be compared with")
      return nil
    }
    return Condition(metric: metric, sign: sign, bound: bound)
  }

  private static func append(_ value: String, for column: Column, to bound: Values) -> Bool {
    switch column.kind {
    case .date, .period:
      guard let date = CalendarDate(iso: value) else { return false }
      bound.append(text: date.description)
    case .timestamp:
      guard let moment = try? Timestamp.parse(value) else { return false }
      bound.append(integer: moment)
    default:
      guard let number = Double(value), number.isFinite else { return false }
      bound.append(real: number)
    }
    return true
  }

  // MARK: Order

  /// Places of columns, as `2 DESC, 1`: the largest count first, and groups in their order.
  private static func order(_ columns: [Column], _ groups: Int, _ parameters: Parameters) -> String {
    var keys: [(place: Int, isDescending: Bool)] = []
    for word in parameters.parts("sort") {
      let name = word.hasPrefix("-") ? String(word.dropFirst()) : word
      if let place = columns.firstIndex(where: { $0.name == name }) {
        keys.append((place, word.hasPrefix("-")))
      } else {
        parameters.notAWord("sort", name, columns.map(\.name))
      }
    }
    if keys.isEmpty, let count = columns.firstIndex(where: { $0 === Figures.count }) { keys.append((count, true)) }
    for place in 0..<groups where !keys.contains(where: { $0.place == place }) { keys.append((place, false)) }
    // One row has no order; a constant is none either.
    guard !keys.isEmpty else { return "1" }
    return keys.map { "\($0.place + 1)\($0.isDescending ? " DESC" : "")" }.joined(separator: ", ")
  }
}
