internal import Formats
internal import SQL

/// Events per day, week, month, quarter or year, by up to two fields.
enum Timeline {
  static let analytic = Analytic(
    "analytics/timeline", "Events by time: a row for each bucket and group.",
    [
      .word("bucket", Bucket.self, usual: .month, "Length of a bucket, which is named by its first day."),
      .groups("group_by", of: Events.resource, max: maxGroups, example: "type"),
      .words("metric", Metric.allCases.map(\.rawValue), "What is told of each bucket and group; the count without it."),
      .word("fill", Fill.self, usual: .none, "`zero` adds the buckets in which nothing was."),
      .flag("cumulative", "Totals up to each bucket."),
    ], columns: [Figures.time] + Grouping.all(of: Events.resource).map(\.column) + Metric.allCases.map(\.column)
  ) { responder, _, parameters in
    try responder.answer(parameters) { try figures(parameters, try responder.events(parameters)) }
  }

  /// What is told of each bucket and group.
  private enum Metric: String, CaseIterable {
    case count
    case goldsteinCount = "goldstein_count"
    case meanGoldstein = "mean_goldstein"
    case sumGoldstein = "sum_goldstein"

    var column: Column {
      switch self {
      case .count: Figures.count
      case .goldsteinCount: Figures.goldsteinCount
      case .meanGoldstein: Figures.meanGoldstein
      case .sumGoldstein: Figures.sumGoldstein
      }
    }

    /// Of the counts `n`, `gn` and `gs`.
    var sql: String {
      switch self {
      case .count: "n"
      case .goldsteinCount: "gn"
      case .meanGoldstein: Goldstein.mean(sum: "gs", count: "gn")
      case .sumGoldstein: Goldstein.sum("gs", count: "gn")
      }
    }
  }

  private enum Fill: String, CaseIterable {
    case none, zero
  }

  private static let maxGroups = 2

  private static func figures(_ parameters: Parameters, _ events: @autoclosure () throws -> EventQuestion) throws -> Figures {
    let bucket = parameters.word("bucket", Bucket.month)
    let groups = Grouping.read(parameters.words("group_by"), "group_by", of: Events.resource, max: maxGroups, parameters)
    let metrics = metrics(parameters)
    let fill = parameters.word("fill", Fill.none)
    let isCumulative = parameters.flag("cumulative")
    let question = try events()
    let counts = EventCounts(
      question, bucket: bucket, groups: groups, needsGoldstein: metrics.contains { $0 != .count })
    let keys = groups.indices.map { "g\($0 + 1)" }
    var source = "(\(counts.sql))"
    var tables = ""
    if fill == .zero {
      tables = "WITH RECURSIVE \(filled(counts.sql, keys, bucket, counts.span)) "
      source = "filled"
    }
    if isCumulative { source = "(\(running(keys)) FROM \(source))" }
    let selected = (["time"] + keys + metrics.map(\.sql)).joined(separator: ", ")
    return Figures(
      columns: [Figures.time] + groups.map(\.column) + metrics.map(\.column),
      sql: "\(tables)SELECT \(selected) FROM \(source) ORDER BY \((["time"] + keys).joined(separator: ", "))", values: counts.values)
  }

  private static func metrics(_ parameters: Parameters) -> [Metric] {
    let words = parameters.words("metric")
    let metrics = words.compactMap { word in
      let metric = Metric(rawValue: word)
      if metric == nil { parameters.notAWord("metric", word, Metric.allCases.map(\.rawValue)) }
      return metric
    }
    return words.isEmpty ? [.count] : metrics
  }

  /// Totals up to each bucket, of each group.
  private static func running(_ keys: [String]) -> String {
    let partition = keys.isEmpty ? "" : "PARTITION BY \(keys.joined(separator: ", ")) "
    let sums = ["n", "gn", "gs"].map { "sum(\($0)) OVER (\(partition)ORDER BY time) AS \($0)" }
    return "SELECT \((["time"] + keys + sums).joined(separator: ", "))"
  }

  /// Tables up to `filled`: each group in each bucket from the first to the last, or as far as the filter says.
  private static func filled(_ counted: String, _ keys: [String], _ bucket: Bucket, _ span: DaySpan) -> String {
    let (from, to) = (span.reaching ?? span.first, span.last)
    // Dates that were read, so they need no binding.
    let first = from.map { "min(coalesce(min(time), '9999'), '\(bucket.start(of: $0))')" } ?? "min(time)"
    let last = to.map { "max(coalesce(max(time), ''), '\(bucket.start(of: $0))')" } ?? "max(time)"
    let groups = keys.isEmpty ? "SELECT 1" : "SELECT DISTINCT \(keys.joined(separator: ", ")) FROM counted"
    let isSame = (["counted.time = bucket.time"] + keys.map { "counted.\($0) IS grp.\($0)" }).joined(separator: " AND ")
    let sums = ["n", "gn", "gs"].map { "coalesce(counted.\($0), 0) AS \($0)" }
    let selected = (["bucket.time AS time"] + keys.map { "grp.\($0) AS \($0)" } + sums).joined(separator: ", ")
    return """
      counted AS MATERIALIZED (\(counted)), \
      span(first, last) AS MATERIALIZED (SELECT \(first), \(last) FROM counted), \
      bucket(time) AS (SELECT first FROM span WHERE first <= last UNION ALL \
      SELECT date(time, '\(bucket.step)') FROM bucket, span WHERE date(time, '\(bucket.step)') <= last), \
      grp AS MATERIALIZED (\(groups)), \
      filled AS (SELECT \(selected) FROM bucket CROSS JOIN grp LEFT JOIN counted ON \(isSame))
      """
  }
}
