internal import Formats
internal import HTTP
internal import Intake
internal import Locks
internal import Records
internal import SQL
internal import Store

/// POST /v1/imports: takes a file, returns a record of its import; GET follows that record while the import runs.
struct ImportHandler {
  let desk: ImportDesk
  let database: any Database
  /// Reads over the loop's own connection.
  let records: RecordReader
  let items: ItemHandler
  let configuration: RegisterConfiguration

  func importFile(_ resource: Resource?, _ call: Call) throws -> Plan {
    let options = try ImportOptions(call, resource: resource)
    let digest = try ContentDigest(call.request)
    return .stream { request, source, sink in
      do {
        let intake = ImportIntake(options: options, configuration: configuration)
        let file = try await intake.take(source, digest: digest)
        let key = try IdempotencyKey(request, told: request.query.array + [0] + Array(file.sha256.utf8))
        answer(try await desk.take(options, file, key), sink.response)
      } catch let gone as ConnectionClosed { throw gone } catch let failure as SpoolError where failure.isFull {
        sink.response.fail(Problem.engine(SQLError(.full, failure.description)), request)
      } catch { sink.response.fail(error, request) }
    }
  }

  private func answer(_ answer: ImportDesk.Answer, _ response: Response) {
    response.status = answer.status
    response.body.append(answer.body)
    if let id = answer.id { response.header("Location", "/v1/imports/\(Imports.resource.text(of: id))") }
    if answer.status == 202 { response.header("Preference-Applied", "respond-async" as StaticString) }
    if answer.isReplayed { response.header("Idempotent-Replayed", "true" as StaticString) }
  }

  func profiles(_ call: Call) throws -> Plan {
    try items.answering.give(Self.profileList, call)
  }

  private static let profileList = FixedAnswer { buffer in
    ListFrame.begin(buffer)
    for (position, profile) in Profiles.all.enumerated() {
      buffer.append(position == 0 ? "{\"name\":" : ",{\"name\":")
      profile.append(to: buffer)
    }
    ListFrame.end(buffer)
  }

  // MARK: While it runs

  /// The record; while the import runs, with its progress, or as an event stream.
  func item(relations: [Relation], _ call: Call) throws -> Plan {
    let (request, response) = (call.request, call.response)
    let streams =
      request.header("accept").map { $0.string.lowercased().contains("text/event-stream") } ?? false
    let id = Identifier.parse(request.capture("id"), prefix: Imports.resource.prefix)
    guard let id, request.query.isEmpty, streams || desk.progress(of: id) != nil else {
      return try items.item(Imports.resource, relations: relations, call)
    }
    guard streams else {
      try appendImport(id, to: response.body)
      return .respond
    }
    guard case .record = try records.state(Imports.resource, id) else {
      throw Problem.noRecord(Imports.resource, request.captured("id"))
    }
    return followImport(id)
  }

  /// The longest time between two events, so that nobody on the way takes a slow import for a dead connection, in milliseconds.
  private static let quietMilliseconds = 15_000

  /// Sends `progress` events until the import has ended, then one `end`; each event's data is the record.
  private func followImport(_ id: Int64) -> Plan {
    .stream { request, _, sink in
      sink.response.contentType = "text/event-stream"
      sink.response.isCompressible = false
      let event = ByteBuffer(capacity: 2_048)
      var step: Int64 = 0
      while true {
        let progress = desk.progress(of: id)
        event.clear()
        event.append(progress == nil ? "event: end\ndata: " : "event: progress\ndata: ")
        try appendImport(id, to: event)
        event.append("\n\n")
        try await sink.write(event)
        guard let progress, !desk.isClosed else { return }
        step = await progress.steps.reach(step + 1, within: Self.quietMilliseconds)
        try Task.checkCancellation()
      }
    }
  }

  /// Appends the record, with the progress that is not stored yet.
  private func appendImport(_ id: Int64, to buffer: ByteBuffer) throws {
    let snapshot = desk.progress(of: id)?.snapshot
    let resource = Imports.resource
    let key = Values()
    key.append(integer: id)
    let overlay = Values(count: 3)
    if let snapshot {
      overlay.set(0, text: snapshot.isQueued ? "queued" : "running")
      overlay.set(1, real: snapshot.percent)
      overlay.set(2) { snapshot.counts.append(to: $0) }
    }
    try records.connection.query(resource.sql.byID, key) { row in
      var cells = (0..<row.count).map { row[$0] }
      if snapshot != nil {
        for (position, field) in [Imports.state, Imports.progress, Imports.counts].enumerated() { cells[field.number] = overlay[position] }
      }
      cells.withRow { records.writer(resource).write($0, to: buffer) }
      withExtendedLifetime(overlay) {}
      return false
    }
  }

  func cancel(_ call: Call) throws -> Plan {
    try call.checkParameters()
    let (request, response) = (call.request, call.response)
    let name = request.captured("id")
    guard let id = Identifier.parse(request.capture("id"), prefix: Imports.resource.prefix),
      case .record = try records.state(Imports.resource, id)
    else { throw Problem.noRecord(Imports.resource, name) }
    guard let progress = desk.progress(of: id) else {
      throw Problem(
        status: 409, code: "not_running", title: "The import has ended", detail: "\(name) is not running any more",
        hint: "DELETE /v1/imports/\(name) takes back what it wrote")
    }
    progress.cancel()
    response.status = 202
    try appendImport(id, to: response.body)
    return .respond
  }

  // MARK: Undo

  /// `DELETE /v1/imports/{id}`: reverts what the import created and changed.
  func undo(_ call: Call) throws -> Plan {
    let parameters = try call.parameters()
    try parameters.check()
    let isForced = parameters.flag("force")
    let name = call.request.captured("id")
    guard let id = Identifier.parse(call.request.capture("id"), prefix: Imports.resource.prefix) else {
      throw Problem.noRecord(Imports.resource, name)
    }
    return .trying { request, response in
      guard desk.progress(of: id) == nil else {
        throw Problem(
          status: 409, code: "import_running", title: "The import is still running", detail: "\(name) is still running",
          hint: "wait, or POST /v1/imports/\(name)/cancel")
      }
      let body = try await database.write { transaction -> String? in
        let write = Write(transaction)
        guard try write.load(Imports.resource, id) != nil else { return nil }
        try ImportUndo.run(id, isForced: isForced, write)
        return try ImportDesk.record(id, write)
      }
      guard let body else { throw Problem.noRecord(Imports.resource, name) }
      response.body.append(body)
    }
  }
}

extension ImportProfile {
  /// Appends everything after `{"name":`.
  fileprivate func append(to json: ByteBuffer) {
    json.append(jsonString: name)
    json.append(",\"doc\":")
    json.append(jsonString: doc)
    json.append(",\"resource\":")
    if let resource { json.append(jsonString: resource.name) } else { json.append("null") }
    json.append(",\"source\":")
    if let source { json.append(jsonString: source) } else { json.append("null") }
    json.append(",\"group\":\(isGrouped),\"interstate\":\(takesInterstate),\"table\":")
    if let table { table.append(to: json) } else { json.append("null") }
    json.append(",\"columns\":[")
    for (place, column) in (table?.columns ?? []).enumerated() {
      json.append(place == 0 ? "{\"name\":" : ",{\"name\":")
      json.append(jsonString: column.name)
      json.append(",\"type\":\"\(column.kind.rawValue)\",\"optional\":\(column.isOptional),\"becomes\":")
      json.append(jsonString: column.becomes)
      json.append("}")
    }
    json.append("]}")
  }
}

extension ProfileTable {
  fileprivate func append(to json: ByteBuffer) {
    json.append("{\"delimiter\":")
    json.append(jsonString: String(UnicodeScalar(delimiter)))
    json.append(",\"quotes\":\(quotes),\"header\":\(hasHeader),\"nulls\":[")
    for (place, token) in nulls.enumerated() {
      if place > 0 { json.append(0x2C) }
      json.append(jsonString: token)
    }
    json.append("],\"versions\":[")
    for (place, layout) in layouts.enumerated() {
      json.append(place == 0 ? "{\"name\":" : ",{\"name\":")
      json.append(jsonString: layout.name)
      json.append(",\"columns\":\(layout.columns.count)}")
    }
    json.append("]}")
  }
}
