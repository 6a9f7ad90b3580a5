internal import Formats
internal import Glibc

/// Who took part in the events that an import makes, until it is stored in the order of its index.
final class Participations {
  /// Entries in memory at the most.
  private static let most = 131_072

  private struct Entry {
    let start: Int
    let count: Int32
    let id: Int64
  }

  /// `stakeholder`, a byte below all of a code's, `date`.
  private let keys = ByteBuffer(capacity: 1 << 16)
  private var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }
  var isFull: Bool { entries.count >= Self.most }

  func add(_ stakeholder: UnsafeRawBufferPointer, _ date: UnsafeRawBufferPointer, _ id: Int64) {
    let start = keys.count
    unsafe keys.append(stakeholder)
    keys.append(0)
    unsafe keys.append(date)
    entries.append(Entry(start: start, count: Int32(clamping: keys.count - start), id: id))
  }

  func clear() {
    keys.clear()
    entries.removeAll(keepingCapacity: true)
  }

  func inOrder(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer, Int64) throws -> Void) throws {
    try unsafe keys.withBytes { keys in
      entries.sort { unsafe precedes($0, $1, keys) }
      for entry in entries {
        let key = unsafe UnsafeRawBufferPointer(rebasing: keys[entry.start..<entry.start + Int(entry.count)])
        guard let end = unsafe key.firstIndex(of: 0) else { continue }
        try unsafe body(UnsafeRawBufferPointer(rebasing: key[..<end]), UnsafeRawBufferPointer(rebasing: key[(end + 1)...]), entry.id)
      }
    }
  }

  private func precedes(_ a: Entry, _ b: Entry, _ keys: UnsafeRawBufferPointer) -> Bool {
    guard let base = keys.baseAddress else { return false }
    let order = unsafe memcmp(base + a.start, base + b.start, Int(min(a.count, b.count)))
    guard order == 0 else { return order < 0 }
    return a.count != b.count ? a.count < b.count : a.id < b.id
  }
}
