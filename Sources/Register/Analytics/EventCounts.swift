internal import Formats
internal import Records
internal import SQL

/// A statement that counts events by time and groups: over what is added up already where that answers, and over the events where not.
///
/// It gives `time` (with a bucket), `g1`, `g2` … (the groups), `n` (events), `gn` (those with a Goldstein value) and `gs` (the sum of
/// these in ten-thousandths).
struct EventCounts {
  private(set) var sql = ""
  let values = Values()

  private let question: EventQuestion
  let span: DaySpan
  private let bucket: Bucket?
  private let groups: [Grouping]
  private let needsGoldstein: Bool

  /// - Parameter needsGoldstein: without, an index may answer.
  init(_ question: EventQuestion, bucket: Bucket?, groups: [Grouping], needsGoldstein: Bool) {
    self.question = question
    self.bucket = bucket
    self.groups = groups
    self.needsGoldstein = needsGoldstein
    span = DaySpan(question.list)
    let stored = StoredCounts(question, span, bucket, groups, values)
    let parts = (stored.map { [$0.sql] } ?? []) + rests(beside: stored).map(counted)
    sql = parts.count == 1 ? parts[0] : together(parts)
  }

  /// In ten-thousandths, as the rollups keep it.
  static let goldsteinSum = Goldstein.total("r.goldstein")

  /// What is to be counted from the events themselves: conditions on days that share no event.
  private func rests(beside stored: StoredCounts?) -> [String] {
    guard question.list.match == nil else { return [""] }
    var rests: [String] = []
    if let stored {
      if let first = span.whole, let from = stored.months?.lowerBound, first < from { rests.append(days(from: first, before: from)) }
      if let last = span.last, let end = stored.months?.upperBound, end <= last, end < .last { rests.append(days(from: end, to: last)) }
    } else {
      rests.append(days(from: span.whole, to: span.last))
    }
    // What began before and reaches into the period. The planner is told that these are few, and to look for their ends.
    if let day = span.reaching {
      rests.append(
        " AND unlikely(r.end_date >= '\(day)') AND r.end_date > r.start_date"
          + days(from: span.first, to: span.last, before: day, of: "+r.start_date"))
    }
    return rests
  }

  /// One bound on each side at the most: of two the planner could take the wider one.
  private func days(from: CalendarDate? = nil, to: CalendarDate? = nil, before: CalendarDate? = nil, of column: String = "r.start_date")
    -> String
  {
    [(">=", from), ("<=", to), ("<", before)].map { sign, day in day.map { " AND \(column) \(sign) '\($0)'" } ?? "" }.joined()
  }

  private func counted(_ days: String) -> String {
    let keys = (bucket.map { ["\($0.sql("r.start_date")) AS time"] } ?? []) + groups.enumerated().map { "\($1.expression) AS g\($0 + 1)" }
    let goldstein = needsGoldstein ? "count(r.goldstein) AS gn, \(Self.goldsteinSum) AS gs" : "0 AS gn, 0 AS gs"
    var list = question.list
    // `days` says the same.
    if list.match == nil { list.leave(span.rest) }
    return ListSQL(
      grouping: list, select: (keys + ["count(*) AS n", goldstein]).joined(separator: ", "), joining: groups.joining,
      tail: days + groups.condition + groups.groupBy(after: bucket == nil ? 0 : 1), values: values
    ).text
  }

  private func together(_ parts: [String]) -> String {
    let keys = (bucket == nil ? [] : ["time"]) + groups.indices.map { "g\($0 + 1)" }
    let sums = ["n", "gn", "gs"].map { "coalesce(sum(\($0)), 0) AS \($0)" }
    return "SELECT \((keys + sums).joined(separator: ", ")) FROM (\(parts.joined(separator: " UNION ALL ")))"
      + groups.groupBy(after: bucket == nil ? 0 : 1)
  }
}

/// What is added up already for a question: all events of it, or those of whole months.
struct StoredCounts {
  private(set) var sql = ""
  /// The first days of the first month that is in it and of the first that is not; `nil` when all days of the question are in it.
  private(set) var months: Range<CalendarDate>?

  private let values: Values

  /// - Parameter values: where the values of the statement are appended.
  /// - Returns: `nil` when nothing that is added up answers the question.
  init?(_ question: EventQuestion, _ span: DaySpan, _ bucket: Bucket?, _ groups: [Grouping], _ values: Values) {
    self.values = values
    guard question.isCanned(Self.dates.union(Self.words)), let others = span.others else { return nil }
    if bucket == nil, groups.count == 1, question.filters.isEmpty, let total = Self.totals(groups[0].column) {
      sql = total
    } else if groups.isEmpty, others.isEmpty, !(bucket?.isOfMonths ?? false) || !span.isOfMonths {
      sql = days(span, bucket)
    } else {
      guard let months = span.months, bucket?.isOfMonths ?? true, groups.allSatisfy({ Self.columns.contains($0.column.name) }),
        others.allSatisfy({ $0.part == nil && Self.columns.contains($0.column.name) && ($0.op == .eq || $0.op == .in) })
      else { return nil }
      if !span.isOfMonths { self.months = months }
      sql = byMonth(others, months, bucket, groups)
    }
  }

  private static let columns = ["country", "type"]
  private static let words = Set(columns.flatMap { [$0, "\($0)__eq", "\($0)__in"] })
  private static let dates: Set<String> = [
    "from", "to", "start_date__gte", "start_date__gt", "start_date__lt", "start_date__lte", "start_date__between",
  ]

  /// All events by a field of few values.
  private static func totals(_ column: Column) -> String? {
    guard EventTotals.columns.contains(where: { $0.name == column.name }) else { return nil }
    let value = column.kind == .word ? "nullif(value, '')" : "CAST(nullif(value, '') AS INTEGER)"
    return "SELECT \(value) AS g1, count AS n, goldstein_count AS gn, goldstein_sum AS gs FROM event_totals WHERE field = '\(column.name)'"
  }

  private mutating func days(_ span: DaySpan, _ bucket: Bucket?) -> String {
    let time = bucket.map { "\($0 == .day ? "day" : $0.sql("day")) AS time, " } ?? ""
    var terms: [String] = []
    if let first = span.whole { terms.append("day >= \(bind(first.description))") }
    if let last = span.last { terms.append("day <= \(bind(last.description))") }
    return "SELECT \(time)\(Self.sums(areSummed: bucket != .day).joined(separator: ", ")) FROM event_days\(Self.filter(terms))"
      + (bucket == nil || bucket == .day ? "" : " GROUP BY 1")
  }

  private mutating func byMonth(_ conditions: [Filter.Condition], _ months: Range<CalendarDate>, _ bucket: Bucket?, _ groups: [Grouping])
    -> String
  {
    let names = Set(groups.map(\.column.name))
    let fixed = Set(conditions.filter { $0.op == .eq && $0.values.count == 1 }.map(\.column.name))
    let needsCountry = names.contains("country") || conditions.contains { $0.column.name == "country" }
    let keys = groups.map { $0.column.name == "country" ? "nullif(country, '')" : "type" }
    let time = bucket.map { [$0 == .month ? "month" : $0.sql("month")] } ?? []
    // Where the question names a whole key of the rollup, its rows are the answer.
    let isWholeKey =
      bucket == .month && names.union(fixed).contains("type") && (!needsCountry || names.union(fixed).contains("country"))
    let selected =
      time.map { "\($0) AS time" } + keys.enumerated().map { "\($1) AS g\($0 + 1)" } + Self.sums(areSummed: !isWholeKey)
    var terms = conditions.map { condition in
      "\(condition.column.name) IN (\((0..<condition.values.count).map { bind(condition.values[$0].string) }.joined(separator: ", ")))"
    }
    if months.lowerBound > .first { terms.append("month >= \(bind(months.lowerBound.description))") }
    if months.upperBound < .last { terms.append("month < \(bind(months.upperBound.description))") }
    return "SELECT \(selected.joined(separator: ", ")) FROM \(needsCountry ? "event_country_months" : "event_months")\(Self.filter(terms))"
      + (isWholeKey ? "" : groups.groupBy(after: time.count))
  }

  /// The sums of rows, or those of one row each.
  private static func sums(areSummed: Bool) -> [String] {
    [("count", "n"), ("goldstein_count", "gn"), ("goldstein_sum", "gs")].map { column, name in
      "\(areSummed ? "coalesce(sum(\(column)), 0)" : column) AS \(name)"
    }
  }

  private static func filter(_ terms: [String]) -> String { terms.isEmpty ? "" : " WHERE \(terms.joined(separator: " AND "))" }

  private mutating func bind(_ text: String) -> String {
    values.append(text: text)
    return "?\(values.count)"
  }
}
