internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// The parsed parameters of `/v1/search`.
private struct SearchQuery {
  static let defaultLimit = 20

  let terms: SearchTerms
  /// Empty for all resources.
  let parts: [SearchLayout.Part]
  let limit: Int
  let isStaleAllowed: Bool
  /// What a cursor is bound to.
  let shape: [UInt8]
  var after: Values?
}

/// GET /v1/search: searches all resources, best match first, with highlighted snippets.
struct SearchHandler {
  let answering: Answering
  /// `nil` when search is turned off.
  let limits: SearchLimits?
  let seal: CursorSeal

  func search(_ call: Call) throws -> Plan {
    let question = Question(call.request.path, call.request.query, .json)
    let seal = seal
    return try answering.answer(question, Asking.Terms(question, call.request, isDated: false), call.request, call.response) {
      guard let limits else { throw Problem.badParameter("q", code: "search_off", SearchTerms.isOff) }
      let query = try parse(try call.parameters(), limits)
      return (query, Asking.Parsed(isStaleAllowed: query.isStaleAllowed, place: .index))
    } run: { query, reader, body in
      try Self.write(query, reader.search.promised("the index of a search"), seal, to: body)
    }
  }

  /// - Throws: 400 with all faults.
  private func parse(_ parameters: Parameters, _ limits: SearchLimits) throws -> SearchQuery {
    let terms = terms(parameters, limits)
    let parts = parameters.words("type").compactMap { name in
      SearchLayout.shared.parts.first { $0.resource.name == name || $0.resource.path == name }
    }
    let shape = Array("search\u{1}\(terms?.expression ?? "")\u{1}\(parts.map(\.resource.name).joined(separator: ","))".utf8)
    let after = parameters.keys(ofCursor: seal, shape, count: 2)
    try parameters.check()
    return SearchQuery(
      terms: try terms.promised("the terms of a search without faults"), parts: parts,
      limit: parameters.number("limit") ?? SearchQuery.defaultLimit, isStaleAllowed: parameters.flag("stale"), shape: shape, after: after)
  }

  /// The terms of `q`; `nil` with a fault.
  private func terms(_ parameters: Parameters, _ limits: SearchLimits) -> SearchTerms? {
    guard let text = parameters["q"], !text.isEmpty else { return nil }
    do throws(SearchTerms.Refusal) { return try SearchTerms(text, limits) } catch {
      parameters.fault("q", error.code, error.detail)
      return nil
    }
  }

  // MARK: On a reader

  /// Writes one page of results.
  ///
  /// - Returns: the cursor of the next page.
  private static func write(
    _ query: SearchQuery, _ reader: SearchReader, _ seal: CursorSeal, to json: ByteBuffer
  ) throws -> String? {
    let (hits, last) = try reader.best(query.terms, in: query.parts, after: query.after, limit: query.limit)
    let shown = try reader.show(hits.map(\.record), query.terms)
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

  /// Longest name shown, in characters; a page's statement names its record, too.
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
    // FTS5 gives the best match the lowest score.
    json.append(real: -hit.score)
    json.append(",\"url\":\"/v1/\(resource.path)/")
    json.append(id: hit.record.id, prefix: resource.prefix)
    json.append("\"}")
  }
}
