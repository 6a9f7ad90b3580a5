internal import Formats
internal import Records
internal import SQL

/// Events per day, week, month, quarter or year, by up to two fields.
enum Timeline {
  static let analytic = Analytic(
    "analytics/timeline", "Events by time: a row for each bucket and group.",
    [
      .word("bucket", Bucket.self, usual: .month, "Length of a bucket, which is named by its first day."),
      .groups("group_by", of: Events.resource, max: maxGroups, example: "type"),
      .words("metric", Metric.allCases.map(\.rawValue), "What is told of each bucket and group; the count without it."),
    ] + Series.parameters, columns: [Figures.time] + Grouping.all(of: Events.resource).map(\.column) + Metric.allCases.map(\.column)
  ) { context, _, parameters in
    try context.answer(parameters) { try figures(parameters, try context.events(parameters)) }
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
    var sql: SQLFragment {
      switch self {
      case .count: "n"
      case .goldsteinCount: "gn"
      case .meanGoldstein: Goldstein.mean(sum: "gs", count: "gn")
      case .sumGoldstein: Goldstein.sum("gs", count: "gn")
      }
    }
  }

  private static let maxGroups = 2

  private static func figures(_ parameters: Parameters, _ events: @autoclosure () throws -> EventQuestion) throws -> Figures {
    let bucket = parameters.word("bucket", Bucket.month)
    let groups = Grouping.read(parameters.words("group_by"), "group_by", of: Events.resource, parameters)
    let metrics = metrics(parameters)
    let form = Series.Form(parameters)
    let question = try events()
    let counts = EventCounts(
      question, bucket: bucket, groups: groups, needsGoldstein: metrics.contains { $0 != .count })
    let series = Series(
      counted: counts.sql, keys: groups.indices.map { "g\($0 + 1)" }, sums: ["n", "gn", "gs"], bucket: bucket, span: counts.span, form: form
    )
    return Figures(columns: [Figures.time] + groups.map(\.column) + metrics.map(\.column)) { page in
      series.sql(metrics.map(\.sql), page)
    }
  }

  private static func metrics(_ parameters: Parameters) -> [Metric] {
    let words = parameters.words("metric")
    return words.isEmpty ? [.count] : words.compactMap(Metric.init(rawValue:))
  }
}
