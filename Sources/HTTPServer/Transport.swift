internal import Formats

/// Carries a connection's bytes: a socket, or memory.
///
/// Sendable because a connection's actor receives it; only one loop's thread uses it at a time.
protocol Transport: AnyObject, Sendable {
  /// The peer's address as text.
  var remote: String { get }

  /// Waits until bytes can be read or written, or until `tick`.
  ///
  /// - Parameter isIdle: whether nothing is in flight, so that a drain may end the wait.
  func wait(for interest: Socket.Interest, until tick: Int, isIdle: Bool) async -> Socket.Wake

  /// Reads up to `room` bytes, appended to `buffer`.
  func receive(into buffer: ByteBuffer, room: Int) -> Socket.Transfer

  /// Sends what the peer accepts of two buffers in a row, from `offset` on.
  func send(_ first: ByteBuffer, _ second: ByteBuffer?, from offset: Int) -> Socket.Transfer

  /// Runs `work` and cancels it if the client disconnects meanwhile.
  func whileWaitedFor(_ work: () async -> Void) async

  /// Closes our side; the peer may still send.
  func endSending()
}

/// A client that has sent everything at once and accepts whatever comes.
///
/// `@unchecked Sendable` holds because one loop fills it, and it is read only after its connection has ended.
final class MemoryTransport: Transport, @unchecked Sendable {
  let remote = "memory"
  private let sent: ByteBuffer
  private var position = 0
  /// Everything that the server has sent.
  let received = ByteBuffer()

  /// - Parameter bytes: what the client sends before it closes its side.
  init(_ bytes: [UInt8]) {
    sent = ByteBuffer(capacity: bytes.count)
    sent.append(bytes)
  }

  func wait(for interest: Socket.Interest, until tick: Int, isIdle: Bool) async -> Socket.Wake { .ready }

  func receive(into buffer: ByteBuffer, room: Int) -> Socket.Transfer {
    let end = min(position + room, sent.count)
    guard end > position else { return .ended }
    sent.withSpan { buffer.append($0.extracting(position..<end)) }
    defer { position = end }
    return .bytes(end - position)
  }

  func send(_ first: ByteBuffer, _ second: ByteBuffer?, from offset: Int) -> Socket.Transfer {
    precondition(offset == 0, "everything is taken at once")
    received.append(first)
    if let second { received.append(second) }
    return .bytes(first.count + (second?.count ?? 0))
  }

  func whileWaitedFor(_ work: () async -> Void) async { await work() }

  func endSending() {}
}
