internal import Formats
internal import SQL

/// A statement that counts events by time and groups, over a rollup where that answers and over the events where not.
///
/// It gives `time` (with a bucket), `g1`, `g2` … (the groups), `n` (events), `gn` (those with a Goldstein value) and `gs` (the sum of
/// these in ten-thousandths).
struct EventCounts {
  private(set) var sql = ""
  private(set) var values = Values()

  /// - Parameter needsGoldstein: without, an index may answer.
  init(_ question: EventQuestion, bucket: Bucket?, groups: [Grouping], needsGoldstein: Bool) {
    if let rollup = Rollup(question, bucket, groups) {
      (sql, values) = (rollup.sql, rollup.values)
    } else {
      let counted = Self.counted(question.list, bucket, groups, needsGoldstein)
      (sql, values) = (counted.text, counted.values)
    }
  }

  /// In ten-thousandths, as the rollups keep it.
  static let goldsteinSum = "coalesce(sum(CAST(round(r.goldstein * 10000) AS INTEGER)), 0)"

  private static func counted(_ list: ListQuery, _ bucket: Bucket?, _ groups: [Grouping], _ needsGoldstein: Bool) -> ListSQL {
    let keys = (bucket.map { ["\($0.sql("r.start_date")) AS time"] } ?? []) + groups.enumerated().map { "\($1.expression) AS g\($0 + 1)" }
    let goldstein = needsGoldstein ? "count(r.goldstein) AS gn, \(goldsteinSum) AS gs" : "0 AS gn, 0 AS gs"
    return ListSQL(
      grouping: list, select: (keys + ["count(*) AS n", goldstein]).joined(separator: ", "), joining: groups.joining,
      tail: groups.condition + groups.groupBy(after: bucket == nil ? 0 : 1))
  }
}

/// The question put to the rollups by month.
private struct Rollup {
  private(set) var sql = ""
  let values = Values()

  private static let filters: Set<String> = [
    "country", "country__eq", "country__in", "type", "type__eq", "type__in", "start_date__gte", "start_date__gt", "start_date__lt",
    "start_date__lte", "start_date__between",
  ]

  /// - Returns: `nil` when months by country and type are too coarse for the question.
  init?(_ question: EventQuestion, _ bucket: Bucket?, _ groups: [Grouping]) {
    guard question.isCanned(Self.filters), bucket?.isOfMonths ?? true else { return nil }
    guard groups.allSatisfy({ $0.column.name == "type" || $0.column.name == "country" }) else { return nil }
    let list = question.list
    var terms: [String] = []
    guard let conditions = list.comparisons else { return nil }
    for condition in conditions {
      guard let term = term(condition) else { return nil }
      terms.append(term)
    }
    let names = Set(groups.map(\.column.name))
    let fixed = Set(conditions.filter { $0.op == .eq }.map(\.column.name))
    let needsCountry = names.contains("country") || conditions.contains { $0.column.name == "country" }
    let keys = groups.map { $0.column.name == "country" ? "nullif(country, '')" : "type" }
    let time = bucket.map { [$0 == .month ? "month" : $0.sql("month")] } ?? []
    // Where the question names a whole key of the rollup, its rows are the answer.
    let isWholeKey =
      bucket == .month && names.union(fixed).contains("type") && (!needsCountry || names.union(fixed).contains("country"))
    let sums = ["count", "goldstein_count", "goldstein_sum"].map { isWholeKey ? $0 : "coalesce(sum(\($0)), 0)" }
    let selected =
      time.map { "\($0) AS time" } + keys.enumerated().map { "\($1) AS g\($0 + 1)" }
      + zip(sums, ["n", "gn", "gs"]).map { "\($0) AS \($1)" }
    sql = "SELECT \(selected.joined(separator: ", ")) FROM \(needsCountry ? "event_country_months" : "event_months")"
    if !terms.isEmpty { sql += " WHERE \(terms.joined(separator: " AND "))" }
    if !isWholeKey { sql += groups.groupBy(after: time.count) }
  }

  private mutating func term(_ condition: Filter.Condition) -> String? {
    switch condition.column.name {
    case "country", "type":
      guard condition.part == nil, condition.op == .eq || condition.op == .in else { return nil }
      return
        "\(condition.column.name) IN (\((0..<condition.values.count).map { bind(condition.values[$0].string) }.joined(separator: ", ")))"
    case "start_date": return months(condition.op, condition.values)
    default: return nil
    }
  }

  /// A bound that lies between two months is one of months.
  private mutating func months(_ op: Operator, _ values: Values) -> String? {
    guard let first = CalendarDate(iso: values[0].string) else { return nil }
    switch op {
    case .gte: return since(first)
    case .gt: return since(first.adding(days: 1))
    case .lte: return before(first.adding(days: 1))
    case .lt: return before(first)
    case .between:
      guard let last = CalendarDate(iso: values[1].string), let from = since(first), let to = before(last.adding(days: 1)) else {
        return nil
      }
      return "\(from) AND \(to)"
    default: return nil
    }
  }

  private mutating func since(_ day: CalendarDate) -> String? { day.day == 1 ? "month >= \(bind(day.description))" : nil }
  private mutating func before(_ day: CalendarDate) -> String? { day.day == 1 ? "month < \(bind(day.description))" : nil }

  private mutating func bind(_ text: String) -> String {
    values.append(text: text)
    return "?\(values.count)"
  }
}
