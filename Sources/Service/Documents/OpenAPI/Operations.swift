internal import Records
internal import Store

// The operations of every resource: the same words for all of them, from their declarations.

extension Operation {
  // MARK: Reading

  /// - Parameters:
  ///   - format: the suffix's; `nil` for the path that follows `Accept`.
  ///   - owner: the resource whose record owns the list, for `/v1/outcomes/{id}/assessments`.
  static func list(_ resource: Resource, _ format: ListFormat?, of owner: Resource? = nil) -> Operation {
    let suffix = format.map { "As\($0.rawValue.camelCase)" } ?? ""
    let plural = resource.name.replacing("_", with: " ")
    let whose = owner.map { " of one \($0.singular)" } ?? ""
    let form =
      switch format {
      case nil, .json: ""
      case .csv: ", in full, as CSV"
      case .ndjson: ", in full, as NDJSON"
      case .geojson: ", in full, as GeoJSON"
      }
    return Operation(
      "list\(owner?.typeName ?? "")\(resource.pluralName)\(suffix)", "Lists the \(plural)\(whose)\(form)", tag: (owner ?? resource).tag,
      parameters: (owner.map { [.recordName($0)] } ?? [])
        + ListParameters.of(resource, format) + [.ifNoneMatch],
      answers: [.list(resource, format.map { [$0] } ?? ListFormat.forms(of: resource)), .notModified],
      problems: [400] + (format == nil ? [406] : []) + (owner == nil ? [] : [404, 410]))
  }

  static func item(_ resource: Resource) -> Operation {
    Operation(
      "get\(resource.typeName)", "Returns one \(resource.singular)", tag: resource.tag,
      parameters: [.recordName(resource)] + ListParameters.ofItem(resource) + [.ifNoneMatch],
      answers: [
        Answer(
          status: 200, doc: "The \(resource.singular).",
          content: [.json(Schemas.recordOrSelection(resource))] + (resource.isSystem ? [.events] : []), headers: [.etag]), .notModified,
      ], problems: [400, 404, 410])
  }

  static func history(_ resource: Resource) -> Operation {
    let page = Schemas.page(of: Schemas.version(resource), named: "\(resource.typeName)Versions")
    return Operation(
      "get\(resource.typeName)History", "Lists the versions of one \(resource.singular), newest first", tag: resource.tag,
      parameters: [.recordName(resource)] + Parameter.numberedPage + [.ifNoneMatch],
      answers: [.json(page, "Each version, with the interval in which it was current.", headers: [.etag]), .notModified],
      problems: [400, 404])
  }

  static func externalItem(_ resource: Resource) -> Operation {
    Operation(
      "get\(resource.typeName)ByExternalId", "Returns one \(resource.singular) by its source and external id", tag: resource.tag,
      parameters: Parameter.externalName + [.ifNoneMatch],
      answers: [.json(Schemas.record(resource), "The \(resource.singular).", headers: [.etag]), .notModified], problems: [400, 404])
  }

  // MARK: Writing

  /// - Parameter owner: the resource of which the path makes the record a part.
  static func create(_ resource: Resource, partOf owner: Resource? = nil) -> Operation {
    Operation(
      owner == nil ? "create\(resource.typeName)" : "add\(owner?.typeName ?? "")\(resource.typeName)",
      "Creates a new \(resource.singular)" + (owner.map { " of one \($0.singular)" } ?? ""), tag: (owner ?? resource).tag,
      parameters: (owner.map { [.recordName($0)] } ?? []) + [.dryRun, .idempotencyKey],
      body: .record(resource, without: owner == nil ? nil : resource.parent?.field),
      answers: [.created(resource), .tried(resource)],
      problems: [400, 409, 413, 415, 422, 507] + (owner == nil ? [] : [404, 410]))
  }

  static func replace(_ resource: Resource) -> Operation {
    Operation(
      "replace\(resource.typeName)", "Replaces a \(resource.singular); omitted fields are cleared", tag: resource.tag,
      parameters: [.recordName(resource), .dryRun, .ifMatch, .unlessMatch], body: .record(resource),
      answers: [.json(Schemas.record(resource), "The \(resource.singular) as it is now.", headers: [.etag])], problems: problemsOfUpdate)
  }

  static func update(_ resource: Resource) -> Operation {
    Operation(
      "update\(resource.typeName)", "Changes some fields of a \(resource.singular)", tag: resource.tag,
      parameters: [.recordName(resource), .dryRun, .ifMatch, .unlessMatch], body: .patch(resource),
      answers: [.json(Schemas.record(resource), "The \(resource.singular) as it is now.", headers: [.etag])], problems: problemsOfUpdate)
  }

  static func delete(_ resource: Resource) -> Operation {
    Operation(
      "delete\(resource.typeName)", "Deletes a \(resource.singular); its history is kept", tag: resource.tag,
      parameters: [.recordName(resource), .dryRun, .ifMatch, .unlessMatch], answers: [.empty(204, "The record is deleted.")],
      problems: [400, 404, 409, 410, 412, 428, 507])
  }

  static func upsert(_ resource: Resource) -> Operation {
    Operation(
      "upsert\(resource.typeName)", "Creates or replaces a \(resource.singular) by its source and external id; safe to repeat",
      tag: resource.tag,
      parameters: Parameter.externalName + [.dryRun, .ifMatch, .unlessMatch], body: .record(resource),
      answers: [.created(resource), .json(Schemas.record(resource), "The record existed, and now equals the body.", headers: [.etag])],
      problems: [400, 404, 409, 412, 413, 415, 422, 507])
  }

  private static let problemsOfUpdate = [400, 404, 409, 410, 412, 413, 415, 422, 428, 507]
}

// MARK: Parts of operations

extension Parameter {
  static func recordName(_ resource: Resource) -> Parameter {
    let schema: JSONValue =
      resource.handle == nil
      ? Schemas.id(of: [resource])
      : ["type": "string", "pattern": .string(Patterns.handle)]
    let names = resource.handle.map { "Its id or its \($0.name)." } ?? "Its id."
    return .path("id", schema, names, example: resource.handle?.field.example.map { .string($0) } ?? .string(resource.exampleID))
  }

  static let externalName = [
    Parameter.path(
      "source", ["type": "string", "minLength": 1, "maxLength": 64, "pattern": .string(Patterns.text)], "Where the record comes from.",
      example: "demo"),
    Parameter.path(
      "external_id", ["type": "string", "minLength": 1, "maxLength": 200, "pattern": .string(Patterns.text)],
      "The record's id at its source.",
      example: "2024-pyongyang"),
  ]

  static let dryRun = Parameter.query(
    "dry_run", ["type": "boolean", "default": false], "With `true`, everything is checked and nothing is stored.", sharedAs: "DryRun",
    kind: .flag)
  static let ifMatch = Parameter.header(
    "If-Match", ["type": "string", "pattern": .string("^(?:\\*|(?:W/)?\"[1-9][0-9]{0,17}\"(?:, *(?:W/)?\"[1-9][0-9]{0,17}\")*)$")],
    "ETag of the version to change; 412 if it is no longer the current one.", example: "\"1\"")
  static let unlessMatch = Parameter(
    name: "If-None-Match", place: .header,
    schema: ["type": "string", "pattern": .string("^(?:\\*|(?:W/)?\"[!#-~]*\"(?:, *(?:W/)?\"[!#-~]*\")*)$")],
    doc: "`*`: only if the record does not exist. An ETag: only if the record has another version. Otherwise 412.", sharedAs: "UnlessMatch")
  static let ifNoneMatch = Parameter.header(
    // A value that is no entity tag matches nothing, and is no error.
    "If-None-Match", ["type": "string"],
    "ETag of a known answer; 304 if it is still current.")
  static let idempotencyKey = Parameter.header(
    "Idempotency-Key", ["type": "string", "pattern": "^[!-~]{1,255}$"],
    "Makes the request safe to repeat: for 24 hours a repetition gets the first answer.")
}

extension RequestBody {
  /// - Parameter field: the field that the path sets.
  static func record(_ resource: Resource, without field: String? = nil) -> RequestBody {
    RequestBody(
      doc: "The \(resource.singular).",
      content: [.json(Schemas.input(resource, without: field), example: Examples.input(resource, without: field))])
  }

  static func patch(_ resource: Resource) -> RequestBody {
    let example = Examples.patch(resource)
    return RequestBody(
      doc: "The changes.",
      content: ["application/merge-patch+json", "application/json"].map {
        Content(mediaType: $0, schema: Schemas.patch(resource), example: example)
      })
  }
}

extension Answer {
  static func list(_ resource: Resource, _ formats: [ListFormat]) -> Answer {
    let page = Schemas.page(of: Schemas.recordOrSelection(resource), named: "\(resource.typeName)Page", more: Schemas.counts)
    let content = formats.map { format in
      switch format {
      case .json: Content.json(page)
      case .geojson: Content(mediaType: format.mediaType, schema: Schemas.features)
      case .ndjson, .csv: Content(mediaType: format.mediaType, schema: ["type": "string", "description": .string(format.doc)])
      }
    }
    return Answer(
      status: 200, doc: "The records.", content: content, headers: formats.contains(.json) ? [.etag, .link] : [.etag])
  }

  static func created(_ resource: Resource) -> Answer {
    .json(Schemas.record(resource), "The record is created.", status: 201, headers: [.etag, .location, .replayed])
  }

  static func tried(_ resource: Resource) -> Answer {
    .json(Schemas.record(resource), "With `dry_run=true`: the record that would be stored.", headers: [.etag])
  }
}

extension ListFormat {
  /// The media type without its parameters.
  var mediaType: String { String("\(contentType)".prefix { $0 != ";" }) }

  var doc: String {
    switch self {
    case .json: "A page of records."
    case .ndjson: "One JSON record per line."
    case .geojson: "A point for each record with coordinates."
    case .csv: "RFC 4180 with a header line; lists as `a;b`, participants as `RUS:visitor;PRK:host`."
    }
  }
}

extension Resource {
  /// The heading of its operations.
  var tag: String { name.split(separator: "_").joined(separator: " ").capitalizedFirst }
  /// A well-formed id.
  var exampleID: String { "\(prefix)_0hk3v9q2m7x8a" }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
