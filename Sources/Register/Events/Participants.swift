internal import Formats
internal import Glibc
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
    if old == nil, let gathered = write.participations, let date = unsafe CalendarDate(iso: new[Events.startDate].bytes) {
      unsafe each(new) { unsafe gathered.add($0, date, id) }
      if gathered.isFull { try store(gathered, write) }
    } else {
      unsafe try each(new) { unsafe try run(insert, $0, new, id, write) }
    }
  }

  private static func differs(_ new: Draft, _ old: Draft) -> Bool {
    !new.equals(Events.participants, old[Events.participants]) || !new.equals(Events.startDate, old[Events.startDate])
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
      row.append(.null)
      row.set(1) { date.append(to: $0) }
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
      // Inside a string of ours a quote is escaped, so `{"` can only be the start of an object.
      guard let object = unsafe find(0x7B, in: text, from: position) else { return }
      position = object + 1
      guard object + key.utf8CodeUnitCount < text.count, unsafe matches(text, at: object, key) else { continue }
      let start = object + key.utf8CodeUnitCount
      guard let end = unsafe find(0x22, in: text, from: start) else { return }
      try unsafe body(UnsafeRawBufferPointer(rebasing: text[start..<end]))
      position = end
    }
  }

  private static func find(_ byte: UInt8, in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = text.baseAddress, let found = unsafe memchr(base + start, Int32(byte), text.count - start) else { return nil }
    return unsafe UnsafeRawPointer(found) - base
  }

  private static func matches(_ text: UnsafeRawBufferPointer, at position: Int, _ key: StaticString) -> Bool {
    guard let base = text.baseAddress else { return false }
    return unsafe memcmp(base + position, key.utf8Start, key.utf8CodeUnitCount) == 0
  }
}
