package import Formats
internal import HTTP

/// A request's body, pulled: unrequested bytes are not read, so the client waits. Not `Sendable`.
package final class BodyReader: BodySource {
  private let request: Request
  private let wire: Wire
  private let worker: Worker
  private var remaining: Int
  private var chunks: ChunkDecoder
  private var owesContinue: Bool
  /// Whether framing is lost: what follows on the connection cannot be separated from the body.
  private var isBroken = false

  init(_ request: Request, wire: Wire, worker: Worker) {
    self.request = request
    self.wire = wire
    self.worker = worker
    remaining = request.contentLength ?? 0
    chunks = ChunkDecoder(limits: worker.requestLimits)
    owesContinue = request.expectsContinue
  }

  /// Whether the whole body has been read, trailers included.
  package var isAtEnd: Bool { request.isChunked ? chunks.isDone : remaining == 0 }

  /// Appends the next piece of the body.
  ///
  /// - Parameter buffer: receives at most `ServerConfiguration.bodyPieceBytes` bytes.
  /// - Returns: `false` at the end, when nothing was appended.
  /// - Throws: `Problem` for malformed chunks (400) or a client that stopped sending (408); `ConnectionClosed` if it has disconnected.
  package func read(into buffer: ByteBuffer) async throws -> Bool {
    try await read(into: buffer, atMost: worker.configuration.bodyPieceBytes)
  }

  private func read(into buffer: ByteBuffer, atMost maxBytes: Int) async throws -> Bool {
    let start = buffer.count
    do {
      while true {
        try take(into: buffer, maxBytes)
        if buffer.count > start { return true }
        if isAtEnd { return false }
        try await fill()
      }
    } catch {
      isBroken = true
      throw error
    }
  }

  /// Moves received bytes into `buffer`.
  private func take(into buffer: ByteBuffer, _ maxBytes: Int) throws(Problem) {
    guard wire.unreadCount > 0 else { return }
    let used = try wire.withUnread { bytes throws(Problem) in
      guard !request.isChunked else { return try chunks.decode(bytes, into: buffer, maxBytes: maxBytes, request: request) }
      let count = min(remaining, maxBytes, bytes.count)
      buffer.append(bytes.extracting(0..<count))
      remaining -= count
      return count
    }
    wire.consume(used)
  }

  private func fill() async throws {
    if owesContinue {
      owesContinue = false
      wire.pending.append("HTTP/1.1 100 Continue\r\n\r\n")
    }
    guard await wire.flush() else { throw ConnectionClosed() }
    switch await wire.fill(until: worker.loop.tick(after: worker.configuration.bodyTimeoutSeconds)) {
    case .bytes: return
    case .timedOut: throw Problem.timeout("The body stopped arriving.")
    case .ended, .closing: throw ConnectionClosed()
    }
  }
}

extension BodyReader {
  /// Appends the whole body.
  ///
  /// - Throws: also 413 for more than `maxBytes`.
  func collect(into buffer: ByteBuffer, maxBytes: Int) async throws {
    guard (request.contentLength ?? 0) <= maxBytes else { throw Problem.bodyTooLarge(maxBytes: maxBytes) }
    while try await read(into: buffer) {
      guard buffer.count <= maxBytes else { throw Problem.bodyTooLarge(maxBytes: maxBytes) }
    }
  }

  /// Whether discarding the rest is worth keeping the connection. A client that waits for `100 Continue` may or may not send the body after
  /// an answer without it, so that connection ends.
  var isWorthDiscarding: Bool { !isBroken && !owesContinue && (request.isChunked || remaining <= worker.configuration.maxDiscardedBytes) }

  /// Discards the rest of the body.
  ///
  /// - Returns: whether the end was reached within the configured number of bytes.
  func discard() async -> Bool {
    let buffer = worker.pools.takeBuffer()
    defer { worker.pools.giveBack(buffer) }
    var discarded = 0
    do {
      while discarded <= worker.configuration.maxDiscardedBytes {
        guard try await read(into: buffer) else { return true }
        discarded += buffer.count
        buffer.clear()
      }
    } catch {
      return false
    }
    return false
  }
}
