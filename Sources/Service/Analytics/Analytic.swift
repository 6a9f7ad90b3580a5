internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// An analytic, declared once: its path, its parameters, and how they become an answer.
struct Analytic: Sendable {
  /// Writes an answer's body; returns the cursor of the next page.
  typealias Answer = (any Connection, ListFormat, ByteBuffer) throws -> String?

  /// The path after `/v1/`.
  let path: String
  /// One line for the documents.
  let doc: String
  /// Its own parameters; all analytics with rows also take `limit`, `cursor` and `time_format`.
  let parameters: [Parameter]
  /// The columns of its rows.
  let columns: [Column]
  /// The resource whose list filters it takes.
  let filtered: Resource?
  /// Reads the parameters and returns the answer as a closure; nothing is counted yet.
  let ask: Ask

  /// - Parameter names: the names in the path's last segments, without a format's suffix.
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

  /// The only media type, for an answer with a format of its own.
  var contentType: StaticString?
}

/// What an analytic needs to read its parameters.
struct AnalyticContext {
  /// Reads over the loop's own connection: for names in the query, not for the answer.
  let records: RecordReader
  let lists: ListParser
  let seal: CursorSeal
  private let rollups: Rollups
  /// Most rows of one answer.
  let maxRows: Int
  /// Most nodes of a network.
  let maxNodes: Int

  init(records: RecordReader, lists: ListParser, seal: CursorSeal, rollups: Rollups, _ configuration: RegisterConfiguration) {
    self.records = records
    self.lists = lists
    self.seal = seal
    self.rollups = rollups
    maxRows = configuration.maxFigures
    maxNodes = configuration.maxNodes
  }

  /// The page that `limit` and `cursor` select.
  func page(_ parameters: Parameters) -> FigurePage { parameters.page(maxRows: maxRows, seal) }

  /// Turns figures into an answer, with `limit` and `cursor` from the parameters.
  ///
  /// - Parameter read: reads the parameters; what it returns makes the figures, for rollups in the state of the answer's snapshot.
  func answer(_ parameters: Parameters, _ read: () throws -> (RollupState) -> Figures) throws -> Analytic.Answer {
    let (seal, page) = (seal, page(parameters))
    let figures = try read()
    try parameters.check()
    return { connection, format, buffer in
      try connection.inSnapshot {
        try figures(state(connection)).write(page, format, over: connection, to: buffer) { parameters.cursor(after: page, seal) }
      }
    }
  }

  /// How far the rollups have come in the snapshot of `connection`.
  func state(_ connection: any Connection) throws -> RollupState {
    let state = try RollupState(connection)
    if state.reach != .exact { rollups.noteAsked() }
    return state
  }

  /// Turns figures that no rollup has into an answer.
  func answer(_ parameters: Parameters, figures read: () throws -> Figures) throws -> Analytic.Answer {
    let (seal, page) = (seal, page(parameters))
    let figures = try read()
    try parameters.check()
    return { connection, format, buffer in
      try figures.write(page, format, over: connection, to: buffer) { parameters.cursor(after: page, seal) }
    }
  }

  /// The records that pass an analytic's filters.
  func list(_ resource: Resource, _ parameters: Parameters) throws -> ListQuery { try parameters.list(resource, lists, seal) }

  /// The events that pass an analytic's filters, for rollups in a given state.
  func events(_ parameters: Parameters) throws -> (RollupState) -> EventQuestion {
    let (list, filters) = (try list(Events.resource, parameters), Set(parameters.filters))
    return { EventQuestion(list: list, filters: filters, rollups: $0) }
  }
}

/// GET of figures: `/v1/analytics/` and every `/aggregate`.
struct AnalyticHandler {
  let answering: Answering
  let context: AnalyticContext

  func answer(_ analytic: Analytic, _ suffix: ListFormat?, _ call: Call) throws -> Plan {
    let (request, response) = (call.request, call.response)
    var names: [String] = request.captures.indices.map { request.captured($0).string }
    let format =
      try analytic.contentType.map { _ in .json } ?? suffix ?? context.takeForm(offLastOf: &names) ?? request.preferredFormat()
    response.contentType = analytic.contentType ?? format.contentType
    let question = Question(request.path, request.query, format)
    // The answer may depend on the day (`now-90d`, overdue records), so a tag lasts at most a day.
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
