internal import Records
internal import Store

// The operations of analytics and search.

extension Operation {
  private static let analytics = "Analytics"

  /// - Parameter format: the suffix's; `nil` for the path that follows `Accept`.
  static func analytic(_ analytic: Analytic, _ format: ListFormat?) -> Operation {
    let forms = analytic.contentType != nil ? [.geojson] : format.map { [$0] } ?? ListFormat.ofFigures
    let suffix = format.map { "As\($0.rawValue.camelCase)" } ?? ""
    let filters = analytic.filtered.map { ListParameters.ofFigures($0) } ?? []
    let hasPath = analytic.parameters.contains { $0.place == .path }
    let form = analytic.contentType == nil ? [ListParameters.timeFormat] : []
    return Operation(
      "get\(analytic.typeName)\(suffix)", analytic.doc, tag: analytics,
      parameters: analytic.parameters + filters + ListParameters.pagesOfFigures + form + [.ifNoneMatch],
      answers: [
        Answer(
          status: 200, doc: "One flat row per group.", content: forms.map { .rows(of: analytic, $0) },
          headers: [.etag, .link]), .notModified,
      ],
      problems: [400] + (format == nil && analytic.contentType == nil ? [406] : []) + (hasPath || analytic.findsStakeholder ? [404] : []))
  }

  static let search = Operation(
    "search", "Searches all resources, best match first", tag: "Search",
    parameters: [
      .query(
        "q", .searchTerms, "Search terms, all of which must match: words, `\"a phrase\"`, `prefix*`, `-excluded`, `one OR other`.",
        example: "treaty", isRequired: true
      ),
      .words(
        "type", SearchLayout.shared.parts.map(\.resource.name), alsoTaken: SearchLayout.shared.parts.map(\.resource.path),
        "Only these resources."),
      .number("limit", 1...100, "Maximum number of records per page; the default is 20."), .cursor,
      .flag("stale", "Does not wait for the index to catch up."), .ifNoneMatch,
    ],
    answers: [.json(Schemas.page(of: hit, named: "HitPage"), "The records.", headers: [.etag, .link]), .notModified], problems: [400])

  private static let hit: JSONValue = .shared(
    .schemas, "Hit",
    [
      "type": "object", "required": ["resource", "id", "title", "snippet", "score", "url"],
      "properties": [
        "resource": ["type": "string"], "id": ["type": "string"], "title": ["type": ["string", "null"]],
        "snippet": ["type": "string", "description": "An excerpt with the matches marked."],
        "score": ["type": "number", "description": "Relevance; higher is better."],
        "url": ["type": "string", "format": "uri-reference"],
      ],
    ])
}

extension Content {
  fileprivate static func rows(of analytic: Analytic, _ format: ListFormat) -> Content {
    switch format {
    case .json: .json(Schemas.figures(of: analytic))
    case .geojson: Content(mediaType: format.mediaType, schema: Schemas.features)
    case .ndjson, .csv: Content(mediaType: format.mediaType, schema: ["type": "string", "description": .string(format.doc)])
    }
  }
}

extension Schemas {
  fileprivate static func figures(of analytic: Analytic) -> JSONValue {
    var seen: Set<String> = []
    let columns = analytic.columns.filter { seen.insert($0.name).inserted }
    // The query decides which of the columns appear.
    let row: JSONValue = .shared(
      .schemas, "\(analytic.typeName)Row",
      [
        "type": "object", "description": .string(analytic.doc),
        "properties": .object(columns.map { .init(name: $0.name, value: orNull(value($0, of: Events.resource, .selection))) }),
      ])
    return page(of: row, named: "\(analytic.typeName)Rows", more: analytic.more)
  }

  /// GeoJSON (RFC 7946).
  static let features: JSONValue = .shared(
    .schemas, "FeatureCollection",
    [
      "type": "object", "required": ["type", "features"],
      "properties": [
        "type": ["type": "string", "enum": ["FeatureCollection"]],
        "features": ["type": "array", "items": ["type": "object", "required": ["type", "geometry", "properties"]]],
        "next_cursor": ["type": ["string", "null"]],
      ],
    ])
}

extension Analytic {
  /// `Timeline`, `EventsAggregate`, `MapGeojson`; for a path with both names of a dyad, `Dyad`.
  var typeName: String {
    let words = path.split { "/-.".contains($0) }.map(String.init)
    let names = words.filter { $0 != "analytics" && !$0.hasPrefix("{") }
    let name = names.joined(separator: "_").camelCase
    return names.count == words.count || path.hasPrefix("analytics") && !path.hasSuffix("}") ? name : name.removingPlural
  }

  fileprivate var findsStakeholder: Bool { parameters.contains { $0.name == "stakeholder" } }

  /// The members beside the rows.
  fileprivate var more: JSONValue {
    guard findsStakeholder else { return [:] }
    return [
      "nodes": ["type": "array", "items": ["type": "object", "required": ["id", "name", "type", "country"]]],
      "nodes_are_cut": ["type": "boolean", "description": "Whether there are more nodes than are shown."],
    ]
  }
}

// MARK: Parameters

extension Parameter {
  /// A word of an enumeration.
  static func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ words: Word.Type, usual: Word, _ doc: String) -> Parameter
  where Word.RawValue == String {
    .query(
      name, ["type": "string", "enum": .words(words.allCases.map(\.rawValue)), "default": .string(usual.rawValue)], doc,
      example: .string(usual.rawValue), kind: .word(words.allCases.map(\.rawValue)))
  }

  static func word(_ name: String, _ words: [String], _ doc: String, example: String, isRequired: Bool = false) -> Parameter {
    .query(
      name, ["type": "string", "enum": .words(words)], doc, example: .string(example), isRequired: isRequired, kind: .word(words))
  }

  /// Several words separated by commas, each once.
  ///
  /// - Parameter alsoTaken: other spellings, which are accepted but not documented.
  static func words(
    _ name: String, _ words: [String], max: Int? = nil, alsoTaken: [String] = [], _ doc: String, example: String? = nil
  ) -> Parameter {
    var schema: JSONValue = ["type": "array", "minItems": 1, "uniqueItems": true, "items": ["type": "string", "enum": .words(words)]]
    if let max { schema = schema.adding(["maxItems": .integer(Int64(max))]) }
    return .query(name, schema, doc, example: example.map { [.string($0)] }, kind: .words(words + alsoTaken, most: max))
  }

  /// Fields to group by.
  static func groups(_ name: String, of resource: Resource, max: Int, without: Set<String> = [], example: String? = nil) -> Parameter {
    let names = Grouping.all(of: resource).map(\.column.name).filter { !without.contains($0) }
    return .words(name, names, max: max, "Fields to group by; at most one of them may have several values.", example: example)
  }

  static func flag(_ name: String, _ doc: String) -> Parameter { .query(name, ["type": "boolean", "default": false], doc, kind: .flag) }

  /// - Parameter isConfigured: whether the configuration sets the upper bound, which the reader of the value checks.
  static func number(_ name: String, _ range: ClosedRange<Int>, _ doc: String, isConfigured: Bool = false) -> Parameter {
    .query(
      name, ["type": "integer", "minimum": .integer(Int64(range.lowerBound)), "maximum": .integer(Int64(range.upperBound))], doc,
      kind: isConfigured ? .own : .number(range))
  }
}

extension JSONValue {
  /// The syntax of `q`.
  static let searchTerms: JSONValue = [
    "type": "string", "minLength": 1, "maxLength": .integer(Int64(RegisterConfiguration().search.limits.maxQueryBytes)),
  ]
}
