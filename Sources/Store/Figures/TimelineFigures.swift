internal import Formats
package import Records
package import SQL

/// Events per day, week, month, quarter or year, by up to two fields.
package enum TimelineFigures {
  /// A figure per bucket and group, named as in a request.
  package enum Metric: String, CaseIterable {
    case count
    case goldsteinCount = "goldstein_count"
    case meanGoldstein = "mean_goldstein"
    case sumGoldstein = "sum_goldstein"

    /// Name and type of the metric in the answer.
    package var column: Column {
      switch self {
      case .count: Figures.count
      case .goldsteinCount: Figures.goldsteinCount
      case .meanGoldstein: Figures.meanGoldstein
      case .sumGoldstein: Figures.sumGoldstein
      }
    }

    /// SQL over the counts `n`, `gn` and `gs`.
    package var sql: SQLFragment {
      switch self {
      case .count: "n"
      case .goldsteinCount: "gn"
      case .meanGoldstein: Goldstein.mean(sum: "gs", count: "gn")
      case .sumGoldstein: Goldstein.sum("gs", count: "gn")
      }
    }
  }

  /// One row per bucket and group: time, groups, metrics.
  package static func rows(of question: EventQuestion, by bucket: Bucket, _ groups: [Grouping], _ metrics: [Metric], _ form: Series.Form)
    -> Figures
  {
    let counts = EventCounts(question, bucket: bucket, groups: groups, needsGoldstein: metrics.contains { $0 != .count })
    let series = Series(
      counted: counts.sql, keys: groups.indices.map { "g\($0 + 1)" }, sums: ["n", "gn", "gs"], bucket: bucket, span: counts.span, form: form
    )
    return Figures(columns: [Figures.time] + groups.map(\.column) + metrics.map(\.column)) { page in
      series.sql(metrics.map(\.sql), page)
    }
  }
}
