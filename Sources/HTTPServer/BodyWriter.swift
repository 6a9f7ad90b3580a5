package import Formats
package import HTTP

/// An answer written piece by piece: in chunks, or until the connection's end for HTTP/1.0. Not `Sendable`.
package final class BodyWriter: BodySink {
  /// Status and fields; changes after the first `write` have no effect.
  package let response: Response
  /// Whether the head has been sent; after that the status is fixed.
  package private(set) var isStarted = false
  /// The bytes of the body sent so far, after coding.
  private(set) var bodyBytes = 0

  private let request: Request
  private let wire: Wire
  private let worker: Worker
  private let keepAlive: Bool
  private var isFinished = false
  private var deflater: Deflater?

  init(_ response: Response, to request: Request, wire: Wire, worker: Worker, keepAlive: Bool) {
    self.response = response
    self.request = request
    self.wire = wire
    self.worker = worker
    self.keepAlive = keepAlive
  }

  private var isChunked: Bool { request.minorVersion == 1 }
  private var sendsBody: Bool { request.method != .head && response.allowsBody }

  /// Whether the connection can stay open after the answer.
  var canKeepAlive: Bool { keepAlive && (isChunked || !sendsBody) }

  /// Sends the head if it has not been sent, then the bytes of `buffer`, which keeps them.
  ///
  /// Returns when the kernel has accepted everything: a slow reader slows its writer.
  ///
  /// - Throws: `ConnectionClosed` if the client has disconnected, or accepts no byte within the time-out.
  package func write(_ buffer: ByteBuffer) async throws {
    start()
    if sendsBody {
      if let deflater { code(buffer, with: deflater) } else { append(buffer) }
    }
    guard await wire.flush() else { throw ConnectionClosed() }
  }

  /// Ends the answer. The server calls it too, after the plan's closure has returned.
  package func finish() async throws {
    guard isStarted, !isFinished else { return }
    isFinished = true
    if sendsBody { appendEnd() }
    guard await wire.flush() else { throw ConnectionClosed() }
  }

  /// Returns pooled buffers, however the answer has ended.
  func release() {
    if let deflater { worker.pools.giveBack(deflater) }
    deflater = nil
  }

  private func start() {
    guard !isStarted else { return }
    isStarted = true
    let isCodable = response.isCompressible && response.allowsBody && !response.hasCoding
    let isCoded = isCodable && request.acceptsGzip
    if isCoded, sendsBody { deflater = worker.pools.takeDeflater(level: worker.configuration.gzipLevel) }
    worker.encoder.writeHead(
      response, to: request, framing: isChunked ? .chunked : .untilClose, isCoded: isCoded, isVaried: isCodable, keepAlive: canKeepAlive,
      date: worker.dates.http, into: wire.pending)
  }

  private func appendEnd() {
    if let deflater {
      let coded = worker.pools.takeBuffer()
      deflater.finish(into: coded)
      append(coded)
      worker.pools.giveBack(coded)
    }
    if isChunked { wire.pending.append("0\r\n\r\n") }
  }

  private func code(_ piece: ByteBuffer, with deflater: Deflater) {
    let coded = worker.pools.takeBuffer()
    deflater.write(piece.bytes, into: coded)
    append(coded)
    worker.pools.giveBack(coded)
  }

  private func append(_ piece: ByteBuffer) {
    // An empty chunk would end the body.
    guard !piece.isEmpty else { return }
    let pending = wire.pending
    if isChunked { worker.encoder.writeChunkSize(piece.count, into: pending) }
    pending.append(piece)
    if isChunked { pending.append("\r\n") }
    bodyBytes += piece.count
  }
}
