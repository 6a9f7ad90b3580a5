/// The parameters of lists: from the resource's columns and what an operator may do with each.
enum ListParameters {
  /// All of them, as every list of the resource takes them.
  static func all(of resource: Resource) -> [Parameter] {
    [conditions(of: resource)] + shorthands(of: resource) + [sort(resource)] + shape(of: resource) + pages + [count, asOf]
  }

  /// What one record takes.
  static func ofItem(_ resource: Resource) -> [Parameter] { shape(of: resource) + [asOf] }

  /// What a list that is streamed whole takes: no embedded records, no count.
  static func ofStream(_ resource: Resource) -> [Parameter] { all(of: resource).filter { $0.name != "include" && $0.name != "count" } }

  /// `field__op=value` for every field that can be filtered by.
  static func conditions(of resource: Resource) -> Parameter {
    var parameter = Parameter.query(
      "conditions", .shared(.schemas, "\(resource.typeName)Conditions", Conditions.schema(of: resource)),
      "Conditions, each a parameter of its own: `field=value`, `field__op=value`.", sharedAs: "\(resource.typeName)Conditions")
    parameter.isSpread = true
    return parameter
  }

  // MARK: Order and shape

  private static func sort(_ resource: Resource) -> Parameter {
    let names = resource.columns.filter(\.isSortable).flatMap { [$0.name, "-\($0.name)"] }
    return .query(
      "sort", list(of: names, max: 8), "Order, `-` for descending; the id is the last key. Without: `\(resource.defaultSort)`.",
      example: [.string(resource.defaultSort)], sharedAs: "\(resource.typeName)Sort")
  }

  private static func shape(of resource: Resource) -> [Parameter] {
    let fields = Parameter.query(
      "fields", list(of: resource.columns.map(\.name)), "The fields that are wanted.", sharedAs: "\(resource.typeName)Fields")
    let names = Relation.all(of: resource).map(\.name) + (resource.name == Events.resource.name ? ["participants"] : [])
    guard !names.isEmpty else { return [fields] }
    return [
      fields,
      .query("include", list(of: names), "Records to embed, up to 200 of each kind.", sharedAs: "\(resource.typeName)Include"),
    ]
  }

  private static func list(of names: [String], max: Int? = nil) -> JSONValue {
    let schema: JSONValue = ["type": "array", "minItems": 1, "items": ["type": "string", "enum": .words(names)]]
    return max.map { schema.adding(["maxItems": .integer(Int64($0))]) } ?? schema
  }

  // MARK: Shorthands

  private static func shorthands(of resource: Resource) -> [Parameter] {
    guard resource.name == Events.resource.name else { return [] }
    let several: JSONValue = ["type": "string", "pattern": .string("^\(Patterns.mention)(?:,\(Patterns.mention))*$")]
    let pair: JSONValue = ["type": "string", "pattern": .string("^\(Patterns.mention),\(Patterns.mention)$")]
    let day: JSONValue = ["type": "string", "pattern": .string("^\(Patterns.period)$")]
    return [
      .query(
        "participant", several, "Stakeholders by code or id: any of them takes part.", example: "PRK", sharedAs: "EventParticipantFilter"),
      .query("dyad", pair, "Two stakeholders: both take part.", example: "RUS,PRK", sharedAs: "EventDyad"),
      .query("from", day, "Events that end on that day or later.", example: "2024-01-01", sharedAs: "EventFrom"),
      .query("to", day, "Events that start on that day or earlier.", example: "2024-12-31", sharedAs: "EventTo"),
    ]
  }

  // MARK: Pages

  private static let pages = [
    Parameter.query(
      "limit",
      [
        "type": "integer", "minimum": 1, "maximum": .integer(Int64(ListQuery.maxLimit)), "default": .integer(Int64(ListQuery.defaultLimit)),
      ],
      "Most records of a page.", example: 20, sharedAs: "Limit"),
    Parameter.query(
      "cursor", ["type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 4_096],
      "`next_cursor` of the page before; filters and sort stay as they were.",
      sharedAs: "Cursor"),
    Parameter.query(
      "offset", ["type": "integer", "minimum": 0, "maximum": .integer(Int64(ListQuery.maxOffset))],
      "Records to pass over, for those who can only count; not with `cursor`.", sharedAs: "Offset"),
  ]

  private static let count = Parameter.query(
    "count", ["type": "string", "enum": .words(ListQuery.Count.allCases.map(\.rawValue)), "default": "none"],
    "Whether to count the records of all pages; `capped` up to 10,000.", sharedAs: "Count")

  private static let asOf = Parameter.query(
    "as_of", ["type": "string", "format": "date-time", "pattern": .string("^\(Patterns.timestamp)$")],
    "What the register said at that time; not with `include`.", example: "2026-01-01T00:00:00Z", sharedAs: "AsOf")
}
