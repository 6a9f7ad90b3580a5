internal import Formats
package import Records
package import SQL

/// Dyads: unordered pairs of stakeholders, and the events in which both took part, each event counted once.
package enum DyadFigures {
  /// The stakeholder whose code sorts first, by bytes.
  package static let a = Figures.column("a", .handleOf("stakeholders"))
  /// The other stakeholder.
  package static let b = Figures.column("b", .handleOf("stakeholders"))

  /// The figures of a dyad, without its two codes.
  package static let columns = [
    Figures.count, Figures.column("cooperative", .integer(0...Int64.max)), Figures.column("conflictual", .integer(0...Int64.max)),
    Figures.goldsteinCount, Figures.meanGoldstein, Figures.sumGoldstein,
  ]

  /// The sums that the rollups hold for a dyad.
  private static let sums = ["count", "cooperative", "conflictual", "goldstein_count", "goldstein_sum"]

  private static func summed(_ name: String) -> SQLFragment { "coalesce(sum(\(raw: name)), 0)" }

  /// SQL of `columns` over the stored sums: of one row, or added up over a group of rows.
  ///
  /// - Parameter areSummed: whether the statement groups several rows.
  package static func figures(areSummed: Bool) -> SQLFragment {
    let names = areSummed ? sums.map(summed) : sums.map { SQLFragment(raw: $0) }
    let (count, sum) = (names[3], names[4])
    let goldstein: SQLFragment = "\(count), \(Goldstein.mean(sum: sum, count: count)), \(Goldstein.sum(sum, count: count))"
    return "\(names[0]), \(names[1]), \(names[2]), \(goldstein)"
  }

  /// The sums over events `r`.
  private static let counts: SQLFragment = """
    count(*) AS count, count(*) FILTER (WHERE \(QuadClass.isCooperative("r.quad_class"))) AS cooperative, \
    count(*) FILTER (WHERE \(QuadClass.isConflictual("r.quad_class"))) AS conflictual, \
    count(r.goldstein) AS goldstein_count, \(EventCounts.goldsteinSum) AS goldstein_sum
    """

  private static func rollup(_ codes: [String], _ bucket: Bucket) -> SQLFragment {
    let isMonth = bucket == .month
    let time = isMonth ? "month" : Dialect.start(of: bucket, "month")
    let selected = sums.map { isMonth ? "\(raw: $0)" : "\(summed($0)) AS \(raw: $0)" as SQLFragment }.joined(separator: ", ")
    return """
      SELECT \(time) AS time, \(selected) FROM event_dyad_months WHERE a = \(codes[0]) AND b = \(codes[1])\
      \(raw: isMonth ? "" : " GROUP BY 1")
      """
  }

  private static func counted(_ list: ListQuery, _ bucket: Bucket) -> SQLFragment {
    let select: SQLFragment = "\(Dialect.start(of: bucket, "r.start_date")) AS time, \(counts)"
    return ListSQL(grouping: list, select: select, tail: " GROUP BY 1").statement
  }

  /// One dyad over time.
  ///
  /// - Parameters:
  ///   - codes: two different stakeholders, in any order.
  ///   - bucket: the length of a row.
  package static func rows(of codes: [String], _ question: EventQuestion, by bucket: Bucket, _ form: Series.Form) -> Figures {
    var list = question.list
    list.participants += codes.map { [$0] }
    let isCanned = question.isCanned() && bucket.isOfMonths
    let counts = isCanned ? rollup(codes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, bucket) : counted(list, bucket)
    let series = Series(counted: counts, sums: sums, bucket: bucket, span: DaySpan(list), form: form)
    return Figures(columns: [Figures.time] + columns) { series.sql([figures(areSummed: false)], $0) }
  }

  /// The dyads of `dyads`, sorted by one figure and then by their codes.
  ///
  /// - Parameter column: position of that figure in `columns`, from 0.
  package static func strongest(_ dyads: DyadRows, sortedBy column: Int, isDescending: Bool) -> Figures {
    let grouped = dyads.areTotals ? "" : " GROUP BY a, b"
    // Columns by position: their names could resolve to those of the inner rows.
    let order = Dialect.order(by: "\(raw: String(column + 3))", isDescending: isDescending)
    return Figures(
      columns: [a, b] + columns,
      sql: """
        SELECT a, b, \(figures(areSummed: !dyads.areTotals)) FROM (\(dyads.sql))\(raw: grouped) ORDER BY \(order), 1, 2
        """)
  }
}

/// A SELECT of dyads with their sums, `a` before `b`: one row of totals per dyad, or several rows to be added up.
package struct DyadRows {
  /// The SELECT, without order and limit.
  package private(set) var sql: SQLFragment
  /// Whether each dyad has one row.
  let areTotals: Bool
  /// Whether rows come from the rollups instead of the events.
  private let areStored: Bool

  /// - Parameter hasTotals: whether `event_dyads` is filled; an import may have left it out.
  package init(_ question: EventQuestion, hasTotals: Bool) {
    areStored = question.isCanned()
    areTotals = hasTotals && areStored
    guard !areStored else {
      sql = "SELECT * FROM \(raw: hasTotals ? DyadTotals.name : "event_dyad_months")"
      return
    }
    let parties = { (alias: String) in Dialect.elements(of: "r.participants", as: alias) }
    let party = { (alias: String) in Dialect.member("stakeholder", of: Dialect.element(alias)) }
    let rows = ListSQL(
      grouping: question.list,
      select: "DISTINCT r.id, \(party("x")) AS a, \(party("y")) AS b, r.quad_class AS quad, r.goldstein AS goldstein",
      joining: ", \(parties("x")), \(parties("y"))", tail: " AND \(party("x")) < \(party("y"))")
    sql = """
      SELECT a, b, 1 AS count, \(QuadClass.isCooperative("quad")) AS cooperative, \(QuadClass.isConflictual("quad")) AS conflictual, \
      goldstein IS NOT NULL AS goldstein_count, coalesce(\(Goldstein.billionths("goldstein")), 0) AS goldstein_sum \
      FROM (\(rows.statement))
      """
  }

  /// The dyads of one stakeholder, by code. Two branches for stored rows: they have an index on each side.
  package func of(_ code: String) -> DyadRows {
    var rows = self
    rows.sql =
      areStored
      ? "\(sql) WHERE a = \(code) UNION ALL \(sql) WHERE b = \(code)" : "SELECT * FROM (\(sql)) WHERE \(code) IN (a, b)"
    return rows
  }
}
