internal import Intake
internal import Records
internal import Store

// The operations of imports.

extension Operation {
  private static let tag = Imports.resource.tag

  static let importProfiles = Operation(
    "listImportProfiles", "Lists the import profiles", tag: tag, parameters: [.ifNoneMatch],
    answers: [
      .json(
        Schemas.page(
          of: named([
            "doc": ["type": "string"], "resource": ["type": ["string", "null"]], "source": ["type": ["string", "null"]],
            "group": ["type": "boolean"], "interstate": ["type": "boolean"], "table": ["type": ["object", "null"]],
            "columns": ["type": "array", "items": named(["type": ["type": "string"], "becomes": ["type": "string"]])],
          ]), named: "ImportProfilePage"), "Each profile, with its columns and what they become.", headers: [.etag]), .notModified,
    ], problems: [400])

  /// - Parameter resource: the resource of the rows, if the path names it.
  static func importFile(_ resource: Resource?) -> Operation {
    let what = resource.map { $0.name.replacing("_", with: " ") } ?? "records"
    let record = Content.json(Schemas.importResult)
    return Operation(
      "import\(resource?.pluralName ?? "File")", "Imports a file of \(what)", tag: tag,
      parameters: importParameters + [.idempotencyKey, prefer, digest],
      body: RequestBody(
        doc: "The file. If compressed, send it as application/gzip or application/zip, or with `Content-Encoding: gzip`.",
        content: Examples.file(resource ?? Events.resource, isMixed: resource == nil)),
      answers: [
        Answer(status: 200, doc: "The import, with the result of its rows.", content: [record], headers: [.location, .replayed]),
        Answer(
          status: 202, doc: "With `Prefer: respond-async`: the file is stored, and its rows are being imported.", content: [record],
          headers: [.location, .preferenceApplied, .replayed]),
        Answer(
          status: 409, doc: "The import was cancelled (its record), or the Idempotency-Key is in use (a problem).",
          content: [record, ProblemAnswers.content]),
        Answer(
          status: 422, doc: "The import was refused (its record, with the bad rows), or the file cannot be read (a problem).",
          content: [record, ProblemAnswers.content]),
      ], problems: [400, 413, 415, 507])
  }

  static let undoImport = Operation(
    "undoImport", "Undoes an import; records edited since are kept and listed", tag: tag,
    parameters: [.recordName(Imports.resource), .flag("force", "Also undoes records edited since.")],
    answers: [.json(Schemas.record(Imports.resource), "The import's record; `undo` shows the result.")],
    problems: [400, 404, 409, 410, 507])

  static let cancelImport = Operation(
    "cancelImport", "Cancels a running import", tag: tag, parameters: [.recordName(Imports.resource)],
    answers: [.json(Schemas.record(Imports.resource), "The import will stop.", status: 202)], problems: [400, 404, 409])

  static let importRejects = Operation(
    "getImportRejects", "Returns the refused rows as they were in the file, each with its reason, to fix and send again", tag: tag,
    parameters: [.recordName(Imports.resource)],
    answers: [
      Answer(
        status: 200, doc: "In the format of the file.",
        content: ["application/x-ndjson", "text/csv", "text/tab-separated-values"].map { .text($0) })
    ],
    problems: [400, 404])

  /// - Parameter format: the suffix's; `nil` for the path that follows `Accept`.
  static func importErrors(_ format: ListFormat?) -> Operation {
    let isPaged = format == nil || format == .json
    return Operation(
      "listImportErrors\(format.map { "As\($0.rawValue.camelCase)" } ?? "")", "Lists the errors and warnings of an import",
      tag: tag,
      parameters: [.recordName(Imports.resource)]
        + (isPaged ? Parameter.numberedPage : []),
      answers: [
        Answer(
          status: 200, doc: "In row order.",
          content: (format.map { [$0] } ?? ListFormat.ofFigures).map { form in
            form == .json ? .json(Schemas.page(of: fault, named: "ImportErrorPage")) : .text(form.mediaType)
          })
      ], problems: [400, 404] + (format == nil ? [406] : []))
  }

  private static let fault: JSONValue = .shared(
    .schemas, "ImportFault",
    [
      "type": "object", "required": ["line", "column", "severity", "code", "found", "expected", "detail"],
      "properties": [
        "line": ["type": "integer"], "column": ["type": ["string", "null"]], "severity": ["type": "string"], "code": ["type": "string"],
        "found": ["type": ["string", "null"]], "expected": ["type": ["string", "null"]], "detail": ["type": "string"],
      ],
    ])

  // MARK: Parameters

  private static let words: JSONValue = ["type": "string", "minLength": 1, "pattern": "^[^\\u0000-\\u001F\\u007F]+$"]

  private static let importParameters: [Parameter] = [
    .word("profile", Profiles.all.map(\.name), "How rows are read.", example: "chancery"),
    .word("mode", ImportOptions.Mode.self, usual: .upsert, "What happens to a row whose record already exists."),
    .word("on_error", ImportOptions.OnError.self, usual: .abort, "`abort`: all rows or none; `continue`: all valid rows."),
    .number("max_errors", 0...1_000_000, "The import stops after more refused rows than this."),
    .word("create_missing", ["stakeholders"], "Creates stakeholders that rows name and the register lacks.", example: "stakeholders"),
    .query("interstate", ["type": "boolean"], "Keeps only events between different states, if the profile identifies them.", kind: .flag),
    .query(
      "group", ["type": "boolean"], "Whether reports of the same event become one event, if the profile supports it.", kind: .flag),
    .query("file_name", words.adding(["maxLength": 300]), "Stored in the import's record.", kind: .text(max: 300)),
    .query(
      "source", words.adding(["maxLength": 64]), "The source of rows that name none.", example: "example", kind: .text(max: 64)),
    .dryRun,
  ]

  private static let prefer = Parameter.header(
    "Prefer", ["type": "string", "enum": ["respond-async"]], "Answers as soon as the file is stored (RFC 7240).")
  private static let digest = Parameter.header(
    "Content-Digest", ["type": "string", "pattern": "^sha-256=:[A-Za-z0-9+/]{43}=:$"],
    "The expected digest of the body (RFC 9530); if it differs, nothing is imported.")
}

extension Content {
  static func text(_ mediaType: String) -> Content { Content(mediaType: mediaType, schema: ["type": "string"]) }

  /// The progress of an import as an event stream.
  static let events = text("text/event-stream")
}

extension Schemas {
  /// An import's record; for a dry run, the same figures without an id.
  static var importResult: JSONValue {
    let tried: JSONValue = .shared(
      .schemas, "ImportTrial",
      [
        "type": "object", "required": ["id", "profile", "state", "counts", "errors"],
        "properties": [
          "id": ["type": "null"], "profile": ["type": "string"], "state": ["type": "string", "enum": ["dry_run"]],
          "counts": ["type": "object"],
          "warnings": ["type": "integer"], "errors": ["type": "array", "items": ["type": "object"]],
        ],
      ])
    return ["anyOf": [record(Imports.resource), tried]]
  }
}

extension Examples {
  /// One row in each format.
  ///
  /// - Parameter isMixed: whether each row names its resource, which a table cannot.
  static func file(_ resource: Resource, isMixed: Bool) -> [Content] {
    let row =
      isMixed ? JSONValue.object([.init(name: "resource", value: .string(resource.name))]).adding(input(resource)) : input(resource)
    // Bytes: no schema describes a file.
    let bytes: JSONValue = ["description": "The bytes of the file."]
    return [
      Content(mediaType: "application/x-ndjson", schema: bytes, example: .string(JSONValueWriter.text(of: row) + "\n")),
      Content(mediaType: "application/json", schema: ["type": "array", "items": ["type": "object"]], example: [row]),
    ]
      + ["text/csv", "text/tab-separated-values", "application/gzip", "application/zip"].map {
        Content(mediaType: $0, schema: bytes)
      }
  }
}
