internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// GET of collections: pages as JSON, whole lists as NDJSON, CSV and GeoJSON.
struct ListHandler {
  let answering: Answering
  /// Reads over the loop's own connection.
  let records: RecordReader
  let parser: ListParser
  let seal: CursorSeal

  func list(_ resource: Resource, relations: [Relation], _ suffix: ListFormat?, _ request: Request, _ response: Response) throws -> Plan {
    try list(resource, scope: nil, relations: relations, suffix, request, response)
  }

  func nestedList(
    _ relation: Relation, of owner: Resource, _ resource: Resource, relations: [Relation], _ suffix: ListFormat?, _ request: Request,
    _ response: Response
  ) throws -> Plan {
    let (id, key) = try scopeKey(relation, of: owner, request)
    guard let key else { throw try records.missing(owner, request.capture("id")) }
    let scope = ListQuery.Scope(.related(relation), key: key, name: "\(owner.name)/\(id)/\(relation.name)")
    return try list(resource, scope: scope, relations: relations, suffix, request, response)
  }

  /// The owner of a nested list, now or at `as_of`, and the key of its relation.
  private func scopeKey(_ relation: Relation, of owner: Resource, _ request: Request) throws -> (id: Int64, key: Values?) {
    let name = request.capture("id")
    if let asOf = parser.asOf(request.query) {
      guard let past = try records.past(owner, name, asOf: asOf) else { throw try records.missingThen(owner, name) }
      return (past.id, records.relationKey(relation, owner, past.id, handle: past.handle))
    }
    guard let id = try records.id(owner, name) else { throw try records.missing(owner, name) }
    switch try records.state(owner, id) {
    case .deleted: throw Problem.deleted(owner, request.path(dropping: 1))
    case .missing: throw try records.missing(owner, name)
    case .record: return (id, try records.relationKey(relation, owner, id))
    }
  }

  private func list(
    _ resource: Resource, scope: ListQuery.Scope?, relations: [Relation], _ suffix: ListFormat?, _ request: Request, _ response: Response
  ) throws -> Plan {
    let format = try suffix ?? request.preferredFormat(of: ListFormat.forms(of: resource))
    response.contentType = format.contentType
    let question = Question(request.path, request.query, format)
    // The answer may depend on the day in several ways (`now-90d`, overdue records), so a tag lasts at most a day.
    var terms = Asking.Terms(question, request, isDated: true, keeping: format == .json ? .whenAskedTwice : .never)
    terms.isMoving = answering.isMoving(resource)
    let seal = seal
    return try answering.answer(question, terms, request, response) {
      let query = try parser.parse(request.query, resource, scope: scope, relations: relations, cursors: seal)
      try check(query, format)
      return (query, Asking.Parsed(query, format))
    } run: { query, reader, body in
      try reader.list(query, seal: seal, to: body).cursor
    } stream: { query in
      stream(query, format)
    }
  }

  /// Refuses parameters that the format cannot show.
  private func check(_ query: ListQuery, _ format: ListFormat) throws {
    if query.form.isCSVSafe, format != .csv {
      throw Problem.badParameter("csv_safe", code: "not_in_this_form", "it applies to CSV only: append .csv to the path")
    }
    guard format != .json else { return }
    guard query.includes.isEmpty else {
      throw Problem.badParameter("include", code: "not_in_this_form", "records are embedded in JSON lists only")
    }
    guard query.count == .none else {
      throw Problem.badParameter("count", code: "not_in_this_form", "a count is available in JSON lists only")
    }
  }

  // MARK: Whole lists

  /// Rows per page of a streamed list: about a millisecond of the loop's time.
  private static let streamedRows = 200
  /// Rows per page of a streamed ranked search, which ranks all matches for each page.
  private static let streamedMatches = 1_000

  /// Streams a list to its end, or to `limit` rows if given: page by page along the keyset, so memory stays flat.
  private func stream(_ query: ListQuery, _ format: ListFormat) -> Plan {
    .tryingStream { request, sink in
      // HEAD only shows that the list can be read.
      let limit = request.method == .head ? 1 : query.hasLimit ? query.limit : .max
      try await stream(query, format, upTo: limit, sink)
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
    let answer = try await answering.read(index: .init(query.match), isStream: true) { reader in
      let (query, writer, buffer) = work.value
      let page = try reader.page(query) { writer.write($0, to: buffer) }
      return Handover((page, reader.lastKeys))
    }
    return answer.value
  }
}

extension Asking.Parsed {
  /// - Parameter format: anything but JSON is streamed.
  fileprivate init(_ query: ListQuery, _ format: ListFormat) {
    self.init(
      isMomentary: query.isMomentary, isStaleAllowed: query.match?.isStaleAllowed ?? false,
      // Only the readers see the index, and ranking the matches of a common word takes long.
      place: format != .json ? .stream : query.match != nil ? .index : .loop)
  }
}

extension Answering.Index {
  init(_ match: ListQuery.Match?) { self = match.map { $0.isStaleAllowed ? .stale : .current } ?? .unused }
}

// MARK: Names in problems

extension RecordReader {
  /// 404: no record has this name; with the handle that is probably meant.
  func missing(_ resource: Resource, _ name: ByteView) throws -> Problem {
    try .noRecord(resource, name.string, over: connection)
  }

  /// 404: the record exists now but did not at that moment.
  func missingThen(_ resource: Resource, _ name: ByteView) throws -> Problem {
    guard try id(resource, name) != nil else { return try missing(resource, name) }
    return Problem(
      status: 404, code: "not_there_then", title: "The record did not exist at that time",
      detail: "\(name.string) did not exist at that time")
  }
}

extension Request {
  /// The path without its last segments.
  func path(dropping segments: Int = 0) -> String {
    let text = path.string
    return "/" + text.split(separator: "/").dropLast(segments).joined(separator: "/")
  }

  /// The segment captured as `name`, decoded.
  func captured(_ name: StaticString) -> String { capture(name).string }
}
