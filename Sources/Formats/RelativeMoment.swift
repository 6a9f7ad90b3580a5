/// A moment said from now: `now`, or `now-90d`, `now+2w`: that many hours (h), days, weeks, months (m) or years before or behind it.
package enum RelativeMoment {
  private static let forms = "now, or now with -90d, +2w, -3m (months), -1y or -6h behind it"

  /// Reads it.
  ///
  /// A month or a year later is the same day of the month, or the last one that the month has. A blank stands for `+`, which is what a
  /// query makes of an unescaped one. What lies outside the years 0001 to 9999 is the nearest moment inside.
  ///
  /// - Parameter now: Unix milliseconds.
  /// - Returns: Unix milliseconds, or `nil` for text that does not start with `now`.
  /// - Throws: `malformed`.
  package static func parse(_ text: String, now: Int64) throws(DateError) -> Int64? {
    guard text.hasPrefix("now") else { return nil }
    let rest = text.dropFirst(3)
    guard let sign = rest.first else { return now }
    let digits = rest.dropFirst().dropLast()
    guard "+- ".contains(sign), (1...6).contains(digits.utf8.count), let count = Int(digits), count >= 0, rest.count > 2,
      digits.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }), let unit = rest.last,
      let moment = step(sign == "-" ? -count : count, unit, from: now)
    else { throw malformed(text) }
    return min(max(moment, Timestamp.earliest), Timestamp.latest)
  }

  private static func step(_ count: Int, _ unit: Character, from now: Int64) -> Int64? {
    switch unit {
    case "h": now &+ Int64(count) &* 3_600_000
    case "d": now &+ Int64(count) &* 86_400_000
    case "w": now &+ Int64(count) &* 604_800_000
    case "m": adding(months: count, to: now)
    case "y": adding(months: count &* 12, to: now)
    default: nil
    }
  }

  private static func adding(months: Int, to moment: Int64) -> Int64 {
    let day = CalendarDate(utcDayOf: moment)
    let time = moment - Int64(day.days) * 86_400_000
    return Int64(day.adding(months: months).days) * 86_400_000 + time
  }

  private static func malformed(_ text: String) -> DateError {
    var text = text
    return text.withUTF8 { unsafe DateError("malformed", UnsafeRawBufferPointer($0), wanted: forms) }
  }
}

extension CalendarDate {
  /// The day in UTC that a moment (Unix milliseconds) lies in, kept inside the calendar.
  package init(utcDayOf moment: Int64) {
    let dayLength: Int64 = 86_400_000
    let days = moment / dayLength - (moment % dayLength < 0 ? 1 : 0)
    self = CalendarDate.first.adding(days: Int(clamping: days) &- CalendarDate.first.days)
  }

  /// The same day of the month that many months later, or the last day that the month has; kept inside the calendar.
  package func adding(months count: Int) -> CalendarDate {
    let (year, month, day) = components
    let total = year * 12 + month - 1 + count
    guard total >= 12 else { return .first }
    let (newYear, newMonth) = (total / 12, total % 12 + 1)
    guard newYear <= 9_999 else { return .last }
    return CalendarDate(year: newYear, month: newMonth, day: min(day, Self.daysIn(month: newMonth, year: newYear))) ?? self
  }
}
