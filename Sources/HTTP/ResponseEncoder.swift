package import Formats

/// Encodes answers (RFC 9112 §4, §6): a filled `Response` in, bytes out. Owns no socket and no clock.
package struct ResponseEncoder {
  /// How the client finds the end of the body.
  package enum BodyFraming: Sendable {
    /// `Content-Length`, in bytes.
    case length(Int)
    /// `Transfer-Encoding: chunked`.
    case chunked
    /// The end of the connection, for HTTP/1.0.
    case untilClose
  }

  /// The value of `Server`; empty for none.
  private let serverName: String

  /// - Parameter serverName: the value of `Server`; empty for none.
  package init(serverName: String) { self.serverName = serverName }

  /// Writes a head.
  ///
  /// - Parameters:
  ///   - response: status and fields.
  ///   - request: the request answered; its id becomes `X-Request-Id`.
  ///   - framing: ignored for a status without a body.
  ///   - isCoded: whether the body that follows is gzipped.
  ///   - isVaried: whether another client could have received the other form (`Vary: Accept-Encoding`).
  ///   - keepAlive: whether the connection stays open.
  ///   - date: the value of `Date`.
  ///   - buffer: appended to.
  package func writeHead(
    _ response: Response, to request: Request, framing: BodyFraming, isCoded: Bool, isVaried: Bool, keepAlive: Bool, date: ByteBuffer,
    into buffer: ByteBuffer
  ) {
    buffer.append(statusLine(response.status))
    writeGeneral(request, keepAlive: keepAlive, date: date, into: buffer)
    if response.allowsBody { writeBodyFields(response, framing, isCoded: isCoded, into: buffer) }
    if isVaried, !response.hasVary { buffer.append("Vary: Accept-Encoding\r\n") }
    if let etag = response.etag { writeTag(etag, isCoded: isCoded || isCodedTagKnown(etag, response, request), into: buffer) }
    buffer.append(response.fields)
    buffer.append("\r\n")
  }

  /// Writes the size line of a chunk.
  package func writeChunkSize(_ size: Int, into buffer: ByteBuffer) {
    let digits = max(1, (Int.bitWidth &- size.leadingZeroBitCount &+ 3) / 4)
    for place in stride(from: digits &- 1, through: 0, by: -1) {
      let digit = UInt8(truncatingIfNeeded: size >> (place &* 4) & 15)
      buffer.append(digit < 10 ? digit &+ 0x30 : digit &+ 0x57)
    }
    buffer.append("\r\n")
  }

  private func writeGeneral(_ request: Request, keepAlive: Bool, date: ByteBuffer, into buffer: ByteBuffer) {
    if !serverName.isEmpty {
      buffer.append("Server: ")
      buffer.append(serverName)
      buffer.append("\r\n")
    }
    buffer.append("Date: ")
    buffer.append(date)
    buffer.append("\r\nX-Request-Id: ")
    buffer.append(request.id)
    buffer.append("\r\n")
    if !keepAlive {
      buffer.append("Connection: close\r\n")
    } else if request.minorVersion == 0 {
      buffer.append("Connection: keep-alive\r\n")
    }
  }

  private func writeBodyFields(_ response: Response, _ framing: BodyFraming, isCoded: Bool, into buffer: ByteBuffer) {
    if response.contentType.utf8CodeUnitCount > 0 {
      buffer.append("Content-Type: ")
      buffer.append(response.contentType)
      buffer.append("\r\n")
    }
    if isCoded { buffer.append("Content-Encoding: gzip\r\n") }
    switch framing {
    case .length(let bytes):
      buffer.append("Content-Length: ")
      buffer.append(integer: Int64(bytes))
      buffer.append("\r\n")
    case .chunked: buffer.append("Transfer-Encoding: chunked\r\n")
    case .untilClose: break
    }
  }

  private func writeTag(_ etag: String, isCoded: Bool, into buffer: ByteBuffer) {
    buffer.append("ETag: \"")
    buffer.append(etag)
    buffer.append(isCoded ? "-gzip\"\r\n" : "\"\r\n")
  }

  /// A 304 carries the tag of the 200 it stands for; a client that holds the coded form has named that tag.
  private func isCodedTagKnown(_ etag: String, _ response: Response, _ request: Request) -> Bool {
    response.status == 304 && request.holdsCodedForm(of: etag)
  }
}
