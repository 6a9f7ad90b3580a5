/// A moment relative to now: `now`, `now-90d`, `now+2w`. Units are h (hours), d, w, m (months) and y.
package enum RelativeMoment {
  private static let forms = "now, or now followed by an offset such as -90d, +2w, -3m (months), -1y or -6h"

  /// Reads a relative moment.
  ///
  /// Months and years keep the day of the month, or take the month's last day. A space stands for `+`, because query decoding turns an
  /// unescaped `+` into one. Results are clamped to the years 0001 to 9999.
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
  /// The UTC day of a moment in Unix milliseconds, clamped to the years 0001 to 9999.
  package init(utcDayOf moment: Int64) {
    let dayLength: Int64 = 86_400_000
    let days = moment / dayLength - (moment % dayLength < 0 ? 1 : 0)
    self = CalendarDate.first.adding(days: Int(clamping: days) &- CalendarDate.first.days)
  }

  /// The same day of the month `count` months later, or that month's last day; clamped to the years 0001 to 9999.
  package func adding(months count: Int) -> CalendarDate {
    let (year, month, day) = components
    let total = year * 12 + month - 1 + count
    guard total >= 12 else { return .first }
    let (newYear, newMonth) = (total / 12, total % 12 + 1)
    guard newYear <= 9_999 else { return .last }
    return CalendarDate(year: newYear, month: newMonth, day: min(day, Self.daysIn(month: newMonth, year: newYear))) ?? self
  }
}
