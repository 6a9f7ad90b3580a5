internal import Formats
internal import HTTP
internal import SQL
internal import Synchronization

/// A kind of record, declared once; validation, SQL, JSON, CSV, filters, history and documents derive from it.
package final class Resource: Sendable {
  /// SQL table name, plural snake_case; in kebab-case the collection's path segment.
  package let name: String
  /// The prefix of ids: `evt`.
  package let prefix: StaticString
  /// One line for OpenAPI and the resource list.
  package let doc: String
  /// The resource that owns its records, and the field that refers to the owner; `nil` for independent records.
  package let parent: (resource: String, field: String)?
  /// All columns: the id, the declared fields, then the standard tail; each at its `number`.
  package let columns: [Column]
  /// The same columns for the import's inner loop.
  let bareColumns: UncountedArray<Column>
  /// Whether lists omit some columns unless the query names them.
  let hasColumnsOnRequest: Bool
  /// Columns with a value in every new record, and columns that must be given.
  let initialColumns: [Column]
  let requiredColumns: [Column]
  /// Columns of full-text search, the record's name first; empty if the resource is not searchable.
  package let searchableColumns: [Column]
  /// Columns whose mentions of other records are kept in `links`.
  package let linkedColumns: [Column]
  /// One bit for each column that only the register sets.
  let readOnlyMask: UInt64
  /// Column numbers by name.
  package let index: ByteIndex
  /// The column that is valid in place of the id; `nil` if there is none.
  package let handle: Column?
  /// The `sort` of a list without one.
  package let defaultSort: String
  /// Whether records are created and deleted but never changed.
  package let isAppendOnly: Bool
  /// Whether only the register writes the records.
  package let isSystem: Bool
  /// Derivations and checks across fields.
  package let rules: Rules
  /// Numbers of the fields that every record has.
  package let standard: StandardColumns
  /// Number of the column that depends on the current day (`overdue`); `nil` if there is none.
  package let overdue: Int?

  /// The collection's path segment, kebab-case.
  package let path: String
  /// The singular in words, for messages: `progress report`.
  package var singular: String {
    let words = name.replacing("_", with: " ")
    return words.hasSuffix("ies") ? words.dropLast(3) + "y" : String(words.dropLast())
  }

  /// Declares a resource and numbers its fields.
  ///
  /// - Parameters:
  ///   - name: table name, plural, snake_case.
  ///   - parent: the owning resource and the field that refers to it; records are deleted with their owner.
  ///   - sortedBy: default sort, `-` in front for descending.
  ///   - fields: the declared fields without the standard ones; each in one resource only.
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
    bareColumns = UncountedArray(columns)
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

  /// Whether the resource's lists take `q`.
  package var isSearchable: Bool { !searchableColumns.isEmpty }

  /// Its index in the catalogue; set once, when the catalogue is made.
  package var place: Int { storedPlace.load(ordering: .relaxed) }
  private let storedPlace = Atomic(-1)

  /// Sets `place`; called by the catalogue only.
  package func take(place: Int) { storedPlace.store(place, ordering: .relaxed) }

  /// Whether its records can have coordinates, so that GeoJSON and `bbox` apply.
  package var hasPoint: Bool { index["latitude"] != nil && index["longitude"] != nil }

  /// The text form of an id: prefix, `_` and 13 base32 characters.
  package func text(of id: Int64) -> String {
    let text = ByteBuffer(capacity: 32)
    text.append(id: id, prefix: prefix)
    return text.string
  }

  /// The column of this name; `nil` if there is none.
  package func column(_ name: String) -> Column? { index[name].map { columns[$0] } }

  /// Whether `chosen` is all columns in declaration order.
  package func isWhole(_ chosen: [Column]) -> Bool {
    chosen.count == columns.count && chosen.indices.allSatisfy { chosen[$0] === columns[$0] }
  }

  /// The column of a field that this resource lists.
  package subscript(field: Field) -> Column { columns[field.number] }

  /// The column of this name; ends the program if there is none.
  package func required(_ name: String) -> Column { columns[number(name)] }

  /// The number of the column of this name; ends the program if there is none.
  package func number(_ name: String) -> Int { index[name].required("\(self.name).\(name)") }
}

/// The fields that every record has (domain §1).
package struct StandardColumns: Sendable {
  /// Column numbers of the standard fields, the same in a draft.
  package let extra, source, externalID, importID, version, seq, createdAt, updatedAt: Int
  /// The id is the first column of every resource.
  package static let idNumber = 0
  static let alwaysThere: Set<String> = ["version", "seq", "created_at", "updated_at"]

  /// Looks up the standard fields.
  ///
  /// - Parameter index: a resource's column numbers by name; ends the program if a standard field is missing.
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

  /// The id: 63 bits as an integer in SQL, `evt_` and 13 base32 characters outside.
  package static let id = Field(
    "id", .integer(0...Int64.max), .readOnly, .filterable, .sortable, doc: "Opaque, ordered by time, never reused.",
    example: "evt_0hk3v9q2m7x8a")

  /// The standard fields behind the declared ones, in order.
  package static let tail = [
    Field("tags", .list(.text(max: 64), max: 64), .filterable, doc: "Short labels.", example: "[\"sanctions\"]"),
    Field("extra", .object, doc: "Values without a field of their own: stored and returned, never interpreted."),
    Field(
      "source", .text(max: 64), .filterable, doc: "Where the record came from; together with `external_id`, the key of an upsert.",
      example: "gdelt"),
    Field("external_id", .text(max: 200), .filterable, doc: "The record's id at its source.", example: "1234567890"),
    Field("import_id", .reference("imports"), .readOnly, .filterable, doc: "The import that created the record or changed it last."),
    Field(
      "version", .integer(1...Int64.max), .readOnly, .filterable, doc: "Version number, one per change; also the record's ETag.",
      example: "1"),
    Field("seq", .integer(1...Int64.max), .readOnly, .filterable, .sortable, doc: "The register-wide number of the record's last change."),
    Field(
      "created_at", .timestamp, .readOnly, .filterable, .sortable, doc: "When the record was created, UTC.",
      example: "2024-06-18T09:30:00.000Z"),
    Field(
      "updated_at", .timestamp, .readOnly, .filterable, .sortable, doc: "When the record last changed, UTC.",
      example: "2024-06-18T09:30:00.000Z"),
  ]
}

/// A resource's own logic, kept in its folder.
package struct Rules: Sendable {
  /// Derives fields and checks rules across fields. Runs on the complete record, before references are resolved.
  package var prepare: @Sendable (Draft) -> Void

  /// Without an argument the resource derives and checks nothing across fields.
  package init(prepare: @escaping @Sendable (Draft) -> Void = { _ in }) { self.prepare = prepare }
}
