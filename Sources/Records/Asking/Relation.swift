/// Records of one resource that refer to a record of another: a nested list, what `include` embeds, a step of a filter.
///
/// Found from the declarations: whoever has a field that refers to a resource is a relation of it.
package struct Relation: Sendable {
  /// What a record is referred to by.
  package enum Key: Sendable {
    /// The record's number.
    case number
    /// Its id as text.
    case id
    /// Its handle.
    case handle
  }

  /// How the records are found from the one that they refer to.
  package enum Way: Sendable {
    /// A column holds the key.
    case column(String)
    /// Lists and nested records hold the key; `links` keeps their mentions.
    case links
    /// The index of who takes part in which event.
    case participation
  }

  /// The path segment and the name for `include`: `progress_reports`, `outcomes`. Also the name of the resource of its records.
  package let name: String
  /// The resource of the record that is referred to.
  package let owner: String
  package let key: Key
  package let way: Way
  /// Where it stands among all relations of all resources.
  package let number: Int

  /// The resource of its records.
  package var resource: String { name }

  /// All relations of a resource; the first field that refers wins where there are two.
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

  /// Nothing refers to some resources: they have none.
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
  /// The parts of its nested records and the element of its list: what in it may mention other records.
  package var mentions: [Column] { parts + [element].compactMap { $0 } }
}
