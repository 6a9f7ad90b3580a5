import Formats
import Records
import SQL
import Store
import TestSupport
import Testing

/// Date bounds, buckets and groups of figures, without a register.
@Suite struct DaySpanTests {
  private let database: MigratedDatabase

  init() throws { database = try MigratedDatabase() }

  private func span(_ query: String) throws -> DaySpan {
    let list = try query.withByteView {
      try ListParser(names: StoredNames(database.reader)).parse($0, Events.resource, relations: [], cursors: CursorSeal(key: "k"))
    }
    return DaySpan(list)
  }

  private func shown(_ day: CalendarDate?) -> String { day.map { "\($0)" } ?? "-" }

  @Test(arguments: [
    ("", "- -"), ("start_date=2024-02-03", "2024-02-03 2024-02-03"), ("start_date__gte=2024-02-03", "2024-02-03 -"),
    ("start_date__gt=2024-02-29", "2024-03-01 -"), ("start_date__lte=2024-02", "- 2024-02-29"),
    ("start_date__lt=2024-03-01", "- 2024-02-29"),
    ("start_date__between=2023,2024", "2023-01-01 2024-12-31"), ("start_date__gte=2023&start_date__gt=2024", "2025-01-01 -"),
    ("start_date__lte=2023&start_date__lt=2022", "- 2021-12-31"),
    ("start_date__between=2020,2025&start_date__gt=2021", "2022-01-01 2025-12-31"),
    ("filter=start_date%20%3E=%202024-01-01%20AND%20start_date%20%3C%202024-02-01", "2024-01-01 2024-01-31"),
    ("to=2024-06", "- 2024-06-30"), ("start_date__gte=2024&to=2024-06-15", "2024-01-01 2024-06-15"),
  ])
  func `each bound narrows the days on which an event may begin`(query: String, days: String) throws {
    let span = try span(query)
    #expect("\(shown(span.first)) \(shown(span.last))" == days)
    #expect(span.rest.isEmpty && span.others?.isEmpty == true)
  }

  /// No day precedes the first or follows the last.
  @Test(arguments: [
    "start_date__gt=9999-12-31", "start_date__lt=0001-01-01", "start_date__ne=2024-01-01", "start_date__in=2024-01-01,2024-01-02",
  ])
  func `what is no bound stays a condition`(query: String) throws {
    let span = try span(query)
    #expect(span.first == nil && span.last == nil && span.rest.count == 1 && span.others?.count == 1)
  }

  @Test func `other conditions stay, as plain comparisons where they are such`() throws {
    let plain = try span("type=visit&country=PRK,FRA&start_date__gte=2024")
    #expect(plain.others?.map(\.column.name).sorted() == ["country", "type"] && plain.rest.count == 2)
    for query in ["filter=type=visit%20OR%20type=talks", "outcomes.status=open", "bbox=0,0,1,1", "filter=NOT%20type=visit"] {
      let span = try span("\(query)&start_date__gte=2024")
      #expect(span.others == nil && span.rest.count == 1 && shown(span.first) == "2024-01-01", "\(query)")
    }
  }

  @Test(arguments: [
    ("", "0001-01-01 9999-12-31"), ("start_date__between=2024,2024", "2024-01-01 2025-01-01"),
    ("start_date__gte=2024-01-02&start_date__lte=2024-03-30", "2024-02-01 2024-03-01"),
    ("start_date__gte=2024-01-02", "2024-02-01 9999-12-31"),
    ("start_date__lte=2024-02-28", "0001-01-01 2024-02-01"), ("start_date__lte=2024-02-29", "0001-01-01 2024-03-01"),
    ("start_date__between=2024-01-02,2024-02-28", "-"), ("from=2024-01-15", "2024-02-01 9999-12-31"),
    ("start_date__lte=9999-12-31", "0001-01-01 9999-12-31"),
  ])
  func `whole months are those that lie in the span from their first day to their last`(query: String, months: String) throws {
    #expect(try span(query).months.map { "\($0.lowerBound) \($0.upperBound)" } ?? "-" == months)
  }

  @Test func `from asks for what reaches into the period, and so says nothing of when it began`() throws {
    let span = try span("from=2024-03-10&start_date__gte=2024-01-01")
    #expect(shown(span.first) == "2024-01-01" && shown(span.whole) == "2024-03-10")
    #expect(try shown(self.span("from=2024-03-10&start_date__gte=2024-05-01").whole) == "2024-05-01")
  }

  // MARK: Buckets

  @Test(arguments: [
    ("2024-02-29", "2024-02-29 2024-02-26 2024-02-01 2024-01-01 2024-01-01"),
    ("2024-12-31", "2024-12-31 2024-12-30 2024-12-01 2024-10-01 2024-01-01"),
    ("2023-01-01", "2023-01-01 2022-12-26 2023-01-01 2023-01-01 2023-01-01"),
    ("0001-01-01", "0001-01-01 0001-01-01 0001-01-01 0001-01-01 0001-01-01"),
    ("9999-12-31", "9999-12-31 9999-12-27 9999-12-01 9999-10-01 9999-01-01"),
    ("1969-07-20", "1969-07-20 1969-07-14 1969-07-01 1969-07-01 1969-01-01"),
  ])
  func `a bucket begins on its first day, a week on Monday, as the database says`(day: String, starts: String) throws {
    let date = try #require(CalendarDate(iso: day))
    #expect(Bucket.allCases.map { "\($0.start(of: date))" }.joined(separator: " ") == starts)
    for bucket in Bucket.allCases {
      let sql: SQLFragment = "SELECT \(Dialect.start(of: bucket, "\(day)"))"
      #expect(try database.reader.text(sql) == "\(bucket.start(of: date))", "\(bucket)")
    }
  }

  // MARK: Groups

  @Test(arguments: Catalogue.shared.all.map(\.name))
  func `every group of a resource can be asked for, alone and beside another`(name: String) throws {
    let resource = Catalogue.shared.required(name)
    let groups = Grouping.all(of: resource)
    #expect(Set(groups.map(\.column.name)).count == groups.count && !groups.contains { $0.column.name == "id" })
    #expect(groups.contains { $0.hasElements } == resource.columns.contains { $0.isFilterable && $0.kind == .list } || name == "events")
    for (one, other) in zip(groups, groups.dropFirst() + groups.prefix(1)) {
      for chosen in one.hasElements && other.hasElements ? [[one]] : [[one], [one, other]] {
        let order = chosen.indices.map { AggregateFigures.Order(place: $0, isDescending: $0 == 1) }
        let figures = AggregateFigures.rows(of: ListQuery(resource), by: chosen, [.count], having: [], order)
        #expect(figures.columns.count == chosen.count + 1)
        try database.reader.query(figures.statement(FigurePage(limit: 1))) { _ in false }
      }
    }
  }

  @Test(arguments: Catalogue.shared.all.map(\.name))
  func `every metric of a resource is a statement, and no other word is a metric`(name: String) throws {
    let resource = Catalogue.shared.required(name)
    let words = AggregateFigures.words(resource)
    #expect(
      words.first == "count" && Set(words).count == words.count && words.contains("max:created_at") && !words.contains("sum:created_at"))
    let metrics = try words.map { try #require(AggregateFigures.known($0, resource), "\($0)") }
    let figures = AggregateFigures.rows(of: ListQuery(resource), by: [], metrics, having: [], [])
    var rows = 0
    try database.reader.query(figures.statement(FigurePage(limit: 10))) { row in
      rows += 1
      #expect(row.count == words.count && row[0].integer == 0 && (1..<row.count).allSatisfy { row[$0].isNull }, "of nothing")
      return true
    }
    #expect(rows == 1)
    for word in [
      "", "sum", "sum:", ":goldstein", "sum:title", "avg:start_date", "median:goldstein", "sum:id", "max:tags", "count:id", "SUM:goldstein",
    ] {
      #expect(AggregateFigures.known(word, resource) == nil, "\(word)")
    }
  }
}
