internal import Formats

/// A connection's bytes: received and unread, written and unsent.
///
/// Its buffers come from the loop's pool and return as soon as they are empty. Not `Sendable`: it belongs to its connection's actor.
final class Wire {
  let socket: any Transport
  private let worker: Worker
  private var input: ByteBuffer?
  /// How many bytes of `input` have been read.
  private var consumed = 0
  private var output: ByteBuffer?
  /// Whether the client accepts no more bytes.
  private(set) var isBroken = false

  /// How many bytes one `recv` asks for.
  private static let receiveBytes = 16_384
  /// Nothing is read while more bytes than this are unsent: pipelined requests must not fill the memory.
  static let maxUnsentBytes = 65_536
  /// Bodies from this size on are sent from their own buffer instead of being copied after the head.
  private static let copiedBytes = 16_384

  init(socket: any Transport, worker: Worker) {
    self.socket = socket
    self.worker = worker
  }

  /// The result of `fill`.
  enum Fill {
    case bytes, ended, timedOut
    /// The server wants the connection to end.
    case closing
  }
}

// MARK: Input

extension Wire {
  var unreadCount: Int { (input?.count ?? 0) - consumed }

  /// Passes the unread bytes to `body`.
  func withUnread<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    guard let input else { return try body(Span()) }
    return try input.withSpan { bytes throws(Failure) in try body(bytes.extracting(consumed..<bytes.count)) }
  }

  /// Marks `count` unread bytes as read.
  func consume(_ count: Int) {
    consumed += count
    guard let input, consumed >= input.count else { return }
    input.clear()
    consumed = 0
  }

  /// Waits for bytes and appends them to the unread ones.
  ///
  /// - Parameters:
  ///   - tick: when the wait times out.
  ///   - isIdle: whether nothing is in flight; if so, no buffer is held while waiting.
  func fill(until tick: Int, isIdle: Bool = false) async -> Fill {
    while true {
      releaseInputIfEmpty()
      switch await socket.wait(for: .reading, until: tick, isIdle: isIdle) {
      case .timedOut: return .timedOut
      case .closing: return .closing
      case .ready: break
      }
      switch receive() {
      case .bytes: return .bytes
      case .ended: return .ended
      case .wouldBlock: continue
      }
    }
  }

  private func receive() -> Socket.Transfer {
    let buffer = input ?? worker.pools.takeBuffer()
    input = buffer
    if consumed > 0 {
      buffer.removeFirst(consumed)
      consumed = 0
    }
    return socket.receive(into: buffer, room: Self.receiveBytes)
  }

  private func releaseInputIfEmpty() {
    guard let buffer = input, buffer.count == consumed else { return }
    input = nil
    consumed = 0
    worker.pools.giveBack(buffer)
  }
}

// MARK: Output

extension Wire {
  /// The buffer to write to; `flush` sends it.
  var pending: ByteBuffer {
    if let output { return output }
    let buffer = worker.pools.takeBuffer()
    output = buffer
    return buffer
  }

  /// Whether the unsent bytes must go before anything else is done.
  var isFull: Bool { (output?.count ?? 0) >= Self.maxUnsentBytes }

  /// Writes a body after the pending bytes: a small one is copied, so that one system call sends both; a large one is sent at once.
  func write(body: ByteBuffer) async {
    if body.count <= Self.copiedBytes { pending.append(body) } else { await flush(with: body) }
  }

  /// Sends the pending bytes and then `body`, waiting while the client does not read.
  ///
  /// - Returns: `false` if the client has disconnected, or accepts no byte within the time-out.
  @discardableResult
  func flush(with body: ByteBuffer? = nil) async -> Bool {
    guard let output = output ?? (body == nil ? nil : pending), !isBroken else { return !isBroken }
    let total = output.count + (body?.count ?? 0)
    var sent = 0
    while sent < total, !isBroken {
      switch socket.send(output, body, from: sent) {
      case .bytes(let count): sent += count
      case .wouldBlock: isBroken = await isStuck()
      case .ended: isBroken = true
      }
    }
    releaseOutput()
    return !isBroken
  }

  /// Waits until the client accepts more.
  private func isStuck() async -> Bool {
    await socket.wait(for: .writing, until: worker.loop.tick(after: worker.writeTimeoutSeconds), isIdle: false) != .ready
  }

  private func releaseOutput() {
    guard let buffer = output else { return }
    output = nil
    worker.pools.giveBack(buffer)
  }
}

// MARK: The end

extension Wire {
  /// Closes our side, and discards for a while what the client still sends: closing with unread bytes would reset the connection and could
  /// destroy the answer on its way (RFC 9112 §9.6).
  func linger() async {
    guard !isBroken else { return }
    socket.endSending()
    let tick = worker.loop.tick(after: Self.lingerSeconds)
    var discarded = 0
    while discarded < Self.maxLingerBytes {
      discarded += unreadCount
      consume(unreadCount)
      guard worker.loop.now < tick, case .bytes = await fill(until: tick) else { return }
    }
  }

  private static var lingerSeconds: Double { 2 }
  private static var maxLingerBytes: Int { 1_048_576 }

  /// Returns all buffers.
  func release() {
    consume(unreadCount)
    releaseInputIfEmpty()
    releaseOutput()
  }
}
