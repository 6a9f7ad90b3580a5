package import Formats

/// Decodes a chunked body (RFC 9112 §7.1): coded bytes in, body bytes out. Owns no socket.
package struct ChunkDecoder {
  private enum Phase {
    case size, data, dataEnd, trailers, done
  }

  /// The longest chunk-size line with its extensions, in bytes. Extensions are ignored; long ones are an attack.
  static let maxSizeLineBytes = 256

  private let limits: RequestLimits
  private var phase = Phase.size
  private var remaining = 0
  private var scanned = 0
  private var trailerBytes = 0
  private var trailerCount = 0

  /// A decoder at the start of a body; `limits` bounds the trailers.
  package init(limits: RequestLimits) { self.limits = limits }

  /// Whether the last chunk and the trailers have been read.
  package var isDone: Bool { phase == .done }

  /// Decodes the next bytes.
  ///
  /// - Parameters:
  ///   - bytes: unread input.
  ///   - body: receives the decoded bytes.
  ///   - maxBytes: the most bytes to append.
  ///   - request: receives the trailers.
  /// - Returns: the number of `bytes` consumed. It is less than all of them when `maxBytes` were appended, the body is done, or a line has
  ///   not fully arrived.
  /// - Throws: 400 for malformed sizes and line ends, 431 for too many trailers. The connection must be closed after it.
  package mutating func decode(
    _ bytes: Span<UInt8>, into body: ByteBuffer, maxBytes: Int, request: Request
  ) throws(Problem) -> Int {
    var consumed = 0
    var room = maxBytes
    while phase != .done {
      if phase == .data {
        let count = min(remaining, room, bytes.count &- consumed)
        guard count > 0 else { return consumed }
        body.append(bytes.extracting(consumed..<consumed &+ count))
        consumed &+= count
        room &-= count
        remaining &-= count
        if remaining == 0 { phase = .dataEnd }
      } else {
        guard let length = try readLine(bytes.extracting(consumed..<bytes.count), request) else { return consumed }
        consumed &+= length
      }
    }
    return consumed
  }

  /// Reads one line, whose meaning depends on the phase; returns its length with CRLF, or `nil` if it has not fully arrived.
  private mutating func readLine(_ bytes: Span<UInt8>, _ request: Request) throws(Problem) -> Int? {
    guard let end = try lineEnd(in: bytes, from: 0, scanned: &scanned) else {
      try checkUnfinished(bytes)
      return nil
    }
    scanned = 0
    let line = bytes.extracting(0..<end)
    switch phase {
    case .size: try readSize(line)
    case .dataEnd:
      guard end == 0 else { throw Self.badChunk }
      phase = .size
    case .trailers: try readTrailer(line, request)
    case .data, .done: break
    }
    return end &+ 2
  }

  private func checkUnfinished(_ bytes: Span<UInt8>) throws(Problem) {
    switch phase {
    case .size: guard bytes.count <= Self.maxSizeLineBytes else { throw Self.badChunk }
    case .dataEnd: guard bytes.count < 2, bytes.isEmpty || bytes[0] == 0x0D else { throw Self.badChunk }
    default: guard trailerBytes &+ bytes.count <= limits.maxHeaderBytes else { throw trailersTooLarge }
    }
  }

  private mutating func readSize(_ line: Span<UInt8>) throws(Problem) {
    guard line.count <= Self.maxSizeLineBytes else { throw Self.badChunk }
    var size = 0
    var digits = 0
    // 15 hexadecimal digits always fit into an Int.
    while digits < line.count, digits < 15, let value = line[digits].hexValue {
      size = size << 4 | Int(value)
      digits &+= 1
    }
    guard digits > 0, Self.isExtension(line.extracting(digits..<line.count)) else { throw Self.badChunk }
    remaining = size
    phase = size == 0 ? .trailers : .data
  }

  /// Whether `text` is empty or holds chunk extensions (RFC 9112 §7.1.1).
  private static func isExtension(_ text: Span<UInt8>) -> Bool {
    guard !text.isEmpty else { return true }
    guard text[0] == UInt8(ascii: ";") else { return false }
    var index = 0
    while index < text.count {
      guard text[index].isFieldContent else { return false }
      index &+= 1
    }
    return true
  }

  private mutating func readTrailer(_ line: Span<UInt8>, _ request: Request) throws(Problem) {
    guard !line.isEmpty else {
      phase = .done
      return
    }
    trailerBytes &+= line.count &+ 2
    trailerCount += 1
    guard trailerBytes <= limits.maxHeaderBytes, trailerCount <= limits.maxHeaders else { throw trailersTooLarge }
    request.addTrailer(line, try parseFieldLine(line, offset: 0))
  }

  private static var badChunk: Problem { .badRequest(.badChunk, "The chunks of the body are malformed.") }

  private var trailersTooLarge: Problem { .headerTooLarge("The trailers are too large.") }
}
