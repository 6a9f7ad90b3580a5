internal import Records
package import SQL

/// A time series: the buckets with counts or all buckets from first to last, per bucket or cumulative.
package struct Series {
  /// The two options of a series.
  package struct Form {
    /// Empty buckets are rows too, with zeros.
    package let isFilled: Bool
    /// Each row is the running total up to its bucket.
    package let isCumulative: Bool

    /// - Parameters:
    ///   - isFilled: empty buckets get rows with zeros.
    ///   - isCumulative: sums are running totals per group.
    package init(isFilled: Bool, isCumulative: Bool) {
      self.isFilled = isFilled
      self.isCumulative = isCumulative
    }
  }

  /// A SELECT of `time`, the keys and the sums.
  package let counted: SQLFragment
  /// Names of the group columns of `counted`.
  package var keys: [String] = []
  /// Names of the summed columns of `counted`.
  package let sums: [String]
  /// The step between rows.
  package let bucket: Bucket
  /// A filled series reaches at least over these days, even where nothing is counted.
  package let span: DaySpan
  /// Filled or not, cumulative or not.
  package let form: Form

  /// The SELECT of a page: `time`, the keys, and the given expressions; one row more than the limit if more follow.
  ///
  /// - Parameter told: result expressions over the names in `sums`.
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

  /// Running totals per group.
  private var running: String {
    let partition = keys.isEmpty ? "" : "PARTITION BY \(list(keys)) "
    return "SELECT \(list(["time"] + keys + sums.map { "sum(\($0)) OVER (\(partition)ORDER BY time) AS \($0)" }))"
  }

  /// The WITH tables up to `filled`: each group in each bucket of the page. Filling all buckets could make millions of rows.
  private func filled(_ page: FigurePage) -> SQLFragment {
    let (from, to) = (span.reaching ?? span.first, span.last)
    let least = from.map { Dialect.least("coalesce(min(time), '9999-12-31')", "\(bucket.start(of: $0))") } ?? "min(time)"
    let greatest = to.map { Dialect.greatest("coalesce(max(time), '')", "\(bucket.start(of: $0))") } ?? "max(time)"
    let groups = keys.isEmpty ? "SELECT 1" : "SELECT DISTINCT \(list(keys)) FROM counted"
    let later = { (rows: Int) in Dialect.later("first", "\(rows) / size", of: bucket) }
    let next = Dialect.next("time", of: bucket)
    // The running totals of a page include everything before it.
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
