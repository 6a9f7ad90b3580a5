internal import Formats

/// Decodes request heads (RFC 9112 §2-§6): bytes in, a filled `Request` or a `Problem` out. Owns no socket and no clock.
///
/// Reads line by line as bytes arrive: a fault is reported at once, and a head that arrives byte by byte costs no more than a whole one.
package struct RequestDecoder {
  private let limits: RequestLimits
  private var phase = Phase.requestLine
  private var lineStart = 0
  private var scanned = 0
  private var skippedEmptyLine = false
  private var line = RequestLine(method: .get, target: 0..<0, minorVersion: 1)
  private var framing = Framing()

  private enum Phase {
    case requestLine, fields
  }

  /// A decoder at the start of a head; beyond `limits` heads are refused.
  package init(limits: RequestLimits) { self.limits = limits }

  /// Decodes the next bytes.
  ///
  /// - Parameters:
  ///   - bytes: everything received since the end of the last message, from its first byte, each time.
  ///   - request: filled when the head is complete; must be clear at the first call.
  /// - Returns: the length of the head in bytes, or `nil` if more are needed. After that the decoder is ready for the next head.
  /// - Throws: the problem to answer with. The connection must be closed after it, since framing is lost.
  package mutating func decode(_ bytes: Span<UInt8>, into request: Request) throws(Problem) -> Int? {
    do {
      return try decodeLines(bytes, into: request)
    } catch {
      // A refusal of HEAD has no body, whatever is wrong with the line (RFC 9110 §9.3.2).
      if phase == .requestLine, bytes.extracting(lineStart..<bytes.count).extracting(first: 5).equals("HEAD ") { request.method = .head }
      throw error
    }
  }

  private mutating func decodeLines(_ bytes: Span<UInt8>, into request: Request) throws(Problem) -> Int? {
    while let end = try nextLineEnd(in: bytes) {
      let next = end &+ 2
      guard next <= limits.maxHeaderBytes else { throw tooLarge }
      switch phase {
      case .requestLine:
        try readRequestLine(bytes, end)
        request.method = line.method
      case .fields:
        guard end > lineStart else {
          try complete(request, bytes.extracting(0..<next))
          self = RequestDecoder(limits: limits)
          return next
        }
        try readField(bytes, end, into: request)
      }
      lineStart = next
    }
    return nil
  }

  private mutating func nextLineEnd(in bytes: Span<UInt8>) throws(Problem) -> Int? {
    if let end = try lineEnd(in: bytes, from: lineStart, scanned: &scanned) { return end }
    // 24 bytes hold the longest known method, two spaces and the version.
    if phase == .requestLine, bytes.count &- lineStart > limits.maxTargetBytes &+ 24 {
      throw .targetTooLong(maxBytes: limits.maxTargetBytes)
    }
    if bytes.count >= limits.maxHeaderBytes { throw tooLarge }
    return nil
  }

  private mutating func readRequestLine(_ bytes: Span<UInt8>, _ end: Int) throws(Problem) {
    if end == lineStart, !skippedEmptyLine {
      // Some clients send a CRLF after a body; one is allowed (RFC 9112 §2.2).
      skippedEmptyLine = true
      return
    }
    line = try RequestLine(bytes.extracting(lineStart..<end), offset: lineStart, maxTargetBytes: limits.maxTargetBytes)
    phase = .fields
  }

  private mutating func readField(_ bytes: Span<UInt8>, _ end: Int, into request: Request) throws(Problem) {
    guard request.fields.count < limits.maxHeaders else { throw .headerTooLarge("At most \(limits.maxHeaders) fields are accepted.") }
    let field = try parseFieldLine(bytes.extracting(lineStart..<end), offset: lineStart)
    try framing.read(name: bytes.extracting(field.name), value: bytes.extracting(field.value))
    request.fields.append(field)
  }

  private func complete(_ request: Request, _ head: Span<UInt8>) throws(Problem) {
    request.minorVersion = line.minorVersion
    try framing.finish(request)
    let target = try RequestTarget(head, line.target, method: line.method)
    guard line.method != .other else { throw .notImplemented(.methodNotImplemented, "Unknown method.") }
    request.pathRange = target.path
    request.queryRange = target.query
    request.authorityRange = target.authority
    request.head.append(head)
  }

  private var tooLarge: Problem { .headerTooLarge("At most \(limits.maxHeaderBytes) bytes are accepted.") }
}
