internal import Formats
internal import HTTP
internal import SQL
internal import Synchronization

/// A kind of record, declared once. Validation, SQL, JSON, CSV, filters, history and documents come from the declaration.
package final class Resource: Sendable {
  /// The table's name, and in kebab-case the collection's.
  package let name: String
  /// What ids start with: `evt`.
  package let prefix: StaticString
  /// One line for documents.
  package let doc: String
  /// The resource that owns its records, and the field that says which.
  package let parent: (resource: String, field: String)?
  package let columns: [Column]
  /// The same, for who goes through every row of a file.
  let bareColumns: BareColumns
  /// Whether lists leave some out unless they are asked for.
  let hasColumnsOnRequest: Bool
  /// Those that a new record has when nobody says, and those that must be there.
  let initialColumns: [Column]
  let requiredColumns: [Column]
  /// Those that full-text search looks through, what names the record first; empty where nothing is searched.
  package let searchableColumns: [Column]
  /// Those whose mentions of other records are kept in `links`.
  package let linkedColumns: [Column]
  /// A bit for each column that only the register gives.
  let readOnlyMask: UInt64
  package let index: ByteIndex
  /// The field usable in place of the id.
  package let handle: Column?
  /// What a list is sorted by when nobody says.
  package let defaultSort: String
  /// Records are added and removed, never changed.
  package let isAppendOnly: Bool
  /// Written by the register itself.
  package let isSystem: Bool
  package let rules: Rules
  package let standard: StandardColumns
  /// The column that changes with the day and not with the record.
  package let overdue: Int?

  /// The collection's path segment.
  package let path: String
  /// One record, in words: `progress report`.
  package var singular: String {
    let words = name.replacing("_", with: " ")
    return words.hasSuffix("ies") ? words.dropLast(3) + "y" : String(words.dropLast())
  }

  package init(
    _ name: String, prefix: StaticString, doc: String, parent: (resource: String, field: String)? = nil, sortedBy: String = "-id",
    isAppendOnly: Bool = false, isSystem: Bool = false, rules: Rules = Rules(), fields: [Field]
  ) {
    self.name = name
    self.prefix = prefix
    path = name.replacing("_", with: "-")
    self.doc = doc
    self.parent = parent
    self.isAppendOnly = isAppendOnly
    self.isSystem = isSystem
    self.rules = rules
    defaultSort = sortedBy
    for (position, field) in fields.enumerated() { field.stand(at: position + 1) }
    let all = [StandardColumns.id] + fields + StandardColumns.tail
    let columns = all.enumerated().map { Column($1, number: $0) }
    self.columns = columns
    bareColumns = BareColumns(columns)
    hasColumnsOnRequest = columns.contains { $0.field.has(.onRequest) }
    initialColumns = columns.filter { !$0.isComputed && $0.hasInitial }
    requiredColumns = columns.filter(\.isRequired)
    searchableColumns = Self.searchable(columns)
    linkedColumns = columns.filter(\.isLinked)
    readOnlyMask = columns.reduce(0) { $1.isReadOnly ? $0 | 1 << UInt64($1.number) : $0 }
    index = ByteIndex(all.map(\.name))
    handle = columns.first { $0.kind == .handle }
    standard = StandardColumns(index)
    overdue = index["overdue"]
  }

  private static func searchable(_ columns: [Column]) -> [Column] {
    let searchable = columns.filter { $0.field.has(.searchable) }
    guard let name = searchable.first(where: \.isRequired) ?? searchable.first else { return [] }
    return [name] + searchable.filter { $0 !== name }
  }

  package var isSearchable: Bool { !searchableColumns.isEmpty }

  /// Where it stands among all resources; set once, when the catalogue is made.
  package var place: Int { storedPlace.load(ordering: .relaxed) }
  private let storedPlace = Atomic(-1)

  /// Sets `place`.
  package func take(place: Int) { storedPlace.store(place, ordering: .relaxed) }

  /// Whether its records can have a place on the map.
  package var hasPoint: Bool { index["latitude"] != nil && index["longitude"] != nil }

  /// A record's id as it is shown, of its number.
  package func text(of id: Int64) -> String {
    let text = ByteBuffer(capacity: 32)
    text.append(id: id, prefix: prefix)
    return text.string
  }

  package func column(_ name: String) -> Column? { index[name].map { columns[$0] } }

  /// Whether these are all its fields in their order.
  package func isWhole(_ chosen: [Column]) -> Bool {
    chosen.count == columns.count && chosen.indices.allSatisfy { chosen[$0] === columns[$0] }
  }

  /// A field that it lists, made ready.
  package subscript(field: Field) -> Column { columns[field.number] }

  /// A field that the declaration has for certain.
  package func required(_ name: String) -> Column { columns[number(name)] }

  /// The number of such a field.
  package func number(_ name: String) -> Int { index[name].required("\(self.name).\(name)") }
}

/// The fields that every record has (domain §1).
package struct StandardColumns: Sendable {
  package let extra, source, externalID, importID, version, seq, createdAt, updatedAt: Int
  package static let idNumber = 0
  static let alwaysThere: Set<String> = ["version", "seq", "created_at", "updated_at"]

  package init(_ index: ByteIndex) {
    func number(_ name: String) -> Int { index[name].required(name) }
    extra = number("extra")
    source = number("source")
    externalID = number("external_id")
    importID = number("import_id")
    version = number("version")
    seq = number("seq")
    createdAt = number("created_at")
    updatedAt = number("updated_at")
  }

  package static let id = Field(
    "id", .integer(0...Int64.max), .readOnly, .filterable, .sortable, doc: "Opaque, time-ordered, never used again.",
    example: "evt_0hk3v9q2m7x8a")

  package static let tail = [
    Field("tags", .list(.text(max: 64), max: 64), .filterable, doc: "Short labels.", example: "[\"sanctions\"]"),
    Field("extra", .object, doc: "Columns that the register has no field for: kept, returned, never interpreted."),
    Field(
      "source", .text(max: 64), .filterable, doc: "Where the row came from; with `external_id` the key of an upsert.", example: "gdelt"),
    Field("external_id", .text(max: 200), .filterable, doc: "The row's name there.", example: "1234567890"),
    Field("import_id", .reference("imports"), .readOnly, .filterable, doc: "The import that created or last changed the record."),
    Field("version", .integer(1...Int64.max), .readOnly, .filterable, doc: "1, 2, 3 …, one per change; the record's ETag.", example: "1"),
    Field("seq", .integer(1...Int64.max), .readOnly, .filterable, .sortable, doc: "The register-wide number of its last change."),
    Field(
      "created_at", .timestamp, .readOnly, .filterable, .sortable, doc: "When it was recorded, UTC.", example: "2024-06-18T09:30:00.000Z"),
    Field(
      "updated_at", .timestamp, .readOnly, .filterable, .sortable, doc: "When it last changed, UTC.", example: "2024-06-18T09:30:00.000Z"),
  ]
}

/// What is special about a resource, as code in its own folder.
package struct Rules: Sendable {
  /// Fills derived fields and checks what concerns several fields, on the complete record and before references are looked up.
  package var prepare: @Sendable (Draft) -> Void

  package init(prepare: @escaping @Sendable (Draft) -> Void = { _ in }) { self.prepare = prepare }
}
