internal import Formats
internal import HTTP

/// One client's connection: an actor on its loop, a plain `while` over requests.
actor Connection {
  private nonisolated let worker: Worker
  private let wire: Wire
  private let exchange: Exchange
  private var decoder: RequestDecoder
  private var request: Request?

  init(socket: any Transport, worker: Worker) {
    self.worker = worker
    let wire = Wire(socket: socket, worker: worker)
    self.wire = wire
    exchange = Exchange(wire: wire, worker: worker)
    decoder = RequestDecoder(limits: worker.requestLimits)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe worker.loop.asUnownedSerialExecutor() }

  /// Serves the connection to its end.
  ///
  /// - Parameter problem: the immediate answer if there are too many connections; else `nil`.
  func run(refusing problem: Problem?) async {
    if let problem { await refuse(problem, request: takeRequest()) } else { await serve() }
    releaseRequest()
    wire.release()
  }

  /// Serves requests until one side ends the connection.
  private func serve() async {
    serving: while let request = await nextRequest() {
      switch await exchange.run(request) {
      case .keep: continue
      case .close(let isClean):
        await close(isClean: isClean)
        break serving
      }
    }
  }
}

// MARK: Heads

extension Connection {
  /// The next request; `nil` if the client has left, the time is up, or what it sent was refused.
  private func nextRequest() async -> Request? {
    request?.clear()
    if wire.isFull { guard await wire.flush() else { return nil } }
    var tick = worker.loop.tick(after: worker.configuration.idleTimeoutSeconds)
    var isIdle = true
    while true {
      if wire.unreadCount > 0 {
        let request = takeRequest()
        switch decode(into: request) {
        case .complete: return request
        case .refused(let problem):
          await refuse(problem, request: request)
          return nil
        case .incomplete: break
        }
        if isIdle { tick = worker.loop.tick(after: worker.configuration.headerTimeoutSeconds) }
        isIdle = false
      }
      guard await wire.flush(), await fill(until: tick, isIdle: isIdle) else { return nil }
    }
  }

  private enum Decoded {
    case complete, incomplete
    case refused(Problem)
  }

  private func decode(into request: Request) -> Decoded {
    do {
      guard let length = try wire.withUnread({ bytes throws(Problem) in try decoder.decode(bytes, into: request) }) else {
        return .incomplete
      }
      wire.consume(length)
      return .complete
    } catch {
      return .refused(error)
    }
  }

  private func fill(until tick: Int, isIdle: Bool) async -> Bool {
    if isIdle {
      guard !worker.isDraining else { return false }
      releaseRequest()
    }
    switch await wire.fill(until: tick, isIdle: isIdle) {
    case .bytes: return true
    case .ended, .closing: return false
    case .timedOut:
      if !isIdle { await refuse(.timeout("The header did not arrive in time."), request: takeRequest()) }
      return false
    }
  }

  private func takeRequest() -> Request {
    if let request { return request }
    let taken = worker.pools.takeRequest()
    request = taken
    return taken
  }

  private func releaseRequest() {
    guard let request else { return }
    self.request = nil
    worker.pools.giveBack(request)
  }
}

// MARK: The end

extension Connection {
  /// Answers a request that could not be read with its problem, and closes.
  private func refuse(_ problem: Problem, request: Request) async {
    request.clearAllButMethod()
    await exchange.refuse(problem, request)
    await close(isClean: false)
  }

  private func close(isClean: Bool) async {
    await wire.flush()
    if !isClean || wire.unreadCount > 0 { await wire.linger() }
  }
}
