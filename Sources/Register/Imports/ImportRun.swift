internal import Formats
internal import HTTP
internal import SQL

/// One import in progress: reads the spooled file and writes its rows, in one transaction or in turns with other writes.
final class ImportRun: RowReceiver {
  struct Counts {
    var read = 0
    var created = 0
    var updated = 0
    var unchanged = 0
    var skipped = 0
    var rejected = 0

    func append(to json: ByteBuffer) {
      json.append("{\"read\":\(read),\"created\":\(created),\"updated\":\(updated),\"unchanged\":\(unchanged),\"grouped\":0,")
      json.append("\"skipped\":\(skipped),\"rejected\":\(rejected)}")
    }
  }

  struct RowError {
    let line: Int
    let column: String
    let code: String
    let detail: String
  }

  private let options: ImportOptions
  private let configuration: RegisterConfiguration
  private let spool: Spool
  private var rows: RowStream?
  private var rooms: [String: ImportRow] = [:]
  private var write: Write?
  private let piece = ByteBuffer(capacity: 1 << 18)
  private let startedAt = Timestamp.now()
  private let key = Values()
  private(set) var counts = Counts()
  private var errors: [RowError] = []
  private var isAtEnd = false
  private var id: Int64 = 0

  init(_ options: ImportOptions, _ spool: Spool, _ configuration: RegisterConfiguration) {
    self.options = options
    self.spool = spool
    self.configuration = configuration
    rows = RowStream(options, maxRowBytes: configuration.maxRowBytes, self)
  }

  var isDone: Bool { isAtEnd }
  var isRefused: Bool { options.onError == .abort && counts.rejected > 0 }

  /// Reads on for at most about `milliseconds`, or to the end.
  ///
  /// - Throws: `Problem` when the file cannot be read at all.
  func advance(_ write: Write, forMilliseconds milliseconds: Int64?) throws {
    if id == 0 { try begin(write) }
    write.importID = id
    self.write = write
    defer { self.write = nil }
    let end = milliseconds.map { Timestamp.now() + $0 }
    while !isAtEnd {
      piece.clear()
      try spool.read(into: piece, atMost: 1 << 18)
      if piece.isEmpty {
        try rows?.finish()
        isAtEnd = true
      } else {
        try unsafe rows?.feed(piece.rawBytes)
      }
      if let end, Timestamp.now() >= end { return }
    }
  }

  /// Where rows go in over several transactions, the record is there from the first; otherwise it comes with the last row.
  private func begin(_ write: Write) throws {
    guard options.onError == .continue, !options.isDry else { return id = write.transaction.nextID() }
    let record = Draft(Imports.resource)
    fill(record, state: "running")
    record.complete()
    id = try write.create(record)
  }

  // MARK: Rows

  func room(for resource: Resource) -> ImportRow {
    let row = rooms[resource.name] ?? ImportRow(resource)
    rooms[resource.name] = row
    row.reset()
    return row
  }

  func take(_ row: ImportRow, at offset: Int, length: Int?) throws {
    guard let write else { return }
    try take(row.draft, row.line, write)
  }

  private func take(_ draft: Draft, _ line: Int, _ write: Write) throws {
    counts.read += 1
    if draft[draft.resource.standard.source].isNull, let source = options.source ?? options.profile.source, !draft[draft.resource.standard.externalID].isNull {
      draft.values.set(draft.resource.standard.source, text: source)
    }
    // An import that will be refused as a whole only looks for more faults.
    guard draft.faults.isEmpty else { return reject(draft, line) }
    do {
      let before = draft.faults.count
      try store(draft, write)
      if draft.faults.count > before { reject(draft, line) }
    } catch let problem as Problem where problem.status < 500 { reject(problem, line) }
  }

  private func store(_ draft: Draft, _ write: Write) throws {
    let found = try existing(draft, write)
    draft.forgetReadOnly()
    guard let current = found else {
      draft.complete()
      guard draft.faults.isEmpty else { return }
      try addStakeholders(of: draft, write)
      try write.create(draft)
      return counts.created += 1
    }
    switch options.mode {
    case .skipExisting: return counts.skipped += 1
    case .insert:
      throw Problem(
        status: 409, code: "exists", title: "The record is there already", detail: "mode=insert, and the record is there already")
    case .upsert: break
    }
    try addStakeholders(of: draft, write)
    let effect = try write.update(current, with: draft, .merge)
    if effect == .unchanged { counts.unchanged += 1 } else { counts.updated += 1 }
  }

  /// The record that a row means: by source and name there, or by its handle.
  private func existing(_ draft: Draft, _ write: Write) throws -> Draft? {
    if draft.isGiven(StandardColumns.idNumber), let current = try write.load(draft.resource, draft.id) { return current }
    let (source, externalID) = (draft[draft.resource.standard.source], draft[draft.resource.standard.externalID])
    key.reset()
    if !source.isNull, !externalID.isNull {
      key.append(source)
      key.append(externalID)
      if let id = try write.connection.integer(draft.resource.sql.idByExternal, key) { return try write.load(draft.resource, id) }
      key.reset()
    }
    guard let handle = draft.resource.handle, let sql = draft.resource.sql.idByHandle, !draft[handle.number].isNull else {
      // Made anew at each import, it would be there twice after the second.
      if draft.isGiven(StandardColumns.idNumber), source.isNull || externalID.isNull {
        draft.fault(StandardColumns.idNumber, "unknown_id", "no such record here; a row of another register needs source and external_id")
      }
      return nil
    }
    key.append(draft[handle.number])
    return try write.connection.integer(sql, key).flatMap { try write.load(draft.resource, $0) }
  }

  /// Makes the stakeholders that the profile knows, that the row names and that the register lacks.
  private func addStakeholders(of draft: Draft, _ write: Write) throws {
    guard !options.profile.stakeholders.isEmpty else { return }
    for reference in draft.references {
      let text = draft[reference.column.number]
      guard text.kind == .text, unsafe reference.offset + reference.count <= text.bytes.count else { continue }
      let code = unsafe String(
        decoding: UnsafeRawBufferPointer(rebasing: text.bytes[reference.offset..<reference.offset + reference.count]), as: UTF8.self)
      guard let known = options.profile.stakeholders[code] else { continue }
      key.reset()
      key.append(text: code)
      guard let sql = Stakeholders.resource.sql.idByHandle, try write.connection.integer(sql, key) == nil else { continue }
      let stakeholder = Draft(Stakeholders.resource)
      let reader = DraftReader()
      reader.set("code", text: code, in: stakeholder)
      reader.set("type", text: "state", in: stakeholder)
      for (field, value) in known { reader.set(field, text: value, in: stakeholder) }
      stakeholder.complete()
      try write.create(stakeholder)
    }
  }

  // MARK: Faults

  private func reject(_ draft: Draft, _ line: Int) {
    counts.rejected += 1
    for fault in draft.faults {
      note(RowError(line: line, column: String(fault.path.pointer.dropFirst()), code: fault.code, detail: fault.detail))
    }
  }

  private func reject(_ problem: Problem, _ line: Int) {
    counts.rejected += 1
    guard !problem.faults.isEmpty else {
      return note(RowError(line: line, column: "", code: problem.code, detail: problem.detail ?? problem.title))
    }
    for fault in problem.faults {
      let column = if case .pointer(let pointer) = fault.location { String(pointer.dropFirst()) } else { "" }
      note(RowError(line: line, column: column, code: fault.code, detail: fault.detail))
    }
  }

  private func note(_ error: RowError) {
    guard errors.count < configuration.maxImportErrors else { return }
    errors.append(error)
  }

  // MARK: The record

  /// Writes what became of the import into its record.
  ///
  /// - Returns: the record's number.
  func end(_ write: Write, state: String) throws -> Int64 {
    if let current = id == 0 ? nil : try write.load(Imports.resource, id) {
      try write.derive(Imports.resource, current.id) { fill($0, state: state) }
      return current.id
    }
    let record = Draft(Imports.resource)
    fill(record, state: state)
    record.complete()
    id = try write.create(record, id: id == 0 ? nil : id)
    return id
  }

  /// Forgets that the record was made, because its transaction was undone.
  func forgetRecord() { id = 0 }

  /// Undone: what was counted as written was not.
  func forgetWrites() {
    counts.skipped += counts.created + counts.updated
    counts.created = 0
    counts.updated = 0
  }

  private func fill(_ record: Draft, state: String) {
    let set = DraftReader()
    set.set("profile", text: options.profile.name, in: record)
    if let resource = options.resource { set.set("resource", text: resource.name, in: record) }
    if let name = options.fileName { set.set("file_name", text: name, in: record) }
    set.set("content_type", text: options.mediaType, in: record)
    record.values.set(Imports.resource.number("bytes"), integer: Int64(spool.count))
    set.set("mode", text: options.mode.rawValue, in: record)
    set.set("on_error", text: options.onError.rawValue, in: record)
    set.set("state", text: state, in: record)
    record.values.set(Imports.resource.number("counts")) { counts.append(to: $0) }
    record.values.set(Imports.resource.number("errors")) { appendErrors(to: $0) }
    record.values.set(Imports.resource.number("started_at"), integer: startedAt)
    guard state != "running" else { return }
    let finishedAt = Timestamp.now()
    record.values.set(Imports.resource.number("finished_at"), integer: finishedAt)
    let rate = Double(counts.read) * 1_000 / Double(max(finishedAt - startedAt, 1))
    record.values.set(Imports.resource.number("rows_per_second"), real: rate.rounded())
  }

  /// The refused rows in words.
  var reasons: [String] { errors.map { "line \($0.line) \($0.column): \($0.detail)" } }

  func appendErrors(to json: ByteBuffer) {
    json.append("[")
    for (position, error) in errors.enumerated() {
      json.append(position == 0 ? "{\"line\":" : ",{\"line\":")
      json.append(integer: Int64(error.line))
      json.append(",\"column\":")
      json.append(jsonString: error.column)
      json.append(",\"code\":")
      json.append(jsonString: error.code)
      json.append(",\"detail\":")
      json.append(jsonString: error.detail)
      json.append("}")
    }
    json.append("]")
  }
}
