internal import CEpoll
internal import Formats
internal import Glibc

/// A connection's descriptor on its loop: its readiness, its waiter, and the waiter's deadline.
///
/// `@unchecked Sendable` holds because only the loop's thread touches it.
@safe
final class Socket: Transport, @unchecked Sendable {
  let descriptor: Int32
  /// The peer's address as text.
  let remote: String
  var serial: UInt32 = 0
  /// The tick at which the waiter times out.
  var deadline = Int.max
  /// The tick under which the wheel has filed the socket.
  var scheduledTick = Int.max
  /// The task that serves the connection, for cancelling it.
  var task: Task<Void, Never>?
  /// Whether the socket waits for the next request, with nothing in flight.
  private(set) var isIdle = false

  private unowned let loop: Loop
  private var waiter: UnsafeContinuation<Wake, Never>?
  private var interest = Interest.reading
  private var isReadable = false
  private var isWritable = true
  private var isHungUp = false
  private var isCut = false
  /// Whether the task's work is useless once the client has disconnected.
  private var isWaitedFor = false

  enum Wake {
    case ready, timedOut
    /// The server wants the connection to end.
    case closing
  }

  enum Interest {
    case reading, writing
  }

  enum Transfer {
    case bytes(Int)
    case wouldBlock, ended
  }

  init(descriptor: Int32, remote: String, loop: Loop) {
    self.descriptor = descriptor
    self.remote = remote
    self.loop = loop
  }
}

// MARK: Waiting

extension Socket {
  /// Waits until the socket is ready.
  ///
  /// - Parameters:
  ///   - tick: when the wait times out.
  ///   - isIdle: whether nothing is in flight, so that a drain may end the wait.
  func wait(for interest: Interest, until tick: Int, isIdle: Bool) async -> Wake {
    if isCut { return .closing }
    if isReady(for: interest) { return .ready }
    self.interest = interest
    self.isIdle = isIdle
    deadline = tick
    loop.schedule(self)
    let wake = unsafe await withUnsafeContinuation { unsafe waiter = $0 }
    self.isIdle = false
    return wake
  }

  /// Runs `work` and cancels it if the client disconnects meanwhile. A client that had closed its side before may still wait for the
  /// answer.
  func whileWaitedFor(_ work: () async -> Void) async {
    isWaitedFor = !isHungUp
    await work()
    isWaitedFor = false
  }

  /// Records the readiness that epoll reports.
  func isReady(_ events: UInt32) {
    let broken = EPOLLHUP.rawValue | EPOLLERR.rawValue
    if events & (EPOLLRDHUP.rawValue | broken) != 0 {
      isHungUp = true
      if isWaitedFor { task?.cancel() }
    }
    if events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | broken) != 0 { isReadable = true }
    if events & (EPOLLOUT.rawValue | broken) != 0 { isWritable = true }
    if isReady(for: interest) { resume(.ready) }
  }

  func timeOut() { resume(.timedOut) }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Ends the wait; the connection is about to be closed.
  func close(cutting: Bool) {
    if cutting {
      isCut = true
      shutdown(descriptor, Int32(SHUT_RDWR))
      task?.cancel()
    }
    if cutting || isIdle { resume(.closing) }
  }

  private func isReady(for interest: Interest) -> Bool { interest == .reading ? isReadable : isWritable }

  private func resume(_ wake: Wake) {
    guard let continuation = unsafe waiter else { return }
    unsafe waiter = nil
    deadline = .max
    unsafe continuation.resume(returning: wake)
  }
}

// MARK: Transfers

extension Socket {
  /// Reads up to `room` bytes, appended to `buffer`.
  func receive(into buffer: ByteBuffer, room: Int) -> Transfer {
    var result = 0
    unsafe buffer.appendUninitialized(room) { space in
      unsafe result = recv(descriptor, space.baseAddress, space.count, 0)
      return result
    }
    if result > 0 {
      // A short read means that the socket is empty. After a hang-up no edge follows, so the end must be read for.
      if result < room, !isHungUp { isReadable = false }
      return .bytes(result)
    }
    return result == 0 ? .ended : failed(.reading)
  }

  /// Sends what the kernel accepts of two buffers in a row, from `offset` on.
  func send(_ first: ByteBuffer, _ second: ByteBuffer?, from offset: Int) -> Transfer {
    guard let second, second.count > 0 else { return unsafe send(first.bytes.unsafeBytes, from: offset) }
    guard offset < first.count else { return unsafe send(second.bytes.unsafeBytes, from: offset - first.count) }
    return unsafe send(first.bytes.unsafeBytes, second.bytes.unsafeBytes, from: offset)
  }

  private func send(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> Transfer {
    guard let start = bytes.baseAddress else { return .bytes(0) }
    let wanted = bytes.count - offset
    return sent(unsafe Glibc.send(descriptor, start + offset, wanted, Int32(MSG_NOSIGNAL)), of: wanted)
  }

  private func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, from offset: Int) -> Transfer {
    let wanted = first.count - offset + second.count
    return unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
      unsafe parts[0] = iovec(
        iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress)?.advanced(by: offset), iov_len: first.count - offset)
      unsafe parts[1] = iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
      var message = unsafe msghdr()
      unsafe message.msg_iov = parts.baseAddress
      unsafe message.msg_iovlen = 2
      return sent(unsafe sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL)), of: wanted)
    }
  }

  private func sent(_ result: Int, of wanted: Int) -> Transfer {
    guard result >= 0 else { return failed(.writing) }
    if result < wanted { isWritable = false }
    return .bytes(result)
  }

  private func failed(_ interest: Interest) -> Transfer {
    switch errno {
    case EAGAIN:
      if interest == .reading { isReadable = false } else { isWritable = false }
      return .wouldBlock
    case EINTR: return .wouldBlock
    default: return .ended
    }
  }
}
