internal import Dispatch
internal import HTTP
internal import Locks
package import SQL

/// A few read connections for questions that take longer than a loop may wait, each on a queue of its own, and one more for streams alone:
/// slow questions must not hold up exports. Who has waited longest is next.
package final class ReaderPool<Source>: Sendable {
  /// Who asks.
  package enum Asker: Sendable {
    case question
    /// A page of an answer that is sent in many.
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
    /// Tells who asks that it will not be run.
    let drop: @Sendable () -> Void
  }

  /// What is known of a question on its way: whether it is still wanted, and what works on it.
  private final class Errand: Sendable {
    private struct State: @unchecked Sendable {
      // Sendable holds because of the connection only `interrupt` is called, and only while the reader is at work with it.
      var isUnwanted = false
      var connection: (any Connection)?
    }

    private let state = Locked(State())

    var isUnwanted: Bool { state.withLock { $0.isUnwanted } }

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
  }

  private struct Waiting {
    var ticket: UInt64 = 0
    /// Numbers of readers that have nothing to do.
    var idle: [Int]
    var questions: [Job] = []
    var streams: [Job] = []

    /// Who has waited longest of those that a reader serves.
    mutating func next(onlyStreams: Bool) -> Job? {
      let isStream = !streams.isEmpty && (onlyStreams || questions.isEmpty || streams[0].ticket < questions[0].ticket)
      if isStream { return streams.removeFirst() }
      return onlyStreams || questions.isEmpty ? nil : questions.removeFirst()
    }

    /// Takes one out that is not wanted any more.
    mutating func remove(_ errand: Errand) -> Job? {
      if let at = questions.firstIndex(where: { $0.errand === errand }) { return questions.remove(at: at) }
      return streams.firstIndex { $0.errand === errand }.map { streams.remove(at: $0) }
    }
  }

  private let make: @Sendable (Source?) throws -> Source
  private let connection: @Sendable (Source) -> any Connection
  /// The last one is for streams.
  private let readers: [Reader]
  private let maxWaiting: Int
  private let waiting: Locked<Waiting>

  /// - Parameters:
  ///   - count: readers for questions.
  ///   - maxWaiting: how many questions may wait.
  ///   - make: gives the source that is there, if it still serves, or a new one.
  ///   - connection: what of a source the deadline is set on.
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

  /// Runs `body` with a connection, away from the loop. When the task is cancelled the question makes room for others at once.
  ///
  /// - Parameter milliseconds: how long it may wait and run, together.
  /// - Throws: 503 when its turn comes too late, or when too many wait; `SQLError` `.interrupted` when it runs too long;
  ///   `ConnectionClosed` when the task was cancelled.
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
          return continuation.resume(throwing: Problem.othersBefore("\(maxWaiting) questions wait already"))
        }
        // Cancelled before it waited.
        if errand.isUnwanted { drop(errand) }
      }
    } onCancel: {
      errand.cancel()
      drop(errand)
    }
  }

  /// Takes a question out that still waits.
  private func drop(_ errand: Errand) { waiting.withLock { $0.remove(errand) }?.drop() }

  /// - Returns: `false` when too many wait.
  private func enqueue(_ asker: Asker, _ job: Job) -> Bool {
    let streaming = readers.count - 1
    let (isTaken, start) = waiting.withLock { waiting -> (Bool, (number: Int, job: Job)?) in
      waiting.ticket += 1
      var job = job
      job.ticket = waiting.ticket
      // A stream leaves the others to the questions while its own reader is idle.
      let place =
        asker == .stream ? waiting.idle.indices.max { waiting.idle[$0] < waiting.idle[$1] } : waiting.idle.firstIndex { $0 < streaming }
      if let place { return (true, (waiting.idle.remove(at: place), job)) }
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

  /// Runs a job and then whatever waits.
  private func work(_ number: Int, _ first: Job) {
    var job: Job? = first
    while let current = job {
      current.run(readers[number])
      job = waiting.withLock { waiting in
        let next = waiting.next(onlyStreams: number == readers.count - 1)
        if next == nil { waiting.idle.append(number) }
        return next
      }
    }
  }

  private func run<Result>(
    _ body: (Source) throws -> Result, _ errand: Errand, on reader: Reader, until end: ContinuousClock.Instant
  ) throws -> Result {
    let left = Int(ContinuousClock.now.duration(to: end) / .milliseconds(1))
    guard left > 0 else { throw Problem.othersBefore("others were before it for as long as a question may take") }
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
    }
  }
}

extension ReaderPool where Source == any Connection {
  package convenience init(_ database: any Database, count: Int, maxWaiting: Int) {
    self.init(count: count, maxWaiting: maxWaiting, make: { try $0 ?? database.makeReader() }, connection: { $0 })
  }
}

extension Problem {
  /// 503: the readers are busy with other questions.
  fileprivate static func othersBefore(_ detail: String) -> Problem {
    Problem(
      status: 503, code: "busy", title: "The register cannot answer now", detail: detail, hint: "ask again, or narrow the questions",
      retryAfterSeconds: 2)
  }
}
