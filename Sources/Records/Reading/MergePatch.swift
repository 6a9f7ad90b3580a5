package import Formats
package import SQL

/// JSON Merge Patch (RFC 7396) on stored JSON objects.
package enum MergePatch {
  /// Writes `target` with `patch` applied: null removes a member, an object merges, anything else replaces.
  ///
  /// - Throws: `JSONError` if `target` does not parse, so that nothing of it is lost.
  package static func apply(_ patch: JSONNode, to target: ByteView, into buffer: ByteBuffer) throws(JSONError) {
    let parser = JSONParser(maxDepth: JSONParser.greatestDepth)
    merge(patch, try parser.parse(target), into: buffer)
    withExtendedLifetime(parser) {}
  }

  /// Whether two stored objects are equal, the order of members ignored (RFC 8259 §4): many clients do not keep it.
  package static func isSame(_ one: Cell, _ other: Cell) -> Bool {
    guard !one.isNull, !other.isNull else { return one.isNull && other.isNull }
    let (left, right) = (JSONParser(maxDepth: JSONParser.greatestDepth), JSONParser(maxDepth: JSONParser.greatestDepth))
    defer { withExtendedLifetime((left, right)) {} }
    guard let first = try? left.parse(one.utf8), let second = try? right.parse(other.utf8) else { return false }
    return isSame(first, second)
  }

  private static func isSame(_ one: JSONNode, _ other: JSONNode) -> Bool {
    guard one.kind == other.kind else { return false }
    switch one.kind {
    case .object:
      guard one.count == other.count else { return false }
      let members = JSONMembers(other)
      var same = true
      one.forEachMember { key, value in
        same = same && (members[key].map { isSame(value, $0) } ?? false)
      }
      return same
    case .array:
      guard one.count == other.count else { return false }
      var elements: [JSONNode] = []
      other.forEachElement { elements.append($0) }
      var position = 0
      var same = true
      one.forEachElement { element in
        same = same && isSame(element, elements[position])
        position += 1
      }
      return same
    default:
      let (left, right) = (ByteBuffer(capacity: 64), ByteBuffer(capacity: 64))
      one.append(to: left)
      other.append(to: right)
      return left.array == right.array
    }
  }

  private static func merge(_ patch: JSONNode, _ target: JSONNode?, into buffer: ByteBuffer) {
    guard patch.kind == .object else { return patch.append(to: buffer) }
    buffer.append(0x7B)
    var isFirst = true
    func begin(_ key: ByteView) {
      if !isFirst { buffer.append(0x2C) }
      isFirst = false
      buffer.append(jsonString: key)
      buffer.append(0x3A)
    }
    let changes = JSONMembers(patch)
    target?.forEachMember { key, value in
      guard let change = changes[key] else {
        begin(key)
        return value.append(to: buffer)
      }
      guard change.kind != .null else { return }
      begin(key)
      merge(change, value, into: buffer)
    }
    let known = target.map { JSONMembers($0) }
    patch.forEachMember { key, value in
      guard value.kind != .null, known?[key] == nil else { return }
      begin(key)
      merge(value, nil, into: buffer)
    }
    buffer.append(0x7D)
  }
}
