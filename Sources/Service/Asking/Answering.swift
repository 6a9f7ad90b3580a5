internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// Performs the actions that `Asking` decides, on one loop: the only place where GETs are compared, cached and moved to a reader.
struct Answering {
  let register: Register
  /// Reads over the loop's own connection.
  let records: RecordReader

  /// Writes an answer's body with the given reader.
  ///
  /// - Returns: the cursor of the next page.
  typealias Run<Query> = @Sendable (Query, RecordReader, ByteBuffer) throws -> String?

  /// - Parameters:
  ///   - question: path, query and format.
  ///   - parse: reads the parameters; throws a `Problem` if they are invalid.
  ///   - run: answers the parsed query. Away from the loop it runs on another thread.
  ///   - stream: answers queries that `parse` marks as streamed.
  func answer<Query>(
    _ question: Question, _ terms: Asking.Terms, _ request: Request, _ response: Response,
    parse: () throws -> (Query, Asking.Parsed), run: @escaping Run<Query>, stream: (Query) throws -> Plan = { _ in .respond }
  ) throws -> Plan {
    let now = Timestamp.now()
    let asked = Asked(question: question, state: register.state(at: now))
    var asking = Asking(terms, request.condition, state: asked.state, now: now)
    var (query, kept) = (Query?.none, AnswerCache.Answer?.none)
    var action = asking.begin()
    while true {
      switch action {
      case .compare(let tag): action = asking.compared(isSame: request.matches(etag: tag, in: "if-none-match", weak: true))
      case .lookUp:
        kept = register.answers.answer(to: question, in: asked.state)
        action = asking.lookedUp(isKept: kept != nil)
      case .parse:
        let (read, parsed) = try parse()
        query = read
        action = asking.parsed(parsed)
      case .noteAsked: action = asking.noted(wasAsked: register.answers.wasAsked(question, in: asked.state))
      case .runOnLoop:
        let query = try query.promised("the parsed query")
        guard let cursor = try inTime({ try run(query, records, response.body) }) else {
          response.body.clear()
          action = asking.exceeded()
          continue
        }
        finish(asking.ran(seq: register.database.lastSeq), asked, cursor, request, response)
        return .respond
      case .runOnReader: return later(asking, asked, try query.promised("the parsed query"), run)
      case .stream(let tag):
        response.etag = tag
        return try stream(query.promised("the parsed query"))
      case .giveKept(let tag):
        response.etag = tag
        response.stored = kept?.body
        if let link = kept?.link { response.header("Link", link) }
        return .respond
      case .end(let ending):
        finish(ending, asked, nil, request, response)
        return .respond
      }
    }
  }

  private struct Asked {
    let question: Question
    let state: AnswerCache.State
  }

  private func later<Query>(_ asking: Asking, _ asked: Asked, _ query: Query, _ run: @escaping Run<Query>) -> Plan {
    let query = Handover(query)
    return .trying { request, response in
      let (body, cursor) = try await read(index: asking.index) { reader in
        let buffer = ByteBuffer(capacity: 65_536)
        return Handover((buffer, try run(query.value, reader, buffer)))
      }.value
      response.body.append(body)
      var asking = asking
      finish(asking.ran(seq: register.database.lastSeq), asked, cursor, request, response)
    }
  }

  /// Ends the exchange: sends what `response` holds, or 304.
  private func finish(_ ending: Asking.Ending, _ asked: Asked, _ cursor: String?, _ request: Request, _ response: Response) {
    switch ending {
    case .unchanged(let tag):
      response.etag = tag
      response.makeUnchanged()
    case .respond(let tag, let keeps):
      response.etag = tag
      let link = response.link(to: cursor, of: request)
      guard keeps, register.answers.hasRoom(for: response.body.count) else { return }
      register.answers.keep(.init(body: StoredBody(response.body), link: link), to: asked.question, in: asked.state)
    }
  }

  // MARK: Where it runs

  /// Reads on the loop's own connection; `nil` if that exceeds a loop's time limit and a reader must take over.
  private func inTime<Result>(_ read: () throws -> Result) throws -> Result? {
    records.connection.setDeadline(milliseconds: register.configuration.inlineMilliseconds)
    defer { records.connection.setDeadline(milliseconds: nil) }
    do { return try read() } catch let error as SQLError where error.kind == .interrupted { return nil }
  }

  /// Whether a query needs the full-text index.
  enum Index {
    case unused
    /// The index must include the latest commit.
    case current
    /// The index may be behind.
    case stale
  }

  /// Runs `body` on a reader; for a search on one that sees the index, once it has caught up.
  ///
  /// - Throws: 503 when too many queries wait, the time limit passes, or the index is behind.
  func read<Result: Sendable>(
    index: Index, isStream: Bool = false, _ body: @escaping @Sendable (RecordReader) throws -> Result
  ) async throws -> Result {
    guard index != .unused, let search = register.search else {
      let milliseconds = register.configuration.queryTimeoutMilliseconds
      return try await register.readers.read(as: isStream ? .stream : .question, within: milliseconds) { try body(RecordReader($0)) }
    }
    return try await search.read(as: isStream ? .stream : .question, isStaleAllowed: index == .stale) { try body(RecordReader($0)) }
  }

  // MARK: Records

  /// Ends an answer whose tag is known only after reading: 304 if the client has it.
  func respond(tag: String, _ call: Call) -> Plan {
    let (request, response) = (call.request, call.response)
    response.etag = tag
    if request.condition != .none, request.matches(etag: tag, in: "if-none-match", weak: true) { response.makeUnchanged() }
    return .respond
  }

  /// Whether records of a resource change now without a change number.
  func isMoving(_ resource: Resource) -> Bool { resource.isSystem && register.imports.isAtWork }
}

extension Asking {
  fileprivate var index: Answering.Index { place != .index ? .unused : isStaleAllowed ? .stale : .current }
}

extension Asking.Terms {
  /// The terms of a query for records.
  ///
  /// - Parameter isDated: whether the answer may change at midnight: `now-90d`, overdue records.
  init(_ question: Question, _ request: Request, isDated: Bool, keeping: Asking.Keeping = .never) {
    self.init(hash: question.hash, isDated: isDated, keeping: keeping, mayBeRelative: mayHoldNow(request.query))
  }
}

/// Whether the query contains `now`, or could in an escaped form (`%6Eow`).
private func mayHoldNow(_ query: ByteView) -> Bool {
  for index in 0..<query.count {
    switch query[index] {
    case UInt8(ascii: "%") where index + 1 < query.count: if query[index + 1] == 0x36 || query[index + 1] == 0x37 { return true }
    case UInt8(ascii: "n") where index + 2 < query.count:
      if query[index + 1] == UInt8(ascii: "o") && query[index + 2] == UInt8(ascii: "w") { return true }
    default: continue
    }
  }
  return false
}

extension Request {
  /// The kind of `If-None-Match`.
  var condition: Asking.Condition {
    guard let field = header("if-none-match") else { return .none }
    return field.string.trimmingSpaces == "*" ? .any : .listed
  }
}

extension Response {
  /// Makes this a 304 without a body.
  func makeUnchanged() {
    status = 304
    body.clear()
    stored = nil
  }
}

extension Answering {
  /// Answers what takes no parameters and is the same for everybody: 304 where the client has it.
  func give(_ fixed: FixedAnswer, _ call: Call) throws -> Plan {
    try call.checkParameters()
    call.response.stored = fixed.body
    return respond(tag: fixed.etag, call)
  }
}
