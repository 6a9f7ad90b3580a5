import Formats
import HTTP
import Testing

/// A head that is refused, and how.
struct RefusedHead: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  let status: Int
  let code: String

  init(_ name: String, _ text: String, _ status: Int = 400, _ code: String) {
    self.name = name
    self.text = text
    self.status = status
    self.code = code
  }

  var testDescription: String { name }

  static let all = [
    RefusedHead("length and chunks", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), "bad_framing"),
    RefusedHead("chunks and length", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), "bad_framing"),
    RefusedHead("differing lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n"), "bad_content_length"),
    RefusedHead("a repeated length", post("Content-Length: 3\r\nContent-Length: 3\r\n"), "bad_content_length"),
    RefusedHead("a list of lengths", post("Content-Length: 3, 3\r\n"), "bad_content_length"),
    RefusedHead("a length with a sign", post("Content-Length: +3\r\n"), "bad_content_length"),
    RefusedHead("a negative length", post("Content-Length: -3\r\n"), "bad_content_length"),
    RefusedHead("a hexadecimal length", post("Content-Length: 0x3\r\n"), "bad_content_length"),
    RefusedHead("an empty length", post("Content-Length:\r\n"), "bad_content_length"),
    RefusedHead("a length that overflows", post("Content-Length: 99999999999999999999\r\n"), "bad_content_length"),
    RefusedHead("chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "bad_transfer_encoding"),
    RefusedHead("chunked not last", post("Transfer-Encoding: chunked, gzip\r\n"), "bad_transfer_encoding"),
    RefusedHead("a coding that looks like chunked", post("Transfer-Encoding: xchunked\r\n"), "bad_transfer_encoding"),
    RefusedHead("identity", post("Transfer-Encoding: identity\r\n"), "bad_transfer_encoding"),
    RefusedHead("another coding", post("Transfer-Encoding: gzip, chunked\r\n"), 501, "transfer_coding_not_implemented"),
    RefusedHead("chunks in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", "bad_framing"),
    RefusedHead("a bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", "bad_line_end"),
    RefusedHead("a bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", "bad_line_end"),
    RefusedHead("a bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", "bad_line_end"),
    RefusedHead("a bare CR in the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request_line"),
    RefusedHead("a bare CR in a value", get("X: a\rb\r\n"), "bad_header"),
    RefusedHead("a CR before CRLF", get("X: a\r\r\n"), "bad_header"),
    RefusedHead("a blank before the colon", get("X : a\r\n"), "bad_header"),
    RefusedHead("a tab before the colon", get("X\t: a\r\n"), "bad_header"),
    RefusedHead("a folded line", get("X: a\r\n b\r\n"), "bad_header"),
    RefusedHead("a folded line with a tab", get("X: a\r\n\tb\r\n"), "bad_header"),
    RefusedHead("a blank before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "bad_header"),
    RefusedHead("a field without a colon", get("X\r\n"), "bad_header"),
    RefusedHead("a field without a name", get(": a\r\n"), "bad_header"),
    RefusedHead("NUL in a value", get("X: a\0b\r\n"), "bad_header"),
    RefusedHead("NUL in a name", get("X\0: a\r\n"), "bad_header"),
    RefusedHead("NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request_line"),
    RefusedHead("a control character in a value", get("X: \u{1}\r\n"), "bad_header"),
    RefusedHead("no Host", "GET / HTTP/1.1\r\n\r\n", "bad_host"),
    RefusedHead("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "bad_host"),
    RefusedHead("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "bad_host"),
    RefusedHead("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", "bad_host"),
    RefusedHead("a Host with user data", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", "bad_host"),
    RefusedHead("a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "bad_host"),
    RefusedHead("a list of Hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", "bad_host"),
    RefusedHead("two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request_line"),
    RefusedHead("a tab in the request line", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request_line"),
    RefusedHead("a space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "bad_request_line"),
    RefusedHead("no version", "GET /\r\nHost: a\r\n\r\n", "bad_request_line"),
    RefusedHead("a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", "bad_request_line"),
    RefusedHead("HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "version_not_supported"),
    RefusedHead("HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "version_not_supported"),
    RefusedHead("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version_not_supported"),
    RefusedHead("an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method_not_implemented"),
    RefusedHead("a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method_not_implemented"),
    RefusedHead("a tunnel", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", "bad_target"),
    RefusedHead("a relative target", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", "bad_target"),
    RefusedHead("an asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", "bad_target"),
    RefusedHead("a fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "bad_target"),
    RefusedHead("a fragment in the query", "GET /a?b#c HTTP/1.1\r\nHost: a\r\n\r\n", "bad_target"),
    RefusedHead("a malformed escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "bad_target"),
    RefusedHead("an unfinished escape", "GET /%2 HTTP/1.1\r\nHost: a\r\n\r\n", "bad_target"),
    RefusedHead("an escaped NUL", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", "bad_target"),
    RefusedHead("bytes above ASCII in the target", "GET /ä HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request_line"),
    RefusedHead("an unknown expectation", post("Expect: miracles\r\nContent-Length: 3\r\n"), 417, "expectation_failed"),
    RefusedHead("two empty lines in front", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "bad_request_line"),
  ]

  private init(_ name: String, _ text: String, _ code: String) { self.init(name, text, 400, code) }
  private static func post(_ fields: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n" }
  private static func get(_ fields: String) -> String { "GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n" }
}

@Suite struct `A request's head` {
  @Test(arguments: RefusedHead.all) func `is refused`(head: RefusedHead) {
    #expect(decode(head.text) == .problem(status: head.status, code: head.code))
  }

  @Test(arguments: RefusedHead.all) func `is refused wherever it is split`(head: RefusedHead) {
    let bytes = Array(head.text.utf8)
    for cut in 0..<bytes.count { #expect(decode(bytes, cutAt: cut) == .problem(status: head.status, code: head.code), "cut at \(cut)") }
  }

  @Test func `is read wherever it is split`() {
    let bytes = Array("GET /a?b=c HTTP/1.1\r\nHost: a\r\nX-One:  two \r\n\r\nrest".utf8)
    for cut in 0..<bytes.count {
      let request = Request()
      #expect(decode(bytes, cutAt: cut, into: request) == .head(consumed: bytes.count - 4))
      #expect(request.pathText == "/a")
      #expect(request.queryText == "b=c")
      #expect(request.headerText("x-one") == "two")
    }
  }

  @Test func `is incomplete until its empty line`() {
    #expect(decode("GET / HTTP/1.1\r\nHost: a\r\n") == .incomplete)
    #expect(decode("") == .incomplete)
  }

  @Test func `may follow one empty line`() {
    #expect(decode("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n") == .head(consumed: 29))
  }

  @Test func `may have an absolute target`() {
    #expect(request("GET http://b:80/a?c HTTP/1.1", "Host: b").pathText == "/a")
    #expect(request("OPTIONS * HTTP/1.1", "Host: b").pathText == "*")
  }

  @Test func `says whether the connection stays`() {
    #expect(request("GET / HTTP/1.1", "Host: a").keepAlive)
    #expect(!request("GET / HTTP/1.1", "Host: a", "Connection: foo, Close").keepAlive)
    #expect(!request("GET / HTTP/1.0").keepAlive)
    #expect(request("GET / HTTP/1.0", "Connection: Keep-Alive").keepAlive)
  }

  @Test func `says how its body comes`() {
    #expect(request("POST / HTTP/1.1", "Host: a", "Content-Length: 12").contentLength == 12)
    #expect(request("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: Chunked").isChunked)
    #expect(!request("POST / HTTP/1.1", "Host: a").hasBody)
    #expect(request("POST / HTTP/1.1", "Host: a", "Content-Length: 1", "Expect: 100-Continue").expectsContinue)
  }
}

@Suite struct `The limits of a head` {
  private let limits = RequestLimits(maxHeaderBytes: 100, maxTargetBytes: 20, maxHeaders: 3)

  @Test func `hold for the whole of it`() {
    let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
    let room = 100 - start.utf8.count - 4
    #expect(decode(start + String(repeating: "x", count: room) + "\r\n\r\n", limits: limits) == .head(consumed: 100))
    let above = start + String(repeating: "x", count: room + 1) + "\r\n\r\n"
    #expect(decode(above, limits: limits) == .problem(status: 431, code: "header_too_large"))
    // Told before the end has come, too.
    #expect(decode(start + String(repeating: "x", count: 100), limits: limits) == .problem(status: 431, code: "header_too_large"))
  }

  @Test func `hold for the target`() {
    func get(_ count: Int) -> String { "GET /" + String(repeating: "x", count: count - 1) + " HTTP/1.1\r\nHost: a\r\n\r\n" }
    #expect(decode(get(20), limits: limits) == .head(consumed: get(20).utf8.count))
    #expect(decode(get(21), limits: limits) == .problem(status: 414, code: "target_too_long"))
    #expect(decode("GET /" + String(repeating: "x", count: 60), limits: limits) == .problem(status: 414, code: "target_too_long"))
  }

  @Test func `hold for the number of fields`() {
    #expect(decode("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\n\r\n", limits: limits) == .head(consumed: 39))
    #expect(
      decode("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\nX: 3\r\n\r\n", limits: limits) == .problem(status: 431, code: "header_too_large")
    )
  }
}
