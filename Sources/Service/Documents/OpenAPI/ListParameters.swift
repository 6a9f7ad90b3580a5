internal import Records
internal import Store

/// The parameters of lists, derived from the resource's columns and the operators of each.
enum ListParameters {
  /// All parameters of a resource's lists, in any format.
  static func all(of resource: Resource) -> [Parameter] {
    (filters(of: resource) + [sort(resource)] + shape(of: resource) + pages + [count, asOf] + forms + [csvSafe]).map(\.forList)
  }

  /// The parameters of a list in one format; `nil` for the format that `Accept` selects.
  static func of(_ resource: Resource, _ format: ListFormat?) -> [Parameter] {
    let others: Set<String> =
      switch format {
      case nil: []
      case .json: ["csv_safe"]
      case .csv: ["include", "count"]
      case .ndjson, .geojson: ["include", "count", "csv_safe"]
      }
    return all(of: resource).filter { !others.contains($0.name) }
  }

  /// The parameters of a single record.
  static func ofItem(_ resource: Resource) -> [Parameter] { (shape(of: resource) + [asOf] + forms).map(\.forList) }

  /// The parameters of figures about a resource's records.
  static func ofFigures(_ resource: Resource) -> [Parameter] { (filters(of: resource) + [asOf]).map(\.forList) }

  /// Parameters that select records.
  private static func filters(of resource: Resource) -> [Parameter] {
    [conditions(of: resource), filter] + shorthands(of: resource) + places(of: resource) + search(of: resource)
  }

  /// `field__op=value` for every filterable field.
  static func conditions(of resource: Resource) -> Parameter {
    var parameter = Parameter.query(
      "conditions", .shared(.schemas, "\(resource.typeName)Conditions", Conditions.schema(of: resource)),
      "Conditions, one parameter each: `field=value`, `field__op=value`.", sharedAs: "\(resource.typeName)Conditions")
    parameter.isSpread = true
    return parameter
  }

  // MARK: Order and shape

  private static func sort(_ resource: Resource) -> Parameter {
    let names = resource.columns.filter(\.isSortable).flatMap { [$0.name, "-\($0.name)"] }
    return .query(
      "sort", list(of: names, max: 8),
      "Sort order; `-` means descending, and the id breaks ties. The default is `\(resource.defaultSort)`.",
      example: [.string(resource.defaultSort)], sharedAs: "\(resource.typeName)Sort")
  }

  private static func shape(of resource: Resource) -> [Parameter] {
    let fields = Parameter.query(
      "fields", list(of: resource.columns.map(\.name)), "The fields to return.", sharedAs: "\(resource.typeName)Fields")
    let names = inclusions(of: resource)
    guard !names.isEmpty else { return [fields] }
    return [
      fields,
      .query(
        "include", list(of: names), "Records to embed, up to 200 of each kind, two levels deep.", sharedAs: "\(resource.typeName)Include"),
    ]
  }

  /// `outcomes`, `outcomes.assessments`, and fields that lists omit.
  private static func inclusions(of resource: Resource) -> [String] {
    let nested = Relation.all(of: resource).flatMap { relation -> [String] in
      let further = Relation.all(of: Catalogue.shared.required(relation.resource))
      return [relation.name] + further.map { "\(relation.name).\($0.name)" }
    }
    return nested + resource.columns.filter { $0.field.has(.onRequest) }.map(\.name)
      + (resource.name == Events.resource.name ? ["participants"] : [])
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
        "participant", several, "Stakeholders by code or id, at least one of whom takes part; `FRA:host` means in that role.",
        example: "PRK",
        sharedAs: "EventParticipantFilter"),
      .query(
        "participant__ne", several, "Stakeholders of whom none takes part; `participant__nin` is the same.", sharedAs: "EventParticipantNot"
      ),
      .query("dyad", pair, "Two stakeholders, both of whom take part.", example: "RUS,PRK", sharedAs: "EventDyad"),
      .query("from", day, "Events that end on that day or later.", example: "2024-01-01", sharedAs: "EventFrom"),
      .query("to", day, "Events that start on that day or earlier.", example: "2024-12-31", sharedAs: "EventTo"),
    ]
  }

  private static let filter = Parameter.query(
    "filter", ["type": "string", "minLength": 1, "maxLength": .integer(Int64(QueryLimits().filterBytes))],
    "A filter expression with `AND OR NOT ( )` and `= != < <= > >= ~ IN IS NULL BETWEEN`; parentheses are required where AND meets OR.",
    example: "tags IS NULL", sharedAs: "Filter")

  private static func places(of resource: Resource) -> [Parameter] {
    guard resource.hasPoint else { return [] }
    let (longitude, latitude) = ("-?(?:1[0-7][0-9]|[1-9]?[0-9])(?:\\.[0-9]{1,6})?", "-?[1-8]?[0-9](?:\\.[0-9]{1,6})?")
    return [
      .query(
        "bbox", ["type": "string", "pattern": .string("^\(longitude),\(latitude),\(longitude),\(latitude)$")],
        "West, south, east and north in degrees; across the date line, west is greater than east.", example: "124,33,132,43",
        sharedAs: "Box")
    ]
  }

  private static func search(of resource: Resource) -> [Parameter] {
    guard resource.isSearchable else { return [] }
    return [
      .query(
        "q", .searchTerms, "Search terms, all of which must match: words, `\"a phrase\"`, `prefix*`, `-excluded`, `one OR other`.",
        sharedAs: "SearchTerms"),
      .query("stale", ["type": "boolean"], "With `q`: does not wait for the index to catch up.", sharedAs: "Stale"),
    ]
  }

  // MARK: Forms

  private static let forms = [
    Parameter.query(
      "flatten", ["type": "boolean", "default": false], "Turns nested fields into fields with dotted names.", sharedAs: "Flatten"),
    timeFormat,
  ]
  static let timeFormat = Parameter.query(
    "time_format", ["type": "string", "enum": ["rfc3339", "epoch_ms"], "default": "rfc3339"],
    "Whether times are text or Unix milliseconds.",
    sharedAs: "TimeFormat", kind: .word(Parameters.TimeFormat.allCases.map(\.rawValue)))
  private static let csvSafe = Parameter.query(
    "csv_safe", ["type": "boolean", "default": false], "In CSV: stops spreadsheets from reading cells as formulas.", sharedAs: "CsvSafe")

  // MARK: Pages

  /// Of figures, which are paged by offset.
  static let pagesOfFigures = [
    Parameter.query(
      "limit", ["type": "integer", "minimum": 1, "maximum": .integer(Int64(RegisterConfiguration().maxFigures))],
      "Maximum number of rows; the default is `analytics.max_rows`.", sharedAs: "FigureLimit"),
    .cursor,
  ]

  private static let pages = [
    Parameter.query(
      "limit",
      [
        "type": "integer", "minimum": 1, "maximum": .integer(Int64(ListQuery.maxLimit)), "default": .integer(Int64(ListQuery.defaultLimit)),
      ],
      "Maximum number of records per page.", example: 20, sharedAs: "Limit"),
    .cursor,
    Parameter.query(
      "offset", ["type": "integer", "minimum": 0, "maximum": .integer(Int64(ListQuery.maxOffset))],
      "Number of records to skip, for clients without cursors; not together with `cursor`.", sharedAs: "Offset"),
  ]

  private static let count = Parameter.query(
    "count", ["type": "string", "enum": .words(ListQuery.Count.allCases.map(\.rawValue)), "default": "none"],
    "Whether to count the records of all pages; `capped` counts up to 10,000.", sharedAs: "Count")

  private static let asOf = Parameter.query(
    "as_of", ["type": "string", "pattern": .string("^\(Patterns.timestamp)$")],
    "The state of the register at that time, such as `2025-06-01T00:00:00Z` or `now-90d`; not together with `include`.",
    example: "2026-01-01T00:00:00Z", sharedAs: "AsOf")
}

extension Parameter {
  /// Of a list ordered by one number.
  static let numberedPage = [Parameter.number("limit", 1...ListQuery.maxLimit, "Maximum number per page; the default is 50."), .cursor]

  static let cursor = Parameter.query(
    "cursor", ["type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 4_096],
    "`next_cursor` of the previous page; filters and sort must not change.", sharedAs: "Cursor")
}
