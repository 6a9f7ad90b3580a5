internal import CEpoll
internal import Glibc

/// An epoll set with an eventfd to wake it.
///
/// Descriptors are registered once, edge-triggered: no system call per request to change interest.
@safe
final class Poller {
  private let descriptor: Int32
  private let wakeDescriptor: Int32
  private let events: UnsafeMutablePointer<epoll_event>
  /// The most events per call.
  private static let maxEvents = 512

  /// - Throws: `SocketError` when descriptors have run out.
  init() throws {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    unsafe events = .allocate(capacity: Self.maxEvents)
    guard add(wakeDescriptor, for: EPOLLIN.rawValue) else { throw SocketError("epoll_ctl") }
  }

  deinit {
    close(descriptor)
    close(wakeDescriptor)
    unsafe events.deallocate()
  }

  /// Watches a connection for reading, writing and hang-up, edge-triggered.
  func addConnection(_ watched: Int32) -> Bool {
    add(watched, for: EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue)
  }

  /// Watches a listening socket, level-triggered: connections that one turn leaves are reported again in the next.
  func addListener(_ watched: Int32) -> Bool { add(watched, for: EPOLLIN.rawValue) }

  func remove(_ watched: Int32) { _ = epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, nil) }

  private func add(_ watched: Int32, for events: UInt32) -> Bool {
    var event = unsafe epoll_event(events: events, data: epoll_data_t(fd: watched))
    return unsafe epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) == 0
  }

  /// Makes `wait` return. Any thread.
  func wake() {
    var one: UInt64 = 1
    unsafe _ = write(wakeDescriptor, &one, 8)
  }

  /// Waits for events and passes each to `body`: the descriptor and the epoll flags.
  ///
  /// - Parameter milliseconds: -1 waits indefinitely.
  /// - Returns: whether `wake` was called.
  func wait(_ milliseconds: Int32, _ body: (Int32, UInt32) -> Void) -> Bool {
    let count = unsafe epoll_wait(descriptor, events, Int32(Self.maxEvents), milliseconds)
    var isWoken = false
    for index in 0..<max(0, Int(count)) {
      let event = unsafe events[index]
      if unsafe event.data.fd == wakeDescriptor {
        isWoken = true
      } else {
        unsafe body(event.data.fd, event.events)
      }
    }
    if isWoken { swallowWake() }
    return isWoken
  }

  private func swallowWake() {
    var count: UInt64 = 0
    unsafe _ = read(wakeDescriptor, &count, 8)
  }
}

/// A failed system call with its errno.
package struct SocketError: Error, CustomStringConvertible {
  /// The call's name, such as `bind`.
  package let call: String
  /// Its errno.
  package let code: Int32

  init(_ call: String) {
    self.call = call
    code = errno
  }

  /// `bind: Address already in use`.
  package var description: String { unsafe "\(call): \(String(cString: strerror(code)))" }
}
