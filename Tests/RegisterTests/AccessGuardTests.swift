import HTTP
import Service
import TestSupport
import Testing

@Suite struct AccessGuardTests {
  /// What the guard says to a request: its problem's status and code, or nothing.
  private func answer(_ lines: [String], hosts: [String] = []) throws -> String {
    let request = Request()
    var decoder = RequestDecoder(limits: RequestLimits())
    let head = lines.map { $0 + "\r\n" }.joined() + "\r\n"
    try #require(try decoder.decode(Array(head.utf8).span, into: request) != nil)
    do {
      try AccessGuard(hosts: hosts).check(request)
      return ""
    } catch let problem as Problem {
      return "\(problem.status) \(problem.code)"
    }
  }

  @Test(arguments: [
    ("localhost:8080", ""), ("LocalHost", ""), ("127.0.0.1:1", ""), ("[::1]:8080", ""), ("register.example.org", ""),
    ("example.org", "421 unknown_host"), ("localhost.example.org:8080", "421 unknown_host"), ("127.0.0.1.example.org", "421 unknown_host"),
    ("[::2]:8080", "421 unknown_host"),
  ])
  func `a register answers under its own names only`(host: String, answer expected: String) throws {
    #expect(try answer(["GET /v1/events HTTP/1.1", "Host: \(host)"], hosts: ["Register.example.org"]) == expected)
  }

  @Test(arguments: [
    ("localhost:8080", "http://localhost:8080"), ("LOCALHOST:8080", "HTTP://Localhost:8080"), ("[::1]:8080", "http://[::1]:8080"),
    ("localhost", "http://localhost"), ("localhost:80", "http://localhost"), ("localhost", "http://localhost:80"),
    ("127.0.0.1:8080", "http://127.0.0.1:8080"),
  ])
  func `a page of this host and port may ask`(host: String, origin: String) throws {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
      #expect(try answer(["\(method) /v1/events HTTP/1.1", "Host: \(host)", "Origin: \(origin)", "Content-Length: 2"]) == "")
    }
  }

  @Test(arguments: [
    "http://localhost:3000", "http://localhost", "http://127.0.0.1:8080", "https://localhost:8080", "https://example.org", "null", "",
    "localhost:8080", "http://localhost:8080/", "http://localhost:8080@example.org", "http://user@localhost:8080",
    "http://localhost:08080x",
    "http://localhost:8080.example.org", "http://[::1]:8080", "file://", "moz-extension://localhost:8080",
  ])
  func `a page of another origin is refused, whatever it asks`(origin: String) throws {
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
      let lines = ["\(method) /v1/events HTTP/1.1", "Host: localhost:8080", "Origin: \(origin)", "Content-Length: 2"]
      #expect(try answer(lines) == "403 foreign_origin", "\(method)")
    }
  }

  @Test func `each of several origins must be ours`() throws {
    let lines = ["GET / HTTP/1.1", "Host: localhost", "Origin: http://localhost"]
    #expect(try answer(lines + ["Origin: http://localhost"]) == "")
    #expect(try answer(lines + ["Origin: http://example.org"]) == "403 foreign_origin")
    #expect(try answer(["GET / HTTP/1.0", "Origin: http://localhost"]) == "403 foreign_origin")
  }

  @Test(arguments: [
    ("register.example.org", "https://register.example.org", ""), ("register.example.org", "http://register.example.org", ""),
    ("register.example.org:8443", "https://register.example.org:8443", ""), ("127.0.0.1:8080", "https://register.example.org", ""),
    ("127.0.0.1:8080", "https://register.example.org:9000", "403 foreign_origin"),
    ("register.example.org", "https://example.org", "403 foreign_origin"),
    ("register.example.org", "https://register.example.org:9000", "403 foreign_origin"),
  ])
  func `behind a proxy a page comes from a configured name`(host: String, origin: String, answer expected: String) throws {
    #expect(
      try answer(["POST /v1/events HTTP/1.1", "Host: \(host)", "Origin: \(origin)"], hosts: ["register.example.org"]) == expected)
  }

  @Test(arguments: [
    ("cross-site", "", "415 unsupported_media_type"), ("Cross-Site", "text/plain", "415 unsupported_media_type"),
    ("same-site", "application/x-www-form-urlencoded", "415 unsupported_media_type"),
    ("same-site", "text/csv", "415 unsupported_media_type"),
    ("cross-site", "application/json", ""), ("cross-site", "Application/JSON; charset=utf-8", ""), ("same-origin", "", ""),
    ("none", "text/plain", ""),
    ("", "", ""), ("", "text/plain", ""),
  ])
  func `a body that a browser sends without Origin from elsewhere says that it is JSON`(site: String, type: String, answer expected: String)
    throws
  {
    var lines = ["POST /v1/events HTTP/1.1", "Host: localhost:8080", "Content-Length: 2"]
    if !site.isEmpty { lines.append("Sec-Fetch-Site: \(site)") }
    if !type.isEmpty { lines.append("Content-Type: \(type)") }
    #expect(try answer(lines) == expected)
  }

  @Test func `a link from elsewhere leads here, and a command without a body is none`() throws {
    let field = "Sec-Fetch-Site: cross-site"
    for method in ["GET", "HEAD", "OPTIONS"] { #expect(try answer(["\(method) /docs HTTP/1.1", "Host: localhost", field]) == "") }
    for method in ["POST", "DELETE"] {
      #expect(try answer(["\(method) /v1/x HTTP/1.1", "Host: localhost", field]) == "403 foreign_origin")
    }
  }

  /// As a browser sends what a page of another port asks for: a form's types, or none at all.
  @Test(arguments: [
    "Origin: http://127.0.0.1:3000", "Origin: http://localhost", "Origin: null", "Origin: http://[::1]:8080", "Origin: https://127.0.0.1",
    "Origin: http://127.0.0.1\r\nOrigin: http://evil.example", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
  ])
  func `nothing that a page of elsewhere sends is written`(field: String) throws {
    let server = try RegisterTester()
    let seq = try server.lastSeq()
    let event = #"{"title":"T","type":"visit","start_date":"2024-01-01"}"#
    for (method, path, body) in [
      ("POST", "/v1/events", event), ("PUT", "/v1/events/by-external/a/b", event), ("PATCH", "/v1/stakeholders/FRA", #"{"office":"O"}"#),
      ("DELETE", "/v1/stakeholders/ZWE", ""), ("POST", "/v1/imports/events", event),
    ] {
      for type in ["", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n"] {
        let answer = try server.send(
          "\(method) \(path) HTTP/1.1\r\nHost: \(server.authority)\r\nConnection: close\r\n\(field)\r\n\(type)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect([403, 415].contains(answer.status), "\(method) \(path) \(type): \(answer.text)")
        if field.hasPrefix("Origin") { #expect(answer["code"] == "foreign_origin", "\(method) \(path)") }
      }
    }
    #expect(try server.lastSeq() == seq)
    let own = "Origin: http://\(server.authority)\r\nSec-Fetch-Site: same-origin\r\n"
    let answer = try server.send(
      "POST /v1/events HTTP/1.1\r\nHost: \(server.authority)\r\nConnection: close\r\n\(own)Content-Length: \(event.utf8.count)\r\n\r\n\(event)"
    )
    #expect(answer.status == 201, "a page of our own needs no Content-Type: \(answer.text)")
  }
}
