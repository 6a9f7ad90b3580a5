internal import HTTP
internal import Intake
internal import Records
internal import Store

/// A route's description (OpenAPI 3.1). A route cannot be added without one, so no path is undocumented.
struct Operation: Sendable {
  /// `listEvents`: unique; generated clients use it as their function's name.
  let id: String
  /// One line.
  let summary: String
  /// The heading in the document.
  let tag: String
  let parameters: [Parameter]
  let body: RequestBody?
  let answers: [Answer]
  /// Statuses of this operation's problems, besides those of any request (`ProblemAnswers.anywhere`).
  let problems: [Int]
  /// The gates that a request passes before its handler, in order.
  let gates: [Gate]

  init(
    _ id: String, _ summary: String, tag: String, parameters: [Parameter] = [], body: RequestBody? = nil, answers: [Answer],
    problems: [Int] = [], gates: [Gate] = Gate.usual
  ) {
    self.id = id
    self.summary = summary
    self.tag = tag
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.problems = problems
    self.gates = gates
  }
}

/// A parameter of the path, the query or the header.
struct Parameter: Sendable {
  enum Place: String, Sendable { case path, query, header }

  /// How a query value is read; an invalid one is refused in the same words on every path.
  enum Kind: Sendable {
    /// `true` or `false`.
    case flag
    case number(ClosedRange<Int>)
    case word([String])
    /// Several words separated by commas, each once.
    case words([String], most: Int?)
    /// 1 to `max` characters without control characters.
    case text(max: Int)
    /// Read by the handler that declares it.
    case own

    /// The accepted words, where they are few.
    var words: [String] {
      switch self {
      case .word(let words), .words(let words, _): words
      case .flag, .number, .text, .own: []
      }
    }
  }

  let name: String
  let place: Place
  let schema: JSONValue
  let doc: String
  var example: JSONValue?
  var isRequired = false
  /// An object whose members are parameters: `?type=visit&start_date__gte=2024-01-01`.
  var isSpread = false
  /// The name under which operations share it; `nil` for a parameter of one operation.
  var sharedAs: String?
  var kind = Kind.own
  /// Whether the list's parser reads it.
  var isOfList = false

  var forList: Parameter {
    var parameter = self
    parameter.isOfList = true
    return parameter
  }

  static func path(_ name: String, _ schema: JSONValue, _ doc: String, example: JSONValue? = nil) -> Parameter {
    Parameter(name: name, place: .path, schema: schema, doc: doc, example: example, isRequired: true)
  }

  static func query(
    _ name: String, _ schema: JSONValue, _ doc: String, example: JSONValue? = nil, isRequired: Bool = false, sharedAs: String? = nil,
    kind: Kind = .own
  ) -> Parameter {
    Parameter(
      name: name, place: .query, schema: schema, doc: doc, example: example, isRequired: isRequired, sharedAs: sharedAs, kind: kind)
  }

  static func header(_ name: String, _ schema: JSONValue, _ doc: String, example: JSONValue? = nil) -> Parameter {
    Parameter(
      name: name, place: .header, schema: schema, doc: doc, example: example, sharedAs: name.replacing("-", with: ""))
  }
}

/// A request's body.
struct RequestBody: Sendable {
  let doc: String
  let content: [Content]
}

/// One format of a body: its media type, schema and complete example.
struct Content: Sendable {
  let mediaType: String
  let schema: JSONValue
  var example: JSONValue?

  static func json(_ schema: JSONValue, example: JSONValue? = nil) -> Content {
    Content(mediaType: "application/json", schema: schema, example: example)
  }
}

/// An answer that is not a problem.
struct Answer: Sendable {
  let status: Int
  let doc: String
  var content: [Content] = []
  var headers: [AnswerHeader] = []

  static func json(
    _ schema: JSONValue, _ doc: String, status: Int = 200, example: JSONValue? = nil, headers: [AnswerHeader] = []
  ) -> Answer {
    Answer(status: status, doc: doc, content: [.json(schema, example: example)], headers: headers)
  }

  static func empty(_ status: Int, _ doc: String, headers: [AnswerHeader] = []) -> Answer {
    Answer(status: status, doc: doc, headers: headers)
  }

  /// 304 for `If-None-Match` or `If-Modified-Since` when nothing has changed.
  static let notModified = Answer(status: 304, doc: "Unchanged since the answer with that ETag.", headers: [.etag])
}

/// A header field of an answer.
enum AnswerHeader: String, CaseIterable, Sendable {
  case etag = "ETag"
  case location = "Location"
  case link = "Link"
  case retryAfter = "Retry-After"
  case replayed = "Idempotent-Replayed"
  case allow = "Allow"
  case preferenceApplied = "Preference-Applied"

  var doc: String {
    switch self {
    case .etag: "Entity tag: a record's version, or a tag for the list. Send it in If-None-Match when reading, in If-Match when changing."
    case .location: "Address of the created record."
    case .link: "Address of the next page, `rel=\"next\"`."
    case .retryAfter: "Seconds to wait before a retry."
    case .replayed: "`true` if this is the stored answer to an earlier request with the same Idempotency-Key."
    case .preferenceApplied: "`respond-async`."
    case .allow: "The methods that the path supports."
    }
  }

  var schema: JSONValue {
    switch self {
    case .retryAfter: ["type": "integer", "minimum": 0]
    case .replayed: ["type": "string", "enum": ["true"]]
    case .location: ["type": "string", "format": "uri-reference"]
    case .etag, .link, .allow, .preferenceApplied: ["type": "string"]
    }
  }
}
