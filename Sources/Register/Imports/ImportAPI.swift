internal import Formats
internal import HTTP
internal import SQL

// POST /v1/imports: a file in, a record of what became of it out.

extension RegisterResponder {
  /// How long a `continue` import holds the writer before others have their turn.
  private static let turnMilliseconds: Int64 = 100

  func importFile(_ resource: Resource?, _ request: Request) throws -> Plan {
    let options = try ImportOptions(request, resource: resource)
    return .stream { request, source, sink in
      do {
        let spool = try await self.spool(source, options)
        try await self.run(options, spool, sink.response)
      } catch let gone as ConnectionClosed { throw gone } catch let failure as SpoolError where failure.isFull {
        self.fail(Problem.engine(SQLError(.full, failure.description)), request, sink.response)
      } catch { self.fail(error, request, sink.response) }
    }
  }

  /// Takes the body to the end, decompressed, within its limits.
  private func spool(_ source: any BodySource, _ options: ImportOptions) async throws -> Spool {
    let configuration = register.configuration
    let spool = try Spool(folder: configuration.spoolFolder)
    let piece = ByteBuffer(capacity: 65_536)
    let inflater =
      options.isGzipped ? Inflater(format: .gzip, maxBytes: configuration.maxImportBytes, maxRatio: configuration.maxImportRatio) : nil
    do {
      while try await source.read(into: piece) {
        if let inflater {
          try unsafe inflater.feed(piece.rawBytes) { try unsafe spool.write($0) }
        } else {
          try unsafe spool.write(piece.rawBytes)
        }
        guard spool.count <= configuration.maxImportBytes else { throw Problem.bodyTooLarge(maxBytes: configuration.maxImportBytes) }
        piece.clear(keeping: 65_536)
      }
      try inflater?.finish()
    } catch let error as InflateError { throw Problem.badGzip(error) }
    return spool
  }

  private func run(_ options: ImportOptions, _ spool: Spool, _ response: Response) async throws {
    let run = Handover(ImportRun(options, spool, register.configuration))
    let id: Int64
    if options.onError == .abort || options.isDry {
      id = try await atomically(run, options)
    } else {
      id = try await inTurns(run)
    }
    try answer(run.value, id, options, response)
  }

  /// All rows in one transaction, or none.
  private func atomically(_ run: Handover<ImportRun>, _ options: ImportOptions) async throws -> Int64 {
    do {
      return try await register.database.write { transaction in
        let write = Write(transaction)
        try run.value.advance(write, forMilliseconds: nil)
        guard !options.isDry, !run.value.isRefused else { throw Undone() }
        return try run.value.end(write, state: "done")
      }
    } catch is Undone {
      run.value.forgetRecord()
      if run.value.isRefused { run.value.forgetWrites() }
      guard !options.isDry else { return 0 }
      return try await register.database.write { try run.value.end(Write($0), state: "refused") }
    }
  }

  private func inTurns(_ run: Handover<ImportRun>) async throws -> Int64 {
    while true {
      let isDone = try await register.database.write { transaction in
        let write = Write(transaction)
        write.isContinued = true
        try run.value.advance(write, forMilliseconds: Self.turnMilliseconds)
        return run.value.isDone
      }
      guard isDone else { continue }
      return try await register.database.write { try run.value.end(Write($0), state: "done") }
    }
  }

  private func answer(_ run: ImportRun, _ id: Int64, _ options: ImportOptions, _ response: Response) throws {
    response.status = run.isRefused ? 422 : 200
    guard id != 0 else {
      // Tried only: there is no record, but the same figures.
      response.body.append("{\"id\":null,\"profile\":")
      response.body.append(jsonString: options.profile.name)
      response.body.append(",\"state\":\"dry_run\",\"counts\":")
      run.counts.append(to: response.body)
      response.body.append(",\"errors\":")
      run.appendErrors(to: response.body)
      return response.body.append("}")
    }
    let name = ByteBuffer(capacity: 32)
    name.append(id: id, prefix: Imports.resource.prefix)
    _ = unsafe try name.withBytes { try unsafe records.item(Imports.resource, $0, to: response.body) }
    response.header("Location", "/v1/imports/\(name.string)")
  }

  func profiles(_ request: Request, _ response: Response) throws -> Plan {
    try refuseParameters(request)
    response.body.append("{\"items\":[")
    for (position, profile) in Profiles.all.enumerated() {
      if position > 0 { response.body.append(",") }
      response.body.append("{\"name\":")
      response.body.append(jsonString: profile.name)
      response.body.append(",\"doc\":")
      response.body.append(jsonString: profile.doc)
      response.body.append(",\"columns\":[")
      for (place, column) in (profile.table?.columns ?? []).enumerated() {
        response.body.append(place == 0 ? "{\"name\":" : ",{\"name\":")
        response.body.append(jsonString: column.name)
        response.body.append(",\"becomes\":")
        response.body.append(jsonString: column.becomes)
        response.body.append("}")
      }
      response.body.append("]}")
    }
    response.body.append("],\"next_cursor\":null}")
    return .respond
  }
}

/// Ends an import's transaction so that it leaves nothing.
private struct Undone: Error {}

extension Problem {
  static func badGzip(_ error: InflateError) -> Problem {
    switch error {
    case .tooLarge(let maxBytes): .bodyTooLarge(maxBytes: maxBytes)
    case .ratio(let maxRatio):
      Problem(
        status: 413, code: "compression_ratio", title: "The body grows too much",
        detail: "more than \(maxRatio) bytes for each compressed one")
    case .truncated: badFile("truncated_gzip", "the gzip stream ends before its data does")
    case .trailingBytes: badFile("trailing_bytes", "bytes follow the gzip stream")
    case .corrupt(let reason): badFile("corrupt_gzip", reason)
    case .outOfMemory: .unavailable()
    }
  }
}
