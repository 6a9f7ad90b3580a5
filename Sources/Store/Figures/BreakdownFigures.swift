package import Records
internal import SQL

/// Events grouped by one field, largest group first, with shares.
package enum BreakdownFigures {
  /// The group's share of all events, 0 to 1, rounded to 6 decimals.
  package static let share = Figures.column("share", .real(0...1))
  /// Marks the row of all other groups; the group of events without the field has no value either.
  package static let isOther = Figures.column("is_other", .boolean)

  /// One row per group: value, count, share, events with a Goldstein value and their mean.
  ///
  /// - Parameters:
  ///   - groups: one field.
  ///   - top: most groups shown; `nil` for all.
  ///   - showsOther: adds a row that sums the groups beyond `top`.
  package static func rows(of question: EventQuestion, by groups: [Grouping], top: Int?, showsOther: Bool) -> Figures {
    let counts = EventCounts(question, bucket: nil, groups: groups, needsGoldstein: true)
    // The share is of all groups, shown or not; of participations when an event is in several groups.
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
