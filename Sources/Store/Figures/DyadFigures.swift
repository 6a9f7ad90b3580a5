internal import Formats
package import Records
package import SQL

/// Two stakeholders and what they did together or to each other: events in which both took part, each once.
package enum DyadFigures {
  package static let a = Figures.column("a", .handleOf("stakeholders"))
  package static let b = Figures.column("b", .handleOf("stakeholders"))

  /// What is told of a dyad.
  package static let columns = [
    Figures.count, Figures.column("cooperative", .integer(0...Int64.max)), Figures.column("conflictual", .integer(0...Int64.max)),
    Figures.goldsteinCount, Figures.meanGoldstein, Figures.sumGoldstein,
  ]

  /// What the rollups hold of a dyad.
  private static let sums = ["count", "cooperative", "conflictual", "goldstein_count", "goldstein_sum"]

  private static func summed(_ name: String) -> SQLFragment { "coalesce(sum(\(raw: name)), 0)" }

  /// What is told, of the sums in a row or in a group of rows.
  package static func figures(areSummed: Bool) -> SQLFragment {
    let names = areSummed ? sums.map(summed) : sums.map { SQLFragment(raw: $0) }
    let (count, sum) = (names[3], names[4])
    let goldstein: SQLFragment = "\(count), \(Goldstein.mean(sum: sum, count: count)), \(Goldstein.sum(sum, count: count))"
    return "\(names[0]), \(names[1]), \(names[2]), \(goldstein)"
  }

  /// The sums of events `r`.
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
  /// - Parameter codes: of two different stakeholders.
  package static func rows(of codes: [String], _ question: EventQuestion, by bucket: Bucket, _ form: Series.Form) -> Figures {
    var list = question.list
    list.participants += codes.map { [$0] }
    let isCanned = question.isCanned() && bucket.isOfMonths
    let counts = isCanned ? rollup(codes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, bucket) : counted(list, bucket)
    let series = Series(counted: counts, sums: sums, bucket: bucket, span: DaySpan(list), form: form)
    return Figures(columns: [Figures.time] + columns) { series.sql([figures(areSummed: false)], $0) }
  }

  /// All dyads of these rows.
  ///
  /// - Parameter column: the place in `columns` of the figure to sort by.
  package static func strongest(_ dyads: DyadRows, sortedBy column: Int, isDescending: Bool) -> Figures {
    let grouped = dyads.areTotals ? "" : " GROUP BY a, b"
    // The places of the columns: their names could be those of the rows below.
    let order = "\(column + 3)\(isDescending ? " DESC" : "")"
    return Figures(
      columns: [a, b] + columns,
      sql: """
        SELECT a, b, \(figures(areSummed: !dyads.areTotals)) FROM (\(dyads.sql))\(raw: grouped) ORDER BY \(raw: order), 1, 2
        """)
  }
}

/// A statement that gives dyads with their sums, `a` before `b`: their totals, or several rows each of the events.
package struct DyadRows {
  package private(set) var sql: SQLFragment
  /// Whether each dyad has one row.
  let areTotals: Bool
  /// Whether they are read from what is added up, and not from the events.
  private let areStored: Bool

  /// - Parameter hasTotals: whether those of all dyads are there.
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
      goldstein IS NOT NULL AS goldstein_count, coalesce(\(Goldstein.tenThousandths("goldstein")), 0) AS goldstein_sum \
      FROM (\(rows.statement))
      """
  }

  /// Those of one stakeholder: totals have an index for each side.
  package func of(_ code: String) -> DyadRows {
    var rows = self
    rows.sql =
      areStored
      ? "\(sql) WHERE a = \(code) UNION ALL \(sql) WHERE b = \(code)" : "SELECT * FROM (\(sql)) WHERE \(code) IN (a, b)"
    return rows
  }
}
