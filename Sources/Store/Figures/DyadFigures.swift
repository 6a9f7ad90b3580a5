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

  /// The sums over events `r`, each times a sign.
  private static func counts(times sign: SQLFragment) -> SQLFragment {
    """
    \(sign) * count(*) AS count, \(sign) * count(*) FILTER (WHERE \(QuadClass.isCooperative("r.quad_class"))) AS cooperative, \
    \(sign) * count(*) FILTER (WHERE \(QuadClass.isConflictual("r.quad_class"))) AS conflictual, \
    \(sign) * count(r.goldstein) AS goldstein_count, \(sign) * \(EventCounts.goldsteinSum) AS goldstein_sum
    """
  }

  private static func rollup(_ codes: [String], _ bucket: Bucket) -> SQLFragment {
    let isMonth = bucket == .month
    let time = isMonth ? "month" : Dialect.start(of: bucket, "month")
    let selected = sums.map { isMonth ? "\(raw: $0)" : "\(summed($0)) AS \(raw: $0)" as SQLFragment }.joined(separator: ", ")
    return """
      SELECT \(time) AS time, \(selected) FROM event_dyad_months WHERE a = \(codes[0]) AND b = \(codes[1])\
      \(raw: isMonth ? "" : " GROUP BY 1")
      """
  }

  /// The changes of one dyad that the rollups lack, added to what they hold.
  private static func withTail(_ stored: SQLFragment, _ codes: [String], _ bucket: Bucket) -> SQLFragment {
    let takesPart = { (code: String) -> SQLFragment in
      // The text first: it tells nearly all apart without reading the JSON. Codes need no escapes.
      " AND \(Dialect.contains("r.participants", "\("\"\(code)\"")")) AND EXISTS (SELECT 1 FROM \(Dialect.elements(of: "r.participants", as: "x")) WHERE \(party("x")) = \(code))"
    }
    let tail = RollupTail.rows(
      { "\(Dialect.start(of: bucket, "r.start_date")) AS time, \(counts(times: $0))" },
      "\(takesPart(codes[0]))\(takesPart(codes[1])) GROUP BY 1")
    return """
      SELECT time, \(sums.map { "\(summed($0)) AS \(raw: $0)" }.joined(separator: ", ")) FROM (\(stored) UNION ALL \(tail)) \
      GROUP BY 1 HAVING sum(count) <> 0
      """
  }

  fileprivate static func party(_ alias: String) -> SQLFragment { Dialect.member("stakeholder", of: Dialect.element(alias)) }

  private static func counted(_ list: ListQuery, _ bucket: Bucket) -> SQLFragment {
    let select: SQLFragment = "\(Dialect.start(of: bucket, "r.start_date")) AS time, \(counts(times: "1"))"
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
    let stored = rollup(codes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, bucket)
    let counts = !isCanned ? counted(list, bucket) : question.hasTail ? withTail(stored, codes, bucket) : stored
    let series = Series(counted: counts, sums: sums, bucket: bucket, span: DaySpan(list), form: form)
    return Figures(columns: [Figures.time] + columns) { series.sql([figures(areSummed: false)], $0) }
  }

  /// The dyads of `dyads`, sorted by one figure and then by their codes.
  ///
  /// - Parameter column: position of that figure in `columns`, from 0.
  package static func strongest(_ dyads: DyadRows, sortedBy column: Int, isDescending: Bool) -> Figures {
    let grouped = dyads.areTotals ? "" : " GROUP BY a, b HAVING sum(count) <> 0"
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

  /// The dyads of a question.
  package init(_ question: EventQuestion) {
    areStored = question.isCanned()
    areTotals = question.rollups.hasDyadTotals && areStored
    switch (areStored, question.hasTail) {
    case (false, _): sql = Self.pairs(of: question.list)
    case (true, false): sql = "SELECT * FROM \(raw: areTotals ? DyadTotals.name : "event_dyad_months")"
    case (true, true): sql = areTotals ? Self.totalsWithTail : "SELECT \(Self.columns) FROM event_dyad_months UNION ALL \(Self.tail)"
    }
  }

  private static let columns: SQLFragment = "a, b, count, cooperative, conflictual, goldstein_count, goldstein_sum"

  private static func parties(_ alias: String) -> SQLFragment { Dialect.elements(of: "r.participants", as: alias) }
  private static let joining: SQLFragment = ", \(parties("x")), \(parties("y"))"
  private static let isPair: SQLFragment = " AND \(DyadFigures.party("x")) < \(DyadFigures.party("y"))"
  private static let selected: SQLFragment =
    "DISTINCT r.id, \(DyadFigures.party("x")) AS a, \(DyadFigures.party("y")) AS b, r.quad_class AS quad, r.goldstein AS goldstein"

  /// The sums of one event, each times a sign.
  private static func sums(_ sign: SQLFragment) -> SQLFragment {
    """
    \(sign) AS count, \(sign) * coalesce(\(QuadClass.isCooperative("quad")), 0) AS cooperative, \
    \(sign) * coalesce(\(QuadClass.isConflictual("quad")), 0) AS conflictual, \
    \(sign) * (goldstein IS NOT NULL) AS goldstein_count, \(sign) * coalesce(\(Goldstein.billionths("goldstein")), 0) AS goldstein_sum
    """
  }

  /// The pairs of each event of a list.
  private static func pairs(of list: ListQuery) -> SQLFragment {
    "SELECT a, b, \(sums("1")) FROM (\(ListSQL(grouping: list, select: selected, joining: joining, tail: isPair).statement))"
  }

  /// The pairs of each event that came or went since the rollups were moved on.
  private static let tail: SQLFragment =
    "SELECT a, b, \(sums("sign")) FROM (\(RollupTail.rows({ "\(selected), \($0) AS sign" }, joining: joining, isPair)))"

  /// All totals: those of dyads without such events as they are stored, so that an index still gives their order, and the others added up.
  private static let totalsWithTail: SQLFragment = {
    let sums = ["count", "cooperative", "conflictual", "goldstein_count", "goldstein_sum"]
    let added = sums.map { "t.\($0) + coalesce(d.\($0), 0) AS \($0)" }.joined(separator: ", ")
    let inTail = sums.map { "sum(\($0)) AS \($0)" }.joined(separator: ", ")
    return """
      WITH tail AS MATERIALIZED (SELECT a, b, \(raw: inTail) FROM (\(tail)) GROUP BY a, b) \
      SELECT \(columns) FROM event_dyads WHERE (a, b) NOT IN (SELECT a, b FROM tail) \
      UNION ALL SELECT t.a, t.b, \(raw: added) FROM tail t LEFT JOIN event_dyads d ON d.a = t.a AND d.b = t.b \
      WHERE t.count + coalesce(d.count, 0) <> 0
      """
  }()

  /// The dyads of one stakeholder, by code. Two branches for stored rows: they have an index on each side.
  package func of(_ code: String) -> DyadRows {
    var rows = self
    rows.sql =
      areStored
      ? "SELECT * FROM (\(sql)) WHERE a = \(code) UNION ALL SELECT * FROM (\(sql)) WHERE b = \(code)"
      : "SELECT * FROM (\(sql)) WHERE \(code) IN (a, b)"
    return rows
  }
}
