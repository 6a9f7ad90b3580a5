package import Formats

/// All resources, each declared in its own folder.
package struct Catalogue: Sendable {
  package static let shared = Catalogue([
    Events.resource, Stakeholders.resource, Perspectives.resource, Outcomes.resource, Assessments.resource, Strategies.resource,
    Recommendations.resource, Commitments.resource, ProgressReports.resource, Sources.resource, Citations.resource, Imports.resource,
  ])

  package let all: [Resource]
  private let byName: [String: Resource]
  /// Writes whole records of each resource.
  private let writers: [ObjectIdentifier: RowWriter]

  private init(_ all: [Resource]) {
    self.all = all
    for (place, resource) in all.enumerated() { resource.take(place: place) }
    let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    self.byName = byName
    writers = Dictionary(
      uniqueKeysWithValues: all.map { resource in
        (ObjectIdentifier(resource), RowWriter(resource.columns, prefix: resource.prefix) { byName[$0].required("resource \($0)").prefix })
      })
  }

  /// What writes whole records of a resource; made once, since every answer needs one.
  package func writer(_ resource: Resource) -> RowWriter {
    writers[ObjectIdentifier(resource)] ?? RowWriter(resource.columns, prefix: resource.prefix, prefixOf: prefix(of:))
  }

  package subscript(name: String) -> Resource? { byName[name] }

  /// A resource that a declaration names.
  package func required(_ name: String) -> Resource { byName[name].required("resource \(name)") }

  /// The resource whose ids start like this one, and the id's number.
  package func parse(id text: ByteView) -> (resource: Resource, id: Int64)? {
    for resource in all {
      if let id = Identifier.parse(text, prefix: resource.prefix) { return (resource, id) }
    }
    return nil
  }

  /// What ids of a resource start with.
  package func prefix(of name: String) -> StaticString { required(name).prefix }

  /// Those whose records are owned by a record of `resource`, and go when it goes.
  package func parts(of resource: Resource) -> [Resource] { all.filter { $0.parent?.resource == resource.name } }

  /// Three letters, an underscore and 13 characters: what no handle may look like.
  package static func isID(_ text: ByteView) -> Bool {
    text.count == 17 && text[3] == 0x5F && Identifier.prefix(of: text) != nil
  }
}
