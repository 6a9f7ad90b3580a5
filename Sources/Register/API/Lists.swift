internal import Formats
internal import HTTP
internal import SQL

// GET of collections: pages as JSON, whole lists as NDJSON and CSV.

extension RegisterResponder {
  func list(_ resource: Resource, relations: [Relation], _ suffix: ListFormat?, _ request: Request, _ response: Response) throws -> Plan {
    try list(resource, scope: nil, relations: relations, suffix, request, response)
  }

  func nestedList(
    _ relation: Relation, of owner: Resource, _ resource: Resource, relations: [Relation], _ suffix: ListFormat?, _ request: Request,
    _ response: Response
  ) throws -> Plan {
    let (id, key) = try scopeKey(relation, of: owner, request)
    guard let key else { throw unsafe missing(owner, request.capture(0)) }
    let scope = ListQuery.Scope(.related(relation), key: key, name: "\(owner.name)/\(id)/\(relation.name)")
    return try list(resource, scope: scope, relations: relations, suffix, request, response)
  }

  /// The record that a nested list is about, now or with `as_of` then, and what its relation is asked with.
  private func scopeKey(_ relation: Relation, of owner: Resource, _ request: Request) throws -> (id: Int64, key: Values?) {
    let name = unsafe request.capture(0)
    if let asOf = unsafe lists.asOf(request.query) {
      guard let past = try unsafe records.past(owner, name, asOf: asOf) else { throw try unsafe missingThen(owner, name) }
      return (past.id, records.relationKey(relation, owner, past.id, handle: past.handle))
    }
    guard let id = try unsafe records.id(owner, name) else { throw unsafe missing(owner, name) }
    switch try records.state(owner, id) {
    case .deleted: throw Problem.deleted(owner, path(of: request, dropping: 1))
    case .missing: throw unsafe missing(owner, name)
    case .record: return (id, try records.relationKey(relation, owner, id))
    }
  }

  private func list(
    _ resource: Resource, scope: ListQuery.Scope?, relations: [Relation], _ suffix: ListFormat?, _ request: Request, _ response: Response
  ) throws -> Plan {
    let format = try suffix ?? request.preferredFormat(of: ListFormat.forms(of: resource))
    response.contentType = format.contentType
    response.header("Cache-Control", "private, no-cache")
    response.header("Vary", "Accept, Accept-Encoding, Authorization")
    // What is asked may depend on the day in many ways (`now-90d`, whether something is overdue): no tag outlives it.
    let question = unsafe Question(request.path, request.query, format)
    let state = register.state
    let parse = { try unsafe self.lists.parse(request.query, resource, scope: scope, relations: relations, cursors: self.register.seal) }
    // A question that may hold `now` is read before it is compared: asked again it can mean something else.
    let relative = unsafe mayBeRelative(request.query) ? try parse() : nil
    let isMomentary = relative?.isMomentary == true || isMoving(resource)
    let etag = tag(of: question, in: state, isDated: true, isMomentary: isMomentary)
    response.etag = etag
    // Who has the tag has asked this question before. `*` says nothing of the kind: the question may be one that is refused.
    let isKnown = unsafe request.header("if-none-match") != nil && request.matches(etag: etag, in: "if-none-match", weak: true)
    if isKnown, !request.hasAnyTag { return unchanged(response) }
    let mayKeep = format == .json && !isMomentary
    if mayKeep, !isKnown, let known = register.answers.answer(to: question, in: state) { return give(known, request, response) }
    let query = try relative ?? parse()
    if query.match?.isStaleAllowed == true { response.etag = nil }
    guard !query.form.isCSVSafe || format == .csv else {
      throw Problem.badParameter("csv_safe", code: "not_in_this_form", "it is about cells of CSV: put .csv behind the path")
    }
    if isKnown { return unchanged(response) }
    guard format == .json else { return try stream(query, format, request) }
    // The readers see the index, and to rank what holds a common word takes long.
    let asked =
      mayKeep && query.match?.isStaleAllowed != true && register.answers.wasAsked(question, in: state) ? Asked(question, state) : nil
    guard query.match == nil else { return later(query, asked) }
    guard let (_, cursor) = try inTime({ try records.list(query, seal: register.seal, to: response.body) }) else {
      response.body.clear()
      return later(query, asked)
    }
    keep(response.body, link(to: cursor, request, response), for: asked)
    return .respond
  }

  /// Reads on the loop's own connection; `nil` when that takes longer than a loop may wait, and the readers are to take it over.
  func inTime<Result>(_ read: () throws -> Result) throws -> Result? {
    records.connection.setDeadline(milliseconds: register.configuration.inlineMilliseconds)
    defer { records.connection.setDeadline(milliseconds: nil) }
    do { return try read() } catch let error as SQLError where error.kind == .interrupted { return nil }
  }

  /// Whether records of a resource change now without a change number.
  func isMoving(_ resource: Resource) -> Bool { resource.isSystem && register.imports.isAtWork }

  /// A question whose answer is kept.
  struct Asked: Sendable {
    let question: Question
    let state: AnswerCache.State

    init(_ question: Question, _ state: AnswerCache.State) {
      self.question = question
      self.state = state
    }
  }

  /// Answers with what was answered before.
  func give(_ known: AnswerCache.Answer, _ request: Request, _ response: Response) -> Plan {
    response.stored = known.body
    if let link = known.link { response.header("Link", link) }
    return .respond
  }

  /// Keeps an answer for who asks again, unless `asked` is `nil` or the answer may be of a later state.
  func keep(_ body: ByteBuffer, _ link: String?, for asked: Asked?) {
    guard let asked, register.answers.hasRoom(for: body.count), register.database.lastSeq == asked.state.seq else { return }
    register.answers.keep(.init(body: StoredBody(body), link: link), to: asked.question, in: asked.state)
  }

  /// 304.
  func unchanged(_ response: Response) -> Plan {
    response.status = 304
    return .respond
  }

  private func later(_ query: ListQuery, _ asked: Asked?) -> Plan {
    let query = Handover(query)
    let seal = register.seal
    return later { request, response in
      let answer = try await self.read(for: query.value.match) { reader in
        let buffer = ByteBuffer(capacity: 65_536)
        let (_, cursor) = try reader.list(query.value, seal: seal, to: buffer)
        return Handover((buffer, cursor))
      }
      response.body.append(answer.value.0)
      self.untagIfChanged(response)
      self.keep(response.body, self.link(to: answer.value.1, request, response), for: asked)
    }
  }

  /// Runs `body` on the readers: for a search those that see the index, once it has reached the register.
  func read<Result: Sendable>(
    for match: ListQuery.Match?, isStream: Bool = false, _ body: @escaping @Sendable (RecordReader) throws -> Result
  ) async throws -> Result {
    let milliseconds = register.configuration.queryTimeoutMilliseconds
    guard let match, let search = register.search else {
      return try await register.readers.read(as: isStream ? .stream : .question, within: milliseconds) { try body(RecordReader($0)) }
    }
    return try await search.read(as: isStream ? .stream : .question, isStaleAllowed: match.isStaleAllowed) { try body(RecordReader($0)) }
  }

  /// Whether `now` stands in a query, or could in an escaped form (`%6Eow`).
  func mayBeRelative(_ query: UnsafeRawBufferPointer) -> Bool {
    for index in 0..<query.count {
      switch unsafe query[index] {
      case UInt8(ascii: "%") where index + 1 < query.count: if unsafe query[index + 1] == 0x36 || query[index + 1] == 0x37 { return true }
      case UInt8(ascii: "n") where index + 2 < query.count:
        if unsafe query[index + 1] == UInt8(ascii: "o") && query[index + 2] == UInt8(ascii: "w") { return true }
      default: continue
      }
    }
    return false
  }

  /// Made of the register's change number and the question (its spelling), so an unchanged register answers 304 without a query.
  ///
  /// - Parameter isMomentary: the answer may be another one a moment later: the tag never comes again.
  func tag(of question: Question, in state: AnswerCache.State, isDated: Bool, isMomentary: Bool = false) -> String {
    let moment = isMomentary ? ".\(Timestamp.now())" : ""
    return "s\(state.seq)\(isDated ? "d\(state.day)" : "")-\(String(question.hash, radix: 36))\(moment)"
  }

  /// Takes the tag from an answer that was read while others wrote: it may say more than the tag, which names one body only
  /// (RFC 9110 §8.8.1).
  func untagIfChanged(_ response: Response) {
    guard let tag = response.etag, !tag.hasPrefix("s\(register.database.lastSeq)d") else { return }
    response.etag = nil
  }

  /// `Link: <…>; rel="next"` (RFC 8288): the same question with the cursor of the next page.
  ///
  /// - Returns: what was added; `nil` when nothing follows.
  @discardableResult
  func link(to cursor: String?, _ request: Request, _ response: Response) -> String? {
    guard let cursor else { return nil }
    let link = ByteBuffer(capacity: 256)
    link.append(0x3C)
    unsafe append(uri: request.path, to: link)
    link.append(0x3F)
    unsafe request.query.split(separator: UInt8(ascii: "&")).forEach { pair in
      if unsafe pair.starts(with: "cursor=".utf8) || pair.starts(with: "offset=".utf8) { return }
      unsafe append(uri: UnsafeRawBufferPointer(rebasing: pair), to: link)
      link.append(UInt8(ascii: "&"))
    }
    link.append("cursor=" as StaticString)
    link.append(cursor)
    link.append(">; rel=\"next\"" as StaticString)
    unsafe link.withBytes { unsafe response.header("Link", $0) }
    return link.string
  }

  /// Ends a list that goes by one number: its cursor, also as `Link`.
  ///
  /// - Parameter next: the number of the last row when more follow.
  func endPage(next: Int64?, _ shape: [UInt8], _ request: Request, _ response: Response) {
    let cursor = next.map { number in
      let keys = Values()
      keys.append(integer: number)
      return register.seal.seal(keys, shape: shape)
    }
    response.body.append("],\"next_cursor\":" as StaticString)
    if let cursor { response.body.append(jsonString: cursor) } else { response.body.append("null" as StaticString) }
    response.body.append(0x7D)
    link(to: cursor, request, response)
  }

  /// Writes a part of the target with what a URI cannot hold percent-encoded (RFC 3986 §2): curl sends `>` as it is, and a link would
  /// end there.
  private func append(uri part: UnsafeRawBufferPointer, to link: ByteBuffer) {
    unsafe part.forEach { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        link.append(byte)
      case _ where "-._~:/?@!$&'()*+,;=%".utf8.contains(byte): link.append(byte)
      default: link.append("%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))")
      }
    }
  }

  // MARK: Whole lists

  /// Rows of one page of a streamed list: about a millisecond of the loop's time.
  private static let streamedRows = 200
  /// The same of a ranked search, which ranks all that match for each page.
  private static let streamedMatches = 1_000

  /// Streams a list to its end, or to `limit` rows where one is given: page by page along the keyset, so memory stays flat.
  private func stream(_ query: ListQuery, _ format: ListFormat, _ request: Request) throws -> Plan {
    guard query.includes.isEmpty else {
      throw Problem.badParameter("include", code: "not_in_this_form", "records are embedded in JSON lists only")
    }
    guard query.count == .none else { throw Problem.badParameter("count", code: "not_in_this_form", "a count comes with JSON lists only") }
    return .stream { request, _, sink in
      // Nobody reads more of it than that it can be had.
      let limit = request.method == .head ? 1 : query.hasLimit ? query.limit : .max
      do { try await self.stream(query, format, upTo: limit, sink) } catch let error as ConnectionClosed {
        throw error
      } catch {
        // Thrown and not answered: behind the first rows the connection is cut, so that nobody takes them for the whole.
        throw self.problem(of: error, sink.response)
      }
    }
  }

  private func stream(_ query: ListQuery, _ format: ListFormat, upTo limit: Int, _ sink: any BodySink) async throws {
    var query = query
    var left = limit
    let writer = RowLines(query, format)
    query.columns = writer.columns
    let buffer = ByteBuffer(capacity: 65_536)
    writer.begin(buffer)
    while left > 0 {
      query.limit = min(query.isRanked ? Self.streamedMatches : Self.streamedRows, left)
      let (page, keys) = try await readPage(query, writer, buffer)
      left -= page.rows
      guard page.hasMore, left > 0 else { break }
      query.after = keys
      query.offset = 0
      guard buffer.count >= 16_384 else { continue }
      try await sink.write(buffer)
      buffer.clear()
    }
    writer.end(buffer)
    try await sink.write(buffer)
  }

  private func readPage(_ query: ListQuery, _ writer: RowLines, _ buffer: ByteBuffer) async throws -> (RecordReader.Page, Values) {
    let work = Handover((query, writer, buffer))
    let answer = try await read(for: query.match, isStream: true) { reader in
      let (query, writer, buffer) = work.value
      let page = try reader.page(query) { writer.write($0, to: buffer) }
      return Handover((page, reader.lastKeys))
    }
    return answer.value
  }

  // MARK: Names in problems

  func missing(_ resource: Resource, _ name: UnsafeRawBufferPointer) -> Problem {
    unsafe .noRecord(resource, String(decoding: name, as: UTF8.self))
  }

  /// 404 of a record that is called so now, but was not at a moment.
  func missingThen(_ resource: Resource, _ name: UnsafeRawBufferPointer) throws -> Problem {
    guard try unsafe records.id(resource, name) != nil else { return unsafe missing(resource, name) }
    return Problem(
      status: 404, code: "not_there_then", title: "The record was not there then",
      detail: unsafe "\(text(name)) did not exist at that time")
  }

  /// The request's path without its last segments.
  func path(of request: Request, dropping segments: Int = 0) -> String {
    let text = unsafe String(decoding: request.path, as: UTF8.self)
    return "/" + text.split(separator: "/").dropLast(segments).joined(separator: "/")
  }
}

extension Request {
  /// `If-None-Match: *`
  var hasAnyTag: Bool {
    unsafe header("if-none-match").map { unsafe String(decoding: $0, as: UTF8.self).trimmingSpaces == "*" } ?? false
  }
}
