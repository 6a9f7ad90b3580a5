internal import Formats
internal import HTTP
internal import Records
internal import SQL
internal import Store

/// The answer to a write: the record as it is now.
private struct Written {
  var effect = Effect.created
  var id: Int64 = 0
  var version: Int64 = 0
  var isOverdue = false
  /// Whether the answer was stored earlier under the same Idempotency-Key.
  var isReplayed = false
  let body = ByteBuffer(capacity: 2_048)
}

extension Written {
  fileprivate init(replaying stored: IdempotencyKey.Stored) {
    id = stored.id
    version = stored.version
    isReplayed = true
    body.append(stored.body)
  }
}

/// Rolls back a dry run.
private struct DryRun: Error {
  let answer: Handover<Written>
}

/// POST, PUT, PATCH and DELETE of single records.
struct WriteHandler {
  private let database: any Database
  /// Reads over the loop's own connection.
  private let records: RecordReader
  private let configuration: RegisterConfiguration
  private let drafts = DraftReader()
  private let parser: JSONParser

  init(_ database: any Database, _ records: RecordReader, _ configuration: RegisterConfiguration) {
    self.database = database
    self.records = records
    self.configuration = configuration
    parser = JSONParser(maxDepth: configuration.maxJSONDepth)
  }

  func create(_ resource: Resource, _ call: Call) throws -> Plan {
    try call.request.requireJSON()
    let isDry = try dryRun(call)
    return .tryingBody(maxBytes: configuration.maxBodyBytes) { request, body, response in
      let draft = Draft(resource)
      try read(body, into: draft)
      try await create(draft, isDry, try IdempotencyKey(request, body: body), request, response)
    }
  }

  /// `POST /v1/outcomes/{id}/assessments`: the path names the owner.
  func createPart(_ resource: Resource, of owner: Resource, field: String, _ call: Call) throws -> Plan {
    try call.request.requireJSON()
    let isDry = try dryRun(call)
    let name = call.request.captured("id")
    return .tryingBody(maxBytes: configuration.maxBodyBytes) { request, body, response in
      let draft = Draft(resource)
      try read(body, into: draft)
      drafts.setReference(resource.columns[resource.number(field)], to: name, in: draft)
      try await create(draft, isDry, try IdempotencyKey(request, body: body), request, response)
    }
  }

  private func create(_ draft: Draft, _ isDry: Bool, _ key: IdempotencyKey?, _ request: Request, _ response: Response) async throws {
    // A body that is no object has no fields to miss.
    if draft.faults.contains(where: { $0.path.field.isEmpty }) { throw Problem.invalid(draft) }
    draft.refuseReadOnly()
    draft.complete()
    if !draft.faults.isEmpty {
      // Resolve references now, so that all faults are reported at once.
      try Resolver(records.connection).resolve(draft)
      throw Problem.invalid(draft)
    }
    let resource = draft.resource
    let handover = Handover(draft)
    let written = try await write(isDry, under: key) { write in
      var written = Written()
      written.id = try write.create(handover.value)
      return written
    }
    answer(written, resource, request, response)
    guard !isDry else { return }
    response.status = 201
    response.header("Location", location(resource, written.id))
    if written.isReplayed { response.header("Idempotent-Replayed", "true" as StaticString) }
  }

  func update(_ resource: Resource, _ how: Change, _ call: Call) throws -> Plan {
    try call.request.requireJSON(how == .merge ? "application/merge-patch+json" : nil)
    let isDry = try dryRun(call)
    let ifMatch = try versionGuard(call.request)
    let excluded = try VersionExclusion(call.request)
    let name = call.request.captured("id")
    return .tryingBody(maxBytes: configuration.maxBodyBytes) { request, body, response in
      try parse(body)
      let path = request.path()
      let bytes = Handover(body)
      let depth = configuration.maxJSONDepth
      let written = try await write(isDry) { write in
        let current = try write.find(resource, name, path)
        try excluded?.check(current)
        // Read again here: a merge patch of an object needs the object's present value.
        let change = Draft(resource)
        try bytes.value.withView {
          try JSONParser.reading($0, maxDepth: depth) {
            DraftReader().read($0, into: change, merging: how == .merge ? current : nil)
          }
        }
        var written = Written()
        written.effect = try write.update(current, with: change, how, ifVersion: ifMatch.map { guardian in { guardian.allows($0) } })
        written.id = current.id
        return written
      }
      answer(written, resource, request, response)
    }
  }

  /// `PUT …/by-external/{source}/{external_id}`: creates or replaces, safe to repeat.
  func upsert(_ resource: Resource, _ call: Call) throws -> Plan {
    try call.request.requireJSON()
    let isDry = try dryRun(call)
    let ifMatch = try versionGuard(call.request, isUpsert: true)
    let excluded = try VersionExclusion(call.request)
    let (source, externalID) = (call.request.captured("source"), call.request.captured("external_id"))
    return .tryingBody(maxBytes: configuration.maxBodyBytes) { request, body, response in
      let draft = Draft(resource)
      try read(body, into: draft)
      drafts.setKey(source: source, externalID: externalID, in: draft)
      let handover = Handover(draft)
      let written = try await write(isDry) { write in
        var written = Written()
        let draft = handover.value
        if let current = try write.find(resource, source: source, externalID: externalID) {
          try excluded?.check(current)
          written.effect = try write.update(current, with: draft, .replace, ifVersion: ifMatch.map { guardian in { guardian.allows($0) } })
          written.id = current.id
        } else {
          guard ifMatch == nil else { throw Problem.noRecord(resource, "\(source)/\(externalID)") }
          draft.refuseReadOnly()
          draft.complete()
          written.id = try write.create(draft)
        }
        return written
      }
      answer(written, resource, request, response)
      guard written.effect == .created, !isDry else { return }
      response.status = 201
      response.header("Location", location(resource, written.id))
    }
  }

  func delete(_ resource: Resource, _ call: Call) throws -> Plan {
    let isDry = try dryRun(call)
    let ifMatch = try versionGuard(call.request)
    let excluded = try VersionExclusion(call.request)
    let name = call.request.captured("id")
    return .trying { request, response in
      let path = request.path()
      _ = try await write(isDry, rendering: false) { write in
        let current = try write.find(resource, name, path)
        try excluded?.check(current)
        try write.delete(current, ifVersion: ifMatch.map { guardian in { guardian.allows($0) } })
        return Written()
      }
      response.status = 204
    }
  }

  // MARK: Steps

  private func parse(_ body: ByteBuffer) throws {
    do { _ = try parser.parse(body.bytes) } catch { throw Problem.badJSON(error) }
  }

  private func read(_ body: ByteBuffer, into draft: Draft) throws {
    do { drafts.read(try parser.parse(body.bytes), into: draft) } catch { throw Problem.badJSON(error) }
  }

  /// Runs a write and reads the record back in the same transaction.
  private func write(
    _ isDry: Bool, rendering: Bool = true, under key: IdempotencyKey? = nil, _ body: @escaping @Sendable (Write) throws -> Written
  ) async throws -> Written {
    do {
      return try await database.write { transaction in
        let write = Write(transaction)
        if let stored = try key?.find(in: write) { return Handover(Written(replaying: stored)) }
        var written = try body(write)
        if rendering, written.id != 0 { try write.render(&written) }
        guard !isDry else { throw DryRun(answer: Handover(written)) }
        try key?.store(.init(id: written.id, version: written.version, body: written.body.string), in: write)
        return Handover(written)
      }.value
    } catch let dry as DryRun { return dry.answer.value }
  }

  private func answer(_ written: Written, _ resource: Resource, _ request: Request, _ response: Response) {
    response.body.append(written.body)
    response.etag = .ofRecord(version: written.version, isOverdue: written.isOverdue)
    response.addCaching()
  }

  private func location(_ resource: Resource, _ id: Int64) -> String { "/v1/\(resource.path)/\(resource.text(of: id))" }

  /// `?dry_run=true`: everything but the commit.
  private func dryRun(_ call: Call) throws -> Bool {
    guard !call.request.query.isEmpty else { return false }
    let parameters = try call.parameters()
    try parameters.check()
    return parameters.flag("dry_run")
  }

  private func versionGuard(_ request: Request, isUpsert: Bool = false) throws -> VersionGuard? {
    let found = try VersionGuard(request)
    guard found == nil, configuration.requireIfMatch, !isUpsert else { return found }
    throw Problem(
      status: 428, code: "if_match_required", title: "If-Match is required",
      hint: "read the record, and send its ETag as If-Match")
  }
}

extension Write {
  /// The record named by a path segment.
  ///
  /// - Throws: 404, or 410 for a deleted record.
  func find(_ resource: Resource, _ name: String, _ path: String) throws -> Draft {
    guard let id = try name.withByteView({ try id(resource, $0) }) else {
      throw try wasDeleted(resource, handle: name) ? Problem.deleted(resource, path) : Problem.noRecord(resource, name, over: connection)
    }
    if let current = try load(resource, id) { return current }
    let key = Values()
    key.append(integer: id)
    guard try connection.integer(resource.sql.wasDeleted, key) != nil else { throw Problem.noRecord(resource, name) }
    throw Problem.deleted(resource, path)
  }

  private func wasDeleted(_ resource: Resource, handle: String) throws -> Bool {
    guard let sql = resource.sql.wasDeletedByHandle else { return false }
    let key = Values()
    key.append(text: handle)
    return try connection.integer(sql, key) != nil
  }

  private func id(_ resource: Resource, _ name: ByteView) throws -> Int64? {
    if let id = Identifier.parse(name, prefix: resource.prefix) { return id }
    guard let sql = resource.sql.idByHandle else { return nil }
    let key = Values()
    key.append(text: name)
    return try connection.integer(sql, key)
  }

  /// The record with this external id at its source.
  func find(_ resource: Resource, source: String, externalID: String) throws -> Draft? {
    let key = Values()
    key.append(text: source)
    key.append(text: externalID)
    return try load(resource, resource.sql.byExternal, key)
  }
}

extension Write {
  fileprivate func render(_ written: inout Written) throws {
    guard let resource = lastResource else { return }
    let reader = RecordReader(connection)
    let found = try resource.text(of: written.id).withByteView { try reader.item(resource, $0, to: written.body) }
    guard case .record(_, let version, let isOverdue) = found else { return }
    written.version = version
    written.isOverdue = isOverdue
  }
}

extension Problem {
  /// 400: the body is not valid JSON; with the position. 503 without memory to parse it.
  static func badJSON(_ error: JSONError) -> Problem {
    let place = error.line.map { " at line \($0)\(error.column.map { ", column \($0)" } ?? "")" } ?? ""
    return Problem(
      status: error.kind.status, code: error.code, title: error.kind.title, detail: "\(error.detail)\(place)",
      faults: [.init(.pointer(""), code: error.code, detail: "\(error.detail)\(place)")],
      retryAfterSeconds: error.kind.status == 503 ? 1 : nil)
  }
}
