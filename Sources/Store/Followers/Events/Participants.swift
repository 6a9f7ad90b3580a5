internal import Formats
internal import Records
internal import SQL

/// Maintains `event_participants`: the events of each stakeholder in order of date.
///
/// For new events of an import it gathers entries and writes them in index order; other writes insert at once.
final class Participants: Follower {
  private static let insert = SQLTemplate(
    """
    INSERT INTO event_participants (stakeholder, start_date, event_id)
    VALUES (\(parameter: "stakeholder"), \(parameter: "day"), \(parameter: "event"))\(Dialect.orLeave)
    """)
  private static let remove = SQLTemplate(
    """
    DELETE FROM event_participants
    WHERE stakeholder = \(parameter: "stakeholder") AND start_date = \(parameter: "day") AND event_id = \(parameter: "event")
    """)

  private let connection: any Connection
  private let row = Values()
  /// Entries not stored yet; `nil` outside imports.
  private let gathered: Participations?

  /// - Parameter cause: an import gathers new entries; other writes insert at once.
  package init(_ transaction: any WriteTransaction, _ cause: WriteCause) {
    connection = transaction.connection
    gathered = cause.importID == nil ? nil : Participations()
  }

  /// Updates the entries of a changed event; new events of an import are gathered.
  package func stored(_ new: Draft?, _ old: Draft?, _ id: Int64, in write: Write) throws {
    if let new, let old, !differs(new, old) { return }
    if let old {
      // An entry to remove may still be gathered: stored after the removal, it would stay.
      try atEnd()
      try Self.each(old) { try run(Self.remove, $0, old, id) }
    }
    guard let new else { return }
    if old == nil, let gathered, let date = CalendarDate(iso: new[Events.startDate].utf8) {
      Self.each(new) { gathered.add($0, date, id) }
      if gathered.isFull { try atEnd() }
    } else {
      try Self.each(new) { try run(Self.insert, $0, new, id) }
    }
  }

  private func differs(_ new: Draft, _ old: Draft) -> Bool {
    !new.equals(Events.participants, old[Events.participants]) || !new.equals(Events.startDate, old[Events.startDate])
  }

  private func run(_ sql: SQLTemplate, _ stakeholder: ByteView, _ draft: Draft, _ id: Int64) throws {
    row.reset()
    row.append(text: stakeholder)
    row.append(draft[Events.startDate])
    row.append(integer: id)
    try connection.execute(sql, row)
  }

  /// Inserts the gathered entries in index order, so that neighbours are written together.
  func atEnd() throws {
    guard let gathered, !gathered.isEmpty else { return }
    try gathered.inOrder { stakeholder, date, id in
      row.reset()
      row.append(text: stakeholder)
      row.append(.null)
      row.set(1) { date.append(to: $0) }
      row.append(integer: id)
      try connection.execute(Self.insert, row)
    }
    gathered.clear()
  }

  /// Calls `body` with each participant's code, found in the stored JSON without parsing: our writer puts `{"stakeholder":"…"` first in
  /// each object, and codes need no escapes.
  ///
  /// - Throws: what `body` throws.
  package static func each(_ draft: Draft, _ body: (ByteView) throws -> Void) rethrows {
    try each(in: draft[Events.participants].utf8, body)
  }

  /// The same for the stored JSON.
  static func each(in text: ByteView, _ body: (ByteView) throws -> Void) rethrows {
    let key: StaticString = "{\"stakeholder\":\""
    var position = 0
    // Quotes inside strings are escaped, so `{"` can only start an object.
    while let object = text.firstIndex(of: 0x7B, from: position) {
      position = object + 1
      guard text[object...].starts(with: key) else { continue }
      let start = object + key.utf8CodeUnitCount
      guard let end = text.firstIndex(of: 0x22, from: start) else { return }
      try body(text[start..<end])
      position = end
    }
  }
}
