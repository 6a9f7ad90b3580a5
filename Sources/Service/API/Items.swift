internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// GET of single records, their histories and an event's participants.
struct ItemHandler {
  let answering: Answering
  /// Reads over the loop's own connection.
  let records: RecordReader
  let parser: ListParser
  let seal: CursorSeal

  func item(_ resource: Resource, relations: [Relation], _ call: Call) throws -> Plan {
    let name = call.request.capture("id")
    guard call.request.query.isEmpty else { return try itemWithParameters(resource, relations, name, call) }
    return try answer(try records.item(resource, name, to: call.response.body), resource, call)
  }

  func externalItem(_ resource: Resource, _ call: Call) throws -> Plan {
    try call.checkParameters()
    let (source, externalID) = (call.request.captured("source"), call.request.captured("external_id"))
    let found = try records.item(resource, source: source, externalID: externalID, to: call.response.body)
    if case .missing = found { throw Problem.noRecord(resource, "\(source)/\(externalID)") }
    return try answer(found, resource, call)
  }

  private func answer(_ found: RecordReader.Found, _ resource: Resource, _ call: Call) throws -> Plan {
    switch found {
    case .missing: throw try records.missing(resource, call.request.capture("id"))
    case .deleted: throw Problem.deleted(resource, call.request.path())
    case .record(_, let version, let isOverdue):
      return answering.respond(tag: .ofRecord(version: version, isOverdue: isOverdue), call)
    }
  }

  /// `?include=`, `?fields=`, `?as_of=`: a list of one record.
  private func itemWithParameters(
    _ resource: Resource, _ relations: [Relation], _ name: ByteView, _ call: Call
  ) throws -> Plan {
    let question = Question(call.request.path, call.request.query, .json)
    // An embedded record may be overdue even if this resource never is.
    var terms = Asking.Terms(question, call.request, isDated: true)
    terms.isMoving = answering.isMoving(resource)
    let (seal, shown) = (seal, name.string)
    return try answering.answer(question, terms, call.request, call.response) {
      var query = try call.parameters().list(resource, parser, seal, relations: relations, isItem: true)
      let scope = Values()
      scope.append(integer: try id(of: resource, call.request.capture("id"), asOf: query.asOf, call.request))
      query.scope = .init(.record, key: scope, name: "")
      query.sort = [.init(column: resource.columns[StandardColumns.idNumber], isDescending: false)]
      query.limit = 1
      return (query, Asking.Parsed(isMomentary: query.isMomentary))
    } run: { query, reader, body in
      let list = ByteBuffer(capacity: 2_048)
      guard try reader.list(query, seal: seal, to: list).0.rows == 1 else { throw Problem.noRecord(resource, shown) }
      ListFrame.appendOnly(of: list, to: body)
      return nil
    }
  }

  /// The number of the record with this name, now or at a moment.
  private func id(of resource: Resource, _ name: ByteView, asOf: Int64?, _ request: Request) throws -> Int64 {
    if let asOf {
      guard let past = try records.past(resource, name, asOf: asOf) else { throw try records.missingThen(resource, name) }
      return past.id
    }
    guard let id = try records.id(resource, name) else { throw try records.missing(resource, name) }
    if case .deleted = try records.state(resource, id) { throw Problem.deleted(resource, request.path()) }
    return id
  }

  // MARK: History

  /// The parameters of one page of a history.
  private struct Versions {
    let id: Int64
    let limit: Int
    let below: Int64?
    /// What a cursor is bound to.
    let shape: [UInt8]
  }

  func history(_ resource: Resource, _ call: Call) throws -> Plan {
    let question = Question(call.request.path, call.request.query, .json)
    var terms = Asking.Terms(question, call.request, isDated: resource.overdue != nil)
    terms.isMoving = answering.isMoving(resource)
    terms.existsWhenParsed = false
    let (seal, shown) = (seal, call.request.captured("id"))
    return try answering.answer(question, terms, call.request, call.response) {
      guard let id = try records.id(resource, call.request.capture("id")) else {
        throw try Problem.noRecord(resource, shown, over: records.connection)
      }
      let shape = Array("\(resource.name)/\(id)/history".utf8)
      let (limit, below) = try call.parameters().numberedPage(seal, shape)
      return (Versions(id: id, limit: limit, below: below, shape: shape), Asking.Parsed())
    } run: { asked, reader, body in
      let (rows, next) = try reader.history(resource, asked.id, below: asked.below, limit: asked.limit, to: body)
      guard rows > 0 || asked.below != nil else { throw Problem.noRecord(resource, shown) }
      let cursor = next.map { seal.seal(number: $0, shape: asked.shape) }
      ListFrame.end(body, cursor: cursor)
      return cursor
    }
  }

  // MARK: Participants of an event

  /// An event's participants, each with name, type and country.
  func participants(_ call: Call) throws -> Plan {
    let question = Question(call.request.path, call.request.query, .json)
    return try answering.answer(question, Asking.Terms(question, call.request, isDated: false), call.request, call.response) {
      try call.checkParameters()
      return (try eventID(call.request), Asking.Parsed())
    } run: { id, reader, body in
      try Self.writeParticipants(of: id, reader.connection, to: body)
      return nil
    }
  }

  private func eventID(_ request: Request) throws -> Int64 {
    guard let id = try records.id(Events.resource, request.capture("id")) else {
      throw try records.missing(Events.resource, request.capture("id"))
    }
    switch try records.state(Events.resource, id) {
    case .deleted: throw Problem.deleted(Events.resource, request.path(dropping: 1))
    case .missing: throw try records.missing(Events.resource, request.capture("id"))
    case .record: return id
    }
  }

  private static func writeParticipants(of id: Int64, _ connection: any Connection, to json: ByteBuffer) throws {
    ListFrame.begin(json)
    var isFirst = true
    try EventParticipants(connection).list(of: id) { row in
      if !isFirst { json.append(0x2C) }
      isFirst = false
      // The stored object without its closing brace.
      json.append(row[0].utf8.dropLast())
      json.append(",\"stakeholder_id\":\"")
      json.append(id: row[1].integer, prefix: Stakeholders.resource.prefix)
      json.append("\"")
      for (name, column) in [(",\"name\":" as StaticString, 2), (",\"type\":", 3), (",\"country\":", 4)] {
        json.append(name)
        if row[column].isNull { json.append("null") } else { json.append(jsonString: row[column].utf8) }
      }
      json.append(0x7D)
    }
    ListFrame.end(json)
  }
}

extension String {
  /// A record's entity tag: its version. An overdue record is marked, since it becomes overdue without a new version.
  static func ofRecord(version: Int64, isOverdue: Bool) -> String {
    // `String(version)`, not an interpolation: that allocates.
    isOverdue ? "\(version).overdue" : String(version)
  }
}
