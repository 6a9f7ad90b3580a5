internal import Formats
internal import Records
internal import SQL

/// Changes of the totals over all events, by each field with few values and by day. Added up on arrival: there are few of each.
final class EventTotals {
  /// The fields with few values (words, booleans, integers of a range of at most 10), in the order of the table's key.
  package static let columns = Events.resource.columns.filter { column in
    switch column.kind {
    case .word, .boolean: !column.isComputed
    case .integer: !column.isID && column.isFilterable && column.integers.count(upTo: mostIntegers) != nil
    default: false
    }
  }.sorted { $0.name < $1.name }

  private static let mostIntegers: Int64 = 10

  /// One field: its values, numbered, and the change of each.
  private struct Field {
    let column: Column
    let values = WordNumbers()
    var changes: [RollupChange] = []
  }

  private var fields = EventTotals.columns.map { Field(column: $0) }
  private var days: [Int: RollupChange] = [:]
  private let digits = ByteBuffer(capacity: 32)

  // MARK: Adding up

  /// Adds an event's change to the rows of its values and of its day.
  ///
  /// - Parameters:
  ///   - event: a row whose first column is the day of the event.
  ///   - first: the position of the first of `columns` in it.
  ///   - change: the sums of this event, negative for one removed.
  package func take(_ event: Row, from first: Int, _ change: RollupChange) {
    for place in fields.indices {
      let cell = event[first + place]
      if cell.isNull || cell.kind == .text {
        take(change, place, cell.utf8)
      } else {
        digits.clear()
        digits.append(integer: cell.integer)
        take(change, place, digits.bytes)
      }
    }
    guard let day = CalendarDate(iso: event[0].utf8)?.days else { return }
    days[day, default: RollupChange(count: 0)].add(change)
  }

  private func take(_ change: RollupChange, _ place: Int, _ value: ByteView) {
    let number = fields[place].values.number(value)
    if number == fields[place].changes.count { fields[place].changes.append(RollupChange(count: 0)) }
    fields[place].changes[number].add(change)
  }

  /// Forgets all changes.
  package func clear() {
    for place in fields.indices where !fields[place].changes.isEmpty {
      fields[place].values.clear()
      fields[place].changes.removeAll(keepingCapacity: true)
    }
    days.removeAll(keepingCapacity: true)
  }

  // MARK: Storing

  private static let fieldValues = RollupTable("event_totals", key: ["field", "value"], hasQuads: false)
  private static let byDay = RollupTable("event_days", key: ["day"], hasQuads: true)

  /// Writes the changes; the values of one field lie on few pages.
  ///
  /// - Throws: `SQLError`.
  package func store(over connection: any Connection) throws {
    let row = Values()
    for field in fields {
      for (number, change) in field.changes.enumerated() where !change.isNothing {
        row.reset()
        row.append(text: field.column.name)
        row.append(text: field.values[number])
        try Self.fieldValues.add(change, at: row, connection)
      }
    }
    for (day, change) in days.sorted(by: { $0.key < $1.key }) where !change.isNothing {
      row.reset()
      row.append(text: try CalendarDate(days: day).promised("day \(day)").description)
      try Self.byDay.add(change, at: row, connection)
    }
  }
}

extension ClosedRange<Int64> {
  /// The size of the range; `nil` above `most`.
  fileprivate func count(upTo most: Int64) -> Int64? {
    let (difference, hasOverflown) = upperBound.subtractingReportingOverflow(lowerBound)
    return hasOverflown || difference >= most ? nil : difference + 1
  }
}
