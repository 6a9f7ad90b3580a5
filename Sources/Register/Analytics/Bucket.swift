internal import Formats

/// A span of days that events are counted by; named by its first day.
enum Bucket: String, CaseIterable, Sendable {
  case day, week, month, quarter, year

  /// The bucket's first day in SQL, of a column with a date.
  func sql(_ date: String) -> String {
    switch self {
    case .day: date
    // On to Sunday, where it is none, and back to Monday (ISO 8601).
    case .week: "date(\(date), 'weekday 0', '-6 days')"
    case .month: "substr(\(date), 1, 7) || '-01'"
    case .quarter: "substr(\(date), 1, 5) || printf('%02d', (substr(\(date), 6, 2) - 1) / 3 * 3 + 1) || '-01'"
    case .year: "substr(\(date), 1, 4) || '-01-01'"
    }
  }

  /// What SQLite's `date` adds for the next one.
  var step: (count: Int, unit: String) {
    switch self {
    case .day: (1, "days")
    case .week: (7, "days")
    case .month: (1, "months")
    case .quarter: (3, "months")
    case .year: (1, "years")
    }
  }

  /// Whether whole months make it up, so that rollups by month answer.
  var isOfMonths: Bool { self == .month || self == .quarter || self == .year }

  /// The first day of the bucket that a day lies in.
  func start(of day: CalendarDate) -> CalendarDate {
    switch self {
    case .day: day
    case .week: day.firstOfWeek
    case .month: day.firstOfMonth
    case .quarter: day.firstOfQuarter
    case .year: day.firstOfYear
    }
  }
}
