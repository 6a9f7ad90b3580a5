internal import Formats
internal import Records

/// Who took part in the events that an import makes, until it is stored in the order of its index.
final class Participations {
  /// Entries in memory at the most; 16 bytes each.
  private static let most = 131_072

  private struct Entry {
    /// The stakeholder's number and, in the lower half, the day.
    var place: UInt64
    let id: Int64
  }

  private let stakeholders = WordNumbers()
  private var entries: [Entry] = []

  package var isEmpty: Bool { entries.isEmpty }
  package var isFull: Bool { entries.count >= Self.most }

  package func add(_ stakeholder: UnsafeRawBufferPointer, _ date: CalendarDate, _ id: Int64) {
    let day = date.days - CalendarDate.first.days
    entries.append(Entry(place: UInt64(unsafe stakeholders.number(stakeholder)) << 32 | UInt64(day), id: id))
  }

  package func clear() {
    stakeholders.clear()
    entries.removeAll(keepingCapacity: true)
  }

  /// Gives the entries sorted by stakeholder, date and event.
  package func inOrder(_ body: (_ stakeholder: UnsafeRawBufferPointer, _ date: CalendarDate, _ id: Int64) throws -> Void) rethrows {
    let (ranks, ordered) = stakeholders.order()
    for index in entries.indices {
      let place = entries[index].place
      entries[index].place = UInt64(ranks[Int(place >> 32)]) << 32 | place & 0xFFFF_FFFF
    }
    entries.sort { $0.place != $1.place ? $0.place < $1.place : $0.id < $1.id }
    for entry in entries {
      guard let date = CalendarDate(days: Int(entry.place & 0xFFFF_FFFF) + CalendarDate.first.days) else { continue }
      try unsafe body(stakeholders[ordered[Int(entry.place >> 32)]], date, entry.id)
    }
  }
}
