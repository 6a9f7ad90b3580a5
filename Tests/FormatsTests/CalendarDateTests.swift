import Formats
import Testing

@Suite struct CalendarDateTests {
  @Test func `every day of four centuries agrees with gmtime`() {
    var date = CalendarDate(year: 1799, month: 12, day: 28) ?? .first
    for _ in 0..<(400 * 366) {
      let glibc = GlibcCalendar(seconds: date.days * 86_400)
      let (year, month, day) = date.components
      #expect(year == glibc.year && month == glibc.month && day == glibc.day)
      #expect(date.isoWeekday % 7 == glibc.weekday)
      #expect(CalendarDate(year: year, month: month, day: day) == date)
      date = date.adding(days: 1)
    }
  }

  @Test func `ISO weeks agree with strftime`() {
    for start in [1, 1_582, 1_899, 1_970, 2_000, 2_015, 2_020, 2_026, 9_994] {
      var date = CalendarDate(year: start, month: 1, day: 1) ?? .first
      for _ in 0..<1_500 {
        let glibc = GlibcCalendar(seconds: date.days * 86_400)
        #expect([date.isoWeek.year, date.isoWeek.week] == glibc.isoWeek, "\(date)")
        date = date.adding(days: 1)
      }
    }
  }

  @Test(arguments: ["0001-01-01", "1969-12-31", "1970-01-01", "2000-02-29", "2024-06-18", "9999-12-31"])
  func `a date is read and written in one form`(text: String) throws {
    #expect(try #require(CalendarDate(iso: text)).description == text)
  }

  @Test(arguments: [
    "", "2024", "2024-06", "2024-6-1", "20240618", "2024-06-1", "2024-13-01", "2024-00-01", "2024-01-00", "2024-02-30", "2023-02-29",
    "1900-02-29",
    "2024-04-31", "0000-01-01", "18/06/2024", "2024/06/18", "2024-06-18 ", " 2024-06-18", "+024-06-18", "2024-06-18T", "٢٠٢٤-٠٦",
    "2024-0a-18",
  ])
  func `anything else is no date`(text: String) {
    #expect(CalendarDate(iso: text) == nil)
  }

  @Test func `the calendar's edges hold`() {
    #expect(CalendarDate.first.description == "0001-01-01")
    #expect(CalendarDate.last.description == "9999-12-31")
    #expect(CalendarDate(days: CalendarDate.first.days - 1) == nil)
    #expect(CalendarDate(days: CalendarDate.last.days + 1) == nil)
    #expect(CalendarDate.last.adding(days: 1) == .last)
    #expect(CalendarDate.first.adding(days: .min) == .first)
    #expect(CalendarDate.last.adding(days: .max) == .last)
  }

  @Test func `spans around a day`() throws {
    let day = try #require(CalendarDate(iso: "2024-02-15"))
    #expect("\(day.firstOfMonth) \(day.lastOfMonth)" == "2024-02-01 2024-02-29")
    #expect("\(day.firstOfQuarter) \(day.lastOfQuarter)" == "2024-01-01 2024-03-31")
    #expect("\(day.firstOfYear) \(day.lastOfYear)" == "2024-01-01 2024-12-31")
    #expect("\(day.firstOfWeek) \(day.lastOfWeek)" == "2024-02-12 2024-02-18")
    #expect(day.quarter == 1)
    #expect(try #require(CalendarDate(iso: "2024-12-01")).lastOfQuarter.description == "2024-12-31")
    #expect(day.lastOfYear.days(since: day.firstOfYear) == 365)
    #expect(day < day.adding(days: 1))
  }
}
