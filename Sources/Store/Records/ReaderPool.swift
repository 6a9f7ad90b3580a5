internal import Dispatch
internal import HTTP
internal import Locks
package import SQL

/// Read connections for queries too slow for the event loop, each on its own queue, plus one reserved for streams so that slow queries do
/// not hold up exports. First in, first out.
package final class ReaderPool<Source>: LongReaders {
  /// The kind of request, which decides which readers serve it.
  package enum Asker: Sendable {
    /// A query with one answer.
    case question
    /// One page of a streamed answer.
    case stream
  }

  private final class Reader: @unchecked Sendable {
    // Sendable holds because the source is made and used on `queue` alone.
    let queue: DispatchQueue
    var source: Source?

    init(number: Int) { queue = DispatchQueue(label: "chancery.reader.\(number)") }
  }

  private struct Job {
    var ticket: UInt64 = 0
    let errand: Errand
    let run: @Sendable (Reader) -> Void
    /// Resumes the caller of a job that will not run.
    let drop: @Sendable () -> Void
  }

  /// A request in progress: whether it is cancelled, and the connection that runs it.
  private final class Errand: Sendable {
    private struct State: @unchecked Sendable {
      // Sendable holds because only `interrupt` is called on the connection, and only while the reader uses it.
      var isUnwanted = false
      var isEnded = false
      var connection: (any Connection)?
    }

    private let state = Locked(State())

    var isUnwanted: Bool { state.withLock { $0.isUnwanted } }
    /// Ended for the sake of the log.
    var isEnded: Bool { state.withLock { $0.isEnded } }

    func begin(_ connection: any Connection) {
      let handed = State(connection: connection)
      state.withLock { $0.connection = handed.connection }
    }

    func end() { state.withLock { $0.connection = nil } }

    func cancel() {
      state.withLock { state in
        state.isUnwanted = true
        state.connection?.interrupt()
      }
    }

    func endEarly() {
      state.withLock { state in
        state.isEnded = true
        state.connection?.interrupt()
      }
    }
  }

  private struct Waiting {
    var ticket: UInt64 = 0
    /// Numbers of the idle readers.
    var idle: [Int]
    var questions: [Job] = []
    var streams: [Job] = []
    /// What runs, the oldest first.
    var running: [Errand] = []
    var isPaused = false
    /// Called once when nothing runs.
    var whenQuiet: (@Sendable () -> Void)?

    /// Removes the oldest job that a reader may serve.
    mutating func next(onlyStreams: Bool) -> Job? {
      guard !isPaused else { return nil }
      let isStream = !streams.isEmpty && (onlyStreams || questions.isEmpty || streams[0].ticket < questions[0].ticket)
      if isStream { return streams.removeFirst() }
      return onlyStreams || questions.isEmpty ? nil : questions.removeFirst()
    }

    /// What to call now that nothing runs; `nil` if something does.
    mutating func takeQuiet() -> (@Sendable () -> Void)? {
      guard running.isEmpty else { return nil }
      defer { whenQuiet = nil }
      return whenQuiet
    }

    /// Removes a cancelled job.
    mutating func remove(_ errand: Errand) -> Job? {
      if let at = questions.firstIndex(where: { $0.errand === errand }) { return questions.remove(at: at) }
      return streams.firstIndex { $0.errand === errand }.map { streams.remove(at: $0) }
    }
  }

  private let make: @Sendable (Source?) throws -> Source
  private let connection: @Sendable (Source) -> any Connection
  /// The last one is reserved for streams.
  private let readers: [Reader]
  private let maxWaiting: Int
  private let waiting: Locked<Waiting>

  /// - Parameters:
  ///   - count: readers for queries, at least 1; one more serves streams.
  ///   - maxWaiting: most queries that may wait; streams always may.
  ///   - make: returns the given source if it is still usable, or a new one; called on the reader's queue.
  ///   - connection: the connection of a source, for its deadline.
  package init(
    count: Int, maxWaiting: Int, make: @escaping @Sendable (Source?) throws -> Source,
    connection: @escaping @Sendable (Source) -> any Connection
  ) {
    self.make = make
    self.connection = connection
    self.maxWaiting = maxWaiting
    let count = max(count, 1)
    readers = (0...count).map { Reader(number: $0) }
    waiting = Locked(Waiting(idle: Array(0...count)))
  }

  /// Runs `body` with a source on a reader's queue. Cancelling the task frees its place or its reader at once.
  ///
  /// - Parameter milliseconds: limit for waiting and running together.
  /// - Throws: `Problem` 503 when its turn comes too late or too many wait; `SQLError` `.interrupted` when it runs too long;
  ///   `ConnectionClosed` when the task is cancelled; else what `body` throws.
  package func read<Result: Sendable>(
    as asker: Asker = .question, within milliseconds: Int, _ body: @escaping @Sendable (Source) throws -> Result
  ) async throws -> Result {
    let end = ContinuousClock.now + .milliseconds(milliseconds)
    let errand = Errand()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let job = Job(
          errand: errand,
          run: { reader in continuation.resume(with: Swift.Result { try self.run(body, errand, on: reader, until: end) }) },
          drop: { continuation.resume(throwing: ConnectionClosed()) })
        guard enqueue(asker, job) else {
          return continuation.resume(throwing: Problem.othersBefore("\(maxWaiting) queries are waiting already"))
        }
        // Cancelled before it was queued.
        if errand.isUnwanted { drop(errand) }
      }
    } onCancel: {
      errand.cancel()
      drop(errand)
    }
  }

  /// Removes a waiting job and resumes its caller.
  private func drop(_ errand: Errand) { waiting.withLock { $0.remove(errand) }?.drop() }

  /// - Returns: `false` when too many wait.
  private func enqueue(_ asker: Asker, _ job: Job) -> Bool {
    let streaming = readers.count - 1
    let (isTaken, start) = waiting.withLock { waiting -> (Bool, (number: Int, job: Job)?) in
      waiting.ticket += 1
      var job = job
      job.ticket = waiting.ticket
      // A stream prefers its own reader and leaves the others to queries.
      let place =
        asker == .stream ? waiting.idle.indices.max { waiting.idle[$0] < waiting.idle[$1] } : waiting.idle.firstIndex { $0 < streaming }
      if let place, !waiting.isPaused {
        waiting.running.append(job.errand)
        return (true, (waiting.idle.remove(at: place), job))
      }
      switch asker {
      case .stream: waiting.streams.append(job)
      case .question:
        guard waiting.questions.count < maxWaiting else { return (false, nil) }
        waiting.questions.append(job)
      }
      return (true, nil)
    }
    if let start { readers[start.number].queue.async { self.work(start.number, start.job) } }
    return isTaken
  }

  /// Runs a job, then the waiting ones.
  private func work(_ number: Int, _ first: Job) {
    var job: Job? = first
    while let current = job {
      current.run(readers[number])
      let (next, tell) = waiting.withLock { waiting -> (Job?, (@Sendable () -> Void)?) in
        waiting.running.removeAll { $0 === current.errand }
        let next = waiting.next(onlyStreams: number == readers.count - 1)
        if let next { waiting.running.append(next.errand) } else { waiting.idle.append(number) }
        return (next, waiting.takeQuiet())
      }
      tell?()
      job = next
    }
  }

  // MARK: Making room for the writer

  /// Lets nothing begin until `resume`; `body` is called when nothing runs any more.
  package func pause(whenQuiet body: @escaping @Sendable () -> Void) {
    let tell = waiting.withLock { waiting in
      waiting.isPaused = true
      waiting.whenQuiet = body
      return waiting.takeQuiet()
    }
    tell?()
  }

  /// Starts what has waited, as far as readers are idle.
  package func resume() {
    let starts = waiting.withLock { waiting -> [(number: Int, job: Job)] in
      waiting.isPaused = false
      waiting.whenQuiet = nil
      var starts: [(number: Int, job: Job)] = []
      for number in waiting.idle {
        guard let job = waiting.next(onlyStreams: number == readers.count - 1) else { continue }
        waiting.running.append(job.errand)
        starts.append((number, job))
      }
      waiting.idle.removeAll { number in starts.contains { $0.number == number } }
      return starts
    }
    for start in starts { readers[start.number].queue.async { self.work(start.number, start.job) } }
  }

  /// Ends what has run longest: 503 `log_full`.
  package func endOldest() -> Bool {
    guard let oldest = waiting.withLock({ $0.running.first { !$0.isEnded } }) else { return false }
    oldest.endEarly()
    return true
  }

  private func run<Result>(
    _ body: (Source) throws -> Result, _ errand: Errand, on reader: Reader, until end: ContinuousClock.Instant
  ) throws -> Result {
    let left = Int(ContinuousClock.now.duration(to: end) / .milliseconds(1))
    guard left > 0 else { throw Problem.othersBefore("it waited behind other queries until its time was up") }
    let source = try make(reader.source)
    reader.source = source
    let connection = connection(source)
    connection.setDeadline(milliseconds: left)
    errand.begin(connection)
    defer {
      errand.end()
      connection.setDeadline(milliseconds: nil)
    }
    guard !errand.isUnwanted else { throw ConnectionClosed() }
    do { return try body(source) } catch let error as SQLError where error.kind == .interrupted && errand.isUnwanted {
      throw ConnectionClosed()
    } catch let error as SQLError where error.kind == .interrupted && errand.isEnded {
      throw Problem.endedForTheLog
    }
  }
}

extension ReaderPool where Source == any Connection {
  /// A pool of plain read connections, opened on first use.
  package convenience init(_ database: any Database, count: Int, maxWaiting: Int) {
    self.init(count: count, maxWaiting: maxWaiting, make: { try $0 ?? database.makeReader() }, connection: { $0 })
  }
}

extension Problem {
  /// 503: the question kept the write-ahead log from starting over for too long.
  fileprivate static var endedForTheLog: Problem {
    Problem(
      status: 503, code: "log_full", title: "The query was stopped to make room for writes",
      detail: "while it ran, the write-ahead log grew beyond database.max_log_kib",
      hint: "retry, or narrow the query", retryAfterSeconds: 5)
  }

  /// 503: all readers are busy.
  fileprivate static func othersBefore(_ detail: String) -> Problem {
    Problem(
      status: 503, code: "busy", title: "The register cannot answer now", detail: detail, hint: "retry, or narrow the queries",
      retryAfterSeconds: 2)
  }
}
