internal import Dispatch
internal import Formats
package import HTTP

/// One loop of a server that listens nowhere: its connections read from memory and write to memory.
///
/// What a request meets is the server's own (decoder, exchange, body reader and writer, encoder, limits), so a test that asks here sees the
/// bytes that a client would see.
package final class MemoryServer: Sendable {
  private let worker: Worker
  private let state = ServerState()
  private let turns = DispatchGroup()

  /// - Parameters:
  ///   - log: takes the lines of the access log, where the configuration wants one, and those of what fails behind answers.
  ///   - makeResponder: called once, on the loop's thread.
  /// - Throws: what it throws; `SocketError` when the system has no descriptors left.
  package init(
    configuration: ServerConfiguration, log: (any LogSink)?, _ makeResponder: @Sendable () throws -> sending any Responder
  ) throws {
    let loop = try Loop(label: "chancery.memory")
    state.add(loop)
    let (state, turns) = (state, turns)
    let worker = try loop.queue.sync {
      Worker(loop: loop, configuration: configuration, listening: nil, shared: state, log: log, responder: try makeResponder())
    }
    self.worker = worker
    loop.queue.async(group: turns) { @Sendable in worker.run() }
  }

  /// Serves one connection, on the loop, and blocks the calling thread until it has ended. Any thread but the loop's.
  ///
  /// - Parameter bytes: all that the client sends before it ends its side: one request, or several behind each other.
  /// - Returns: all that the server sends back.
  package func serve(_ bytes: [UInt8]) -> [UInt8] {
    let transport = MemoryTransport(bytes)
    let isOver = DispatchSemaphore(value: 0)
    let worker = worker
    Task(executorPreference: worker.loop) {
      await worker.serve(transport)
      isOver.signal()
    }
    isOver.wait()
    return transport.received.array
  }

  /// Ends the loop, after what is in flight.
  package func stop() {
    state.stop()
    turns.wait()
  }
}
