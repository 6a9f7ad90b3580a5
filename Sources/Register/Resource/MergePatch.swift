internal import Formats

/// JSON Merge Patch (RFC 7396) on stored JSON objects.
enum MergePatch {
  /// Writes `target`, changed as `patch` says: a member that is null goes, an object is merged, anything else replaces.
  static func apply(_ patch: JSONNode, to target: UnsafeRawBufferPointer, into buffer: ByteBuffer) {
    let parser = JSONParser(maxDepth: 64)
    merge(patch, try? unsafe parser.parse(target), into: buffer)
    withExtendedLifetime(parser) {}
  }

  private static func merge(_ patch: JSONNode, _ target: JSONNode?, into buffer: ByteBuffer) {
    guard patch.kind == .object else { return patch.append(to: buffer) }
    buffer.append(0x7B)
    var isFirst = true
    func begin(_ key: UnsafeRawBufferPointer) {
      if !isFirst { buffer.append(0x2C) }
      isFirst = false
      unsafe buffer.append(jsonString: key)
      buffer.append(0x3A)
    }
    if let target, target.kind == .object {
      unsafe target.forEachMember { key, value in
        guard let change = unsafe member(key, of: patch) else {
          unsafe begin(key)
          return value.append(to: buffer)
        }
        guard change.kind != .null else { return }
        unsafe begin(key)
        merge(change, value, into: buffer)
      }
    }
    unsafe patch.forEachMember { key, value in
      guard value.kind != .null, target.flatMap({ unsafe member(key, of: $0) }) == nil else { return }
      unsafe begin(key)
      merge(value, nil, into: buffer)
    }
    buffer.append(0x7D)
  }

  private static func member(_ key: UnsafeRawBufferPointer, of object: JSONNode) -> JSONNode? {
    guard object.kind == .object else { return nil }
    var found: JSONNode?
    unsafe object.forEachMember { name, value in
      if unsafe name.elementsEqual(key) { found = value }
    }
    return found
  }
}
