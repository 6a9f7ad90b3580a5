internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import SQL
internal import Store

/// The outcomes of an import's rows: those after `read` add up to it.
struct ImportCounts: Sendable {
  var read = 0
  var created = 0
  var updated = 0
  var unchanged = 0
  var grouped = 0
  var skipped = 0
  var rejected = 0

  func append(to json: ByteBuffer) {
    json.append("{\"read\":\(read),\"created\":\(created),\"updated\":\(updated),\"unchanged\":\(unchanged),\"grouped\":\(grouped),")
    json.append("\"skipped\":\(skipped),\"rejected\":\(rejected)}")
  }
}

/// One running import: takes the rows that `ImportReader` has prepared and stores them, in one transaction or in turns.
final class ImportRun {
  let options: ImportOptions
  let file: IncomingFile
  let progress = ImportProgress()
  private let configuration: RegisterConfiguration
  private let reader: ImportReader
  private let report: ImportReport
  private let startedAt = Timestamp.now()
  private let key = Values()
  private var batch: RowBatch?
  private var place = 0
  private var isStarted = false
  private var isNewLikely = true
  private(set) var counts = ImportCounts()
  /// The counts before the current transaction.
  private var countsBefore = ImportCounts()
  /// Why the file could not be read to its end.
  private(set) var failure: (any Error)?
  private(set) var isAtEnd = false
  /// Whether more rows were refused than allowed.
  private(set) var hasTooManyErrors = false
  /// The number of its record; 0 for a dry run.
  var id: Int64 = 0

  init(_ options: ImportOptions, _ file: IncomingFile, _ configuration: RegisterConfiguration) {
    var options = options
    options.form = file.form
    self.options = options
    self.file = file
    self.configuration = configuration
    reader = ImportReader(options, file.spool, maxRowBytes: configuration.maxRowBytes)
    report = ImportReport(
      options, file.spool, shown: configuration.maxShownErrors, maxRejectBytes: configuration.maxRowBytes * Self.rejectRows)
  }

  deinit { reader.stop() }

  var isRefused: Bool { options.onError == .abort && (counts.rejected > 0 || failure != nil) }
  private var maxErrors: Int { min(options.maxErrors, configuration.maxImportErrors) }

  /// Why its rows are written.
  var cause: WriteCause { .rows(of: id) }

  /// Stores rows to the end of the file, or, in turns, until others have waited long enough.
  ///
  /// - Parameter write: one with this import's `cause`.
  func advance(_ write: Write, inTurns: Bool) throws {
    if !isStarted { reader.start() }
    isStarted = true
    countsBefore = counts
    let start = Timestamp.now()
    var isOver = false
    while !isAtEnd, !isOver {
      if progress.isCancelled { return isAtEnd = true }
      let batch = self.batch ?? reader.next()
      self.batch = batch
      while place < batch.rows.count {
        try take(batch.rows[place], write)
        place += 1
        guard !hasTooManyErrors else { return end(batch) }
        isOver = inTurns && place % Self.rowsBetweenLooks == 0 && isTurnOver(since: start, write)
        if isOver { break }
      }
      guard place == batch.rows.count else { break }
      progress.note(counts, at: batch.position, of: file.spool.count)
      if let end = batch.end {
        if case .failure(let error) = end { note(failure: error) }
        return self.end(batch)
      }
      self.batch = nil
      place = 0
      reader.giveBack()
    }
    if inTurns { try report.store(id, write) }
  }

  private func isTurnOver(since start: Int64, _ write: Write) -> Bool {
    let now = Timestamp.now()
    let spent = Int(now - start)
    return spent >= min(configuration.importTurnMilliseconds, max(Self.firstTurn, Int(now - startedAt) / 4))
      || (spent >= Self.leastTurn && write.transaction.othersWait)
  }

  /// A refused row longer than this many of the longest rows is not returned: rejects are read and written whole.
  private static let rejectRows = 8

  private static let rowsBetweenLooks = 64

  /// Turns start short, in milliseconds, and grow with the import, so that the full-text index, which follows commits, starts early.
  private static let firstTurn = 250

  /// The shortest turn while others wait, in milliseconds: a commit every few rows would cost everybody.
  private static let leastTurn = 20

  private func end(_ batch: RowBatch) {
    isAtEnd = true
    self.batch = nil
    progress.note(counts, at: batch.position, of: file.spool.count)
    reader.stop()
  }

  private func note(failure error: any Error) {
    failure = error
    guard let problem = error as? Problem else { return }
    report.refuseFile(problem)
  }

  // MARK: Rows

  private func take(_ row: ImportRow, _ write: Write) throws {
    counts.read += 1
    if row.isPassedOver, row.draft.faults.isEmpty { return counts.skipped += 1 }
    guard row.draft.faults.isEmpty else { return reject(row) }
    do {
      try store(row, write)
      guard row.draft.faults.isEmpty else { return reject(row) }
      if !row.warnings.isEmpty { report.warn(row) }
    } catch let problem as Problem where problem.status < 500 { reject(row, problem) }
  }

  private func store(_ row: ImportRow, _ write: Write) throws {
    let draft = row.draft
    guard let current = try known(row, write) else { return }
    switch options.mode {
    case .skipExisting: return counts.skipped += 1
    case .insert:
      throw Problem(
        status: 409, code: "exists", title: "The record already exists", detail: "mode=insert, and the record already exists")
    case .upsert: break
    }
    guard draft.faults.isEmpty else { return }
    let effect = try withStakeholders(of: row, write) { try write.update(current, with: draft, .merge) }
    if effect == .unchanged { counts.unchanged += 1 } else { counts.updated += 1 }
  }

  /// The existing record of a row; if there is none, creates it and returns `nil`.
  ///
  /// After new rows the next one is taken for new too, and the unique index of names refuses it if it is not: that saves a look-up for each
  /// row of a first import.
  private func known(_ row: ImportRow, _ write: Write) throws -> Draft? {
    if isNewLikely, canBeRefused(row) {
      do {
        try create(row, write)
        return nil
      } catch let problem as Problem where problem.code == "conflict" {
        isNewLikely = false
        guard let current = try existing(row, write) else { throw problem }
        return current
      }
    }
    if let current = try existing(row, write) {
      isNewLikely = false
      return current
    }
    isNewLikely = true
    try create(row, write)
    return nil
  }

  /// Whether an existing record would prevent creating this row.
  private func canBeRefused(_ row: ImportRow) -> Bool {
    let standard = row.draft.resource.standard
    return row.givenID == nil && row.faultsWhenNew.isEmpty && row.groupKey.isEmpty && row.draft.resource.handle == nil
      && !row.draft[standard.source].isNull && !row.draft[standard.externalID].isNull
  }

  private func create(_ row: ImportRow, _ write: Write) throws {
    let draft = row.draft
    if options.isGrouped, !row.groupKey.isEmpty, let grouping = try ReportGroups.place(row, write) {
      if grouping == .grouped { counts.grouped += 1 } else { counts.unchanged += 1 }
      return
    }
    draft.faults += row.faultsWhenNew
    guard draft.faults.isEmpty else { return }
    let id = try withStakeholders(of: row, write) { try write.create(draft) }
    if options.isGrouped, !row.groupKey.isEmpty { try ReportGroups.found(row, id, write) }
    counts.created += 1
  }

  /// The existing record of a row: by id, by source and external id, or by handle.
  private func existing(_ row: ImportRow, _ write: Write) throws -> Draft? {
    let draft = row.draft
    if let id = row.givenID, let current = try write.load(draft.resource, id) { return current }
    let (source, externalID) = (draft[draft.resource.standard.source], draft[draft.resource.standard.externalID])
    key.reset()
    if !source.isNull, !externalID.isNull {
      key.append(source)
      key.append(externalID)
      if let id = try write.connection.integer(draft.resource.sql.idByExternal, key) { return try write.load(draft.resource, id) }
      key.reset()
    }
    guard let handle = draft.resource.handle, let sql = draft.resource.sql.idByHandle, !draft[handle.number].isNull else {
      // Created anew at each import, it would exist twice after the second.
      if row.givenID != nil, source.isNull || externalID.isNull {
        draft.fault(
          StandardColumns.idNumber, "unknown_id", "there is no such record; a row from another register needs source and external_id")
      }
      return nil
    }
    key.append(draft[handle.number])
    return try write.connection.integer(sql, key).flatMap { try write.load(draft.resource, $0) }
  }

  // MARK: Stakeholders

  /// Creates the stakeholders that the row names and the register lacks, then stores the row; a refused row creates none.
  private func withStakeholders<Result>(of row: ImportRow, _ write: Write, _ store: () throws -> Result) throws -> Result {
    guard !options.profile.stakeholders.isEmpty || options.createsStakeholders else { return try store() }
    let newcomers = try missingStakeholders(of: row, write)
    guard !newcomers.isEmpty else { return try store() }
    return try write.whole {
      for newcomer in newcomers.values { try create(newcomer, write) }
      return try store()
    }
  }

  /// Missing stakeholders by code: those of the profile, and others if the request asks for it.
  private func missingStakeholders(of row: ImportRow, _ write: Write) throws -> [String: [(String, String)]] {
    var missing: [String: [(String, String)]] = [:]
    for reference in row.draft.references where reference.target.targets.contains(Stakeholders.resource.name) {
      guard let code = try row.draft.withMention(reference, { $0.string }),
        let newcomer = newcomer(code, row)
      else { continue }
      key.reset()
      key.append(text: code)
      guard let sql = Stakeholders.resource.sql.idByHandle, try write.connection.integer(sql, key) == nil else { continue }
      missing[code] = newcomer
    }
    return missing
  }

  private func newcomer(_ code: String, _ row: ImportRow) -> [(String, String)]? {
    if let known = options.profile.stakeholders[code] { return [("code", code), ("type", "state")] + known.map { ($0.key, $0.value) } }
    guard options.createsStakeholders, !code.contains("/"), !Self.isID(code) else { return nil }
    guard let newcomer = row.newcomers.first(where: { $0.code == code }) else {
      return [("code", code), ("type", "organisation"), ("name", code)]
    }
    var fields = [("code", code), ("type", newcomer.type), ("name", newcomer.name)]
    if let country = newcomer.country { fields.append(("country", country)) }
    if !newcomer.externalIDs.isEmpty { fields.append(("external_ids", Self.object(newcomer.externalIDs))) }
    return fields
  }

  private static func isID(_ code: String) -> Bool { code.withByteView { Catalogue.isID($0) } }

  private static func object(_ members: [String: String]) -> String {
    let json = ByteBuffer()
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      json.append(json.isEmpty ? 0x7B : 0x2C)
      json.append(jsonString: name)
      json.append(0x3A)
      json.append(jsonString: value)
    }
    json.append(0x7D)
    return json.string
  }

  private func create(_ fields: [(String, String)], _ write: Write) throws {
    let stakeholder = Draft(Stakeholders.resource)
    let reader = DraftReader()
    for (field, value) in fields { reader.set(field, text: value, in: stakeholder) }
    stakeholder.complete()
    try write.create(stakeholder)
  }

  // MARK: Faults

  private func reject(_ row: ImportRow, _ problem: Problem? = nil) {
    counts.rejected += 1
    report.reject(row, problem)
    guard counts.rejected > maxErrors else { return }
    hasTooManyErrors = true
    report.giveUp(at: row.line, after: maxErrors)
  }

  // MARK: The record

  /// Creates the record, so that the import can be followed while it runs.
  func begin(_ write: Write, state: String) throws {
    let record = Draft(Imports.resource)
    fill(record, state: state)
    record.complete()
    id = try write.create(record)
  }

  /// Writes the import's result into its record.
  func end(_ write: Write, state: String) throws {
    try report.store(id, write)
    try write.derive(Imports.resource, id) { fill($0, state: state) }
  }

  /// The transaction was rolled back: the rows counted as written were not.
  func forgetWrites() {
    counts.skipped += counts.created + counts.updated + counts.grouped
    (counts.created, counts.updated, counts.grouped) = (0, 0, 0)
  }

  /// The engine failed: the rows of the last transaction are not stored.
  func forgetTurn() { counts = countsBefore }

  /// The rows of the last transaction are stored for good.
  func keepTurn() { countsBefore = counts }

  /// Frees the file's space; refused rows not stored yet are lost.
  func discardFile() {
    reader.stop()
    file.spool.discard()
    report.forgetRejects()
  }

  /// Writes the counts in the transaction of the rows they count, so that they are true whenever the program ends. They make no version of
  /// their own: requests for a running import read `progress`.
  func noteCounts(_ write: Write) throws {
    let json = ByteBuffer(capacity: 128)
    counts.append(to: json)
    try ImportReportStore(write.connection).store(counts: json.string, of: id)
  }

  private func fill(_ record: Draft, state: String) {
    let set = DraftReader()
    set.set(Imports.profile, text: options.profile.name, in: record)
    if let resource = options.resource { set.set(Imports.rowResource, text: resource.name, in: record) }
    if let name = options.fileName { set.set(Imports.fileName, text: name, in: record) }
    set.set(Imports.contentType, text: options.rowsType, in: record)
    record.set(Imports.bytes, integer: Int64(file.spool.count))
    set.set(Imports.sha256, text: file.sha256, in: record)
    set.set(Imports.mode, text: options.mode.rawValue, in: record)
    set.set(Imports.onError, text: options.onError.rawValue, in: record)
    record.set(Imports.options) { options.appendOthers(to: $0) }
    set.set(Imports.state, text: state, in: record)
    record.set(Imports.counts) { counts.append(to: $0) }
    record.set(Imports.warnings, integer: Int64(report.warnings))
    record.set(Imports.errors) { report.append(to: $0) }
    record.set(Imports.startedAt, integer: startedAt)
    guard state != "running", state != "queued" else { return }
    let finishedAt = Timestamp.now()
    record.set(Imports.finishedAt, integer: finishedAt)
    let rate = Double(counts.read) * 1_000 / Double(max(finishedAt - startedAt, 1))
    record.set(Imports.rowsPerSecond, real: rate.rounded())
  }

  /// The answer of a dry run: the same figures without a record.
  func appendTried(to json: ByteBuffer) {
    json.append("{\"id\":null,\"profile\":")
    json.append(jsonString: options.profile.name)
    json.append(",\"state\":\"dry_run\",\"counts\":")
    counts.append(to: json)
    json.append(",\"warnings\":\(report.warnings),\"errors\":")
    report.append(to: json)
    json.append("}")
  }

  /// The reasons of refused rows, in words.
  var reasons: [String] { report.reasons }
}

extension ImportOptions {
  /// Parameters of the request that have no field of their own.
  fileprivate func appendOthers(to json: ByteBuffer) {
    json.append("{\"group\":\(isGrouped),\"interstate\":\(isInterstate),\"create_missing\":")
    json.append(createsStakeholders ? "\"stakeholders\"" : "null")
    json.append(",\"max_errors\":")
    json.append(maxErrors == .max ? "null" : String(maxErrors))
    json.append(",\"source\":")
    if let source { json.append(jsonString: source) } else { json.append("null") }
    json.append("}")
  }
}
