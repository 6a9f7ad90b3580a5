internal import Formats
internal import HTTP
internal import SQL

// GET of single records, their histories, and the small lists around them.

extension RegisterResponder {
  func item(_ resource: Resource, relations: [Relation], _ request: Request, _ response: Response) throws -> Plan {
    let name = unsafe request.capture(0)
    guard unsafe request.query.isEmpty else { return try unsafe itemWithParameters(resource, relations, name, request, response) }
    return try answer(try unsafe records.item(resource, name, to: response.body), resource, request, response)
  }

  func externalItem(_ resource: Resource, _ request: Request, _ response: Response) throws -> Plan {
    try refuseParameters(request)
    let (source, externalID) = unsafe (text(request.capture(0)), text(request.capture(1)))
    let found = try records.item(resource, source: source, externalID: externalID, to: response.body)
    if case .missing = found { throw Problem.noRecord(resource, "\(source)/\(externalID)") }
    return try answer(found, resource, request, response)
  }

  func text(_ bytes: UnsafeRawBufferPointer) -> String { unsafe String(decoding: bytes, as: UTF8.self) }

  private func answer(_ found: RecordReader.Found, _ resource: Resource, _ request: Request, _ response: Response) throws -> Plan {
    switch found {
    case .missing: throw unsafe missing(resource, request.capture(0))
    case .deleted: throw Problem.deleted(resource, path(of: request))
    case .record(_, let version, let isOverdue):
      tag(response, version, isOverdue)
      answerUnchanged(request, response)
      return .respond
    }
  }

  /// The version; a record that is past its day says so, since that changes without a change of the record.
  func tag(_ response: Response, _ version: Int64, _ isOverdue: Bool) {
    // `String(version)` and not an interpolation: that allocates.
    response.etag = isOverdue ? "\(version).overdue" : String(version)
    response.header("Cache-Control", "private, no-cache")
    response.header("Vary", "Accept, Accept-Encoding, Authorization")
  }

  /// `?include=`, `?fields=`, `?as_of=`: the list of one.
  private func itemWithParameters(
    _ resource: Resource, _ relations: [Relation], _ name: UnsafeRawBufferPointer, _ request: Request, _ response: Response
  ) throws -> Plan {
    try refuseParameters(request, except: ["fields", "include", "as_of", "flatten", "time_format"])
    var query = try unsafe lists.parse(request.query, resource, relations: relations, cursors: register.seal, isItem: true)
    let scope = Values()
    scope.append(integer: try unsafe id(of: resource, name, asOf: query.asOf, request))
    query.scope = .init(.record, key: scope, name: "")
    query.sort = [.init(column: resource.columns[StandardColumns.idNumber], isDescending: false)]
    query.limit = 1
    // What is embedded may be overdue where the record cannot.
    tag(response, request, isDated: true, isMomentary: query.isMomentary || isMoving(resource))
    let list = ByteBuffer(capacity: 2_048)
    if let (page, _) = try inTime({ try records.list(query, seal: register.seal, to: list) }) {
      guard page.rows == 1 else { throw unsafe missing(resource, name) }
      appendOnly(list, to: response)
      answerUnchanged(request, response)
      return .respond
    }
    let (asked, seal) = (Handover(query), register.seal)
    return later { request, response in
      let list = try await self.read(for: nil) { reader in
        let list = ByteBuffer(capacity: 65_536)
        let (page, _) = try reader.list(asked.value, seal: seal, to: list)
        return Handover(page.rows == 1 ? list : nil)
      }.value
      guard let list else { throw unsafe self.missing(resource, request.capture(0)) }
      self.appendOnly(list, to: response)
      self.untagIfChanged(response)
      self.answerUnchanged(request, response)
    }
  }

  /// The one record of a list: what stands within `{"items":[` … `],"next_cursor":null}`.
  private func appendOnly(_ list: ByteBuffer, to response: Response) {
    let (before, after) = ("{\"items\":[".utf8.count, "],\"next_cursor\":null}".utf8.count)
    unsafe list.withBytes { unsafe response.body.append(UnsafeRawBufferPointer(rebasing: $0[before..<$0.count - after])) }
  }

  func history(_ resource: Resource, _ request: Request, _ response: Response) throws -> Plan {
    let shown = unsafe text(request.capture(0))
    guard let id = try unsafe records.id(resource, request.capture(0)) else { throw Problem.noRecord(resource, shown) }
    let shape = Array("\(resource.name)/\(id)/history".utf8)
    let (limit, below) = try request.numberedPage(of: "versions", register.seal, shape)
    let (rows, next) = try records.history(resource, id, below: below, limit: limit, to: response.body)
    guard rows > 0 || below != nil else { throw Problem.noRecord(resource, shown) }
    endPage(next: next, shape, request, response)
    tag(response, request, isDated: resource.overdue != nil, isMomentary: isMoving(resource))
    answerUnchanged(request, response)
    return .respond
  }

  /// A tag of the register's state and the question.
  func tag(_ response: Response, _ request: Request, isDated: Bool, isMomentary: Bool = false) {
    let question = unsafe Question(request.path, request.query, .json)
    response.etag = tag(of: question, in: register.state, isDated: isDated, isMomentary: isMomentary)
    response.header("Cache-Control", "private, no-cache")
    response.header("Vary", "Accept, Accept-Encoding, Authorization")
  }

  /// The number of the record that is called so, now or at a moment.
  private func id(of resource: Resource, _ name: UnsafeRawBufferPointer, asOf: Int64?, _ request: Request) throws -> Int64 {
    if let asOf {
      guard let past = try unsafe records.past(resource, name, asOf: asOf) else { throw try unsafe missingThen(resource, name) }
      return past.id
    }
    guard let id = try unsafe records.id(resource, name) else { throw unsafe missing(resource, name) }
    if case .deleted = try records.state(resource, id) { throw Problem.deleted(resource, path(of: request)) }
    return id
  }

  /// 304 without a body where the client has this very answer.
  func answerUnchanged(_ request: Request, _ response: Response) {
    guard let etag = response.etag, unsafe request.header("if-none-match") != nil else { return }
    guard request.matches(etag: etag, in: "if-none-match", weak: true) else { return }
    response.status = 304
    response.body.clear()
  }

  // MARK: Participants of an event

  private static let participantsSQL = SQLText(
    """
    SELECT j.value, s.id, s.name, s.type, s.country FROM events r, json_each(r.participants) j
    LEFT JOIN stakeholders s ON s.code = json_extract(j.value, '$.stakeholder') WHERE r.id = ?1 ORDER BY j.key
    """)

  /// Who took part, with name, type and country of each.
  func participants(_ request: Request, _ response: Response) throws -> Plan {
    try refuseParameters(request)
    let shown = unsafe text(request.capture(0))
    guard let id = try unsafe records.id(Events.resource, request.capture(0)) else { throw Problem.noRecord(Events.resource, shown) }
    switch try records.state(Events.resource, id) {
    case .deleted: throw Problem.deleted(Events.resource, path(of: request, dropping: 1))
    case .missing: throw Problem.noRecord(Events.resource, shown)
    case .record: break
    }
    let key = Values()
    key.append(integer: id)
    response.body.append("{\"items\":[")
    var isFirst = true
    try records.connection.query(Self.participantsSQL, key) { row in
      if !isFirst { response.body.append(0x2C) }
      isFirst = false
      // The stored object without its closing brace.
      unsafe response.body.append(UnsafeRawBufferPointer(rebasing: row[0].bytes.dropLast()))
      response.body.append(",\"stakeholder_id\":\"")
      response.body.append(id: row[1].integer, prefix: Stakeholders.resource.prefix)
      response.body.append("\"")
      for (name, column) in [(",\"name\":" as StaticString, 2), (",\"type\":", 3), (",\"country\":", 4)] {
        response.body.append(name)
        if row[column].isNull { response.body.append("null") } else { unsafe response.body.append(jsonString: row[column].bytes) }
      }
      response.body.append(0x7D)
      return true
    }
    response.body.append("],\"next_cursor\":null}")
    tag(response, request, isDated: false)
    answerUnchanged(request, response)
    return .respond
  }

  // MARK: Around the records

  func ready(_ request: Request, _ response: Response) throws -> Plan {
    _ = try records.connection.integer(SQLText("SELECT 1", isFixed: false))
    response.body.append("{\"status\":\"ok\",\"last_seq\":")
    response.body.append(integer: register.database.lastSeq)
    response.body.append(",\"search\":")
    if let search = register.search {
      response.body.append("{\"indexed_seq\":")
      response.body.append(integer: search.indexer.seq)
      response.body.append("}}")
    } else {
      response.body.append("null}")
    }
    return .respond
  }

  func vocabularies(_ request: Request, _ response: Response) throws -> Plan {
    try give(Self.vocabularyList, request, response)
  }

  private static let vocabularyList = FixedAnswer { buffer in
    let items = Vocabularies.shared.all.map { vocabulary -> JSONValue in
      [
        "name": .string(vocabulary.name), "count": .integer(Int64(vocabulary.words.count)),
        "url": .string("/v1/vocabularies/\(vocabulary.name)"),
      ]
    }
    JSONValueWriter(buffer).write(["items": .array(items), "next_cursor": nil])
  }

  func vocabulary(_ request: Request, _ response: Response) throws -> Plan {
    try refuseParameters(request)
    let name = unsafe text(request.capture(0))
    guard let vocabulary = Vocabularies.shared[name] else {
      let hint = nearest(name, in: Vocabularies.shared.all.map(\.name)).map { "did you mean \($0)?" }
      throw Problem(
        status: 404, code: "not_found", title: "There is no such vocabulary", detail: name, hint: hint ?? "GET /v1/vocabularies lists them")
    }
    response.body.append("{\"items\":")
    response.body.append(vocabulary.json)
    response.body.append(",\"next_cursor\":null}")
    response.etag = vocabulary.etag
    response.header("Cache-Control", "private, no-cache")
    answerUnchanged(request, response)
    return .respond
  }

  /// What there is, for who arrives with a browser or curl alone.
  func index(_ request: Request, _ response: Response) throws -> Plan {
    response.header("Link", "</openapi.json>; rel=\"service-desc\", </docs>; rel=\"service-doc\"" as StaticString)
    return try give(Self.index, request, response)
  }

  private static let index = FixedAnswer { buffer in
    func entry(_ name: String, _ path: String, _ doc: String) -> JSONValue {
      ["name": .string(name), "url": .string("/v1/\(path)"), "doc": .string(doc)]
    }
    let analytics = Analytic.all.filter { $0.path.hasPrefix("analytics/") }
    JSONValueWriter(buffer).write([
      "name": "chancery",
      "resources": .array(Catalogue.shared.all.map { entry($0.name, $0.path, $0.doc) }),
      "analytics": .array(analytics.map { entry(String($0.path.dropFirst("analytics/".count)), $0.path, $0.doc) }),
      "search": "/v1/search", "vocabularies": "/v1/vocabularies", "profiles": "/v1/imports/profiles",
      "imports": "/v1/imports", "openapi": "/openapi.json", "docs": "/docs", "problems": "/problems",
    ])
  }

  /// A path that takes no parameters says so.
  func refuseParameters(_ request: Request, except known: [String] = []) throws {
    guard unsafe !request.query.isEmpty else { return }
    var items = unsafe QueryItems(request.query)
    let buffer = ByteBuffer(capacity: 64)
    while let item = try items.next(into: buffer) {
      let name = unsafe text(UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.name]))
      guard !known.contains(name) else { continue }
      let what = known.isEmpty ? "this path takes no parameters" : "one record takes \(known.joined(separator: ", ")) only"
      throw Problem.badParameter(name, code: "unknown_parameter", what, allowed: known)
    }
  }
}
