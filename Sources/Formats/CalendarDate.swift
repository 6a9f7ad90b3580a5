/// A day of the proleptic Gregorian calendar, years 0001 to 9999, without time or time zone.
package struct CalendarDate: Comparable, Hashable, Sendable {
  /// Days since 1970-01-01; negative before.
  package let days: Int

  /// 0001-01-01.
  package static let first = CalendarDate(unchecked: -719_162)
  /// 9999-12-31.
  package static let last = CalendarDate(unchecked: 2_932_896)

  private init(unchecked days: Int) { self.days = days }

  /// The day that lies `days` after 1970-01-01, or `nil` outside the years 0001 to 9999.
  package init?(days: Int) {
    guard days >= Self.first.days && days <= Self.last.days else { return nil }
    self.days = days
  }

  /// The day of a year, month (1-12) and day of month, or `nil` if it does not exist.
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.daysIn(month: month, year: year) else { return nil }
    self.init(unchecked: Self.days(year: year, month: month, day: day))
  }

  /// Reads `YYYY-MM-DD` and nothing else (ISO 8601, extended form).
  init?(iso text: UnsafeRawBufferPointer) {
    guard text.count == 10, unsafe text[4] == UInt8(ascii: "-"), unsafe text[7] == UInt8(ascii: "-"),
      let year = unsafe decimal(text, 0, 4), let month = unsafe decimal(text, 5, 2), let day = unsafe decimal(text, 8, 2)
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Reads `YYYY-MM-DD` and nothing else.
  package init?(iso text: String) {
    var text = text
    guard let date = text.withUTF8({ unsafe CalendarDate(iso: UnsafeRawBufferPointer($0)) }) else { return nil }
    self = date
  }

  /// Whether `left` is the earlier day.
  package static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.days < right.days }

  /// Year, month (1-12) and day of month (1-31).
  package var components: (year: Int, month: Int, day: Int) {
    // Counts from 1 March of year 0 in eras of 400 years, so that the leap day is the last day of its year.
    let shifted = days + 719_468
    let era = shifted / 146_097 - (shifted % 146_097 < 0 ? 1 : 0)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
  }

  /// 1 to 9999.
  package var year: Int { components.year }
  /// 1 to 12.
  package var month: Int { components.month }
  /// 1 to 31.
  package var day: Int { components.day }
  /// 1 to 4.
  package var quarter: Int { (components.month + 2) / 3 }
  /// 1 is Monday, 7 is Sunday (ISO 8601).
  package var isoWeekday: Int {
    let sinceThursday = (days + 3) % 7
    return (sinceThursday + 7) % 7 + 1
  }

  /// The ISO 8601 week, 1 to 53, and the year that it belongs to.
  package var isoWeek: (year: Int, week: Int) {
    // A week belongs to the year of its Thursday.
    let thursday = CalendarDate(unchecked: days - isoWeekday + 4)
    let year = thursday.year
    return (year, (thursday.days - Self.days(year: year, month: 1, day: 1)) / 7 + 1)
  }

  /// The number of days in a month (1-12).
  package static func daysIn(month: Int, year: Int) -> Int {
    if month == 2 { return isLeap(year) ? 29 : 28 }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
  }

  /// Whether a year has 366 days.
  package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

/// Date arithmetic.
extension CalendarDate {
  /// The day `count` days later (earlier when negative), clamped to the years 0001 to 9999.
  package func adding(days count: Int) -> CalendarDate {
    let (sum, overflow) = days.addingReportingOverflow(count)
    if overflow { return count > 0 ? .last : .first }
    return CalendarDate(unchecked: min(max(sum, Self.first.days), Self.last.days))
  }

  /// The number of days from `other` to this one.
  package func days(since other: CalendarDate) -> Int { days - other.days }

  /// The first day of its month.
  package var firstOfMonth: CalendarDate { adding(days: 1 - day) }
  /// The last day of its month, day 28 to 31.
  package var lastOfMonth: CalendarDate {
    let (year, month, day) = components
    return adding(days: Self.daysIn(month: month, year: year) - day)
  }
  /// The first day of its calendar quarter.
  package var firstOfQuarter: CalendarDate { inYear(month: quarter * 3 - 2) }
  /// The last day of its calendar quarter.
  package var lastOfQuarter: CalendarDate { inYear(month: quarter * 3).lastOfMonth }
  /// 1 January of its year.
  package var firstOfYear: CalendarDate { inYear(month: 1) }
  /// 31 December of its year.
  package var lastOfYear: CalendarDate { inYear(month: 12).lastOfMonth }
  /// Monday of its ISO week.
  package var firstOfWeek: CalendarDate { adding(days: 1 - isoWeekday) }
  /// Sunday of its ISO week.
  package var lastOfWeek: CalendarDate { adding(days: 7 - isoWeekday) }

  private func inYear(month: Int) -> CalendarDate { CalendarDate(unchecked: Self.days(year: year, month: month, day: 1)) }
}

extension CalendarDate: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  package var description: String {
    let text = ByteBuffer(capacity: 16)
    append(to: text)
    return text.string
  }

  /// Writes `YYYY-MM-DD`.
  package func append(to buffer: ByteBuffer) {
    let (year, month, day) = components
    buffer.append(decimal: year, width: 4)
    buffer.append(UInt8(ascii: "-"))
    buffer.append(decimal: month, width: 2)
    buffer.append(UInt8(ascii: "-"))
    buffer.append(decimal: day, width: 2)
  }
}

/// The number in `count` ASCII digits, or `nil` if one is not a digit. The caller has checked the bounds.
@inline(__always)
func decimal(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
  var value = 0
  for index in start..<(start &+ count) {
    let digit = unsafe text[index] &- UInt8(ascii: "0")
    guard digit < 10 else { return nil }
    value = value &* 10 &+ Int(digit)
  }
  return value
}
