internal import CEpoll
internal import Glibc

/// A loop's listening socket: accepts, and does not spin when descriptors run out.
struct Listener {
  private let descriptor: Int32
  private var isOpen = false
  /// A spare descriptor: when descriptors run out, it accepts and closes a connection that would otherwise be reported again and again.
  private var reserve: Int32
  /// The tick of the next attempt after the kernel ran out of memory or descriptors.
  private(set) var retryTick = Int.max

  /// The most connections accepted per turn, so that existing ones have their turn too.
  private static let maxPerTurn = 128
  private static let retryTicks = 5

  init(descriptor: Int32) {
    self.descriptor = descriptor
    reserve = Self.openReserve()
  }

  mutating func open(on loop: Loop) {
    retryTick = .max
    isOpen = loop.addListener(descriptor)
  }

  mutating func close(on loop: Loop) {
    retryTick = .max
    if isOpen { loop.removeListener(descriptor) }
    isOpen = false
    _ = Glibc.close(descriptor)
    if reserve >= 0 { _ = Glibc.close(reserve) }
  }

  func wantsRetry(at now: Int) -> Bool { now >= retryTick }

  /// Accepts waiting connections and passes each on, with the peer's address as text.
  mutating func accept(on loop: Loop, _ admit: (Int32, String) -> Void) {
    guard isOpen else { return }
    for _ in 0..<Self.maxPerTurn {
      var address = PeerAddress()
      let accepted = unsafe address.withPointer { unsafe chancery_accept(descriptor, $0, $1) }
      if accepted >= 0 {
        setNoDelay(accepted)
        admit(accepted, address.text)
      } else if errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM {
        return runOut(on: loop)
      } else if errno != ECONNABORTED, errno != EINTR {
        return
      }
    }
  }

  /// Accepts one connection with the spare descriptor, closes it, and pauses.
  private mutating func runOut(on loop: Loop) {
    if reserve >= 0 {
      _ = Glibc.close(reserve)
      let refused = chancery_accept(descriptor, nil, nil)
      if refused >= 0 { _ = Glibc.close(refused) }
    }
    reserve = Self.openReserve()
    loop.removeListener(descriptor)
    isOpen = false
    retryTick = loop.now + Self.retryTicks
  }

  private static func openReserve() -> Int32 { unsafe Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) }

  private func setNoDelay(_ descriptor: Int32) {
    var on: Int32 = 1
    unsafe _ = setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }
}
