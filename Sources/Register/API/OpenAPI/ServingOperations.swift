// What the paths around the records do.

extension Operation {
  static let service = "Service"
  private static let vocabularyTag = "Vocabularies"

  static func alive(_ id: String) -> Operation {
    Operation(id, "Whether the program runs", tag: service, answers: [.json(status([:]), "It does.", example: ["status": "ok"])])
  }

  static let ready = Operation(
    "getReadiness", "Whether the register can be read, and its last change number", tag: service,
    answers: [.json(status(["last_seq": ["type": "integer", "minimum": 0]]), "It can.", example: ["status": "ok", "last_seq": 1])])

  private static func status(_ more: JSONValue) -> JSONValue {
    let status: JSONValue = ["status": ["type": "string", "enum": ["ok"]]]
    return ["type": "object", "required": ["status"], "properties": status.adding(more)]
  }

  static func index(_ id: String) -> Operation {
    Operation(
      id, "What there is", tag: service,
      answers: [
        .json(
          [
            "type": "object", "required": ["name", "resources"],
            "properties": [
              "name": ["type": "string"],
              "resources": ["type": "array", "items": named(["url": ["type": "string"], "doc": ["type": "string"]])],
            ],
          ], "The collections.")
      ], problems: [400])
  }

  static let vocabularies = Operation(
    "listVocabularies", "The lists of words that fields may hold", tag: vocabularyTag,
    answers: [
      .json(
        Schemas.page(of: named(["count": ["type": "integer"], "url": ["type": "string"]]), named: "VocabularyPage"),
        "Each with its number of words.")
    ], problems: [400])

  static let vocabulary = Operation(
    "getVocabulary", "The words of one list", tag: vocabularyTag,
    parameters: [.path("name", ["type": "string"], "Its name.", example: "event_type"), .ifNoneMatch],
    answers: [
      .json(
        Schemas.page(of: word, named: "WordPage"),
        "Each with its name and what else is known of it.", headers: [.etag]),
      .notModified,
    ], problems: [400, 404])

  private static let word: JSONValue = [
    "type": "object", "required": ["value", "name"],
    "properties": ["value": ["type": ["string", "integer"]], "name": ["type": "string"]],
  ]

  static let participants = Operation(
    "listEventParticipants", "Who took part in one event, with name, type and country of each", tag: Events.resource.tag,
    parameters: [.recordName(Events.resource)],
    answers: [.json(Schemas.page(of: participant, named: "EventParticipantPage"), "In the order in which they were recorded.")],
    problems: [400, 404, 410])

  private static var participant: JSONValue {
    let known: JSONValue = [
      "type": "object", "required": ["stakeholder_id", "name", "type", "country"],
      "properties": [
        "stakeholder_id": Schemas.id(of: [Stakeholders.resource]), "name": ["type": ["string", "null"]],
        "type": ["type": ["string", "null"]],
        "country": ["type": ["string", "null"]],
      ],
    ]
    guard let column = Events.resource.column("participants") else { return known }
    return ["allOf": [Schemas.part(column, of: Events.resource, .answer), known]]
  }

  // MARK: Imports

  static let importProfiles = Operation(
    "listImportProfiles", "The kinds of files that are understood", tag: Imports.resource.tag,
    answers: [
      .json(
        Schemas.page(
          of: named([
            "doc": ["type": "string"],
            "columns": ["type": "array", "items": named(["becomes": ["type": "string"]])],
          ]), named: "ImportProfilePage"), "Each with the columns that it wants and what becomes of them.")
    ], problems: [400])

  /// - Parameter resource: what the rows are, where the path says so.
  static func importFile(_ resource: Resource?) -> Operation {
    let what = resource.map { $0.name.replacing("_", with: " ") } ?? "records"
    let answer = Schemas.importResult
    return Operation(
      "import\(resource?.pluralName ?? "File")", "Takes a file of \(what)", tag: Imports.resource.tag, parameters: importParameters,
      body: RequestBody(
        doc: "The file; `Content-Encoding: gzip` is taken.", content: Examples.file(resource ?? Events.resource, isMixed: resource == nil)),
      answers: [
        .json(answer, "What became of the rows.", headers: [.location]),
        Answer(
          status: 422, doc: "Refused, with the rows that were not understood; a problem where the file is no such file.",
          content: [.json(answer), ProblemAnswers.content]),
      ], problems: [400, 409, 413, 415, 507])
  }

  private static let importParameters: [Parameter] = [
    .query("profile", ["type": "string", "enum": .words(Profiles.all.map(\.name))], "How rows are understood.", example: "chancery"),
    .query("mode", words(ImportOptions.Mode.self), "What happens to a row whose record is there.", example: "upsert"),
    .query("on_error", words(ImportOptions.OnError.self), "All or nothing, or what is good.", example: "abort"),
    .query(
      "file_name", ["type": "string", "minLength": 1, "maxLength": 300, "pattern": "^[^\\u0000-\\u001F\\u007F]+$"],
      "Kept in the import's record."),
    .query(
      "source", ["type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[^\\u0000-\\u001F\\u007F]+$"],
      "Where rows come from that do not say it.", example: "example"),
    .dryRun,
  ]

  private static func words<Word: RawRepresentable & CaseIterable>(_ words: Word.Type) -> JSONValue where Word.RawValue == String {
    ["type": "string", "enum": .words(words.allCases.map(\.rawValue))]
  }

  /// An object with a name and more.
  private static func named(_ more: JSONValue) -> JSONValue {
    let name: JSONValue = ["name": ["type": "string"]]
    return ["type": "object", "required": ["name"], "properties": name.adding(more)]
  }
}

extension Schemas {
  /// The record of an import; of one that was only tried the same figures without an id.
  static var importResult: JSONValue {
    let tried: JSONValue = .shared(
      .schemas, "ImportTrial",
      [
        "type": "object", "required": ["id", "profile", "state", "counts", "errors"],
        "properties": [
          "id": ["type": "null"], "profile": ["type": "string"], "state": ["type": "string", "enum": ["dry_run"]],
          "counts": ["type": "object"],
          "errors": ["type": "array", "items": ["type": "object"]],
        ],
      ])
    return ["anyOf": [record(Imports.resource), tried]]
  }
}

extension Examples {
  /// One row in each form.
  ///
  /// - Parameter isMixed: rows say themselves what they are, and a table cannot.
  static func file(_ resource: Resource, isMixed: Bool) -> [Content] {
    let row = isMixed ? JSONValue.object([.init(name: "resource", value: .string(resource.name))]).adding(input(resource)) : input(resource)
    let text: JSONValue = ["type": "string"]
    let rows: JSONValue = ["type": "array", "items": ["type": "object"]]
    return [
      Content(mediaType: "application/x-ndjson", schema: text, example: .string(JSONValueWriter.text(of: row) + "\n")),
      Content(mediaType: "application/json", schema: rows, example: [row]),
      Content(mediaType: "text/csv", schema: text), Content(mediaType: "text/tab-separated-values", schema: text),
    ]
  }
}

// MARK: Documents

extension Operation {
  private static let documents = "Documents"
  private static let html = Content(mediaType: "text/html", schema: ["type": "string"])

  static let openAPI = Operation(
    "getOpenAPI", "This document", tag: documents, parameters: [.ifNoneMatch],
    answers: [.json(["type": "object"], "OpenAPI 3.1.", headers: [.etag]), .notModified], problems: [400])

  static let docs = Operation(
    "getDocs", "This document as a page", tag: documents, parameters: [.ifNoneMatch],
    answers: [Answer(status: 200, doc: "A page that needs nothing else.", content: [html], headers: [.etag]), .notModified], problems: [400]
  )

  static let problemPages = Operation(
    "listProblems", "The codes of problems", tag: documents,
    answers: [
      Answer(status: 200, doc: "Each with what it means.", content: [.json(Schemas.page(of: code, named: "CodePage")), html])
    ], problems: [400])

  static let problemPage = Operation(
    "getProblem", "What one code means, and how to mend it", tag: documents,
    parameters: [
      .path("code", ["type": "string", "enum": .words(ProblemPage.all.map(\.code))], "The code.", example: "unknown_parameter")
    ],
    answers: [Answer(status: 200, doc: "What it means.", content: [.json(code), html])], problems: [400, 404])

  private static let code: JSONValue = .shared(
    .schemas, "Code",
    [
      "type": "object", "required": ["code", "type", "status", "title", "meaning", "remedy", "example"],
      "properties": [
        "code": ["type": "string"], "type": ["type": "string", "format": "uri-reference"],
        "status": ["type": ["integer", "null"], "description": "Of a problem; null for a fault in its `errors`."],
        "title": ["type": "string"],
        "meaning": ["type": "string"], "remedy": ["type": "string"], "example": ["type": "string"],
      ],
    ])
}
