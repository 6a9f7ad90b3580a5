internal import Formats
internal import SQL

/// The index of who took part in what, in order of date: kept in the transaction that changes an event.
package enum Participants {
  private static let insert = SQLText("INSERT OR IGNORE INTO event_participants (stakeholder, start_date, event_id) VALUES (?1, ?2, ?3)")
  private static let remove = SQLText("DELETE FROM event_participants WHERE stakeholder = ?1 AND start_date = ?2 AND event_id = ?3")

  static func keep(_ new: Draft?, _ old: Draft?, _ id: Int64, _ write: Write) throws {
    if let new, let old, !differs(new, old) { return }
    if let old {
      // What is taken out may be among what waits: stored later, it would stay.
      if let gathered = write.participations, !gathered.isEmpty { try store(gathered, write) }
      unsafe try each(old) { unsafe try run(remove, $0, old, id, write) }
    }
    guard let new else { return }
    if old == nil, let gathered = write.participations {
      unsafe each(new) { unsafe gathered.add($0, new[Events.startDate].bytes, id) }
      if gathered.isFull { try store(gathered, write) }
    } else {
      unsafe try each(new) { unsafe try run(insert, $0, new, id, write) }
    }
  }

  private static func differs(_ new: Draft, _ old: Draft) -> Bool {
    !new.values.equals(Events.participants, old[Events.participants]) || !new.values.equals(Events.startDate, old[Events.startDate])
  }

  private static func run(_ sql: SQLText, _ stakeholder: UnsafeRawBufferPointer, _ draft: Draft, _ id: Int64, _ write: Write) throws {
    let row = write.scratch
    row.reset()
    unsafe row.append(text: stakeholder)
    row.append(draft[Events.startDate])
    row.append(integer: id)
    try write.connection.execute(sql, row)
  }

  /// Inserts what an import has gathered in the order of the index, so that neighbours are written together.
  static func store(_ gathered: Participations, _ write: Write) throws {
    let row = write.scratch
    try unsafe gathered.inOrder { stakeholder, date, id in
      row.reset()
      unsafe row.append(text: stakeholder)
      unsafe row.append(text: date)
      row.append(integer: id)
      try write.connection.execute(insert, row)
    }
    gathered.clear()
  }

  /// Finds the codes in the stored text: our own writer put `{"stakeholder":"…"` first in each object, and codes need no escapes.
  static func each(_ draft: Draft, _ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    let text = unsafe draft[Events.participants].bytes
    let key: StaticString = "{\"stakeholder\":\""
    var position = 0
    while position + key.utf8CodeUnitCount < text.count {
      guard unsafe matches(text, at: position, key) else {
        position += 1
        continue
      }
      let start = position + key.utf8CodeUnitCount
      guard let end = unsafe text[start...].firstIndex(of: 0x22) else { return }
      try unsafe body(UnsafeRawBufferPointer(rebasing: text[start..<end]))
      position = end
    }
  }

  private static func matches(_ text: UnsafeRawBufferPointer, at position: Int, _ key: StaticString) -> Bool {
    // Inside a string of ours a quote is escaped, so `{"` can only be the start of an object.
    guard unsafe text[position] == 0x7B else { return false }
    for index in 0..<key.utf8CodeUnitCount where unsafe text[position + index] != key.utf8Start[index] { return false }
    return true
  }
}
