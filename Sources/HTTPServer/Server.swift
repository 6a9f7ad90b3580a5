internal import Dispatch
internal import Glibc
package import HTTP
internal import Locks
internal import Synchronization

/// An HTTP/1.1 server (RFC 9110, RFC 9112): loops that accept and serve, each with its own responder.
package final class Server: Sendable {
  private let configuration: ServerConfiguration
  private let log: (any LogSink)?
  /// Makes a loop's responder on that loop's thread; the argument is the loop's number, from 0.
  package typealias ResponderMaker = @Sendable (Int) throws -> sending any Responder

  private let state = ServerState()
  private let bound = Locked<[Int32]>([])

  /// - Parameter log: receives the lines of the access log, if the configuration enables it, and those of internal failures.
  package init(configuration: ServerConfiguration, log: (any LogSink)?) {
    self.configuration = configuration
    self.log = log
  }

  /// The bound port; 0 before `bind`.
  package var boundPort: Int { state.port.load(ordering: .acquiring) }

  /// Binds and listens, so that `boundPort` is known; connections wait until `run`.
  ///
  /// - Throws: `SocketError`, for instance if another program has the address.
  package func bind() throws {
    guard boundPort == 0 else { return }
    let loops = max(1, configuration.loops)
    // Sockets that share a port would share it with another server of the same user too: the first bind, without sharing, detects that
    // server.
    var port = configuration.port
    if loops > 1 {
      let probe = try BoundSocket(address: configuration.address, port: port, backlog: 0, sharesPort: false)
      port = probe.port
    }
    for _ in 0..<loops {
      let socket = try BoundSocket(address: configuration.address, port: port, backlog: configuration.backlog, sharesPort: loops > 1)
      port = socket.port
      let descriptor = socket.take()
      bound.withLock { $0.append(descriptor) }
    }
    state.port.store(port, ordering: .releasing)
  }

  /// Serves until `stop` is called or the task is cancelled, and the requests in flight have been answered or cut.
  ///
  /// - Parameter makeResponder: called once per loop, on its thread, before it accepts.
  /// - Throws: what `bind` or `makeResponder` throws.
  package func run(_ makeResponder: @escaping ResponderMaker) async throws {
    try bind()
    try await withTaskCancellationHandler {
      try await serve(bound.withLock { $0 }, makeResponder)
    } onCancel: {
      stop()
    }
  }

  /// Starts the drain: accepts no more, closes idle connections, lets the rest finish. Any thread, any number of times.
  package func stop() { state.stop() }

  private func serve(_ listening: [Int32], _ makeResponder: @escaping ResponderMaker) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, descriptor) in listening.enumerated() {
        group.addTask { try await self.serve(index, descriptor, makeResponder) }
      }
      do {
        try await group.waitForAll()
      } catch {
        stop()
        throw error
      }
    }
  }

  /// Runs one loop on its own queue.
  private func serve(_ index: Int, _ descriptor: Int32, _ makeResponder: @escaping ResponderMaker) async throws {
    let loop = try Loop(label: "chancery.loop.\(index)")
    state.add(loop)
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      loop.queue.async { @Sendable in
        continuation.resume(with: Result { try self.work(index, descriptor, loop, makeResponder) })
      }
    }
  }

  private func work(_ index: Int, _ descriptor: Int32, _ loop: Loop, _ makeResponder: ResponderMaker) throws {
    do {
      let responder = try makeResponder(index)
      Worker(loop: loop, configuration: configuration, listening: descriptor, shared: state, log: log, responder: responder).run()
    } catch {
      _ = close(descriptor)
      throw error
    }
  }
}

/// State shared by a server's loops.
final class ServerState: Sendable {
  let port = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private let connections = Atomic<Int>(0)
  private let loops = Locked<[Loop]>([])

  var isStopping: Bool { stopping.load(ordering: .acquiring) }

  /// From here on `stop` wakes the loop; the loop checks for an earlier `stop` before its first wait.
  func add(_ loop: Loop) { loops.withLock { $0.append(loop) } }

  func stop() {
    stopping.store(true, ordering: .releasing)
    for loop in loops.withLock({ $0 }) { loop.wake() }
  }

  /// Counts a connection in.
  ///
  /// - Returns: whether there was room for it.
  func admit(limit: Int) -> Bool {
    guard connections.add(1, ordering: .relaxed).newValue <= limit else {
      leave()
      return false
    }
    return true
  }

  /// Counts a connection out.
  func leave() { connections.subtract(1, ordering: .relaxed) }
}
