package import Formats

/// A calendar interval for counting events, named by its first day.
package enum Bucket: String, CaseIterable, Sendable {
  case day, week, month, quarter, year

  /// The step from a bucket's first day to the next bucket's, as a SQLite date modifier.
  package var step: (count: Int, unit: String) {
    switch self {
    case .day: (1, "days")
    case .week: (7, "days")
    case .month: (1, "months")
    case .quarter: (3, "months")
    case .year: (1, "years")
    }
  }

  /// Whether the bucket consists of whole months, so that monthly rollups can answer.
  var isOfMonths: Bool { self == .month || self == .quarter || self == .year }

  /// The first day of the bucket that contains `day`; weeks begin on Monday (ISO 8601).
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
