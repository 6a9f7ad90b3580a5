internal import Formats
internal import Records
internal import SQL
internal import Store

/// Groups any resource: `group_by`, `metric`, `having` and `sort`, from its declaration alone.
enum Aggregate {
  static func analytic(of resource: Resource) -> Analytic {
    Analytic(
      "\(resource.path)/aggregate", "\(resource.name) in groups, with metrics.",
      [
        .groups("group_by", of: resource, max: maxGroups),
        .words("metric", AggregateFigures.words(resource), max: maxMetrics, metricDoc, example: "count"),
        .query(
          "having", ["type": "string", "pattern": "^[a-z_:]+__(?:eq|ne|gt|gte|lt|lte):[^,]+$"],
          "Conditions on metrics, separated by commas: `count__gte:10`.", example: "count__gte:1"),
        .query(
          "sort", ["type": "string", "pattern": "^-?[a-z_]+(?:,-?[a-z_]+)*$"], "Groups and metrics to sort by; `-` means largest first.",
          example: "-count"),
      ],
      columns: Grouping.all(of: resource).map(\.column)
        + AggregateFigures.words(resource).compactMap { word in AggregateFigures.known(word, resource)?.column },
      filters: resource
    ) { context, _, parameters in
      try context.answer(parameters, figures: { try figures(resource, parameters) { try context.list(resource, parameters) } })
    }
  }

  private static let metricDoc =
    "The metrics of each group; the default is the count. Sums are exact to six decimals, means are rounded to six, and `having` tests the values shown."
  private static let maxGroups = 4
  private static let maxMetrics = 16

  private static func figures(_ resource: Resource, _ parameters: Parameters, _ list: () throws -> ListQuery) throws -> Figures {
    let groups = Grouping.read(parameters.words("group_by"), "group_by", of: resource, parameters)
    let words = parameters.words("metric")
    let metrics = words.isEmpty ? [.count] : words.compactMap { AggregateFigures.known($0, resource) }
    let order = order(groups.map(\.column) + metrics.map(\.column), groups.count, parameters)
    let conditions = parameters.parts("having").compactMap { having($0, resource, parameters) }
    return AggregateFigures.rows(of: try list(), by: groups, metrics, having: conditions, order)
  }

  // MARK: Having

  /// `count__gte:10`, `avg:goldstein__lt:-2.5`, `max:start_date__gte:2024-01-01`.
  private static func having(_ text: String, _ resource: Resource, _ parameters: Parameters) -> AggregateFigures.Condition? {
    guard let at = text.range(of: "__"), let colon = text[at.upperBound...].firstIndex(of: ":") else {
      parameters.fault(
        "having", "malformed_value", "expected a metric, an operator and a value, such as count__gte:10, not \"\(text.prefix(80))\"")
      return nil
    }
    let word = String(text[at.upperBound..<colon])
    let sign = AggregateFigures.Sign(rawValue: word)
    if sign == nil { parameters.unknownOperator("having", word, AggregateFigures.Sign.allCases.map(\.rawValue)) }
    let name = String(text[..<at.lowerBound])
    let metric = AggregateFigures.known(name, resource)
    if metric == nil { parameters.notAWord("having", name, AggregateFigures.words(resource)) }
    guard let metric, let sign else { return nil }
    let value = String(text[text.index(after: colon)...])
    guard let bound = bound(value, for: metric.column) else {
      parameters.fault("having", "malformed_value", "\"\(value.prefix(40))\" cannot be compared with \(metric.column.name)")
      return nil
    }
    return AggregateFigures.Condition(metric: metric, sign: sign, bound: bound)
  }

  private static func bound(_ value: String, for column: Column) -> SQLValue? {
    switch column.kind {
    case .date, .period: CalendarDate(iso: value).map { .text($0.description) }
    case .timestamp: (try? Timestamp.parse(value)).map { .integer($0) }
    default: Double(decimal: value).map { .real($0) }
    }
  }

  // MARK: Order

  /// The largest count first, then the groups in their order.
  private static func order(_ columns: [Column], _ groups: Int, _ parameters: Parameters) -> [AggregateFigures.Order] {
    var order: [AggregateFigures.Order] = []
    for word in parameters.parts("sort") {
      let name = word.hasPrefix("-") ? String(word.dropFirst()) : word
      if let place = columns.firstIndex(where: { $0.name == name }) {
        order.append(.init(place: place, isDescending: word.hasPrefix("-")))
      } else {
        parameters.notAWord("sort", name, columns.map(\.name))
      }
    }
    if order.isEmpty, let count = columns.firstIndex(where: { $0 === Figures.count }) {
      order.append(.init(place: count, isDescending: true))
    }
    for place in 0..<groups where !order.contains(where: { $0.place == place }) { order.append(.init(place: place, isDescending: false)) }
    return order
  }
}
