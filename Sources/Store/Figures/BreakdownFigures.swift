package import Records
internal import SQL

/// Events by one field, the largest group first, with shares.
package enum BreakdownFigures {
  package static let share = Figures.column("share", .real(0...1))
  /// Tells the rest from a group of events that lack the field: both have no value.
  package static let isOther = Figures.column("is_other", .boolean)

  /// - Parameters:
  ///   - top: how many groups are shown; all without it.
  ///   - showsOther: the rest is one more row.
  package static func rows(of question: EventQuestion, by groups: [Grouping], top: Int?, showsOther: Bool) -> Figures {
    let counts = EventCounts(question, bucket: nil, groups: groups, needsGoldstein: true)
    // The share is of all groups, shown or not; of participations where an event is in several.
    let ranked: SQLFragment = """
      WITH ranked AS MATERIALIZED (SELECT g1, n, gn, gs, row_number() OVER (ORDER BY n DESC, g1) AS place, sum(n) OVER () AS total \
      FROM (\(counts.sql)))
      """
    let figures = { (value: String, isSummed: Bool) -> SQLFragment in
      let sum = { (name: String) -> SQLFragment in isSummed ? "sum(\(raw: name))" : "\(raw: name)" }
      let share = Dialect.rounded("\(sum("n")) * 1.0 / \(raw: isSummed ? "max(total)" : "total")", 6)
      return "\(raw: value) AS g1, \(sum("n")) AS n, \(share), \(sum("gn")), \(Goldstein.mean(sum: sum("gs"), count: sum("gn")))"
    }
    var rows: SQLFragment = "SELECT \(figures("g1", false)), 0 AS other, place FROM ranked"
    if let top { rows.append(" WHERE place <= \(top)") }
    if showsOther, let top {
      rows.append(" UNION ALL SELECT \(figures("NULL", true)), 1, NULL FROM ranked WHERE place > \(top) HAVING count(*) > 0")
    }
    return Figures(
      columns: groups.map(\.column) + [Figures.count, share, Figures.goldsteinCount, Figures.meanGoldstein] + (showsOther ? [isOther] : []),
      sql: "\(ranked) SELECT * FROM (\(rows)) ORDER BY other, place")
  }
}
