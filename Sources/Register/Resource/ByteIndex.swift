internal import Glibc

/// Finds a short byte string's number without making a `String`: field names, words, codes. Built once, then only read.
@safe
package struct ByteIndex: Sendable {
  package let words: [String]
  private let bytes: [[UInt8]]
  /// Open addressing; -1 is free.
  private let table: [Int32]

  /// The number of `words[i]` is `i`. Words are distinct.
  package init(_ words: [String]) {
    self.words = words
    bytes = words.map { Array($0.utf8) }
    var size = 16
    while size < words.count * 4 { size *= 2 }
    var table = [Int32](repeating: -1, count: size)
    for (number, word) in bytes.enumerated() {
      var slot = unsafe word.withUnsafeBytes { unsafe Self.hash($0) } & (size - 1)
      while table[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      table[slot] = Int32(truncatingIfNeeded: number)
    }
    self.table = table
  }

  package subscript(_ word: UnsafeRawBufferPointer) -> Int? {
    var slot = unsafe Self.hash(word) & (table.count - 1)
    while table[slot] >= 0 {
      let number = Int(table[slot])
      if unsafe equal(bytes[number], word) { return number }
      slot = (slot + 1) & (table.count - 1)
    }
    return nil
  }

  package subscript(_ word: String) -> Int? {
    var word = word
    return word.withUTF8 { unsafe self[UnsafeRawBufferPointer($0)] }
  }

  private func equal(_ known: [UInt8], _ word: UnsafeRawBufferPointer) -> Bool {
    guard known.count == word.count, let start = word.baseAddress else { return unsafe known.isEmpty && word.isEmpty }
    return unsafe known.withUnsafeBytes { unsafe $0.baseAddress.map { unsafe memcmp($0, start, word.count) == 0 } ?? true }
  }

  /// FNV-1a.
  private static func hash(_ word: UnsafeRawBufferPointer) -> Int {
    var hash: UInt32 = 0x811c_9dc5
    unsafe word.forEach { hash = (hash ^ UInt32($0)) &* 0x0100_0193 }
    return Int(hash ^ (hash >> 15))
  }
}
