internal import SQL

/// Records of one resource that refer to a record of another: a nested list, what `include` embeds, a step of a filter.
///
/// Found from the declarations: whoever has a field that refers to a resource is a relation of it.
package struct Relation: Sendable {
  package enum Key: Sendable {
    /// The record's number.
    case number
    /// Its id as text.
    case id
    /// Its handle.
    case handle
  }

  /// The path segment and the name for `include`: `progress_reports`, `outcomes`.
  package let name: String
  package let resource: String
  /// A condition on `r` with `?` for the key.
  package let condition: String
  /// The same of what `r` says itself: for records as they were, which no index beside them knows.
  let conditionThen: String
  package let key: Key
  /// The owner's column that `owners` gives.
  let ownerColumn: String
  /// A SELECT of the owners of related records `o`, to be ended with ` AND ` and a condition on `o`.
  let owners: String
  /// A SELECT of the numbers of the records `x` that belong to the owner with the key `k.value`, without order.
  let members: String

  /// All relations of a resource; the first field that refers wins where there are two.
  package static func all(of resource: Resource) -> [Relation] { known[resource.name].required("relations of \(resource.name)") }

  private static let known = Dictionary(
    uniqueKeysWithValues: Catalogue.shared.all.map { resource in
      (resource.name, Catalogue.shared.all.compactMap { relation(of: resource, in: $0) })
    })

  private static func relation(of resource: Resource, in other: Resource) -> Relation? {
    if other.name == "events", resource.name == "stakeholders" { return participation(resource) }
    return other.columns.lazy.compactMap { relation(of: resource, through: $0, in: other) }.first
  }

  private static func participation(_ stakeholders: Resource) -> Relation {
    Relation(
      stakeholders, "events", .handle, condition: "r.id IN (SELECT event_id FROM event_participants WHERE stakeholder = ?)",
      then: "? IN (SELECT json_extract(value, '$.stakeholder') FROM json_each(r.participants))", target: "l.stakeholder",
      from: "event_participants l JOIN events o ON o.id = l.event_id WHERE 1",
      members: "SELECT x.event_id FROM event_participants x WHERE x.stakeholder = k.value")
  }

  private static func relation(of resource: Resource, through column: Column, in other: Resource) -> Relation? {
    guard column.number != StandardColumns.idNumber, column.name != "import_id" else { return nil }
    if column.isLinked { return linked(resource, column, other) }
    guard column.targets.contains(resource.name), !column.isJSON else { return nil }
    let key: Key = column.kind == .reference ? .number : column.kind == .target ? .id : .handle
    return Relation(
      resource, other.name, key, condition: "r.\(column.name) = ?", then: "r.\(column.name) = ?", target: "o.\(column.name)",
      from: "\(other.name) o WHERE 1",
      members: "SELECT x.id FROM \(other.name) x WHERE x.\(column.name) = k.value")
  }

  private static func linked(_ resource: Resource, _ column: Column, _ other: Resource) -> Relation? {
    let mentions = column.parts + [column.element].compactMap { $0 }
    guard let mention = mentions.first(where: { $0.targets.contains(resource.name) }) else { return nil }
    return Relation(
      resource, other.name, mention.kind == .handleOf ? .handle : .id,
      condition: "r.id IN (SELECT id FROM links WHERE target = ? AND resource = '\(other.name)')",
      then: "? IN (\(mentioned(resource, in: other).joined(separator: " UNION ALL ")))",
      target: "l.target", from: "links l JOIN \(other.name) o ON o.id = l.id WHERE l.resource = '\(other.name)'",
      members: "SELECT DISTINCT x.id FROM links x WHERE x.target = k.value AND x.resource = '\(other.name)'")
  }

  /// A SELECT for each list and each part of nested records in which a record `r` may mention one of a resource.
  private static func mentioned(_ resource: Resource, in other: Resource) -> [String] {
    other.linkedColumns.flatMap { column in
      let isElement = column.element?.targets.contains(resource.name) ?? false
      let parts = column.parts.filter { $0.targets.contains(resource.name) }
      return (isElement ? ["value"] : parts.map { "json_extract(value, '$.\($0.name)')" }).map {
        "SELECT \($0) FROM json_each(r.\(column.name))"
      }
    }
  }

  /// - Parameters:
  ///   - target: what names the owner, in the terms of `from`.
  ///   - from: the related records as `o`, with a condition.
  private init(
    _ owner: Resource, _ name: String, _ key: Key, condition: String, then: String, target: String, from: String, members: String
  ) {
    (self.name, resource, self.condition, conditionThen, self.key, self.members) = (name, name, condition, then, key, members)
    switch key {
    case .number: (ownerColumn, owners) = ("id", "SELECT \(target) FROM \(from)")
    case .handle: (ownerColumn, owners) = (owner.handle?.name ?? "id", "SELECT \(target) FROM \(from)")
    case .id:
      // Ids of one resource lie together: `evt_` to what follows the underscore.
      ownerColumn = "id"
      owners = "SELECT record_number(\(target)) FROM \(from) AND \(target) >= '\(owner.prefix)_' AND \(target) < '\(owner.prefix)`'"
    }
  }
}
