internal import Formats
internal import Records

/// Participations in the new events of an import, held in memory until they are stored in index order.
final class Participations {
  /// Most entries in memory; 16 bytes each.
  private static let most = 131_072

  private struct Entry {
    /// Upper half: the stakeholder's number; lower half: the day.
    var place: UInt64
    let id: Int64
  }

  private let stakeholders = WordNumbers()
  private var entries: [Entry] = []

  /// Whether no entry is held.
  package var isEmpty: Bool { entries.isEmpty }
  /// Whether the memory limit is reached: 131,072 entries.
  package var isFull: Bool { entries.count >= Self.most }

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - stakeholder: the code; copied.
  ///   - date: on which the event begins.
  ///   - id: the event.
  package func add(_ stakeholder: ByteView, _ date: CalendarDate, _ id: Int64) {
    let day = date.days - CalendarDate.first.days
    entries.append(Entry(place: UInt64(stakeholders.number(stakeholder)) << 32 | UInt64(day), id: id))
  }

  /// Forgets all entries and keeps the capacity.
  package func clear() {
    stakeholders.clear()
    entries.removeAll(keepingCapacity: true)
  }

  /// Calls `body` with the entries sorted by stakeholder code (bytes), date and event.
  ///
  /// - Throws: what `body` throws.
  package func inOrder(_ body: (_ stakeholder: ByteView, _ date: CalendarDate, _ id: Int64) throws -> Void) rethrows {
    let (ranks, ordered) = stakeholders.order()
    for index in entries.indices {
      let place = entries[index].place
      entries[index].place = UInt64(ranks[Int(place >> 32)]) << 32 | place & 0xFFFF_FFFF
    }
    entries.sort { $0.place != $1.place ? $0.place < $1.place : $0.id < $1.id }
    for entry in entries {
      guard let date = CalendarDate(days: Int(entry.place & 0xFFFF_FFFF) + CalendarDate.first.days) else { continue }
      try body(stakeholders[ordered[Int(entry.place >> 32)]], date, entry.id)
    }
  }
}
