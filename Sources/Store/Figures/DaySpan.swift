package import Formats
package import Records
internal import SQL

/// The date bounds that the filters of an event list amount to.
package struct DaySpan {
  /// The first day on which an event may begin, inclusive; `nil` for no bound.
  package private(set) var first: CalendarDate?
  /// The last day on which an event may begin, inclusive; `nil` for no bound.
  package private(set) var last: CalendarDate?
  /// An event must end on this day or later (`from`).
  private(set) var reaching: CalendarDate?
  /// The list's conditions that are not date bounds.
  package private(set) var rest: [Filter] = []
  /// `rest` as plain comparisons; `nil` if one of them is not.
  package private(set) var others: [Filter.Condition]? = []

  /// Reads `from`, `to` and the conditions on `start_date` of a list of events; everything else goes to `rest`.
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

  /// - Returns: whether the condition is a date bound, now included.
  private mutating func narrow(by condition: Filter.Condition) -> Bool {
    guard condition.column.field === Events.startDate, condition.part == nil,
      let day = CalendarDate(iso: condition.values[0].string)
    else { return false }
    switch condition.op {
    case .eq:
      begin(day)
      end(day)
    case .gte: begin(day)
    // No day follows the last or precedes the first.
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

  /// The first day from which every event that begins is in the span.
  package var whole: CalendarDate? {
    guard let first, let reaching else { return first ?? reaching }
    return max(first, reaching)
  }

  /// The whole months in the span: first day of the first one up to the first day after them, or the last of all days without an
  /// upper bound; `nil` when there is none.
  package var months: Range<CalendarDate>? {
    let from = whole.map { $0.day == 1 ? $0 : $0.lastOfMonth.adding(days: 1) } ?? .first
    let end = last.map { $0 == .last ? .last : $0.adding(days: 1).firstOfMonth } ?? .last
    return from < end ? from..<end : nil
  }

  /// Whether the span consists of whole months.
  var isOfMonths: Bool { (whole?.day ?? 1) == 1 && (last.map { $0 == $0.lastOfMonth } ?? true) }
}
