internal import SQL

/// Records of one resource that refer to a record of another: a nested list, and what `include` embeds.
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
  package let key: Key

  /// All relations of a resource; the first field that refers wins where there are two.
  package static func all(of resource: Resource) -> [Relation] {
    Catalogue.shared.all.compactMap { other in
      if other.name == "events", resource.name == "stakeholders" { return participation }
      return other.columns.lazy.compactMap { relation(of: resource, through: $0, in: other) }.first
    }
  }

  private static let participation = Relation(
    name: "events", resource: "events", condition: "r.id IN (SELECT event_id FROM event_participants WHERE stakeholder = ?)", key: .handle)

  private static func relation(of resource: Resource, through column: Column, in other: Resource) -> Relation? {
    guard column.number != StandardColumns.idNumber, column.name != "import_id" else { return nil }
    if column.isLinked { return linked(resource, column, other) }
    guard column.targets.contains(resource.name), !column.isJSON else { return nil }
    let key: Key = column.kind == .reference ? .number : column.kind == .target ? .id : .handle
    return Relation(name: other.name, resource: other.name, condition: "r.\(column.name) = ?", key: key)
  }

  private static func linked(_ resource: Resource, _ column: Column, _ other: Resource) -> Relation? {
    let mentions = column.parts + [column.element].compactMap { $0 }
    guard let mention = mentions.first(where: { $0.targets.contains(resource.name) }) else { return nil }
    return Relation(
      name: other.name, resource: other.name,
      condition: "r.id IN (SELECT id FROM links WHERE target = ? AND resource = '\(other.name)')",
      key: mention.kind == .handleOf ? .handle : .id)
  }
}
