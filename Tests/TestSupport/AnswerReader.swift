/// Reads answers (RFC 9112) from the bytes of a connection, the plain way: independent of our own decoder.
package struct AnswerReader {
  /// What has arrived and has not been taken as part of an answer.
  package var received: [UInt8]

  package init(_ received: [UInt8] = []) { self.received = received }

  /// Reads one answer, and leaves what follows it for the next call.
  ///
  /// - Parameters:
  ///   - hasBody: `false` for the answer to HEAD.
  ///   - more: the next bytes of the connection; `nil` at its end.
  package mutating func read(
    hasBody: Bool = true, more: () throws -> ArraySlice<UInt8>? = { nil }
  ) throws -> RawClient.Answer {
    var answer = try readHead(more)
    guard hasBody, answer.status >= 200, answer.status != 204, answer.status != 304 else { return answer }
    if answer.header("transfer-encoding") == "chunked" {
      answer.body = try readChunks(more)
    } else if let length = answer.header("content-length").flatMap({ Int($0) }) {
      answer.body = try take(length, more)
    } else {
      while try receive(more) {}
      answer.body = received
      received = []
    }
    return answer
  }

  private var text: String { String(decoding: received, as: UTF8.self) }

  private mutating func receive(_ more: () throws -> ArraySlice<UInt8>?) throws -> Bool {
    guard let piece = try more() else { return false }
    received += piece
    return true
  }

  private mutating func readHead(_ more: () throws -> ArraySlice<UInt8>?) throws -> RawClient.Answer {
    var answer = RawClient.Answer()
    let parts = try takeLine(more).split(separator: " ", maxSplits: 2)
    guard parts.count >= 2, parts[0] == "HTTP/1.1", let status = Int(parts[1]) else { throw RawClient.Failure.malformed(text) }
    answer.status = status
    while true {
      let line = try takeLine(more)
      if line.isEmpty { return answer }
      guard let colon = line.firstIndex(of: ":") else { throw RawClient.Failure.malformed(line) }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      answer.headers.append((line[..<colon].lowercased(), String(value)))
    }
  }

  private mutating func readChunks(_ more: () throws -> ArraySlice<UInt8>?) throws -> [UInt8] {
    var body: [UInt8] = []
    while true {
      guard let size = Int(try takeLine(more), radix: 16) else { throw RawClient.Failure.malformed(text) }
      body += try take(size, more)
      guard try takeLine(more).isEmpty else { throw RawClient.Failure.malformed(text) }
      if size == 0 { return body }
    }
  }

  /// The next line, without CRLF.
  private mutating func takeLine(_ more: () throws -> ArraySlice<UInt8>?) throws -> String {
    var searched = 0
    while true {
      if let feed = received[searched...].firstIndex(of: 0x0A) {
        guard feed > 0, received[feed - 1] == 0x0D else { throw RawClient.Failure.malformed(text) }
        let line = String(decoding: received[..<(feed - 1)], as: UTF8.self)
        received.removeFirst(feed + 1)
        return line
      }
      searched = received.count
      guard try receive(more) else { throw RawClient.Failure.closedEarly(text) }
    }
  }

  private mutating func take(_ count: Int, _ more: () throws -> ArraySlice<UInt8>?) throws -> [UInt8] {
    while received.count < count {
      guard try receive(more) else { throw RawClient.Failure.closedEarly(text) }
    }
    defer { received.removeFirst(count) }
    return Array(received[..<count])
  }
}
