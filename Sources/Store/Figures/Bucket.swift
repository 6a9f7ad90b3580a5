package import Formats

/// A span of days that events are counted by; named by its first day.
package enum Bucket: String, CaseIterable, Sendable {
  case day, week, month, quarter, year

  /// What is added to a bucket's first day for that of the next one.
  package var step: (count: Int, unit: String) {
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
  package func start(of day: CalendarDate) -> CalendarDate {
    switch self {
    case .day: day
    case .week: day.firstOfWeek
    case .month: day.firstOfMonth
    case .quarter: day.firstOfQuarter
    case .year: day.firstOfYear
    }
  }
}
