internal import Intake
internal import Records
internal import Store

/// Events by time: `/v1/analytics/timeline`.
enum Timeline {
  static let analytic = Analytic(
    "analytics/timeline", "Events by time: a row for each bucket and group.",
    [
      .word("bucket", Bucket.self, usual: .month, "Length of a bucket; its first day is its name."),
      .groups("group_by", of: Events.resource, max: maxGroups, example: "type"),
      .words("metric", TimelineFigures.Metric.allCases.map(\.rawValue), "The metrics of each bucket and group; the default is the count."),
    ] + Series.parameters,
    columns: [Figures.time] + Grouping.all(of: Events.resource).map(\.column) + TimelineFigures.Metric.allCases.map(\.column)
  ) { context, _, parameters in
    try context.answer(parameters) {
      let bucket = parameters.word("bucket", Bucket.month)
      let groups = Grouping.read(parameters.words("group_by"), "group_by", of: Events.resource, parameters)
      let metrics = parameters.words("metric").compactMap(TimelineFigures.Metric.init(rawValue:))
      let form = Series.Form(parameters)
      let events = try context.events(parameters)
      return { TimelineFigures.rows(of: events($0), by: bucket, groups, metrics.isEmpty ? [.count] : metrics, form) }
    }
  }

  private static let maxGroups = 2
}
