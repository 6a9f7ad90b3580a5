internal import Formats
internal import HTTP
internal import SQL

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
  /// The names of those in the query.
  let names: [String]
  /// What its rows may hold.
  let columns: [Column]
  /// Whose list's filters it takes.
  let filtered: Resource?
  let ask: @Sendable (RegisterResponder, Request, Parameters) throws -> Answer

  init(
    _ path: String, _ doc: String, _ parameters: [Parameter], columns: [Column], filters: Resource? = Events.resource,
    contentType: StaticString? = nil,
    ask: @escaping @Sendable (RegisterResponder, Request, Parameters) throws -> Answer
  ) {
    self.path = path
    self.doc = doc
    self.parameters = parameters
    // A form of its own has no times.
    names = parameters.filter { $0.place == .query }.map(\.name) + (contentType == nil ? ["time_format"] : [])
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
      OutcomeMatrix.analytic, RecommendationFigures.analytic, Summary.analytic,
    ] + Catalogue.shared.all.map(Aggregate.analytic)
}

extension RegisterResponder {
  /// Answers an analytic: from what the client has, from what was answered since the last change, from the loop's own connection, and
  /// if that takes too long from a reader.
  func analytic(_ analytic: Analytic, _ suffix: ListFormat?, _ request: Request, _ response: Response) throws -> Plan {
    let format =
      try analytic.contentType.map { _ in .json } ?? suffix ?? (analytic.path.hasSuffix("}") ? request.suffixFormat : nil)
      ?? request.preferredFormat()
    response.contentType = analytic.contentType ?? format.contentType
    response.header("Cache-Control", "private, no-cache")
    response.header("Vary", "Accept, Accept-Encoding, Authorization")
    let ask = {
      let parameters = try Parameters(request, names: analytic.names, takesFilters: analytic.filtered != nil)
      return (parameters, try analytic.ask(self, request, parameters))
    }
    let question = unsafe Question(request.path, request.query, format)
    let state = register.state
    // What is asked may depend on the day (`now-90d`, whether something is overdue): no tag outlives it. A question that may hold `now` is
    // read first: one that is of this very moment has no tag, and is not kept.
    let relative = unsafe mayBeRelative(request.query) ? try ask() : nil
    let isMomentary = relative?.0.isMomentary ?? false
    let etag = tag(of: question, in: state, isDated: true)
    if !isMomentary { response.etag = etag }
    let isKnown =
      unsafe !isMomentary && request.header("if-none-match") != nil && request.matches(etag: etag, in: "if-none-match", weak: true)
    if isKnown, !request.hasAnyTag { return unchanged(response) }
    if !isMomentary, !isKnown, let known = register.answers.answer(to: question, in: state) { return give(known, request, response) }
    // Kept at once: what it cost to add it up is worth the place.
    let asked = isMomentary ? nil : Asked(question, state)
    let (parameters, answer) = try relative ?? ask()
    if isKnown { return unchanged(response) }
    if let match = parameters.match {
      if match.isStaleAllowed { response.etag = nil }
      return readLater(answer, format, match, match.isStaleAllowed ? nil : asked)
    }
    guard let cursor = try inTime({ try answer(records.connection, format, response.body) }) else {
      response.body.clear()
      return readLater(answer, format, nil, asked)
    }
    keep(response.body, link(to: cursor, request, response), for: asked)
    return .respond
  }

  private func readLater(
    _ answer: @escaping Analytic.Answer, _ format: ListFormat, _ match: ListQuery.Match?, _ asked: Asked?
  ) -> Plan {
    let answer = Handover(answer)
    return later { request, response in
      let read = try await self.read(for: match) { reader in
        let buffer = ByteBuffer(capacity: 65_536)
        let cursor = try answer.value(reader.connection, format, buffer)
        return Handover((buffer, cursor))
      }
      let (body, cursor) = read.value
      response.body.append(body)
      self.untagIfChanged(response)
      self.keep(body, self.link(to: cursor, request, response), for: asked)
    }
  }

  /// Figures as an answer, with `limit` and `cursor` from the parameters.
  func answer(_ parameters: Parameters, _ figures: () throws -> Figures) throws -> Analytic.Answer {
    let seal = register.seal
    let page = parameters.page(maxRows: register.configuration.maxFigures, seal)
    let figures = try figures()
    try parameters.check()
    return { connection, format, buffer in
      try figures.write(page, format, over: connection, to: buffer) { parameters.cursor(after: page, seal) }
    }
  }

  /// The events that an analytic's filters leave.
  func events(_ parameters: Parameters) throws -> EventQuestion {
    EventQuestion(
      list: try parameters.list(Events.resource, lists, register.seal), filters: Set(parameters.filters),
      isBehind: try records.connection.integer(Rollups.behind) != nil)
  }
}

/// The events that an analytic is about.
struct EventQuestion {
  var list: ListQuery
  /// Names of the filters that were given.
  let filters: Set<String>
  /// Whether the rollups lack what was changed last.
  let isBehind: Bool

  /// Whether a rollup may be asked: a filter that is not known here is left to the events, whatever it means.
  func isCanned(_ known: Set<String> = []) -> Bool { !isBehind && filters.isSubset(of: known) }
}
