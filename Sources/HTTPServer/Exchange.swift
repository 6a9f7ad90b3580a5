internal import Formats
internal import HTTP

/// Runs one request at a time: asks the responder, carries out its plan, writes the answer and the log line. Reused.
final class Exchange {
  private let wire: Wire
  private let worker: Worker

  init(wire: Wire, worker: Worker) {
    self.wire = wire
    self.worker = worker
  }

  /// What happens to the connection afterwards.
  enum Outcome {
    case keep
    /// It ends; if `isClean`, no unread bytes can be on their way.
    case close(isClean: Bool)
  }

  /// Answers `request`. Written bytes may still be pending on the wire.
  func run(_ request: Request) async -> Outcome {
    let began = monotonicNanoseconds()
    let response = worker.pools.takeResponse()
    defer { worker.pools.giveBack(response) }
    request.id = worker.requestIDs.id(for: request)
    let plan = worker.responder.respond(to: request, response)
    // Most requests: an answer at once, and no body to read.
    if case .respond = plan, !request.hasBody { return await answer(request, response, began, keepAlive: request.keepAlive) }
    return await carryOut(plan, request, response, began)
  }

  /// Answers a request that could not be read.
  func refuse(_ problem: Problem, _ request: Request) async {
    let response = worker.pools.takeResponse()
    request.id = worker.requestIDs.next()
    response.problem(problem, requestID: request.id)
    _ = await answer(request, response, monotonicNanoseconds(), keepAlive: false)
    worker.pools.giveBack(response)
  }
}

// MARK: Plans

extension Exchange {
  private func carryOut(_ plan: Plan, _ request: Request, _ response: Response, _ began: Int) async -> Outcome {
    let reader = BodyReader(request, wire: wire, worker: worker)
    switch plan {
    case .respond: break
    case .later(let work):
      guard await wire.flush() else { return .close(isClean: true) }
      await wire.socket.whileWaitedFor { await work(request, response) }
      if Task.isCancelled { return leave(request, response, began) }
    case .body(let maxBytes, let work):
      guard await collect(reader, maxBytes, work, request, response) else { return .close(isClean: true) }
    case .stream(let work):
      let keepAlive = request.keepAlive && !worker.isDraining && reader.isWorthDiscarding
      let writer = BodyWriter(response, to: request, wire: wire, worker: worker, keepAlive: keepAlive)
      let isDone = await stream(work, reader, writer, request)
      writer.release()
      if !isDone || writer.isStarted { return await end(writer, reader, request, began, isDone: isDone) }
    }
    return await answer(request, response, began, reader)
  }

  /// Collects the body, then runs the plan; a body that cannot be read is answered with its problem.
  ///
  /// - Returns: `false` if the client has disconnected.
  private func collect(
    _ reader: BodyReader, _ maxBytes: Int, _ work: (Request, ByteBuffer, Response) async -> Void, _ request: Request, _ response: Response
  ) async -> Bool {
    let body = worker.pools.takeBuffer()
    defer { worker.pools.giveBack(body) }
    do {
      try await reader.collect(into: body, maxBytes: maxBytes)
      guard await wire.flush() else { return false }
      await work(request, body, response)
    } catch let problem as Problem {
      response.problem(problem, requestID: request.id)
    } catch {
      return false
    }
    return true
  }

  /// Streams the answer.
  ///
  /// - Returns: `false` if it cannot be completed: the client has disconnected, or an error came after the head.
  private func stream(
    _ work: (Request, BodyReader, BodyWriter) async throws -> Void, _ reader: BodyReader, _ writer: BodyWriter, _ request: Request
  ) async -> Bool {
    do {
      guard await wire.flush() else { return false }
      try await work(request, reader, writer)
      try await writer.finish()
    } catch is ConnectionClosed {
      return false
    } catch {
      if !(error is Problem) { writer.response.failure = "\(error)" }
      guard !writer.isStarted else { return false }
      writer.response.problem(error as? Problem ?? .internalError, requestID: request.id)
    }
    return true
  }
}

// MARK: Answers

extension Exchange {
  /// Writes the answer, then discards the rest of the body.
  private func answer(_ request: Request, _ response: Response, _ began: Int, _ reader: BodyReader) async -> Outcome {
    guard !reader.isAtEnd else { return await answer(request, response, began, keepAlive: request.keepAlive) }
    let outcome = await answer(request, response, began, keepAlive: request.keepAlive && reader.isWorthDiscarding)
    guard case .keep = outcome, await reader.discard() else { return .close(isClean: false) }
    return .keep
  }

  private func answer(_ request: Request, _ response: Response, _ began: Int, keepAlive: Bool) async -> Outcome {
    let keepAlive = keepAlive && !worker.isDraining
    let bodyBytes = await write(response, to: request, keepAlive: keepAlive)
    worker.log(request, response, bodyBytes: bodyBytes, began: began, remote: wire.socket.remote)
    return keepAlive ? .keep : .close(isClean: true)
  }

  /// The client disconnected before its answer was ready. The log has nginx's status for this case; none is registered.
  private func leave(_ request: Request, _ response: Response, _ began: Int) -> Outcome {
    response.status = 499
    worker.log(request, response, bodyBytes: 0, began: began, remote: wire.socket.remote)
    return .close(isClean: true)
  }

  /// Ends a streamed answer. One that failed half-way is cut off, so that the client does not take it for complete.
  private func end(_ writer: BodyWriter, _ reader: BodyReader, _ request: Request, _ began: Int, isDone: Bool) async -> Outcome {
    worker.log(request, writer.response, bodyBytes: writer.bodyBytes, began: began, remote: wire.socket.remote)
    guard isDone, writer.canKeepAlive else { return .close(isClean: !isDone || reader.isAtEnd) }
    if reader.isAtEnd { return .keep }
    return await reader.discard() ? .keep : .close(isClean: false)
  }

  /// Writes head and body.
  ///
  /// - Returns: the length of the body written, in bytes.
  private func write(_ response: Response, to request: Request, keepAlive: Bool) async -> Int {
    let isCodable = worker.canCode(response)
    guard isCodable, request.acceptsGzip else {
      return await write(response, response.content, to: request, isCoded: false, isVaried: isCodable, keepAlive: keepAlive)
    }
    if let stored = response.stored {
      return await write(response, stored.coded(by: code), to: request, isCoded: true, isVaried: true, keepAlive: keepAlive)
    }
    let coded = worker.pools.takeBuffer()
    defer { worker.pools.giveBack(coded) }
    code(response.body, coded)
    return await write(response, coded, to: request, isCoded: true, isVaried: true, keepAlive: keepAlive)
  }

  private func write(
    _ response: Response, _ body: ByteBuffer, to request: Request, isCoded: Bool, isVaried: Bool, keepAlive: Bool
  ) async -> Int {
    worker.encoder.writeHead(
      response, to: request, framing: .length(body.count), isCoded: isCoded, isVaried: isVaried, keepAlive: keepAlive,
      date: worker.dates.http, into: wire.pending)
    guard request.method != .head, response.allowsBody, !body.isEmpty else { return 0 }
    await wire.write(body: body)
    return body.count
  }

  private func code(_ body: ByteBuffer, _ coded: ByteBuffer) {
    let deflater = worker.pools.takeDeflater(level: worker.configuration.gzipLevel)
    deflater.write(body.bytes, into: coded)
    deflater.finish(into: coded)
    worker.pools.giveBack(deflater)
  }
}
