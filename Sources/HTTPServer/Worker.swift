internal import Formats
internal import Glibc
internal import HTTP

/// One loop with everything its connections share: responder, pools, dates, log.
///
/// `@unchecked Sendable` holds because only the loop's thread touches it, `loop.wake` aside.
final class Worker: @unchecked Sendable {
  let loop: Loop
  let configuration: ServerConfiguration
  let requestLimits: RequestLimits
  let encoder: ResponseEncoder
  let writeTimeoutSeconds: Double
  let responder: any Responder
  var pools = Pools()
  var requestIDs: RequestIDs
  private(set) var dates = DateTexts()
  /// Whether the server is draining: no request follows those in flight.
  private(set) var isDraining = false

  private let shared: ServerState
  /// `nil` for connections from memory.
  private var listener: Listener?
  private var accessLog: AccessLog
  private let failures: Log
  private var connectionCount = 0
  private var refusalCount = 0
  private var cutAt = Int.max
  private var isCut = false

  /// The most connections at a time that get a 503 for being too many; those beyond it are closed silently.
  private static let maxRefusals = 64
  /// The time that cut connections have to unwind, in seconds.
  private static let unwindSeconds = 1.0

  init(
    loop: Loop, configuration: ServerConfiguration, listening: Int32?, shared: ServerState, log: (any LogSink)?, responder: any Responder
  ) {
    self.loop = loop
    self.configuration = configuration
    self.shared = shared
    self.responder = responder
    requestLimits = configuration.requestLimits
    encoder = ResponseEncoder(serverName: configuration.serverName)
    writeTimeoutSeconds = configuration.writeTimeoutSeconds
    requestIDs = RequestIDs(seed: UInt64.random(in: 0 ... .max))
    listener = listening.map(Listener.init)
    accessLog = AccessLog(configuration.accessLog ? log : nil)
    failures = Log(log)
    dates.update()
  }

  /// Serves on the calling thread until the server is stopped and nothing is in flight.
  func run() {
    listener?.open(on: loop)
    loop.run(onListener: { _ in accept() }, beforeTurn: { endTurn() })
    accessLog.flush()
  }

  /// Whether the body of `response` is worth gzipping for a client that accepts it.
  func canCode(_ response: Response) -> Bool {
    response.content.count >= configuration.gzipMinimumBytes && response.isCompressible && response.allowsBody && !response.hasCoding
  }

  /// Adds a line to the access log; an internal failure gets a line of its own.
  func log(_ request: Request, _ response: Response, bodyBytes: Int, began: Int, remote: String) {
    if let failure = response.failure { failures.failure(request.id, failure) }
    guard configuration.accessLog else { return }
    accessLog.write(
      request, response, bodyBytes: bodyBytes, microseconds: (monotonicNanoseconds() - began) / 1_000, remote: remote, dates: dates)
  }
}

// MARK: Turns

extension Worker {
  /// - Returns: whether the loop continues.
  private func endTurn() -> Bool {
    responder.turnEnded()
    accessLog.flush()
    dates.update()
    if !isDraining, listener?.wantsRetry(at: loop.now) == true { listener?.open(on: loop) }
    if shared.isStopping, !isDraining { drain() }
    if isDraining, loop.now >= cutAt { cut() }
    setAlarm()
    return !isDraining || (connectionCount > 0 && !(isCut && loop.now >= cutAt))
  }

  /// Stops accepting and closes idle connections; the rest may finish.
  private func drain() {
    isDraining = true
    listener?.close(on: loop)
    cutAt = loop.tick(after: configuration.drainSeconds)
    loop.forEachSocket { $0.close(cutting: false) }
  }

  /// Cuts the remaining connections; the loop ends soon after, and leaves tasks that have not unwound.
  private func cut() {
    guard !isCut else { return }
    isCut = true
    cutAt = loop.tick(after: Self.unwindSeconds)
    loop.forEachSocket { $0.close(cutting: true) }
  }

  private func setAlarm() { loop.alarm = min(cutAt, listener?.retryTick ?? .max) }
}

// MARK: Connections

extension Worker {
  private func accept() {
    listener?.accept(on: loop) { descriptor, remote in admit(Socket(descriptor: descriptor, remote: remote, loop: loop)) }
  }

  private func admit(_ socket: Socket) {
    let isWelcome = shared.admit(limit: configuration.maxConnections)
    guard isWelcome || refusalCount < Self.maxRefusals, loop.add(socket) else {
      if isWelcome { shared.leave() }
      loop.remove(socket)
      _ = Glibc.close(socket.descriptor)
      return
    }
    connectionCount += 1
    if !isWelcome { refusalCount += 1 }
    let connection = Connection(socket: socket, worker: self)
    // The preference matters: a continuation resumes on the task's preferred executor before it hops to the actor's. Without one that is
    // the global pool: two thread changes per request (seen with `strace`, Swift 6.3.1).
    socket.task = Task(executorPreference: loop) {
      await connection.run(refusing: isWelcome ? nil : Self.tooManyConnections)
      self.dismiss(socket, wasWelcome: isWelcome)
    }
  }

  /// Serves a connection without a socket, on the loop.
  func serve(_ transport: MemoryTransport) async {
    connectionCount += 1
    await Connection(socket: transport, worker: self).run(refusing: nil)
    connectionCount -= 1
  }

  /// Releases a connection that has been served.
  private func dismiss(_ socket: Socket, wasWelcome: Bool) {
    if wasWelcome { shared.leave() } else { refusalCount -= 1 }
    connectionCount -= 1
    socket.task = nil
    loop.remove(socket)
    _ = Glibc.close(socket.descriptor)
  }

  private static var tooManyConnections: Problem {
    .unavailable(.tooManyConnections, "All connections are in use.", retryAfterSeconds: 5)
  }
}
