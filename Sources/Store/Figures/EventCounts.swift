internal import Formats
internal import Records
internal import SQL

/// A SELECT that counts events by time and groups, from the rollups where they can answer and from the events otherwise.
///
/// Columns: `time` (with a bucket), `g1`, `g2` … (the groups), `n` (events), `gn` (those with a Goldstein value) and `gs` (the sum of
/// their values in billionths).
struct EventCounts {
  /// The SELECT, without order and limit.
  package private(set) var sql = SQLFragment()

  private let question: EventQuestion
  /// The date bounds of the question's filters.
  package let span: DaySpan
  private let bucket: Bucket?
  private let groups: [Grouping]
  private let needsGoldstein: Bool

  /// - Parameters:
  ///   - bucket: `nil` for one row per group over all time.
  ///   - needsGoldstein: if `false`, `gn` and `gs` are 0 and a covering index can answer.
  package init(_ question: EventQuestion, bucket: Bucket?, groups: [Grouping], needsGoldstein: Bool) {
    self.question = question
    self.bucket = bucket
    self.groups = groups
    self.needsGoldstein = needsGoldstein
    span = DaySpan(question.list)
    let stored = StoredCounts(question, span, bucket, groups)
    let parts = (stored?.parts ?? []) + rests(beside: stored).map(counted)
    sql = parts.count == 1 ? parts[0] : together(parts)
  }

  /// SQL of the Goldstein sum in billionths, as in the rollups.
  static let goldsteinSum = Goldstein.total("r.goldstein")

  /// The parts to count from the events themselves: date conditions that match disjoint sets of events.
  private func rests(beside stored: StoredCounts?) -> [SQLFragment] {
    guard question.list.match == nil else { return [""] }
    var rests: [SQLFragment] = []
    if let stored {
      if let first = span.whole, let from = stored.months?.lowerBound, first < from { rests.append(days(from: first, before: from)) }
      if let last = span.last, let end = stored.months?.upperBound, end <= last, end < .last { rests.append(days(from: end, to: last)) }
    } else {
      rests.append(days(from: span.whole, to: span.last))
    }
    // Events that began earlier and reach into the period. They are few: `unlikely()` makes the planner use the index on `end_date`.
    if let day = span.reaching {
      let days = days(from: span.first, to: span.last, before: day, of: Dialect.unindexed("r.start_date"))
      rests.append(" AND \(Dialect.rare("r.end_date >= \(day)")) AND r.end_date > r.start_date\(days)")
    }
    return rests
  }

  /// At most one bound on each side: given two, the planner could use the wider one.
  private func days(
    from: CalendarDate? = nil, to: CalendarDate? = nil, before: CalendarDate? = nil, of column: SQLFragment = "r.start_date"
  ) -> SQLFragment {
    [(">=", from), ("<=", to), ("<", before)].compactMap { sign, day in
      day.map { " AND \(column) \(raw: sign) \($0)" as SQLFragment }
    }.joined(separator: "")
  }

  private func counted(_ days: SQLFragment) -> SQLFragment {
    var select: [SQLFragment] = bucket.map { ["\(Dialect.start(of: $0, "r.start_date")) AS time"] } ?? []
    for (place, group) in groups.enumerated() { select.append("\(group.expression) AS g\(raw: String(place + 1))") }
    select.append("count(*) AS n")
    select.append(needsGoldstein ? "count(r.goldstein) AS gn, \(Self.goldsteinSum) AS gs" : "0 AS gn, 0 AS gs")
    var list = question.list
    // `days` covers the date conditions.
    if list.match == nil { list.leave(span.rest) }
    return ListSQL(
      grouping: list, select: select.joined(separator: ", "), joining: groups.joining,
      tail: "\(days)\(groups.condition)\(groups.groupBy(after: bucket == nil ? 0 : 1))"
    ).statement
  }

  /// A group whose events have all gone since the rollups were moved on is none.
  private var remaining: SQLFragment { question.hasTail && !(bucket == nil && groups.isEmpty) ? " HAVING sum(n) <> 0" : "" }

  private func together(_ parts: [SQLFragment]) -> SQLFragment {
    let keys = (bucket == nil ? [] : ["time"]) + groups.indices.map { "g\($0 + 1)" }
    let sums = ["n", "gn", "gs"].map { "coalesce(sum(\($0)), 0) AS \($0)" }
    return """
      SELECT \(raw: (keys + sums).joined(separator: ", ")) FROM (\(parts.joined(separator: " UNION ALL ")))\
      \(groups.groupBy(after: bucket == nil ? 0 : 1))\(remaining)
      """
  }
}

/// The part of a question that rollups answer: all its events, or those of its whole months.
struct StoredCounts {
  /// SELECTs with the columns of `EventCounts`, to be added up: of the rollup, and of the changes that it lacks.
  package private(set) var parts: [SQLFragment] = []
  /// First days of the first month covered and of the first one after; `nil` when the whole question is covered.
  package private(set) var months: Range<CalendarDate>?

  /// Returns `nil` when no rollup can answer the question.
  package init?(_ question: EventQuestion, _ span: DaySpan, _ bucket: Bucket?, _ groups: [Grouping]) {
    guard question.isCanned(Self.dates.union(Self.words)), let others = span.others else { return nil }
    if bucket == nil, groups.count == 1, question.filters.isEmpty, let total = Self.totals(groups[0].column) {
      parts = [total]
      if question.hasTail { parts.append(Self.tail(nil, groups, "")) }
    } else if groups.isEmpty, others.isEmpty, !(bucket?.isOfMonths ?? false) || !span.isOfMonths {
      parts = [Self.days(span, bucket)]
      if question.hasTail { parts.append(Self.tail(bucket, [], Self.within("r.start_date", span.whole, span.last))) }
    } else {
      guard let months = span.months, bucket?.isOfMonths ?? true, groups.allSatisfy({ Self.columns.contains($0.column.name) }),
        others.allSatisfy({ $0.part == nil && Self.columns.contains($0.column.name) && ($0.op == .eq || $0.op == .in) })
      else { return nil }
      if !span.isOfMonths { self.months = months }
      parts = [Self.byMonth(others, months, bucket, groups)]
      if question.hasTail {
        let days = Self.within("r.start_date", months.lowerBound, months.upperBound == .last ? nil : months.upperBound.adding(days: -1))
        let fixed = others.map { " AND r.\(raw: $0.column.name) IN (\($0.values))" as SQLFragment }.joined(separator: "")
        parts.append(Self.tail(bucket, groups, "\(days)\(fixed)"))
      }
    }
  }

  /// The changes since the rollups were moved on, by the same columns; a change is 1 or -1 events.
  private static func tail(_ bucket: Bucket?, _ groups: [Grouping], _ conditions: SQLFragment) -> SQLFragment {
    RollupTail.rows(
      { sign in
        var select: [SQLFragment] = bucket.map { ["\(Dialect.start(of: $0, "r.start_date")) AS time"] } ?? []
        for (place, group) in groups.enumerated() { select.append("\(group.expression) AS g\(raw: String(place + 1))") }
        select.append("\(sign) * count(*) AS n, \(sign) * count(r.goldstein) AS gn, \(sign) * \(EventCounts.goldsteinSum) AS gs")
        return select.joined(separator: ", ")
      }, "\(conditions)\(groups.groupBy(after: bucket == nil ? 0 : 1))")
  }

  private static func within(_ column: String, _ first: CalendarDate?, _ last: CalendarDate?) -> SQLFragment {
    [(">=", first), ("<=", last)].compactMap { sign, day in
      day.map { " AND \(raw: column) \(raw: sign) \($0)" as SQLFragment }
    }.joined(separator: "")
  }

  private static let columns = ["country", "type"]
  private static let words = Set(columns.flatMap { [$0, "\($0)__eq", "\($0)__in"] })
  private static let dates: Set<String> = [
    "from", "to", "start_date__gte", "start_date__gt", "start_date__lt", "start_date__lte", "start_date__between",
  ]

  /// All events by a field of few values, from `event_totals`.
  private static func totals(_ column: Column) -> SQLFragment? {
    guard EventTotals.columns.contains(where: { $0.name == column.name }) else { return nil }
    let value = column.kind == .word ? "nullif(value, '')" : Dialect.integer("nullif(value, '')")
    return "SELECT \(value) AS g1, count AS n, goldstein_count AS gn, goldstein_sum AS gs FROM event_totals WHERE field = \(column.name)"
  }

  private static func days(_ span: DaySpan, _ bucket: Bucket?) -> SQLFragment {
    let time = bucket.map { "\(Dialect.start(of: $0, "day")) AS time, " as SQLFragment } ?? ""
    var terms: [SQLFragment] = []
    if let first = span.whole { terms.append("day >= \(first)") }
    if let last = span.last { terms.append("day <= \(last)") }
    let end = bucket == nil || bucket == .day ? "" : " GROUP BY 1"
    return "SELECT \(time)\(raw: sums(areSummed: bucket != .day)) FROM event_days\(filter(terms))\(raw: end)"
  }

  private static func byMonth(
    _ conditions: [Filter.Condition], _ months: Range<CalendarDate>, _ bucket: Bucket?, _ groups: [Grouping]
  ) -> SQLFragment {
    let names = Set(groups.map(\.column.name))
    let fixed = Set(conditions.filter { $0.op == .eq && $0.values.count == 1 }.map(\.column.name))
    let needsCountry = names.contains("country") || conditions.contains { $0.column.name == "country" }
    // If the question fixes the whole key of the rollup, its rows are the answer.
    let isWholeKey =
      bucket == .month && names.union(fixed).contains("type") && (!needsCountry || names.union(fixed).contains("country"))
    // A month is stored as its first day.
    var selected: [SQLFragment] = bucket.map { ["\($0 == .month ? "month" : Dialect.start(of: $0, "month")) AS time"] } ?? []
    for (place, group) in groups.enumerated() {
      let key = group.column.name == "country" ? "nullif(country, '')" : "type"
      selected.append("\(raw: key) AS g\(raw: String(place + 1))")
    }
    selected.append("\(raw: sums(areSummed: !isWholeKey))")
    var terms = conditions.map { "\(raw: $0.column.name) IN (\($0.values))" as SQLFragment }
    if months.lowerBound > .first { terms.append("month >= \(months.lowerBound)") }
    if months.upperBound < .last { terms.append("month < \(months.upperBound)") }
    return """
      SELECT \(selected.joined(separator: ", ")) FROM \(raw: needsCountry ? "event_country_months" : "event_months")\
      \(filter(terms))\(isWholeKey ? "" : groups.groupBy(after: bucket == nil ? 0 : 1))
      """
  }

  /// The sums over several rows, or of one row.
  private static func sums(areSummed: Bool) -> String {
    [("count", "n"), ("goldstein_count", "gn"), ("goldstein_sum", "gs")].map { column, name in
      "\(areSummed ? "coalesce(sum(\(column)), 0)" : column) AS \(name)"
    }.joined(separator: ", ")
  }

  private static func filter(_ terms: [SQLFragment]) -> SQLFragment {
    terms.isEmpty ? "" : " WHERE \(terms.joined(separator: " AND "))"
  }
}
