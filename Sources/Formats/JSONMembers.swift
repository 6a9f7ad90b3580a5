internal import Glibc

/// The members of an object in order of their names: for whoever asks for many, since `node[name]` looks at each member in front.
///
/// Sorted and not hashed: names that collide are easily made, and would cost what a look at each does.
package struct JSONMembers {
  private let names: [JSONNode]

  package init(_ object: JSONNode) {
    var names: [JSONNode] = []
    // On the tape a value lies behind its name.
    unsafe object.forEachMember { _, value in names.append(value.at(value.index &- 1)) }
    names.sort { unsafe Self.precedes($0.text, $1.text) }
    self.names = names
  }

  /// The member of this name; `nil` if there is none.
  package subscript(name: UnsafeRawBufferPointer) -> JSONNode? {
    var (low, high) = (0, names.count)
    while low < high {
      let middle = (low + high) / 2
      if unsafe Self.precedes(names[middle].text, name) { low = middle + 1 } else { high = middle }
    }
    guard low < names.count, unsafe equal(names[low].text, name) else { return nil }
    return names[low].at(names[low].index &+ 1)
  }

  /// The member of this name; `nil` if there is none.
  package subscript(name: ByteView) -> JSONNode? { unsafe self[name.unsafeBytes] }

  /// The shorter name first: most are told apart by their length alone.
  private static func precedes(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
    guard one.count == other.count, let left = one.baseAddress, let right = other.baseAddress else { return one.count < other.count }
    return unsafe memcmp(left, right, one.count) < 0
  }
}
