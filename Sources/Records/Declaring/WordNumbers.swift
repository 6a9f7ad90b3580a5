package import Formats

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
  package func contains(_ word: ByteView) -> Bool { table[slot(of: word)] >= 0 }

  /// The number of a word, from 0; a new word gets the next number.
  package func number(_ word: ByteView) -> Int {
    let slot = slot(of: word)
    guard table[slot] < 0 else { return Int(table[slot]) }
    bytes.append(word)
    ends.append(bytes.count)
    table[slot] = Int32(truncatingIfNeeded: ends.count - 1)
    if ends.count * 2 > table.count { grow() }
    return ends.count - 1
  }

  /// The slot of a word, or the free slot for it.
  private func slot(of word: ByteView) -> Int {
    var slot = word.wordHash & (table.count - 1)
    while table[slot] >= 0, self[Int(table[slot])] != word { slot = (slot + 1) & (table.count - 1) }
    return slot
  }

  /// The bytes of a word, valid until the next new word.
  package subscript(_ number: Int) -> ByteView {
    let start = number == 0 ? 0 : ends[number - 1]
    return bytes.bytes[start..<ends[number]]
  }

  /// The rank of each word in byte order (SQLite's BINARY order), and the numbers in that order.
  package func order() -> (ranks: [Int], numbers: [Int]) {
    let numbers = ends.indices.sorted { self[$0].lexicographicallyPrecedes(self[$1]) }
    var ranks = [Int](repeating: 0, count: ends.count)
    for (rank, number) in numbers.enumerated() { ranks[number] = rank }
    return (ranks, numbers)
  }

  private func grow() {
    table = [Int32](repeating: -1, count: table.count * 2)
    for number in ends.indices {
      var slot = self[number].wordHash & (table.count - 1)
      while table[slot] >= 0 { slot = (slot + 1) & (table.count - 1) }
      table[slot] = Int32(truncatingIfNeeded: number)
    }
  }
}
