internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// GET of the program's health and of the list of resources.
struct ServiceHandler {
  let answering: Answering
  let database: any Database
  /// `nil` when search is turned off.
  let indexer: Indexer?

  func ready(_ request: Request, _ response: Response) throws -> Plan {
    try RegisterState.check(answering.records.connection)
    response.body.append("{\"status\":\"ok\",\"last_seq\":")
    response.body.append(integer: database.lastSeq)
    response.body.append(",\"search\":")
    if let indexer {
      response.body.append("{\"indexed_seq\":")
      response.body.append(integer: indexer.seq)
      response.body.append("}}")
    } else {
      response.body.append("null}")
    }
    return .respond
  }

  /// The writer's latest turns, the latest first: what a slow write waited for.
  func turns(_ call: Call) throws -> Plan {
    try call.checkParameters()
    ListFrame.begin(call.response.body)
    let turns = database.turns.reversed()
    let writer = JSONValueWriter(call.response.body)
    for (place, turn) in turns.enumerated() {
      if place > 0 { call.response.body.append(UInt8(ascii: ",")) }
      writer.write(turn.json)
    }
    ListFrame.end(call.response.body)
    return .respond
  }

  /// The entry point for a visitor with a browser or curl.
  func index(_ call: Call) throws -> Plan {
    call.response.header("Link", "</openapi.json>; rel=\"service-desc\", </docs>; rel=\"service-doc\"" as StaticString)
    return try answering.give(Self.index, call)
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
}

extension WriterTurn {
  /// The turn as `GET /v1/writer/turns` shows it; times in milliseconds.
  fileprivate var json: JSONValue {
    func milliseconds(_ microseconds: Int) -> JSONValue { .real(Double(microseconds) / 1_000) }
    let time = ByteBuffer(capacity: 32)
    time.append(timestamp: endedAt)
    return [
      "ended_at": .string(time.string), "writes": .integer(Int64(writes)), "late_writes": .integer(Int64(lateWrites)),
      "changes": .integer(changes), "waited_ms": milliseconds(waited), "ran_ms": milliseconds(ran), "committed_ms": milliseconds(committed),
      "checkpointed_ms": milliseconds(checkpointed), "log_pages": .integer(Int64(logPages)), "tail": .integer(tail),
    ]
  }
}
