/// The candidate nearest to a mistyped word; `nil` if none is near.
///
/// Near is a Damerau-Levenshtein distance (insertions, deletions, substitutions, transpositions; ASCII case ignored) of at most a third of
/// the word's length in bytes. Of equally near candidates the first counts. Words above 64 bytes give `nil`, which bounds the work.
package func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
  let wanted = folded(word)
  guard (1...64).contains(wanted.count) else { return nil }
  var limit = wanted.count / 3
  var found: String?
  for candidate in candidates {
    let other = folded(candidate)
    guard other.count <= 128, let distance = distance(wanted, other, limit: limit) else { continue }
    if distance == 0 { return candidate }
    found = candidate
    // From here on only a nearer candidate counts.
    limit = distance - 1
  }
  return found
}

private func folded(_ text: String) -> [UInt8] { text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 } }

/// The distance between two words, or `nil` above `limit`.
private func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
  guard abs(left.count - right.count) <= limit else { return nil }
  var twoAbove: [Int] = []
  var above = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let isSame = left[row] == right[column]
      var best = min(above[column] + (isSame ? 0 : 1), above[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] { best = min(best, twoAbove[column - 1] + 1) }
      current.append(best)
    }
    twoAbove = above
    above = current
  }
  return above[right.count] <= limit ? above[right.count] : nil
}
