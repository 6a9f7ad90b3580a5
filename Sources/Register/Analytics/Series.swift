internal import HTTP
internal import Records

/// Counts over time as rows of an answer: those that there are or all buckets from the first to the last, each for itself or with all
/// before it.
struct Series {
  /// What whoever gives a series takes.
  static let parameters: [Parameter] = [
    .word("fill", Fill.self, usual: .none, "`zero` adds the buckets in which nothing was."),
    .flag("cumulative", "Totals up to each bucket."),
  ]

  private enum Fill: String, CaseIterable {
    case none, zero
  }

  /// What these say.
  struct Form {
    fileprivate let isFilled: Bool
    fileprivate let isCumulative: Bool

    init(_ parameters: Parameters) {
      isFilled = parameters.word("fill", Fill.none) == .zero
      isCumulative = parameters.flag("cumulative")
    }
  }

  /// Gives `time`, the keys and the sums.
  let counted: String
  /// Its groups.
  var keys: [String] = []
  let sums: [String]
  let bucket: Bucket
  /// As far as it is filled, where nothing was there either.
  let span: DaySpan
  let form: Form

  /// The rows of a page: the time, the keys, and what is told of the sums.
  func sql(_ told: [String], _ page: Parameters.Page) -> String {
    let tables = form.isFilled ? "WITH RECURSIVE \(filled(page)) " : ""
    var source = form.isFilled ? "filled" : "(\(counted))"
    if form.isCumulative { source = "(\(running) FROM \(source))" }
    let skipped = form.isFilled ? "(SELECT skipped FROM page)" : "\(page.offset)"
    return """
      \(tables)SELECT \(list(["time"] + keys + told)) FROM \(source) ORDER BY \(list(["time"] + keys)) \
      LIMIT \(page.limit + 1) OFFSET \(skipped)
      """
  }

  /// Totals up to each bucket, of each group.
  private var running: String {
    let partition = keys.isEmpty ? "" : "PARTITION BY \(list(keys)) "
    return "SELECT \(list(["time"] + keys + sums.map { "sum(\($0)) OVER (\(partition)ORDER BY time) AS \($0)" }))"
  }

  /// Tables up to `filled`: each group in each bucket that the page shows a part of. All buckets could be millions.
  private func filled(_ page: Parameters.Page) -> String {
    let (from, to) = (span.reaching ?? span.first, span.last)
    // Dates that were read, so they need no binding.
    let first = from.map { "min(coalesce(min(time), '9999-12-31'), '\(bucket.start(of: $0))')" } ?? "min(time)"
    let last = to.map { "max(coalesce(max(time), ''), '\(bucket.start(of: $0))')" } ?? "max(time)"
    let groups = keys.isEmpty ? "SELECT 1" : "SELECT DISTINCT \(list(keys)) FROM counted"
    let later = { (rows: Int) in "date(first, '+' || (\(rows) / size * \(bucket.step.count)) || ' \(bucket.step.unit)')" }
    let step = "date(time, '+\(bucket.step.count) \(bucket.step.unit)')"
    // The totals of a page begin with all that was before it.
    let (time, start) = form.isCumulative ? ("max(time, first)", "") : ("time", "time >= first AND ")
    return """
      counted AS MATERIALIZED (\(counted)), grp AS MATERIALIZED (\(groups)), \
      span(first, last, size) AS MATERIALIZED (SELECT \(first), \(last), (SELECT max(count(*), 1) FROM grp) FROM counted), \
      page(first, last, skipped) AS MATERIALIZED (SELECT \(later(page.offset)), \
      min(last, coalesce(\(later(page.offset + page.limit)), last)), \(page.offset) % size FROM span), \
      bucket(time) AS (SELECT first FROM page WHERE first <= last UNION ALL SELECT \(step) FROM bucket, page WHERE \(step) <= last), \
      filled AS (SELECT \(list(["time"] + keys + sums.map { "sum(\($0)) AS \($0)" })) FROM (\
      SELECT \(list(["time"] + keys + sums.map { "0 AS \($0)" })) FROM bucket CROSS JOIN grp UNION ALL \
      SELECT \(list([time] + keys + sums)) FROM counted CROSS JOIN page WHERE \(start)time <= last) GROUP BY \(list(["time"] + keys)))
      """
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
