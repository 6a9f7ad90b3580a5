internal import CEpoll
internal import Glibc

/// The peer's address.
struct PeerAddress {
  private var storage = sockaddr_storage()

  mutating func withPointer(_ body: (UnsafeMutablePointer<sockaddr_storage>, UnsafeMutablePointer<socklen_t>) -> Int32) -> Int32 {
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { unsafe body($0, &length) }
  }

  /// The address without the port.
  var text: String {
    let family = Int32(storage.ss_family)
    return unsafe withUnsafeBytes(of: storage) { bytes in
      switch family {
      case AF_INET: unsafe printed(AF_INET, bytes.baseAddress?.advanced(by: 4))
      case AF_INET6: unsafe printed(AF_INET6, bytes.baseAddress?.advanced(by: 8))
      default: ""
      }
    }
  }

  private func printed(_ family: Int32, _ address: UnsafeRawPointer?) -> String {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
      guard let start = text.baseAddress, unsafe inet_ntop(family, address, start, socklen_t(INET6_ADDRSTRLEN)) != nil else { return "" }
      return unsafe String(cString: start)
    }
  }
}

/// A bound, listening socket; closed unless it is taken.
struct BoundSocket: ~Copyable {
  private var descriptor: Int32

  /// Binds and listens.
  ///
  /// - Parameters:
  ///   - address: IPv4, IPv6 or `localhost`.
  ///   - sharesPort: whether further sockets of this process will bind to the same port (SO_REUSEPORT), so that the kernel spreads
  ///     connections.
  /// - Throws: `SocketError`.
  init(address: String, port: Int, backlog: Int, sharesPort: Bool) throws {
    let isSix = address.utf8.contains(UInt8(ascii: ":"))
    descriptor = socket(isSix ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw SocketError("socket") }
    set(SO_REUSEADDR)
    if sharesPort { set(SO_REUSEPORT) }
    let result = isSix ? bindSix(address, port) : bindFour(address == "localhost" ? "127.0.0.1" : address, port)
    guard result == 0 else { throw SocketError("bind \(address):\(port)") }
    guard listen(descriptor, Int32(clamping: backlog)) == 0 else { throw SocketError("listen") }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// The descriptor, owned by the caller from now on.
  consuming func take() -> Int32 {
    let taken = descriptor
    descriptor = -1
    return taken
  }

  /// The bound port.
  var port: Int {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { return 0 }
    // In both families the port follows the family, in network order.
    return unsafe withUnsafeBytes(of: &address) { unsafe Int($0[2]) << 8 | Int($0[3]) }
  }

  private func set(_ option: Int32) {
    var on: Int32 = 1
    unsafe _ = setsockopt(descriptor, SOL_SOCKET, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private func bindFour(_ address: String, _ port: Int) -> Int32 {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    guard unsafe inet_pton(AF_INET, address, &name.sin_addr) == 1 else { return unknown }
    return unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private func bindSix(_ address: String, _ port: Int) -> Int32 {
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_port = in_port_t(truncatingIfNeeded: port).bigEndian
    guard unsafe inet_pton(AF_INET6, address, &name.sin6_addr) == 1 else { return unknown }
    return unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
      }
    }
  }

  private var unknown: Int32 {
    errno = EADDRNOTAVAIL
    return -1
  }
}
