internal import Records
internal import Store

// The operations of paths other than records.

extension Operation {
  static let service = "Service"
  private static let vocabularyTag = "Vocabularies"

  static func alive(_ id: String) -> Operation {
    Operation(
      id, "Checks that the program runs", tag: service, answers: [.json(status([:]), "The program runs.", example: ["status": "ok"])])
  }

  static let ready = Operation(
    "getReadiness", "Checks that the register can be read, and returns its last change number", tag: service,
    answers: [
      .json(
        status([
          "last_seq": ["type": "integer", "minimum": 0],
          "search": [
            "type": ["object", "null"], "properties": ["indexed_seq": ["type": "integer"]],
            "description": "Last change number in the full-text index; null if there is no index.",
          ],
        ]), "The register can be read.", example: ["status": "ok", "last_seq": 1, "search": ["indexed_seq": 1]])
    ])

  private static func status(_ more: JSONValue) -> JSONValue {
    let status: JSONValue = ["status": ["type": "string", "enum": ["ok"]]]
    return ["type": "object", "required": ["status"], "properties": status.adding(more)]
  }

  static let writerTurns = Operation(
    "listWriterTurns", "Lists the writer's latest transactions, newest first, to show what a slow write waited for", tag: service,
    answers: [.json(Schemas.page(of: writerTurn, named: "WriterTurnPage"), "At most 1,000, held in memory.")], problems: [400])

  private static var writerTurn: JSONValue {
    let time: JSONValue = ["type": "number", "minimum": 0]
    let count: JSONValue = ["type": "integer", "minimum": 0]
    func told(_ value: JSONValue, _ doc: JSONValue) -> JSONValue { value.adding(["description": doc]) }
    let properties: JSONValue = [
      "ended_at": ["type": "string", "format": "date-time"], "writes": told(count, "Writes in the transaction."),
      "late_writes": told(count, "Writes that arrived while the transaction ran."), "changes": told(count, "Change numbers assigned."),
      "waited_ms": told(time, "The longest wait of the writes with which it began."),
      "ran_ms": told(time, "From the beginning of the transaction to its COMMIT."),
      "committed_ms": told(time, "COMMIT, including the flush to disk."),
      "checkpointed_ms": told(time, "Checkpoint of the write-ahead log; 0 if none was due."),
      "log_pages": told(count, "Pages in the write-ahead log afterwards."),
      "tail": told(count, "Changes that the rollups lacked afterwards; 0 if none were due."),
    ]
    return ["type": "object", "required": ["ended_at", "writes"], "properties": properties]
  }

  static func index(_ id: String) -> Operation {
    let path: JSONValue = ["type": "string"]
    let entry = named(["url": path, "doc": ["type": "string"]])
    return Operation(
      id, "Lists the resources", tag: service, parameters: [.ifNoneMatch],
      answers: [
        .json(
          [
            "type": "object", "required": ["name", "resources", "analytics"],
            "properties": .object(
              [.init(name: "name", value: ["type": "string"])]
                + ["resources", "analytics"].map { .init(name: $0, value: ["type": "array", "items": entry]) }
                + ["search", "vocabularies", "profiles", "imports", "openapi", "docs", "problems"].map { .init(name: $0, value: path) }),
          ], "The address of each resource; `{a}` in a path stands for a code.", headers: [.etag]), .notModified,
      ], problems: [400])
  }

  static let vocabularies = Operation(
    "listVocabularies", "Lists the vocabularies", tag: vocabularyTag, parameters: [.ifNoneMatch],
    answers: [
      .json(
        Schemas.page(of: named(["count": ["type": "integer"], "url": ["type": "string"]]), named: "VocabularyPage"),
        "Each vocabulary, with its number of words.", headers: [.etag]), .notModified,
    ], problems: [400])

  static let vocabulary = Operation(
    "getVocabulary", "Lists the words of one vocabulary", tag: vocabularyTag,
    parameters: [.path("name", ["type": "string"], "Its name.", example: "event_type"), .ifNoneMatch],
    answers: [
      .json(
        Schemas.page(of: word, named: "WordPage"),
        "Each word, with its name and its properties.", headers: [.etag]),
      .notModified,
    ], problems: [400, 404])

  private static let word: JSONValue = [
    "type": "object", "required": ["value", "name"],
    "properties": ["value": ["type": ["string", "integer"]], "name": ["type": "string"]],
  ]

  static let participants = Operation(
    "listEventParticipants", "Lists the participants of one event, each with name, type and country", tag: Events.resource.tag,
    parameters: [.recordName(Events.resource), .ifNoneMatch],
    answers: [
      .json(Schemas.page(of: participant, named: "EventParticipantPage"), "In the order in which they were recorded.", headers: [.etag]),
      .notModified,
    ],
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
    return ["allOf": [Schemas.part(Events.resource[Events.participants], of: Events.resource, .answer), known]]
  }

  /// An object with a name and other members.
  static func named(_ more: JSONValue) -> JSONValue {
    let name: JSONValue = ["name": ["type": "string"]]
    return ["type": "object", "required": ["name"], "properties": name.adding(more)]
  }
}

// MARK: Documents

extension Operation {
  private static let documents = "Documents"
  private static let html = Content(mediaType: "text/html", schema: ["type": "string"])

  static let openAPI = Operation(
    "getOpenAPI", "Returns this document", tag: documents, parameters: [.ifNoneMatch],
    answers: [.json(["type": "object"], "OpenAPI 3.1.", headers: [.etag]), .notModified], problems: [400])

  static let docs = Operation(
    "getDocs", "Returns this document as a web page", tag: documents, parameters: [.ifNoneMatch],
    answers: [Answer(status: 200, doc: "A self-contained page.", content: [html], headers: [.etag]), .notModified], problems: [400]
  )

  static let docsFile = Operation(
    "getDocsFile", "Returns a file of the viewer, or the plain page", tag: documents,
    parameters: [
      .path("file", ["type": "string", "enum": .words(DocsFile.allCases.map(\.rawValue))], "Its name.", example: "plain"), .ifNoneMatch,
    ],
    answers: [
      Answer(
        status: 200, doc: "The file. Without an installed viewer, only `plain` exists.",
        content: [html] + ["text/css", "text/javascript"].map { Content(mediaType: $0, schema: ["type": "string"]) }, headers: [.etag]),
      .notModified,
    ], problems: [400, 404])

  static let problemPages = Operation(
    "listProblems", "Lists the problem codes", tag: documents,
    answers: [
      Answer(status: 200, doc: "Each code, with its meaning.", content: [.json(Schemas.page(of: code, named: "CodePage")), html])
    ], problems: [400])

  static let problemPage = Operation(
    "getProblem", "Explains a problem code, and how to fix the problem", tag: documents,
    parameters: [
      .path("code", ["type": "string", "enum": .words(ProblemPage.all.map(\.code))], "The code.", example: "unknown_parameter")
    ],
    answers: [Answer(status: 200, doc: "The meaning of the code.", content: [.json(code), html])], problems: [400, 404])

  private static let code: JSONValue = .shared(
    .schemas, "Code",
    [
      "type": "object", "required": ["code", "type", "status", "title", "meaning", "remedy", "example"],
      "properties": [
        "code": ["type": "string"], "type": ["type": "string", "format": "uri-reference"],
        "status": ["type": ["integer", "null"], "description": "The status of a problem; null for a fault in its `errors`."],
        "title": ["type": "string"],
        "meaning": ["type": "string"], "remedy": ["type": "string"], "example": ["type": "string"],
      ],
    ])
}
