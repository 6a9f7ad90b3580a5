package import Formats
package import Records
package import SQL

/// Resolves references of a draft: by id, by handle, or as `source/external_id`.
package struct Resolver {
  private let connection: any Connection
  private let lookup = Values()
  private let scratch = ByteBuffer(capacity: 128)
  private let found = FoundHandles()

  /// - Parameter connection: a reader's or the writer's.
  package init(_ connection: any Connection) { self.connection = connection }

  /// Clears the cached handles: a record was deleted.
  func forgetFound() { found.clear() }

  /// Replaces each mention with the stored form (number, handle or id); unresolved mentions become faults.
  ///
  /// - Throws: `SQLError`.
  package func resolve(_ draft: Draft) throws {
    guard !draft.references.isEmpty else { return }
    var index = 0
    while index < draft.references.count {
      let reference = draft.references[index]
      let shift = try resolve(reference, in: draft)
      draft.references[index].count += shift
      index += 1
      // A mention that changed length shifts the later ones in the same text.
      guard shift != 0 else { continue }
      for later in index..<draft.references.count where draft.references[later].column.number == reference.column.number {
        draft.references[later].offset += shift
      }
    }
  }

  /// - Returns: bytes by which the field's text grew.
  private func resolve(_ reference: PendingReference, in draft: Draft) throws -> Int {
    let found = try draft.withMention(reference) { mention in
      let found = try find(mention, as: reference.target)
      if found == nil { try refuse(mention, reference, in: draft) }
      return found
    }
    switch found {
    case .number(let id):
      draft.values.set(reference.column.number, integer: id)
      return 0
    case .asWritten, nil: return 0
    case .text(let text): return substitute(text, for: reference, in: draft)
    }
  }

  private func substitute(_ text: String, for reference: PendingReference, in draft: Draft) -> Int {
    let whole = draft[reference.column.number].utf8
    scratch.clear()
    scratch.append(whole[..<reference.offset])
    scratch.append(text)
    scratch.append(whole[(reference.offset + reference.count)...])
    draft.values.set(reference.column.number, text: scratch.bytes)
    return text.utf8.count - reference.count
  }

  private func refuse(_ mention: ByteView, _ reference: PendingReference, in draft: Draft) throws {
    let path = FieldPath(
      reference.column.name, element: reference.element < 0 ? nil : reference.element,
      part: reference.column.kind == .records ? reference.target.name : nil)
    let kinds = reference.target.targets.map { $0.replacing("_", with: " ") }.joined(separator: ", ")
    let near = try nearest(mention.string, in: reference.target.targets)
    let hint = near.map { "did you mean \($0)?" } ?? "use the id, handle or source/external_id of an existing record"
    draft.fault(path, "unknown_reference", "\(quoted(mention)) does not exist in \(kinds); \(hint)")
  }

  private func nearest(_ mention: String, in names: [String]) throws -> String? {
    for resource in names.compactMap({ Catalogue.shared[$0] }) {
      if let handle = try handle(resembling: mention, of: resource) { return handle }
    }
    return nil
  }

  // MARK: Look-ups

  private enum Found {
    case number(Int64)
    /// The mention itself is stored.
    case asWritten
    case text(String)
  }

  private func find(_ mention: ByteView, as target: Column) throws -> Found? {
    if target.kind == .handleOf { return try handle(mention, of: target) }
    guard let found = try record(mention, in: target.targets) else { return nil }
    guard target.kind == .target else { return .number(found.id) }
    if Catalogue.shared.parse(id: mention) != nil { return .asWritten }
    return .text(found.resource.text(of: found.id))
  }

  /// The handle to store for a mention in a field that refers by handle; `nil` if no record matches.
  package func handle(_ mention: ByteView, of target: Column) throws -> String? {
    switch try find(mention, as: target) {
    case .text(let handle): handle
    case .asWritten: mention.string
    case .number, nil: nil
    }
  }

  /// The handle to store; an exact handle, the common case, costs one index look-up.
  private func handle(_ mention: ByteView, of target: Column) throws -> Found? {
    if found.contains(mention, target) { return .asWritten }
    guard let resource = target.targets.first.flatMap({ Catalogue.shared[$0] }), let handle = resource.handle else { return nil }
    if try id(of: mention, handle: handle, in: resource) != nil {
      found.insert(mention, target)
      return .asWritten
    }
    guard let found = try record(mention, in: [resource.name]) else { return nil }
    return try connection.text("SELECT \(raw: handle.name) FROM \(raw: resource.name) WHERE id = \(found.id)").map { .text($0) }
  }

  /// The record that a mention names: by id, by handle, or as `source/external_id`; `nil` if none matches.
  ///
  /// - Parameter names: the resources to look in, in order.
  package func record(_ mention: ByteView, in names: [String]) throws -> (resource: Resource, id: Int64)? {
    if let parsed = Catalogue.shared.parse(id: mention) {
      guard names.contains(parsed.resource.name) else { return nil }
      lookup.reset()
      lookup.append(integer: parsed.id)
      return try connection.integer(parsed.resource.sql.exists, lookup) != nil ? parsed : nil
    }
    for name in names {
      guard let resource = Catalogue.shared[name] else { continue }
      if let handle = resource.handle, let id = try id(of: mention, handle: handle, in: resource) { return (resource, id) }
      if let id = try id(ofExternal: mention, in: resource) { return (resource, id) }
    }
    return nil
  }

  /// The handle equal to the mention in upper or lower case, else that of the record with exactly this name; `nil` if there is neither.
  package func handle(resembling mention: String, of resource: Resource) throws -> String? {
    guard let handle = resource.handle?.name else { return nil }
    // Both ask an index; to compare all handles without case would read them all.
    var found: SQLFragment =
      "SELECT \(raw: handle) FROM \(raw: resource.name) WHERE \(raw: handle) IN (upper(\(mention)), lower(\(mention)))"
    if resource.column("name") != nil {
      found.append(" UNION ALL SELECT \(raw: handle) FROM \(raw: resource.name) WHERE name = \(mention)")
    }
    return try connection.text("\(found) LIMIT 1")
  }

  /// The number of the record with exactly this handle; `nil` if there is none.
  package func id(of handle: ByteView, handle column: Column, in resource: Resource) throws -> Int64? {
    guard let sql = resource.sql.idByHandle else { return nil }
    lookup.reset()
    lookup.append(text: handle)
    return try connection.integer(sql, lookup)
  }

  /// `source/external_id`, split at the first slash.
  private func id(ofExternal mention: ByteView, in resource: Resource) throws -> Int64? {
    guard let slash = mention.firstIndex(of: 0x2F) else { return nil }
    lookup.reset()
    lookup.append(text: mention[..<slash])
    lookup.append(text: mention[(slash + 1)...])
    return try connection.integer(resource.sql.idByExternal, lookup)
  }
}

/// Handles already found in this write: most rows of an import name the same few.
private final class FoundHandles {
  /// By referring field; few enough for a linear search.
  private var found: [(target: Column, handles: WordNumbers)] = []
  private static let most = 10_000

  func contains(_ handle: ByteView, _ target: Column) -> Bool {
    for entry in found where entry.target === target { return entry.handles.contains(handle) }
    return false
  }

  func insert(_ handle: ByteView, _ target: Column) {
    guard let entry = found.first(where: { $0.target === target }) else {
      found.append((target, WordNumbers()))
      return insert(handle, target)
    }
    if entry.handles.count >= Self.most { entry.handles.clear() }
    _ = entry.handles.number(handle)
  }

  func clear() { found.removeAll() }
}
