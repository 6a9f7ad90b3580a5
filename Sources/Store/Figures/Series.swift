internal import Records
package import SQL

/// Counts over time as rows of an answer: those that there are or all buckets from the first to the last, each for itself or with all
/// before it.
package struct Series {
  /// How its rows are shown.
  package struct Form {
    /// Buckets in which nothing was are rows, too.
    package let isFilled: Bool
    /// Each row is the total up to its bucket.
    package let isCumulative: Bool

    package init(isFilled: Bool, isCumulative: Bool) {
      self.isFilled = isFilled
      self.isCumulative = isCumulative
    }
  }

  /// Gives `time`, the keys and the sums.
  package let counted: SQLFragment
  /// Its groups.
  package var keys: [String] = []
  package let sums: [String]
  package let bucket: Bucket
  /// As far as it is filled, where nothing was there either.
  package let span: DaySpan
  package let form: Form

  /// The rows of a page: the time, the keys, and what is told of the sums.
  package func sql(_ told: [SQLFragment], _ page: FigurePage) -> SQLFragment {
    let tables: SQLFragment = form.isFilled ? "WITH RECURSIVE \(filled(page)) " : ""
    var source: SQLFragment = form.isFilled ? "filled" : "(\(counted))"
    if form.isCumulative { source = "(\(raw: running) FROM \(source))" }
    let skipped: SQLFragment = form.isFilled ? "(SELECT skipped FROM page)" : "\(page.offset)"
    let shown = ([SQLFragment(raw: list(["time"] + keys))] + told).joined(separator: ", ")
    return """
      \(tables)SELECT \(shown) FROM \(source) ORDER BY \(raw: list(["time"] + keys)) LIMIT \(page.limit + 1) OFFSET \(skipped)
      """
  }

  /// Totals up to each bucket, of each group.
  private var running: String {
    let partition = keys.isEmpty ? "" : "PARTITION BY \(list(keys)) "
    return "SELECT \(list(["time"] + keys + sums.map { "sum(\($0)) OVER (\(partition)ORDER BY time) AS \($0)" }))"
  }

  /// Tables up to `filled`: each group in each bucket that the page shows a part of. All buckets could be millions.
  private func filled(_ page: FigurePage) -> SQLFragment {
    let (from, to) = (span.reaching ?? span.first, span.last)
    let least = from.map { Dialect.least("coalesce(min(time), '9999-12-31')", "\(bucket.start(of: $0))") } ?? "min(time)"
    let greatest = to.map { Dialect.greatest("coalesce(max(time), '')", "\(bucket.start(of: $0))") } ?? "max(time)"
    let groups = keys.isEmpty ? "SELECT 1" : "SELECT DISTINCT \(list(keys)) FROM counted"
    let later = { (rows: Int) in Dialect.later("first", "\(rows) / size", of: bucket) }
    let next = Dialect.next("time", of: bucket)
    // The totals of a page begin with all that was before it.
    let time = form.isCumulative ? Dialect.greatest("time", "first") : "time"
    let start = form.isCumulative ? "" : "time >= first AND "
    return """
      counted AS MATERIALIZED (\(counted)), grp AS MATERIALIZED (\(raw: groups)), \
      span(first, last, size) AS MATERIALIZED (\
      SELECT \(least), \(greatest), (SELECT \(Dialect.greatest("count(*)", "1")) FROM grp) FROM counted), \
      page(first, last, skipped) AS MATERIALIZED (SELECT \(later(page.offset)), \
      \(Dialect.least("last", "coalesce(\(later(page.offset + page.limit)), last)")), \(page.offset) % size FROM span), \
      bucket(time) AS (SELECT first FROM page WHERE first <= last UNION ALL SELECT \(next) FROM bucket, page WHERE \(next) <= last), \
      filled AS (SELECT \(raw: list(["time"] + keys + sums.map { "sum(\($0)) AS \($0)" })) FROM (\
      SELECT \(raw: list(["time"] + keys + sums.map { "0 AS \($0)" })) FROM bucket \(raw: Dialect.joinInOrder) grp UNION ALL \
      SELECT \(time)\(raw: (keys + sums).map { ", \($0)" }.joined()) FROM counted \(raw: Dialect.joinInOrder) page \
      WHERE \(raw: start)time <= last) GROUP BY \(raw: list(["time"] + keys)))
      """
  }

  private func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}
