package import Formats

/// Maps short byte strings (field names, words, codes) to numbers without making a `String`. Immutable.
package struct ByteIndex: Sendable {
  /// The distinct words; a word's number is its index.
  package let words: [String]
  /// All words concatenated, and the end of each: an array for each word would be retained at each look-up.
  private let bytes: [UInt8]
  private let ends: [Int]
  /// Open addressing; -1 marks a free slot.
  private let table: [Int32]

  /// Builds the hash table.
  ///
  /// - Parameter words: distinct; the number of `words[i]` is `i`.
  package init(_ words: [String]) {
    self.words = words
    bytes = words.flatMap { Array($0.utf8) }
    var end = 0
    ends = words.map { word in
      end += word.utf8.count
      return end
    }
    var size = 16
    while size < words.count * 4 { size *= 2 }
    var table = [Int32](repeating: -1, count: size)
    for (number, word) in words.enumerated() {
      var slot = word.withByteView(\.wordHash) & (size - 1)
      while table[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      table[slot] = Int32(truncatingIfNeeded: number)
    }
    self.table = table
  }

  /// The number of a word by its bytes; `nil` if it is not in the index.
  package subscript(_ word: ByteView) -> Int? {
    var slot = word.wordHash & (table.count - 1)
    while table[slot] >= 0 {
      let number = Int(table[slot])
      if isEqual(number, word) { return number }
      slot = (slot + 1) & (table.count - 1)
    }
    return nil
  }

  /// The number of a word by its UTF-8; `nil` if it is not in the index.
  package subscript(_ word: String) -> Int? {
    return word.withByteView { self[$0] }
  }

  private func isEqual(_ number: Int, _ word: ByteView) -> Bool {
    let begin = number == 0 ? 0 : ends[number - 1]
    guard ends[number] - begin == word.count else { return false }
    return bytes.withByteView { $0[begin..<ends[number]] == word }
  }
}

extension ByteView {
  /// The hash by which tables of words find their slot: FNV-1a with the high bits folded in, which is better than its low bits alone.
  var wordHash: Int {
    let hash = fnv1a
    return Int(truncatingIfNeeded: hash ^ (hash >> 32))
  }
}
