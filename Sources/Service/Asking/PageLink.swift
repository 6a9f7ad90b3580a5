internal import Formats
internal import HTTP

extension Response {
  /// Adds `Link: <…>; rel="next"` (RFC 8288): the same query with the next page's cursor.
  ///
  /// - Parameter cursor: `nil` on the last page.
  /// - Returns: the field's value.
  @discardableResult
  func link(to cursor: String?, of request: Request) -> String? {
    guard let cursor else { return nil }
    let link = ByteBuffer(capacity: 256)
    link.append(0x3C)
    link.append(uri: request.path)
    link.append(0x3F)
    for pair in request.query.split(separator: UInt8(ascii: "&")) where !pair.starts(with: "cursor=") && !pair.starts(with: "offset=") {
      link.append(uri: pair)
      link.append(UInt8(ascii: "&"))
    }
    link.append("cursor=" as StaticString)
    link.append(cursor)
    link.append(">; rel=\"next\"" as StaticString)
    link.withView { header("Link", $0) }
    return link.string
  }
}

extension ByteBuffer {
  /// Appends a part of the request's target, percent-encoding what a URI cannot hold (RFC 3986 §2): curl sends `>` as it is, and it would
  /// end the link.
  fileprivate func append(uri part: ByteView) {
    for byte in part {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        append(byte)
      case _ where "-._~:/?@!$&'()*+,;=%".utf8.contains(byte): append(byte)
      default: append("%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))")
      }
    }
  }
}
