package import Formats
package import Records
internal import SQL

/// Of a list of events: the days to which its filters narrow it.
package struct DaySpan {
  /// The first and the last day on which an event may begin.
  package private(set) var first: CalendarDate?
  package private(set) var last: CalendarDate?
  /// The day which an event must reach: it ends then or later.
  private(set) var reaching: CalendarDate?
  /// The list's conditions that it does not tell.
  package private(set) var rest: [Filter] = []
  /// The same as comparisons; `nil` where some are none.
  package private(set) var others: [Filter.Condition]? = []

  package init(_ list: ListQuery) {
    reaching = list.from.flatMap { CalendarDate(iso: $0) }
    last = list.to.flatMap { CalendarDate(iso: $0) }
    for filter in list.conditions {
      guard case .condition(let condition) = filter, condition.hop == nil else {
        rest.append(filter)
        others = nil
        continue
      }
      guard !narrow(by: condition) else { continue }
      rest.append(filter)
      others?.append(condition)
    }
  }

  /// - Returns: whether the condition is told now.
  private mutating func narrow(by condition: Filter.Condition) -> Bool {
    guard condition.column.field === Events.startDate, condition.part == nil,
      let day = CalendarDate(iso: condition.values[0].string)
    else { return false }
    switch condition.op {
    case .eq:
      begin(day)
      end(day)
    case .gte: begin(day)
    // Behind the last day and before the first there is none.
    case .gt where day < .last: begin(day.adding(days: 1))
    case .lte: end(day)
    case .lt where day > .first: end(day.adding(days: -1))
    case .between:
      guard let last = CalendarDate(iso: condition.values[1].string) else { return false }
      begin(day)
      end(last)
    default: return false
    }
    return true
  }

  private mutating func begin(_ day: CalendarDate) { first = max(first ?? day, day) }
  private mutating func end(_ day: CalendarDate) { last = min(last ?? day, day) }

  /// From which day on all events that begin are in it.
  package var whole: CalendarDate? {
    guard let first, let reaching else { return first ?? reaching }
    return max(first, reaching)
  }

  /// The first days of the first whole month in it and of the first behind it; the last of all days where it has no end.
  package var months: Range<CalendarDate>? {
    let from = whole.map { $0.day == 1 ? $0 : $0.lastOfMonth.adding(days: 1) } ?? .first
    let end = last.map { $0 == .last ? .last : $0.adding(days: 1).firstOfMonth } ?? .last
    return from < end ? from..<end : nil
  }

  /// Whether it begins and ends between two months.
  var isOfMonths: Bool { (whole?.day ?? 1) == 1 && (last.map { $0 == $0.lastOfMonth } ?? true) }
}
