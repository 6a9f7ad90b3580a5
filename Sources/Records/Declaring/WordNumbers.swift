internal import Formats
internal import Glibc

/// Interns the few words that recur: countries, types, stakeholders. Hashes raw bytes, which avoids the cost of hashing a `String`.
package final class WordNumbers {
  private static let leastSlots = 64

  private let bytes = ByteBuffer(capacity: 256)
  /// The end of each word in `bytes`; it starts at the end of the previous one.
  private var ends: [Int] = []
  /// Open addressing; -1 marks a free slot.
  private var table = [Int32](repeating: -1, count: leastSlots)

  /// The number of distinct words so far.
  package var count: Int { ends.count }

  /// An empty table.
  package init() {}

  /// Forgets all words; the next one gets number 0.
  package func clear() {
    guard !ends.isEmpty else { return }
    bytes.clear()
    ends.removeAll(keepingCapacity: true)
    table = [Int32](repeating: -1, count: Self.leastSlots)
  }

  /// Whether the word has a number already.
  package func contains(_ word: UnsafeRawBufferPointer) -> Bool { unsafe table[slot(of: word)] >= 0 }

  /// The number of a word, from 0; a new word gets the next number.
  package func number(_ word: UnsafeRawBufferPointer) -> Int {
    let slot = unsafe slot(of: word)
    guard table[slot] < 0 else { return Int(table[slot]) }
    unsafe bytes.append(word)
    ends.append(bytes.count)
    table[slot] = Int32(truncatingIfNeeded: ends.count - 1)
    if ends.count * 2 > table.count { grow() }
    return ends.count - 1
  }

  /// The slot of a word, or the free slot for it.
  private func slot(of word: UnsafeRawBufferPointer) -> Int {
    var slot = unsafe hash(word) & (table.count - 1)
    while table[slot] >= 0, unsafe !equal(self[Int(table[slot])], word) { slot = (slot + 1) & (table.count - 1) }
    return slot
  }

  /// The bytes of a word, valid until the next new word.
  package subscript(_ number: Int) -> UnsafeRawBufferPointer {
    let start = number == 0 ? 0 : ends[number - 1]
    return unsafe UnsafeRawBufferPointer(rebasing: bytes.rawBytes[start..<ends[number]])
  }

  /// The rank of each word in byte order (SQLite's BINARY order), and the numbers in that order.
  package func order() -> (ranks: [Int], numbers: [Int]) {
    let numbers = ends.indices.sorted { unsafe self[$0].lexicographicallyPrecedes(self[$1]) }
    var ranks = [Int](repeating: 0, count: ends.count)
    for (rank, number) in numbers.enumerated() { ranks[number] = rank }
    return (ranks, numbers)
  }

  private func grow() {
    table = [Int32](repeating: -1, count: table.count * 2)
    for number in ends.indices {
      var slot = unsafe hash(self[number]) & (table.count - 1)
      while table[slot] >= 0 { slot = (slot + 1) & (table.count - 1) }
      table[slot] = Int32(truncatingIfNeeded: number)
    }
  }

  private func equal(_ known: UnsafeRawBufferPointer, _ word: UnsafeRawBufferPointer) -> Bool {
    guard known.count == word.count, let start = known.baseAddress, let other = word.baseAddress else { return known.count == word.count }
    return unsafe memcmp(start, other, word.count) == 0
  }

  /// FNV-1a.
  private func hash(_ word: UnsafeRawBufferPointer) -> Int {
    var hash: UInt32 = 0x811c_9dc5
    for index in 0..<word.count { hash = unsafe (hash ^ UInt32(word[index])) &* 0x0100_0193 }
    return Int(hash ^ (hash >> 15))
  }
}
