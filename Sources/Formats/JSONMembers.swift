internal import Glibc

/// An object's members sorted by name, for many look-ups: `node[name]` scans all members before it.
///
/// Sorted, not hashed: colliding names are easy to construct and would make each look-up a full scan.
package struct JSONMembers {
  private let names: [JSONNode]

  /// Sorts the members of an object; empty for other kinds. Valid as long as `object`.
  package init(_ object: JSONNode) {
    var names: [JSONNode] = []
    // On the tape a value follows its name.
    object.forEachMember { _, value in names.append(value.at(value.index &- 1)) }
    names.sort { unsafe Self.precedes($0.text, $1.text) }
    self.names = names
  }

  /// The value of the member with this name (UTF-8, unescaped); `nil` if there is none.
  package subscript(name: ByteView) -> JSONNode? {
    let name = unsafe name.unsafeBytes
    var (low, high) = (0, names.count)
    while low < high {
      let middle = (low + high) / 2
      if unsafe Self.precedes(names[middle].text, name) { low = middle + 1 } else { high = middle }
    }
    guard low < names.count, unsafe equal(names[low].text, name) else { return nil }
    return names[low].at(names[low].index &+ 1)
  }

  /// Shorter names first: length alone separates most names.
  private static func precedes(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
    guard one.count == other.count, let left = one.baseAddress, let right = other.baseAddress else { return one.count < other.count }
    return unsafe memcmp(left, right, one.count) < 0
  }
}
