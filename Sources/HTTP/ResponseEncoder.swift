package import Formats

/// Writes answers (RFC 9112 §4, §6): a filled `Response` in, bytes out. It owns no socket and no clock.
package struct ResponseEncoder {
  /// How the body's end is told.
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

  package init(serverName: String) { self.serverName = serverName }

  /// Writes a head.
  ///
  /// - Parameters:
  ///   - response: status and fields.
  ///   - request: what is answered; its id is told as `X-Request-Id`.
  ///   - framing: ignored for a status that has no body.
  ///   - isCoded: whether the body that follows is gzip.
  ///   - isVaried: whether it could have been the other way for another client.
  ///   - keepAlive: whether the connection stays.
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

  /// A 304 names the tag that the 200 would have had; a client that holds the coded form has said so.
  private func isCodedTagKnown(_ etag: String, _ response: Response, _ request: Request) -> Bool {
    response.status == 304 && request.holdsCodedForm(of: etag)
  }
}
