package import Formats

/// The resources of the register, each declared in its own folder.
package struct Catalogue: Sendable {
  /// The one catalogue of the program, made at its start.
  package static let shared = Catalogue([
    Events.resource, Stakeholders.resource, Perspectives.resource, Outcomes.resource, Assessments.resource, Strategies.resource,
    Recommendations.resource, Commitments.resource, ProgressReports.resource, Sources.resource, Citations.resource, Imports.resource,
  ])

  /// All resources, at the index of their `place`.
  package let all: [Resource]
  private let byName: [String: Resource]
  /// Writers of whole records, by resource.
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

  /// The writer of a resource's whole records; made once, because every answer needs one.
  package func writer(_ resource: Resource) -> RowWriter {
    writers[ObjectIdentifier(resource)] ?? RowWriter(resource.columns, prefix: resource.prefix, prefixOf: prefix(of:))
  }

  /// The resource with this table name; `nil` if there is none.
  package subscript(name: String) -> Resource? { byName[name] }

  /// The resource that a declaration names; ends the program if there is none.
  package func required(_ name: String) -> Resource { byName[name].required("resource \(name)") }

  /// The resource whose prefix the id has, and the id's number; `nil` for text of another form.
  package func parse(id text: ByteView) -> (resource: Resource, id: Int64)? {
    for resource in all {
      if let id = Identifier.parse(text, prefix: resource.prefix) { return (resource, id) }
    }
    return nil
  }

  /// The id prefix of a resource (`evt`); ends the program if there is none.
  package func prefix(of name: String) -> StaticString { required(name).prefix }

  /// The resources whose records belong to a record of `resource` and are deleted with it.
  package func parts(of resource: Resource) -> [Resource] { all.filter { $0.parent?.resource == resource.name } }

  /// Whether text has the form of an id (three letters, `_`, 13 base32 characters), which no handle may have.
  package static func isID(_ text: ByteView) -> Bool {
    text.count == 17 && text[3] == 0x5F && Identifier.prefix(of: text) != nil
  }
}
