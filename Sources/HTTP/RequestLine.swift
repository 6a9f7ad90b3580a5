/// A parsed request line (RFC 9112 §3); ranges are offsets into the head.
struct RequestLine {
  var method: Method
  var target: Range<Int>
  var minorVersion: UInt8
}

extension RequestLine {
  /// Parses `method SP target SP version`, with single spaces.
  ///
  /// - Throws: 400 for anything else; 414 for a target above `maxTargetBytes`; 505 for another version; 501 for an unknown method.
  init(_ line: Span<UInt8>, offset: Int, maxTargetBytes: Int) throws(Problem) {
    var methodEnd = 0
    while methodEnd < line.count, line[methodEnd].isToken { methodEnd &+= 1 }
    guard methodEnd > 0, methodEnd < line.count, line[methodEnd] == 0x20 else { throw Self.malformed }
    let targetStart = methodEnd &+ 1
    var targetEnd = targetStart
    while targetEnd < line.count, line[targetEnd] &- 0x21 < 0x5E { targetEnd &+= 1 }
    guard targetEnd &- targetStart <= maxTargetBytes else { throw .targetTooLong(maxBytes: maxTargetBytes) }
    guard targetEnd > targetStart, targetEnd < line.count, line[targetEnd] == 0x20 else { throw Self.malformed }
    minorVersion = try Self.version(line.extracting(targetEnd &+ 1..<line.count))
    method = Method(token: line.extracting(0..<methodEnd))
    target = targetStart &+ offset..<targetEnd &+ offset
  }

  /// The minor version of `HTTP/1.x`.
  private static func version(_ text: Span<UInt8>) throws(Problem) -> UInt8 {
    if text.equals("HTTP/1.1") { return 1 }
    if text.equals("HTTP/1.0") { return 0 }
    let isVersion =
      text.count == 8 && text.extracting(0..<5).equals("HTTP/") && text[5].isDigit && text[6] == UInt8(ascii: ".") && text[7].isDigit
    throw isVersion ? .versionNotSupported : malformed
  }

  static var malformed: Problem {
    .badRequest(.badRequestLine, "The request line must be a method, a target and a version, with single spaces.")
  }
}
