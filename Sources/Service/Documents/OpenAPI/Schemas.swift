internal import Formats
internal import Intake
internal import Records
internal import Store

/// JSON Schemas of records, made from the declarations (JSON Schema 2020-12, the dialect of OpenAPI 3.1).
enum Schemas {
  /// The purpose of a schema: it changes a field's description.
  enum Use: Sendable {
    /// A record as returned: every field is present, `null` where nothing is known.
    case answer
    /// The same in the requested form: some fields only, and times perhaps as numbers.
    case selection
    /// The body of POST and PUT.
    case input
    /// The body of PATCH: `null` removes a value.
    case patch

    var isAnswer: Bool { self == .answer || self == .selection }
  }

  // MARK: Records

  /// A complete record as returned.
  static func record(_ resource: Resource) -> JSONValue {
    .shared(.schemas, resource.typeName, answer(resource, isWhole: true))
  }

  /// A record reduced by `fields`.
  static func selection(_ resource: Resource) -> JSONValue {
    .shared(.schemas, "\(resource.typeName)Selection", answer(resource, isWhole: false))
  }

  /// The items of a list, and a record requested with parameters.
  static func recordOrSelection(_ resource: Resource) -> JSONValue { ["anyOf": [record(resource), selection(resource)]] }

  /// - Parameter field: the field that the path sets.
  static func input(_ resource: Resource, without field: String? = nil) -> JSONValue {
    .shared(
      .schemas, "\(resource.typeName)\(field == nil ? "" : "Part")Input",
      object(
        resource.columns.filter { $0.isWritable && $0.name != field }, of: resource, .input,
        required: resource.columns.filter { $0.isNeeded && $0.name != field }.map(\.name),
        doc: "The fields of a \(resource.singular). A body may contain read-only fields unchanged, but cannot change them.")
    )
  }

  static func patch(_ resource: Resource) -> JSONValue {
    .shared(
      .schemas, "\(resource.typeName)Patch",
      object(
        resource.columns.filter(\.isWritable), of: resource, .patch, required: [],
        doc: "A JSON Merge Patch (RFC 7396): omitted fields stay, null clears a field."))
  }

  /// One version of a record, with the interval for which it was valid.
  static func version(_ resource: Resource) -> JSONValue {
    let interval: JSONValue = [
      "type": "object", "required": ["held_from", "held_until", "ended_by"],
      "properties": [
        "held_from": ["type": "string", "format": "date-time", "description": "When this version became current."],
        "held_until": [
          "type": ["string", "null"], "format": "date-time", "description": "When this version ended; null for the current one.",
        ],
        "ended_by": ["type": ["string", "null"], "description": "What ended this version: update or delete."],
      ],
    ]
    return .shared(.schemas, "\(resource.typeName)Version", ["allOf": [record(resource), interval]])
  }

  private static func answer(_ resource: Resource, isWhole: Bool) -> JSONValue {
    let names = isWhole ? resource.columns.filter { !$0.field.has(.onRequest) }.map(\.name) : []
    let embedded = Relation.all(of: resource).flatMap { relation -> [JSONValue.Member] in
      let other = Catalogue.shared.required(relation.resource)
      return [
        .init(
          name: relation.name,
          value: ["type": "array", "items": recordOrSelection(other), "description": .string("With `include=\(relation.name)`.")]),
        .init(
          name: "\(relation.name)_continue_at",
          value: ["type": "string", "format": "uri-reference", "description": "Address where the truncated list continues."]),
      ]
    }
    let doc = isWhole ? resource.doc : "\(resource.doc) Its form depends on `fields`, `flatten` and `time_format`."
    return object(resource.columns, of: resource, isWhole ? .answer : .selection, required: names, doc: doc, more: embedded)
  }

  private static func object(
    _ columns: [Column], of resource: Resource, _ use: Use, required: [String], doc: String, more: [JSONValue.Member] = []
  ) -> JSONValue {
    let properties = columns.map { JSONValue.Member(name: $0.name, value: field($0, of: resource, use)) } + more
    var schema: JSONValue = ["type": "object", "description": .string(doc)]
    if !required.isEmpty { schema = schema.adding(["required": .words(required)]) }
    schema = schema.adding(["properties": .object(properties)])
    return use.isAnswer ? schema : schema.adding(["additionalProperties": false])
  }

  /// A list as returned.
  ///
  /// - Parameter more: members besides the items.
  static func page(of items: JSONValue, named name: String, more: JSONValue = [:]) -> JSONValue {
    let members: JSONValue = [
      "items": ["type": "array", "items": items],
      "next_cursor": ["type": ["string", "null"], "description": "Cursor of the next page; null on the last one."],
    ]
    return .shared(
      .schemas, name, ["type": "object", "required": ["items", "next_cursor"], "properties": members.adding(more)])
  }

  /// The members that state a list's length on request.
  static let counts: JSONValue = [
    "count": ["type": "integer", "minimum": 0, "description": "With `count=capped` (up to 10,000) or `count=exact`."],
    "count_is_capped": ["type": "boolean", "description": "Whether there are more records than were counted."],
  ]

  // MARK: Fields

  /// A field: its type, whether it may be null, and its description.
  static func field(_ column: Column, of resource: Resource, _ use: Use) -> JSONValue {
    var schema = value(column, of: resource, use)
    if column.mayBeNull(use) { schema = orNull(schema) }
    var notes: JSONValue = ["description": .string(column.field.doc)]
    if use.isAnswer, column.isReadOnly { notes = notes.adding(["readOnly": true]) }
    if use == .input, let initial = column.field.initial { notes = notes.adding(["default": column.json(of: initial)]) }
    if let example = column.field.example { notes = notes.adding(["examples": [column.json(of: example)]]) }
    return schema.besideNotes(notes)
  }

  static func orNull(_ schema: JSONValue) -> JSONValue {
    if case .object(let members) = schema, case .string(let type)? = members.first(where: { $0.name == "type" })?.value,
      !members.contains(where: { $0.name == "enum" })
    {
      return .object(members.map { $0.name == "type" ? .init(name: "type", value: [.string(type), "null"]) : $0 })
    }
    return ["anyOf": [schema, ["type": "null"]]]
  }

  /// The values of a column other than null.
  static func value(_ column: Column, of resource: Resource, _ use: Use) -> JSONValue {
    switch column.kind {
    case .text: text(max: column.max, use)
    case .word: column.vocabulary.map(words) ?? ["type": "string"]
    case .handle: ["type": "string", "pattern": .string(Patterns.handle)]
    case .integer where column.isID: id(of: [resource])
    case .integer: integer(column.integers)
    case .real: ["type": "number", "minimum": .real(column.reals.lowerBound), "maximum": .real(column.reals.upperBound)]
    case .boolean: ["type": "boolean"]
    case .date, .period, .timestamp: time(column, use)
    case .url: ["type": "string", "format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://", "maxLength": 2_048]
    case .handleOf, .reference, .target: use.isAnswer ? shown(column) : mention
    case .list: list(column, of: resource, use)
    case .object: ["type": "object", "additionalProperties": true]
    case .records: ["type": "array", "maxItems": .integer(Int64(column.max)), "items": part(column, of: resource, use)]
    }
  }

  private static func time(_ column: Column, _ use: Use) -> JSONValue {
    let isMoment = column.kind == .timestamp
    let text: JSONValue = ["type": "string", "format": isMoment ? "date-time" : "date"]
    switch use {
    case .answer: return text
    case .selection: return ["anyOf": [text, ["type": "integer", "description": "With `time_format=epoch_ms`."]]]
    case .input, .patch:
      if column.kind == .period { return period }
      return isMoment ? text.adding(["pattern": .string("^\(Patterns.moment)$")]) : text
    }
  }

  private static func text(max: Int, _ use: Use) -> JSONValue {
    let schema: JSONValue = ["type": "string", "maxLength": .integer(Int64(max))]
    return use.isAnswer ? schema : schema.adding(["minLength": 1, "pattern": .string(Patterns.text)])
  }

  private static func integer(_ range: ClosedRange<Int64>) -> JSONValue {
    let schema: JSONValue = ["type": "integer", "format": "int64", "minimum": .integer(range.lowerBound)]
    // The largest integer is no limit that a reader needs, and a double cannot represent it.
    return range.upperBound == .max ? schema : schema.adding(["maximum": .integer(range.upperBound)])
  }

  private static func list(_ column: Column, of resource: Resource, _ use: Use) -> JSONValue {
    guard let element = column.element else { return ["type": "array"] }
    let list: JSONValue = ["type": "array", "maxItems": .integer(Int64(column.max)), "items": value(element, of: resource, use)]
    return use == .selection ? ["anyOf": [list, ["type": "string", "description": "With `flatten=true`."]]] : list
  }

  /// An element of a nested list; absent members are omitted.
  static func part(_ column: Column, of resource: Resource, _ use: Use) -> JSONValue {
    let name = resource.typeName + column.name.removingPlural.camelCase + (use.isAnswer ? "" : "Input")
    return .shared(
      .schemas, name,
      object(
        column.parts, of: resource, use == .patch ? .input : use.isAnswer ? .answer : use,
        required: column.parts.filter(\.isRequired).map(\.name),
        doc: column.field.doc))
  }

  /// The words of a vocabulary; shared, since the long ones are used often.
  static func words(_ vocabulary: Vocabulary) -> JSONValue {
    .shared(
      .schemas, vocabulary.typeName,
      [
        "type": "string", "enum": .words(vocabulary.words),
        "description": .string("One of \(vocabulary.words.count) words; `GET /v1/vocabularies/\(vocabulary.name)` explains them."),
      ])
  }

  // MARK: References

  /// The id of a record of one of these resources.
  static func id(of resources: [Resource]) -> JSONValue {
    guard resources.count > 1 else { return .shared(.schemas, "\(resources.first?.typeName ?? "")Id", idPattern(resources)) }
    return idPattern(resources)
  }

  private static func idPattern(_ resources: [Resource]) -> JSONValue {
    let prefixes = resources.map { "\($0.prefix)" }.joined(separator: "|")
    return ["type": "string", "pattern": .string("^(\(prefixes))_[0-9a-hjkmnp-tv-z]{13}$")]
  }

  /// A reference as returned.
  private static func shown(_ column: Column) -> JSONValue {
    guard column.kind != .handleOf else { return ["type": "string", "pattern": .string(Patterns.handle)] }
    return id(of: column.targets.map(Catalogue.shared.required))
  }

  /// The accepted spellings of a reference.
  private static let mention: JSONValue = .shared(
    .schemas, "Reference",
    [
      "type": "string", "minLength": 1, "maxLength": 300,
      "description": "An existing record, by its id (`evt_…`), its handle (`PRK`) or as `source/external_id`.",
    ])

  private static let period: JSONValue = .shared(
    .schemas, "Period",
    [
      "type": "string", "pattern": .string("^\(Patterns.span)$"),
      "description":
        "`2024-06-18`, `2024-06`, `2024`, a quarter `2024-33` to `2024-36`, or `2024-06-18/2024-06-21`; append `~` if approximate (EDTF).",
    ])
}

// MARK: Declarations in the document's words

extension Resource {
  /// `ProgressReport`
  var typeName: String { singular.replacing(" ", with: "_").camelCase }
  /// `ProgressReports`
  var pluralName: String { name.camelCase }
}

extension Vocabulary {
  var typeName: String { name.camelCase }
}

extension Column {
  /// Whether a body may set it.
  var isWritable: Bool { !isReadOnly && !isID }
  /// Whether a new record is refused without it.
  var isNeeded: Bool { isRequired && isWritable && !field.has(.derivable) }

  func mayBeNull(_ use: Schemas.Use) -> Bool {
    switch use {
    case .answer: isNullable && !isJSON && !(isComputed && kind == .boolean)
    case .selection: mayBeNull(.answer) || kind == .list
    case .input: !isNeeded
    case .patch: !isRequired
    }
  }

  /// A declaration's text (an example, an initial value) as JSON.
  func json(of text: String) -> JSONValue {
    switch kind {
    case .integer where isID: .string(text)
    case .integer, .real, .list, .object, .records: .raw(Array(text.utf8))
    case .boolean: .bool(text == "true" || text == "1")
    default: .string(text)
    }
  }
}

extension JSONValue {
  /// A schema with notes on this use of it; JSON Schema 2020-12 allows them beside a `$ref`.
  func besideNotes(_ notes: JSONValue) -> JSONValue {
    guard case .shared(let component) = self else { return adding(notes) }
    return .annotated(component, notes)
  }
}

extension String {
  /// `progress_report` as `ProgressReport`.
  var camelCase: String { split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }
  /// `participants` as `participant`.
  var removingPlural: String { hasSuffix("s") ? String(dropLast()) : self }
}
