internal import Formats
internal import HTTP
internal import Records
internal import SQL

/// What `/v1/search` is asked for.
private struct SearchQuery {
  static let defaultLimit = 20
  static let maxLimit = 100
  static let names = ["q", "type", "limit", "cursor", "stale"]

  var terms: SearchTerms?
  /// Empty for all.
  var parts: [SearchLayout.Part] = []
  var limit = SearchQuery.defaultLimit
  var isStaleAllowed = false
  var after: Values?
  /// What a cursor is bound to.
  var shape: [UInt8] = []
}

/// GET /v1/search: over all resources, best first, with the words shown where they stand.
struct SearchHandler {
  let answering: Answering
  /// `nil` where nothing is searched.
  let limits: SearchLimits?
  let seal: CursorSeal

  func search(_ request: Request, _ response: Response) throws -> Plan {
    let question = unsafe Question(request.path, request.query, .json)
    let seal = seal
    return try answering.answer(question, Asking.Terms(question, request, isDated: false), request, response) {
      guard let limits else { throw Problem.badParameter("q", code: "search_off", SearchTerms.isOff) }
      let query = try parse(request, limits)
      guard let terms = query.terms else { throw Problem.badParameter("q", code: "required", "q says what to search for") }
      return ((query, terms), Asking.Parsed(isStaleAllowed: query.isStaleAllowed, place: .index))
    } run: { asked, reader, body in
      try Self.write(asked.0, asked.1, reader.search.required("the index, where a search is read"), seal, to: body)
    }
  }

  // MARK: Parameters

  private func parse(_ request: Request, _ limits: SearchLimits) throws -> SearchQuery {
    var query = SearchQuery()
    var faults: [Problem.Fault] = []
    var seen: Set<String> = []
    var cursor: String?
    var items = unsafe QueryItems(request.query)
    let buffer = ByteBuffer(capacity: 256)
    while let item = try items.next(into: buffer) {
      let name = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.name]), as: UTF8.self)
      let value = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.value]), as: UTF8.self)
      do throws(SearchTerms.Refusal) {
        guard seen.insert(name).inserted else { throw .init(code: "repeated_parameter", detail: "the parameter is given twice") }
        if name == "cursor" { cursor = value } else { try take(name, value, limits, &query) }
      } catch { faults.append(.init(.parameter(String(name.prefix(100))), code: error.code, detail: error.detail)) }
    }
    guard faults.isEmpty else { throw Problem.badQuery(faults) }
    query.shape = Array("search\u{1}\(query.terms?.expression ?? "")\u{1}\(query.parts.map(\.resource.name).joined(separator: ","))".utf8)
    guard let cursor else { return query }
    query.after = seal.open(cursor, shape: query.shape)
    guard query.after?.count == 2 else {
      throw Problem.badParameter("cursor", code: "bad_cursor", "the cursor is not one of this search: q and type must stay as they were")
    }
    return query
  }

  private func take(_ name: String, _ value: String, _ limits: SearchLimits, _ query: inout SearchQuery) throws(SearchTerms.Refusal) {
    switch name {
    case "q": query.terms = try SearchTerms(value, limits)
    case "type": for word in value.commaParts { query.parts.append(try part(String(word))) }
    case "limit":
      guard let limit = Int(value), (1...SearchQuery.maxLimit).contains(limit) else {
        throw .init(code: "out_of_range", detail: "a number from 1 to \(SearchQuery.maxLimit) is wanted, not \"\(value.prefix(40))\"")
      }
      query.limit = limit
    case "stale":
      guard value == "true" || value == "false" else { throw .init(code: "malformed_value", detail: "true or false is wanted") }
      query.isStaleAllowed = value == "true"
    default:
      let names = SearchQuery.names.joined(separator: ", ")
      let hint = nearest(name, in: SearchQuery.names).map { "did you mean \($0)?" } ?? "it takes \(names)"
      throw .init(code: "unknown_parameter", detail: "a search has no parameter \"\(name.prefix(100))\"; \(hint)")
    }
  }

  private func part(_ name: String) throws(SearchTerms.Refusal) -> SearchLayout.Part {
    let parts = SearchLayout.shared.parts
    guard let part = parts.first(where: { $0.resource.name == name || $0.resource.path == name }) else {
      let names = parts.map(\.resource.name)
      let hint = nearest(name, in: names).map { "did you mean \($0)?" } ?? "these can be searched: \(names.joined(separator: ", "))"
      throw .init(code: "unknown_type", detail: "there is nothing called \"\(name.prefix(100))\" to search; \(hint)")
    }
    return part
  }

  // MARK: On a reader

  /// Writes one page of answers.
  ///
  /// - Returns: the cursor of the next one.
  private static func write(
    _ query: SearchQuery, _ terms: SearchTerms, _ reader: SearchReader, _ seal: CursorSeal, to json: ByteBuffer
  ) throws -> String? {
    let (hits, last) = try reader.best(terms, in: query.parts, after: query.after, limit: query.limit)
    let shown = try reader.show(hits.map(\.record), terms)
    let cursor = last.map { seal.seal($0, shape: query.shape) }
    ListFrame.begin(json)
    var isFirst = true
    for (hit, shown) in zip(hits, shown) {
      guard let shown else { continue }
      if !isFirst { json.append(0x2C) }
      isFirst = false
      append(hit, shown, to: json)
    }
    ListFrame.end(json, cursor: cursor)
    return cursor
  }

  /// Longest name that is shown, characters; a statement of pages names its record, too.
  private static let shownName = 200

  private static func append(_ hit: SearchReader.Hit, _ shown: SearchReader.Shown, to json: ByteBuffer) {
    let resource = hit.record.part.resource
    json.append("{\"resource\":")
    json.append(jsonString: resource.name)
    json.append(",\"id\":\"")
    json.append(id: hit.record.id, prefix: resource.prefix)
    json.append("\",\"title\":")
    if let name = shown.name {
      json.append(jsonString: name.count > shownName ? "\(name.prefix(shownName))…" : name)
    } else {
      json.append("null")
    }
    json.append(",\"snippet\":")
    json.append(jsonString: shown.snippet)
    json.append(",\"score\":")
    // FTS5 gives the best the least.
    json.append(real: -hit.score)
    json.append(",\"url\":\"/v1/\(resource.path)/")
    json.append(id: hit.record.id, prefix: resource.prefix)
    json.append("\"}")
  }
}
