import Formats
import Glibc
import HTTP
import HTTPServer
import Locks
import TestSupport

/// A server on a free port with a few routes that show each plan.
final class RunningServer: Sendable {
  let server: Server
  private let task: Task<Void, any Error>

  init(_ configure: (inout ServerConfiguration) -> Void = { _ in }, gate: Gate = Gate(), log: (any LogSink)? = nil) async throws {
    var configuration = ServerConfiguration()
    configuration.port = 0
    configuration.accessLog = log != nil
    configuration.drainSeconds = 3
    configure(&configuration)
    let started = Gate()
    server = Server(configuration: configuration, log: log)
    try server.bind()
    task = Task { [server] in
      try await server.run { _ in
        started.open()
        return try Sampler(gate)
      }
    }
    // Clients of tests block their threads; the loops have to have theirs by then.
    await started.pass()
  }

  var port: Int { server.boundPort }

  func client(deadlineSeconds: Double = 10, receiveBufferBytes: Int32? = nil) throws -> RawClient {
    try RawClient(port: port, deadlineSeconds: deadlineSeconds, receiveBufferBytes: receiveBufferBytes)
  }

  /// Stops and waits for the end.
  func stop() async throws {
    server.stop()
    try await task.value
  }
}

/// Starts a server, hands it to `body` and waits until it has ended.
func withServer(
  _ configure: (inout ServerConfiguration) -> Void = { _ in }, gate: Gate = Gate(), log: (any LogSink)? = nil,
  _ body: (RunningServer) async throws -> Void
) async throws {
  let server = try await RunningServer(configure, gate: gate, log: log)
  do {
    try await body(server)
  } catch {
    try await server.stop()
    throw error
  }
  try await server.stop()
}

/// Where requests wait until a test lets them go on.
final class Gate: Sendable {
  private let state = Locked(State())

  private struct State {
    var isOpen = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var arrived = 0
    var written = 0
  }

  /// How many have come to the gate.
  var arrived: Int { state.withLock { $0.arrived } }

  /// How many bytes `/endless` has got rid of.
  var written: Int { state.withLock { $0.written } }

  func count(written bytes: Int) { state.withLock { $0.written += bytes } }

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        state.arrived += 1
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      let waiting = state.waiting
      state.waiting = []
      return waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}

/// Waits until `condition` holds; `false` after ten seconds.
func eventually(_ condition: () -> Bool) -> Bool {
  let end = ContinuousClock.now + .seconds(10)
  while ContinuousClock.now < end {
    if condition() { return true }
    _ = usleep(1_000)
  }
  return false
}

/// The routes of the tests.
final class Sampler: Responder {
  private enum Route {
    case hello, item, failing, large, slow, echo, small, upload, count, chunked, endless, broken, expand, tagged, refuse
  }

  private var router = Router<Route>()
  private let gate: Gate

  init(_ gate: Gate) throws {
    self.gate = gate
    try router.add(.get, "/hello", .hello)
    try router.add(.post, "/hello", .hello)
    try router.add(.get, "/items/{id}", .item)
    try router.add(.get, "/failing", .failing)
    try router.add(.get, "/large", .large)
    try router.add(.get, "/slow", .slow)
    try router.add(.post, "/slow", .slow)
    try router.add(.post, "/echo", .echo)
    try router.add(.post, "/small", .small)
    try router.add(.post, "/upload", .upload)
    try router.add(.post, "/count", .count)
    try router.add(.get, "/chunked", .chunked)
    try router.add(.get, "/endless", .endless)
    try router.add(.get, "/broken", .broken)
    try router.add(.post, "/expand", .expand)
    try router.add(.get, "/tagged", .tagged)
    try router.add(.post, "/refuse", .refuse)
  }

  func respond(to request: Request, _ response: Response) -> Plan {
    switch router.match(request) {
    case .notFound: response.problem(.notFound(), requestID: request.id)
    case .methodNotAllowed(let methods):
      response.allow(methods)
      if request.method == .options { response.status = 204 } else { response.problem(.methodNotAllowed(methods), requestID: request.id) }
    case .found(let route, let pattern):
      response.route = pattern
      return plan(route, request, response)
    }
    return .respond
  }

  private func plan(_ route: Route, _ request: Request, _ response: Response) -> Plan {
    switch route {
    case .hello: response.body.append("hello")
    case .item: response.body.append(request.capture("id"))
    case .failing:
      response.failure = "the disk is on fire"
      response.problem(.internalError, requestID: request.id)
    case .large: for _ in 0..<200_000 { response.body.append("0123456789") }
    case .tagged:
      response.etag = "5"
      if request.matches(etag: "5", in: "if-none-match", weak: true) { response.status = 304 } else { appendLines(to: response.body) }
    case .slow: return slow()
    case .echo: return .body(maxBytes: 1_000_000) { _, body, response in response.body.append(body) }
    case .small: return .body(maxBytes: 10) { _, body, response in response.body.append(body) }
    case .upload: return upload()
    case .count: return count()
    case .chunked: return chunked()
    case .endless: return endless()
    case .broken: return broken()
    case .expand: return expand()
    case .refuse: return .stream { _, _, _ in throw Problem.badRequest(.badRequest, "Not this one.") }
    }
    return .respond
  }

  private func slow() -> Plan {
    .later { [gate] _, response in
      await gate.pass()
      response.body.append("slow")
    }
  }

  /// Pulls the body, answers with it.
  private func upload() -> Plan {
    .stream { request, reader, writer in
      let body = ByteBuffer()
      while try await reader.read(into: body) {}
      writer.response.body.append(body)
      if let sum = request.trailer("x-sum") { writer.response.header("X-Sum", sum) }
    }
  }

  /// Waits at the gate before it pulls the body, answers with its length.
  private func count() -> Plan {
    .stream { [gate] _, reader, writer in
      await gate.pass()
      let piece = ByteBuffer()
      var total = 0
      while try await reader.read(into: piece) {
        total += piece.count
        piece.clear()
      }
      writer.response.body.append(String(total))
    }
  }

  private func chunked() -> Plan {
    .stream { _, _, writer in
      let piece = ByteBuffer()
      for number in 0..<5 {
        piece.clear()
        piece.append("piece \(number)\n")
        try await writer.write(piece)
      }
    }
  }

  private func endless() -> Plan {
    .stream { [gate] _, _, writer in
      let piece = ByteBuffer()
      for _ in 0..<10_000 { piece.append("0123456789") }
      while true {
        try await writer.write(piece)
        gate.count(written: piece.count)
      }
    }
  }

  private func broken() -> Plan {
    .stream { _, _, writer in
      let piece = ByteBuffer()
      piece.append("half")
      try await writer.write(piece)
      throw Problem.internalError
    }
  }

  /// Answers while it reads: each piece goes back at once.
  private func expand() -> Plan {
    .stream { _, reader, writer in
      let piece = ByteBuffer()
      while try await reader.read(into: piece) {
        try await writer.write(piece)
        piece.clear()
      }
    }
  }

  private func appendLines(to buffer: ByteBuffer) {
    for number in 0..<500 { buffer.append("line \(number)\n") }
  }
}

/// Whether `value` is above zero and stays the same for a while.
func standsStill(_ value: () -> Int) -> Bool {
  let before = value()
  _ = usleep(50_000)
  return before > 0 && value() == before
}
