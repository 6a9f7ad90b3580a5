/// Records of one resource that refer to a record of another: a nested list, what `include` embeds, a step of a filter.
///
/// Derived from the declarations: each resource with a field that refers to another is a relation of it.
package struct Relation: Sendable {
  /// The form of a stored reference.
  package enum Key: Sendable {
    /// The record's number.
    case number
    /// Its id as text.
    case id
    /// Its handle.
    case handle
  }

  /// How the referring records are found.
  package enum Way: Sendable {
    /// A column holds the key.
    case column(String)
    /// Lists and nested records hold the key; `links` keeps their mentions.
    case links
    /// The participation index of events.
    case participation
  }

  /// The path segment and the name for `include`: `progress_reports`, `outcomes`. Also the name of the referring resource.
  package let name: String
  /// The name of the resource that is referred to.
  package let owner: String
  /// The form in which the reference is stored.
  package let key: Key
  /// How the referring records are looked up.
  package let way: Way
  /// Its index in `all`.
  package let number: Int

  /// The resource of its records.
  package var resource: String { name }

  /// All relations of a resource; where two fields of one resource refer to it, the first counts.
  package static func all(of resource: Resource) -> [Relation] { known[resource.name].required("relations of \(resource.name)") }

  /// All relations of all resources, each at its `number`.
  package static let all: [Relation] = {
    var all: [Relation] = []
    for resource in Catalogue.shared.all {
      for other in Catalogue.shared.all {
        guard let (key, way) = reference(to: resource, in: other) else { continue }
        all.append(Relation(name: other.name, owner: resource.name, key: key, way: way, number: all.count))
      }
    }
    return all
  }()

  /// By resource name; empty for resources that nothing refers to.
  private static let known = Dictionary(
    uniqueKeysWithValues: Catalogue.shared.all.map { resource in (resource.name, all.filter { $0.owner == resource.name }) })

  private static func reference(to resource: Resource, in other: Resource) -> (Key, Way)? {
    if other.name == "events", resource.name == "stakeholders" { return (.handle, .participation) }
    return other.columns.lazy.compactMap { reference(to: resource, through: $0) }.first
  }

  private static func reference(to resource: Resource, through column: Column) -> (Key, Way)? {
    guard column.number != StandardColumns.idNumber, column.name != "import_id" else { return nil }
    if column.isLinked {
      let mention = column.mentions.first { $0.targets.contains(resource.name) }
      return mention.map { ($0.kind == .handleOf ? .handle : .id, .links) }
    }
    guard column.targets.contains(resource.name), !column.isJSON else { return nil }
    return (column.kind == .reference ? .number : column.kind == .target ? .id : .handle, .column(column.name))
  }
}

extension Column {
  /// The columns inside this one that may mention other records: nested parts and the list element.
  package var mentions: [Column] { parts + [element].compactMap { $0 } }
}
