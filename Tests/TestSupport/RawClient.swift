internal import Glibc

/// A blocking client on a raw socket: it sends what no proper client would, and sees each byte of the answer.
package final class RawClient {
  private let descriptor: Int32
  private var answers = AnswerReader()
  private let deadlineSeconds: Double

  /// Something that a test did not expect from the connection.
  package enum Failure: Error {
    case cannotConnect(errno: Int32)
    /// The other side closed before the answer was complete; with what it had sent.
    case closedEarly(String)
    case tooLate(String)
    case malformed(String)
  }

  /// Connects to a port on this machine.
  ///
  /// - Parameters:
  ///   - deadlineSeconds: how long each wait may take.
  ///   - receiveBufferBytes: the kernel's buffer, for a slow reader; `nil` leaves it alone.
  package init(port: Int, deadlineSeconds: Double = 10, receiveBufferBytes: Int32? = nil) throws {
    self.deadlineSeconds = deadlineSeconds
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    if var bytes = receiveBufferBytes { unsafe _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, 4) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = in_port_t(truncatingIfNeeded: port).bigEndian
    name.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let result = unsafe withUnsafePointer(to: &name) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure.cannotConnect(errno: errno) }
  }

  deinit { _ = close(descriptor) }

  /// Sends all bytes; a connection that the other side has closed is no error.
  package func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { raw in
        guard let start = raw.baseAddress else { return 0 }
        return unsafe Glibc.send(descriptor, start + sent, raw.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard result > 0 else { return }
      sent += result
    }
  }

  /// Sends zeros until the kernel takes no more for a while.
  ///
  /// - Returns: how many it took, at most `limit`.
  package func sendWithoutWaiting(zeros limit: Int) -> Int {
    let piece = [UInt8](repeating: 0, count: 65_536)
    var sent = 0
    while sent < limit {
      var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard unsafe Glibc.poll(&poll, 1, 300) == 1 else { return sent }
      let result = unsafe piece.withUnsafeBytes { raw in
        unsafe Glibc.send(descriptor, raw.baseAddress, min(raw.count, limit - sent), Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
      }
      sent += max(0, result)
    }
    return sent
  }

  /// Sends text as UTF-8.
  package func send(_ text: String) { send(Array(text.utf8)) }

  /// Ends our side; the other side may still answer.
  package func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Reads what is there or comes within the deadline.
  ///
  /// - Returns: `false` at the end of the connection, or when it was reset.
  package func receive(atMost limit: Int = 65_536) throws -> Bool {
    guard let piece = try nextPiece(atMost: limit) else { return false }
    answers.received += piece
    return true
  }

  private func nextPiece(atMost limit: Int = 65_536) throws -> ArraySlice<UInt8>? {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard unsafe Glibc.poll(&poll, 1, Int32(deadlineSeconds * 1_000)) == 1 else { throw Failure.tooLate("") }
    var piece = [UInt8](repeating: 0, count: limit)
    let count = unsafe piece.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
    return count > 0 ? piece[..<count] : nil
  }

  /// Whether nothing has come yet.
  package var isSilent: Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe answers.received.isEmpty && Glibc.poll(&poll, 1, 0) == 0
  }

  /// What has been received and not been taken as part of an answer.
  package var text: String { String(decoding: answers.received, as: UTF8.self) }

  /// Reads to the end of the connection.
  package func readToEnd() throws -> String {
    while try receive() {}
    return text
  }
}

// MARK: Answers

extension RawClient {
  /// One answer.
  package struct Answer {
    package var status = 0
    /// Names in lower case.
    package var headers: [(name: String, value: String)] = []
    /// Without chunk coding; content codings are left.
    package var body: [UInt8] = []

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The first field of that name, which is in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
  }

  /// Sends a request and reads its answer.
  package func request(_ text: String, hasBody: Bool = true) throws -> Answer {
    send(text)
    return try readAnswer(hasBody: hasBody)
  }

  /// Reads one answer, and leaves what follows it for the next call.
  ///
  /// - Parameter hasBody: `false` for the answer to HEAD.
  package func readAnswer(hasBody: Bool = true) throws -> Answer {
    try answers.read(hasBody: hasBody) { try nextPiece() }
  }
}
