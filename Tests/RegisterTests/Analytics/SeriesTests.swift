import TestSupport
import Testing

/// Series over time, against the same worked out here: buckets by hand, gaps filled, totals added up.
@Suite struct SeriesTests {
  private let server: any RegisterClient
  /// Day, type and Goldstein value of each event.
  private let events: [(day: Day, type: String, goldstein: Double?)]

  /// A day of the Gregorian calendar, reckoned without the product's calendar.
  private struct Day: Hashable, Comparable, CustomStringConvertible {
    var year: Int
    var month: Int
    var day: Int

    static func < (one: Day, other: Day) -> Bool { (one.year, one.month, one.day) < (other.year, other.month, other.day) }

    var description: String { "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)" }

    private var daysInMonth: Int {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    var next: Day {
      if day < daysInMonth { return Day(year: year, month: month, day: day + 1) }
      return month < 12 ? Day(year: year, month: month + 1, day: 1) : Day(year: year + 1, month: 1, day: 1)
    }

    var previous: Day {
      if day > 1 { return Day(year: year, month: month, day: day - 1) }
      var before = month > 1 ? Day(year: year, month: month - 1, day: 1) : Day(year: year - 1, month: 12, day: 1)
      before.day = before.daysInMonth
      return before
    }

    /// 0 for Monday (Zeller's congruence).
    var weekday: Int {
      let (m, y) = month < 3 ? (month + 12, year - 1) : (month, year)
      return (day + 13 * (m + 1) / 5 + y + y / 4 - y / 100 + y / 400 + 5) % 7
    }

    /// The first day of the bucket that it lies in.
    func start(of bucket: String) -> Day {
      switch bucket {
      case "week":
        var day = self
        while day.weekday != 0 { day = day.previous }
        return day
      case "month": return Day(year: year, month: month, day: 1)
      case "quarter": return Day(year: year, month: (month - 1) / 3 * 3 + 1, day: 1)
      case "year": return Day(year: year, month: 1, day: 1)
      default: return self
      }
    }
  }

  init() throws {
    server = try RegisterTester()
    var random = SeededNumbers("series")
    events = (0..<40).map { _ in
      let day = Day(
        year: [2023, 2024].randomElement(using: &random) ?? 2024, month: Int.random(in: 1...12, using: &random),
        day: Int.random(in: 1...28, using: &random))
      return (
        day, ["visit", "threat"].randomElement(using: &random) ?? "", [nil, -4, 0.5, 2].randomElement(using: &random) ?? nil
      )
    }
    let lines = try events.enumerated().map { number, event in
      let fields: JSON = [
        "title": "T", "source": "s", "external_id": .string("\(number)"), "type": .string(event.type),
        "start_date": .string("\(event.day)"), "goldstein": event.goldstein.map { JSON.real($0) } ?? JSON.null,
      ]
      return try fields.bytes
    }
    expectImport(try server.importFile("/events", Array(lines.joined(separator: [0x0A]))), 200, "done", ["read": 40, "created": 40])
  }

  /// A row as it is expected: time, type, and what is counted.
  private struct Expected: Equatable {
    let time: String
    let type: String
    var count = 0
    var goldsteinCount = 0
  }

  private func expected(_ bucket: String, fills: Bool, cumulates: Bool, byType: Bool) -> [Expected] {
    let starts = events.map { $0.day.start(of: bucket) }
    let types = byType ? Set(events.map(\.type)).sorted() : [""]
    guard let first = starts.min(), let last = starts.max() else { return [] }
    var times: [Day] = []
    var day = first
    while day <= last {
      if day.start(of: bucket) == day { times.append(day) }
      day = day.next
    }
    var rows: [Expected] = []
    for time in times {
      for type in types {
        let here = zip(events, starts).filter { event, start in
          (!byType || event.type == type) && (cumulates ? start <= time : start == time)
        }.map(\.0)
        let isThere = zip(events, starts).contains { event, start in (!byType || event.type == type) && start == time }
        guard isThere || fills else { continue }
        rows.append(Expected(time: "\(time)", type: type, count: here.count, goldsteinCount: here.filter { $0.goldstein != nil }.count))
      }
    }
    return rows
  }

  private func rows(_ items: [JSON]) -> [Expected] {
    items.map { row in
      Expected(
        time: row["time"].text ?? "", type: row["type"].text ?? "", count: row["count"].integer ?? -1,
        goldsteinCount: row["goldstein_count"].integer ?? -1)
    }
  }

  @Test(arguments: ["day", "week", "month", "quarter", "year"], [("", ""), ("", "&group_by=type"), ("&version__gte=1", "&group_by=type")])
  func `each bucket counts its events, filled or not, by itself or with all before it, whole or page by page`(
    bucket: String, question: (filter: String, group: String)
  ) throws {
    for fills in [false, true] {
      for cumulates in [false, true] {
        let path =
          "/v1/analytics/timeline?bucket=\(bucket)&metric=count,goldstein_count\(question.filter)\(question.group)"
          + (fills ? "&fill=zero" : "") + (cumulates ? "&cumulative=true" : "")
        let expected = expected(bucket, fills: fills, cumulates: cumulates, byType: !question.group.isEmpty)
        #expect(rows(try server.get("\(path)&limit=5000").items) == expected, "\(path)")
        guard bucket != "day" else { continue }
        #expect(rows(try server.walk("\(path)&limit=7")) == expected, "\(path), by pages")
      }
    }
  }

  @Test(arguments: ["week", "month", "quarter", "year"])
  func `a period is filled to its ends, also where nothing is`(bucket: String) throws {
    let path = "/v1/analytics/timeline?bucket=\(bucket)&fill=zero&start_date__gte=2022-05-17&start_date__lte=2025-02-03"
    let items = try server.get("\(path)&limit=5000").items
    var (times, day): ([String], Day) = ([], Day(year: 2022, month: 5, day: 17).start(of: bucket))
    while day <= Day(year: 2025, month: 2, day: 3) {
      if day.start(of: bucket) == day { times.append("\(day)") }
      day = day.next
    }
    #expect(items.compactMap { $0["time"].text } == times)
    #expect(items.compactMap { $0["count"].integer }.reduce(0, +) == events.count)
  }
}
