import Glibc
internal import HTTPServer
import Store

/// A small blocking HTTP/1.1 client for the program's own commands: one request, one connection, loopback.
struct Client {
  struct Answer {
    let status: Int
    let body: String
  }

  private let configuration: Configuration

  init(_ configuration: Configuration) throws { self.configuration = configuration }

  func send(_ method: String, _ path: String, _ fields: [(String, String)] = [], body: [UInt8] = []) throws -> Answer {
    let socket = try connect()
    defer { close(socket) }
    try write(Array(head(method, path, fields, length: body.count).utf8), to: socket)
    try write(body, to: socket)
    return try readAnswer(from: socket)
  }

  /// Sends a file piece by piece, whatever its size; `sent` receives the fraction sent so far.
  func send(
    _ method: String, _ path: String, _ fields: [(String, String)], file: String, sent: (Double) -> Void
  ) throws -> Answer {
    let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw UsageError("cannot open \(file): \(unsafe String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw UsageError("\(file) is not a file") }
    let socket = try connect()
    defer { close(socket) }
    try write(Array(head(method, path, fields, length: Int(status.st_size)).utf8), to: socket)
    var piece = [UInt8](repeating: 0, count: 262_144)
    var done = 0
    while true {
      let count = unsafe read(descriptor, &piece, piece.count)
      guard count > 0 else { break }
      // An answer before the end of the file (413, 415 …) is read all the same.
      do { try write(Array(piece[..<count]), to: socket) } catch { break }
      done += count
      sent(Double(done) / Double(max(status.st_size, 1)))
    }
    return try readAnswer(from: socket)
  }

  private func head(_ method: String, _ path: String, _ fields: [(String, String)], length: Int) -> String {
    let lines = [("Host", configuration.authority), ("Content-Length", String(length)), ("Connection", "close")] + fields
    return "\(method) \(path) HTTP/1.1\r\n" + lines.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n"
  }

  private func connect() throws -> Int32 {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard unsafe getaddrinfo(configuration.server.address, String(configuration.server.port), &hints, &found) == 0, let first = unsafe found
    else {
      throw Unreachable(authority: configuration.authority, reason: "no such address")
    }
    defer { unsafe freeaddrinfo(found) }
    let made = unsafe socket(first.pointee.ai_family, first.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard unsafe Glibc.connect(made, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 else {
      let reason = unsafe String(cString: strerror(errno))
      close(made)
      throw Unreachable(authority: configuration.authority, reason: reason)
    }
    return made
  }

  private func write(_ bytes: [UInt8], to socket: Int32) throws {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(socket, $0.baseAddress.map { unsafe $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Unreachable(authority: configuration.authority, reason: "the connection was lost") }
      sent += count
    }
  }

  /// Reads to the end of the connection; the request asks the server to close it after the answer.
  private func readAnswer(from socket: Int32) throws -> Answer {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(socket, &piece, piece.count, 0)
      guard count > 0 else { break }
      bytes += piece[..<count]
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let status = Int(text.dropFirst(9).prefix(3)),
      let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) })
    else {
      throw Unreachable(authority: configuration.authority, reason: "no answer arrived")
    }
    return Answer(status: status, body: String(decoding: bytes[(end + 4)...], as: UTF8.self))
  }
}

/// No server answers at the configured address.
struct Unreachable: Error, CustomStringConvertible {
  let authority: String
  let reason: String
  var description: String { "no register answers at \(authority): \(reason). Is `chancery serve` running?" }
}
