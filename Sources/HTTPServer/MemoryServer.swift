internal import Dispatch
internal import Formats
package import HTTP

/// One loop of a server that does not listen: its connections read from memory and write to memory.
///
/// It runs the server's own decoder, exchange, body reader and writer, encoder and limits, so a test sees the bytes that a client would
/// see.
package final class MemoryServer: Sendable {
  private let worker: Worker
  private let state = ServerState()
  private let turns = DispatchGroup()

  /// - Parameters:
  ///   - log: receives the lines of the access log, if the configuration enables it, and those of internal failures.
  ///   - makeResponder: called once, on the loop's thread.
  /// - Throws: what `makeResponder` throws; `SocketError` when descriptors have run out.
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

  /// Serves one connection on the loop and blocks the caller until it has ended. Any thread but the loop's.
  ///
  /// - Parameter bytes: everything the client sends before it closes its side: one request, or several in a row.
  /// - Returns: everything the server sends.
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

  /// Ends the loop after the requests in flight.
  package func stop() {
    state.stop()
    turns.wait()
  }
}
