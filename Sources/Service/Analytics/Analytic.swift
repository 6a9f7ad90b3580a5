internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// A question that is answered with figures, declared once: its path, what it takes, and how it becomes an answer.
struct Analytic: Sendable {
  /// Writes the body of an answer and gives the cursor of what is left.
  typealias Answer = (any Connection, ListFormat, ByteBuffer) throws -> String?

  /// Behind `/v1/`.
  let path: String
  /// One line for documents.
  let doc: String
  /// Its own parameters; `limit`, `cursor` and `time_format` come with all rows.
  let parameters: [Parameter]
  /// What its rows may hold.
  let columns: [Column]
  /// Whose list's filters it takes.
  let filtered: Resource?
  /// Reads the parameters and makes the answer of them; nothing is counted yet.
  let ask: Ask

  /// - Parameter names: what the path's last segments name, without the suffix of a form.
  typealias Ask = @Sendable (AnalyticContext, _ names: [String], Parameters) throws -> Answer

  init(
    _ path: String, _ doc: String, _ parameters: [Parameter], columns: [Column], filters: Resource? = Events.resource,
    contentType: StaticString? = nil,
    ask: @escaping Ask
  ) {
    self.path = path
    self.doc = doc
    self.parameters = parameters
    self.columns = columns
    filtered = filters
    self.contentType = contentType
    self.ask = ask
  }

  /// Where an answer has a form of its own, beside which there is no other.
  var contentType: StaticString?

  static let all: [Analytic] =
    [
      Timeline.analytic, Breakdown.analytic, Dyads.strongest, Dyads.pair, Network.analytic, EventMap.byCountry, EventMap.points,
      OutcomeMatrix.analytic, RecommendationProgress.analytic, Summary.analytic,
    ] + Catalogue.shared.all.map(Aggregate.analytic)
}

/// What an analytic's question is made with.
struct AnalyticContext {
  /// Over the loop's own connection: for what a question names, not for its answer.
  let records: RecordReader
  let lists: ListParser
  let seal: CursorSeal
  /// Most rows of one answer.
  let maxRows: Int
  /// Most nodes of a network.
  let maxNodes: Int

  init(records: RecordReader, lists: ListParser, seal: CursorSeal, _ configuration: RegisterConfiguration) {
    self.records = records
    self.lists = lists
    self.seal = seal
    maxRows = configuration.maxFigures
    maxNodes = configuration.maxNodes
  }

  /// The rows of a page, and where it starts.
  func page(_ parameters: Parameters) -> FigurePage { parameters.page(maxRows: maxRows, seal) }

  /// Figures as an answer, with `limit` and `cursor` from the parameters.
  func answer(_ parameters: Parameters, _ figures: () throws -> Figures) throws -> Analytic.Answer {
    let (seal, page) = (seal, page(parameters))
    let figures = try figures()
    try parameters.check()
    return { connection, format, buffer in
      try figures.write(page, format, over: connection, to: buffer) { parameters.cursor(after: page, seal) }
    }
  }

  /// The records that an analytic's filters leave.
  func list(_ resource: Resource, _ parameters: Parameters) throws -> ListQuery { try parameters.list(resource, lists, seal) }

  /// The events that an analytic's filters leave.
  func events(_ parameters: Parameters) throws -> EventQuestion {
    EventQuestion(list: try list(Events.resource, parameters), filters: Set(parameters.filters), isBehind: try isBehind())
  }

  /// Whether the rollups lack what was changed last.
  func isBehind() throws -> Bool { try records.connection.integer(Rollups.behind) != nil }
}

/// GET of figures: `/v1/analytics/` and each `/aggregate`.
struct AnalyticHandler {
  let answering: Answering
  let context: AnalyticContext

  func answer(_ analytic: Analytic, _ suffix: ListFormat?, _ call: Call) throws -> Plan {
    let (request, response) = (call.request, call.response)
    var names: [String] = request.captures.indices.map { request.captured($0).string }
    let format =
      try analytic.contentType.map { _ in .json } ?? suffix ?? context.takeForm(offLastOf: &names) ?? request.preferredFormat()
    response.contentType = analytic.contentType ?? format.contentType
    let question = unsafe Question(request.path, request.query, format)
    // What is asked may depend on the day (`now-90d`, whether something is overdue): no tag outlives it.
    var terms = Asking.Terms(question, request, isDated: true, keeping: .always)
    terms.tagsMoments = false
    return try answering.answer(question, terms, request, response) {
      let parameters = try call.parameters()
      let answer = try analytic.ask(context, names, parameters)
      return (answer, Asking.Parsed(parameters))
    } run: { answer, reader, body in
      try answer(reader.connection, format, body)
    }
  }
}

extension Asking.Parsed {
  fileprivate init(_ parameters: Parameters) {
    self.init(
      isMomentary: parameters.isMomentary, isStaleAllowed: parameters.match?.isStaleAllowed ?? false,
      place: parameters.match == nil ? .loop : .index)
  }
}
