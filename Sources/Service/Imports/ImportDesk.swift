internal import Formats
internal import HTTP
internal import Intake
internal import Locks
internal import Records
internal import SQL
internal import Store

/// Runs imports: a limited number at a time, each with its record, its idempotency key and its progress.
final class ImportDesk: Sendable {
  private struct State {
    var running: [Int64: ImportProgress] = [:]
    var keys: Set<String> = []
    /// Imports with a place: those that run and those that wait.
    var taken = 0
    var active = 0
    var waiting: [CheckedContinuation<Void, Never>] = []
    var isClosed = false
  }

  /// The answer to an import.
  struct Answer: Sendable {
    var status = 200
    var id: Int64?
    var body = ""
    var isReplayed = false
  }

  private let database: any Database
  private let configuration: RegisterConfiguration
  private let log: Log
  private let state = Locked(State())

  init(_ database: any Database, _ configuration: RegisterConfiguration, _ log: Log) {
    self.database = database
    self.log = log
    self.configuration = configuration
  }

  /// The progress of an import; `nil` if it is not running.
  func progress(of id: Int64) -> ImportProgress? { state.withLock { $0.running[id] } }

  /// Whether an import is running: its counts change without a change number.
  var isAtWork: Bool { state.withLock { !$0.running.isEmpty } }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Runs an import to its end; an asynchronous one is only started, and continues without the request.
  ///
  /// - Throws: `Problem` 409 while another request with the same key is running, 503 when too many imports wait; the errors of the file and
  ///   the engine.
  func take(_ options: ImportOptions, _ file: IncomingFile, _ key: IdempotencyKey?) async throws -> Answer {
    try claim(key)
    defer { release(key) }
    try takePlace()
    var keepsPlace = false
    defer { if !keepsPlace { givePlaceBack() } }
    let run = Handover(ImportRun(options, file, configuration))
    if options.isDry { return try await attempt(run) }
    switch try await begin(run, key) {
    case .replayed(let answer): return answer
    case .begun(let answer):
      guard options.isAsynchronous else { return try await perform(run, key) }
      keepsPlace = true
      Task.detached { [self] in
        defer { givePlaceBack() }
        do { _ = try await perform(run, nil) } catch { log.failure("import \(answer.id ?? 0)", "\(error)") }
      }
      return answer
    }
  }

  /// Cancels running imports and waits for their end; call it before closing the database.
  func close() async {
    for progress in state.withLock({ state -> [ImportProgress] in
      state.isClosed = true
      return Array(state.running.values)
    }) { progress.cancel() }
    while let next = state.withLock({ $0.running.values.first }) { await next.reachEnd() }
  }

  // MARK: Keys and turns

  private func claim(_ key: IdempotencyKey?) throws {
    guard let key else { return }
    guard state.withLock({ $0.keys.insert(key.key).inserted }) else {
      throw Problem(
        status: 409, code: "key_in_use", title: "The same request is still in progress",
        detail: "another request with this Idempotency-Key has not been answered yet", retryAfterSeconds: 1)
    }
  }

  private func release(_ key: IdempotencyKey?) {
    guard let key else { return }
    state.withLock { _ = $0.keys.remove(key.key) }
  }

  /// Before anything is written: an import refused for lack of a place leaves no record.
  private func takePlace() throws {
    let most = configuration.maxRunningImports
    try state.withLock {
      guard !$0.isClosed, $0.taken < most + configuration.maxWaitingImports else {
        throw Problem(
          status: 503, code: "busy", title: "The register cannot answer now",
          detail: "too many imports are waiting: \(most) are running and others wait",
          retryAfterSeconds: 5)
      }
      $0.taken += 1
    }
  }

  private func givePlaceBack() { state.withLock { $0.taken -= 1 } }

  /// Waits for its turn.
  private func enter() async {
    let most = configuration.maxRunningImports
    await withCheckedContinuation { continuation in
      let mayGo = state.withLock { state -> Bool in
        guard state.active >= most else {
          state.active += 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if mayGo { continuation.resume() }
    }
  }

  private func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.active -= 1
      return nil
    }
    next?.resume()
  }

  // MARK: Running

  private enum Beginning {
    case begun(Answer)
    case replayed(Answer)
  }

  /// Creates the record, unless this request was answered before.
  private func begin(_ run: Handover<ImportRun>, _ key: IdempotencyKey?) async throws -> Beginning {
    let isAsynchronous = run.value.options.isAsynchronous
    do {
      return try await database.write { transaction in try self.begin(run.value, key, Write(transaction), isAsynchronous) }
    } catch {
      forget(run.value)
      throw error
    }
  }

  private func begin(_ run: ImportRun, _ key: IdempotencyKey?, _ write: Write, _ isAsynchronous: Bool) throws -> Beginning {
    if let stored = try key?.find(in: write) {
      return .replayed(Answer(status: stored.status, id: stored.id, body: stored.body, isReplayed: true))
    }
    try run.begin(write, state: isAsynchronous ? "queued" : "running")
    let answer = Answer(status: 202, id: run.id, body: try Self.record(run.id, write))
    if isAsynchronous { try key?.store(.init(id: run.id, version: 1, body: answer.body, status: 202), in: write) }
    // Registered as running before anyone can see the record, so that an undo is told to wait.
    let isClosed = state.withLock {
      $0.running[run.id] = run.progress
      return $0.isClosed
    }
    if isClosed { run.progress.cancel() }
    return .begun(answer)
  }

  private func perform(_ run: Handover<ImportRun>, _ key: IdempotencyKey?) async throws -> Answer {
    defer { forget(run.value) }
    do {
      await enter()
      defer { leave() }
      run.value.progress.start()
      return try await run.value.options.onError == .abort ? atomically(run, key) : inTurns(run, key)
    } catch {
      await database.makeDeferredIndexes(log)
      run.value.forgetTurn()
      await fail(run)
      throw error
    }
  }

  /// Takes a run that has ended, or never began, off the list and tells whoever follows it.
  private func forget(_ run: ImportRun) {
    state.withLock { _ = $0.running.removeValue(forKey: run.id) }
    run.progress.end()
  }

  /// Records that the engine failed.
  private func fail(_ run: Handover<ImportRun>) async {
    do {
      try await database.write(.unlimited) { try run.value.end(Write($0), state: "failed") }
    } catch {
      // On a full disk the record has no room before the file, which is on the same disk, is gone.
      run.value.discardFile()
      _ = try? await database.write(.unlimited) { try run.value.end(Write($0), state: "failed") }
    }
  }

  /// A dry run: everything but the commit.
  private func attempt(_ run: Handover<ImportRun>) async throws -> Answer {
    await enter()
    defer { leave() }
    do {
      try await database.write(.unlimited) { transaction in
        try run.value.advance(Write(transaction, as: run.value.cause), inTurns: false)
        throw Undone()
      }
    } catch is Undone {}
    if let failure = run.value.failure { throw failure }
    if run.value.isRefused { run.value.forgetWrites() }
    let body = ByteBuffer(capacity: 1_024)
    run.value.appendTried(to: body)
    return Answer(status: run.value.isRefused || run.value.hasTooManyErrors ? 422 : 200, body: body.string)
  }

  private func isBulk(_ run: ImportRun) -> Bool {
    run.options.rowResource === Events.resource && run.file.spool.count >= configuration.importBulkBytes
  }

  /// Stores all rows in one transaction, or none.
  private func atomically(_ run: Handover<ImportRun>, _ key: IdempotencyKey?) async throws -> Answer {
    do {
      return try await database.write(.unlimited) { [self] transaction in
        let write = Write(transaction, as: run.value.cause)
        let leavesOut = try isBulk(run.value) && DeferredIndexes.leaveOut(write.connection)
        try run.value.advance(write, inTurns: false)
        guard !run.value.isRefused, !run.value.progress.isCancelled else { throw Undone() }
        while try leavesOut && DeferredIndexes.makeOne(write.connection) {}
        return try Self.finish(run.value, "done", key, write.going(on: .edit))
      }
    } catch is Undone {
      run.value.forgetWrites()
      return try await finish(run, run.value.isRefused ? "refused" : cancelledState, nil)
    }
  }

  /// Stores rows in several transactions; other writes have their turn in between.
  private func inTurns(_ run: Handover<ImportRun>, _ key: IdempotencyKey?) async throws -> Answer {
    if isBulk(run.value) { _ = try await database.write(.unlimited) { try DeferredIndexes.leaveOut($0.connection) } }
    while !run.value.isAtEnd {
      try await database.write(.unlimited) { transaction in
        let write = Write(transaction, as: run.value.cause)
        try run.value.advance(write, inTurns: true)
        try run.value.noteCounts(write)
      }
      run.value.keepTurn()
    }
    await database.makeDeferredIndexes(log)
    let isStopped = run.value.hasTooManyErrors || run.value.failure != nil
    let state = isStopped ? "stopped" : run.value.progress.isCancelled ? cancelledState : "done"
    return try await finish(run, state, state == "done" ? key : nil)
  }

  /// Cancelled by a request, or by the server's shutdown.
  private var cancelledState: String { isClosed ? "interrupted" : "cancelled" }

  private func finish(_ run: Handover<ImportRun>, _ state: String, _ key: IdempotencyKey?) async throws -> Answer {
    var answer = try await database.write(.unlimited) { try Self.finish(run.value, state, key, Write($0)) }
    if let failure = run.value.failure { throw told(failure, of: run.value) }
    if state == "refused" || state == "stopped" { answer.status = 422 }
    if state == "cancelled" || state == "interrupted" { answer.status = 409 }
    return answer
  }

  private static func finish(_ run: ImportRun, _ state: String, _ key: IdempotencyKey?, _ write: Write) throws -> Answer {
    try run.end(write, state: state)
    let body = try record(run.id, write)
    try key?.store(.init(id: run.id, version: 2, body: body, status: 200), in: write)
    return Answer(id: run.id, body: body)
  }

  /// An unreadable file is a problem that points to the record.
  private func told(_ failure: any Error, of run: ImportRun) -> any Error {
    guard var problem = failure as? Problem else { return failure }
    let kept = run.options.onError == .abort ? "nothing was imported" : "the rows before it were imported"
    problem.hint = "\(kept); /v1/imports/\(Imports.resource.text(of: run.id)) is the record"
    return problem
  }

  // MARK: Records

  static func record(_ id: Int64, _ write: Write) throws -> String {
    let body = ByteBuffer(capacity: 2_048)
    _ = try Imports.resource.text(of: id).withByteView { try RecordReader(write.connection).item(Imports.resource, $0, to: body) }
    return body.string
  }
}

/// Rolls back an import's transaction.
private struct Undone: Error {}
