/// What a head's fields say about the message and the connection: body length, host, keep-alive (RFC 9112 §3.2, §6, §9.3).
///
/// Refuses everything that two readers could understand differently.
struct Framing {
  private var hosts = 0
  private var contentLengths = 0
  private var codings = 0
  private var closes = false
  private var keepsAlive = false
  private(set) var contentLength: Int?
  private(set) var expectsContinue = false

  /// Reads one field.
  mutating func read(name: Span<UInt8>, value: Span<UInt8>) throws(Problem) {
    // Compare lengths first: most fields are none of these.
    switch name.count {
    case 4 where name.equalsIgnoringCase("host"): try readHost(value)
    case 6 where name.equalsIgnoringCase("expect"): try readExpectation(value)
    case 10 where name.equalsIgnoringCase("connection"): readConnection(value)
    case 14 where name.equalsIgnoringCase("content-length"): try readContentLength(value)
    case 17 where name.equalsIgnoringCase("transfer-encoding"): try readTransferEncoding(value)
    default: break
    }
  }

  /// Checks what only the complete head shows, and fills in the request.
  func finish(_ request: Request) throws(Problem) {
    let isOld = request.minorVersion == 0
    guard hosts == 1 || (isOld && hosts == 0) else { throw .badRequest(.badHost, "There must be exactly one Host field.") }
    guard codings == 0 || contentLengths == 0 else {
      throw .badRequest(.badFraming, "Content-Length and Transfer-Encoding exclude each other.")
    }
    guard codings == 0 || !isOld else { throw .badRequest(.badFraming, "HTTP/1.0 does not support Transfer-Encoding.") }
    request.contentLength = contentLength
    request.isChunked = codings > 0
    request.expectsContinue = expectsContinue && !isOld && request.hasBody
    request.keepAlive = isOld ? keepsAlive && !closes : !closes
  }

  private mutating func readHost(_ value: Span<UInt8>) throws(Problem) {
    hosts += 1
    var index = 0
    while index < value.count {
      let byte = value[index]
      guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "/"), byte != UInt8(ascii: "@"), byte != UInt8(ascii: ",") else {
        throw Self.badHost
      }
      index &+= 1
    }
    guard !value.isEmpty else { throw Self.badHost }
  }

  private static var badHost: Problem { .badRequest(.badHost, "Host must be a name or an address, with at most a port.") }

  /// Repeated lengths are refused even when they are equal: some readers use the first, some the last, some the list.
  private mutating func readContentLength(_ value: Span<UInt8>) throws(Problem) {
    contentLengths += 1
    // 18 decimal digits always fit into an Int.
    guard contentLengths == 1, !value.isEmpty, value.count <= 18 else { throw Self.badLength }
    var length = 0
    var index = 0
    while index < value.count {
      guard value[index].isDigit else { throw Self.badLength }
      length = length &* 10 &+ Int(value[index] &- 0x30)
      index &+= 1
    }
    contentLength = length
  }

  private static var badLength: Problem { .badRequest(.badContentLength, "Content-Length must be a decimal number, given once.") }

  private mutating func readTransferEncoding(_ value: Span<UInt8>) throws(Problem) {
    codings += 1
    guard codings == 1, !value.isEmpty else { throw .badRequest(.badTransferEncoding, "Transfer-Encoding must be given once.") }
    guard !value.equalsIgnoringCase("chunked") else { return }
    var last = 0..<0
    value.forEachListMember { last = $0 }
    guard value.extracting(last).equalsIgnoringCase("chunked") else {
      throw .badRequest(.badTransferEncoding, "The last transfer coding must be chunked.")
    }
    throw .notImplemented(.transferCodingNotImplemented, "The only supported transfer coding is chunked.")
  }

  private mutating func readConnection(_ value: Span<UInt8>) {
    var closes = self.closes
    var keepsAlive = self.keepsAlive
    value.forEachListMember { member in
      closes = closes || value.extracting(member).equalsIgnoringCase("close")
      keepsAlive = keepsAlive || value.extracting(member).equalsIgnoringCase("keep-alive")
    }
    self.closes = closes
    self.keepsAlive = keepsAlive
  }

  private mutating func readExpectation(_ value: Span<UInt8>) throws(Problem) {
    guard value.equalsIgnoringCase("100-continue") else { throw .expectationFailed }
    expectsContinue = true
  }
}
