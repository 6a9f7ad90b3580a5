/// Whoever a register can be asked through: a running program over a socket, or the register in the test's own process.
///
/// A test written against it runs in either.
package protocol RegisterClient: AnyObject, Sendable {
  /// What has been written to the log.
  var log: String { get }

  /// The path of the database.
  var database: String { get }

  /// What `Host` says.
  var authority: String { get }

  /// Sends bytes over a connection of their own, and reads one answer.
  ///
  /// - Parameter hasBody: `false` for the answer to HEAD.
  func exchange(_ bytes: [UInt8], hasBody: Bool) throws -> Answer

  /// Closes the register, runs `body` with the path of its database, and opens it again.
  func whileClosed(_ body: (String) throws -> Void) throws
}

extension RegisterClient {
  package func get(_ path: String, _ headers: [String: String] = [:]) throws -> Answer { try send("GET", path, headers) }

  package func post(_ path: String, _ body: JSON, _ headers: [String: String] = [:]) throws -> Answer {
    try send("POST", path, Self.json(headers), body: body.bytes)
  }

  package func put(_ path: String, _ body: JSON, _ headers: [String: String] = [:]) throws -> Answer {
    try send("PUT", path, Self.json(headers), body: body.bytes)
  }

  package func patch(_ path: String, _ body: JSON, _ headers: [String: String] = [:]) throws -> Answer {
    try send("PATCH", path, Self.json(headers), body: body.bytes)
  }

  package func delete(_ path: String, _ headers: [String: String] = [:]) throws -> Answer { try send("DELETE", path, headers) }

  private static func json(_ headers: [String: String]) -> [String: String] {
    ["Content-Type": "application/json"].merging(headers) { $1 }
  }

  /// Sends any request over a connection of its own.
  package func send(_ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil) throws -> Answer {
    try exchange(request(method, path, headers, body: body, "Connection: close\r\n"), hasBody: method != "HEAD")
  }

  /// Sends text as it stands, for a head that no proper client would write.
  package func send(_ text: String) throws -> Answer { try exchange(Array(text.utf8), hasBody: true) }

  /// A request as its bytes.
  ///
  /// - Parameter more: further lines of the head, with CRLF.
  func request(
    _ method: String, _ path: String, _ headers: [String: String], body: [UInt8]?, _ more: String = ""
  ) -> [UInt8] {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: \(authority)\r\n\(more)"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + (body ?? [])
  }

  /// The register's last change number.
  package func lastSeq() throws -> Int { try get("/readyz")["last_seq"].integer ?? -1 }

  /// All items of a list, page by page.
  package func walk(_ path: String, _ between: (Int) throws -> Void = { _ in }) throws -> [JSON] {
    var items: [JSON] = []
    var next: String? = path
    var pages = 0
    while let path = next {
      let page = try get(path)
      guard page.status == 200 else { throw Refused(path: path, answer: page.text) }
      items += page.items
      let separator = path.contains("?") ? "&" : "?"
      next = page["next_cursor"].text.map { "\(path.components(before: "\(separator)cursor="))\(separator)cursor=\($0)" }
      pages += 1
      try between(pages)
    }
    return items
  }
}

/// A page of a walk that was no page.
private struct Refused: Error {
  let path: String
  let answer: String
}

/// One answer of the register.
package struct Answer {
  package let raw: RawClient.Answer

  package init(raw: RawClient.Answer) { self.raw = raw }

  package var status: Int { raw.status }
  package var text: String { raw.text }
  package func header(_ name: String) -> String? { raw.header(name) }
  /// The body; null when it is no JSON.
  package var json: JSON { (try? JSON(raw.body)) ?? .null }
  package subscript(key: String) -> JSON { json[key] }
  package var items: [JSON] { self["items"].elements }
  package var id: String { self["id"].text ?? "" }
  package var etag: String { header("etag") ?? "" }
  /// Of a problem: where its faults lie, and what they are.
  package var pointers: Set<String> { Set(self["errors"].elements.compactMap { ($0["pointer"].text ?? $0["parameter"].text) }) }
  package var codes: Set<String> { Set(self["errors"].elements.compactMap { $0["code"].text }) }
  package var details: String { self["errors"].elements.compactMap { $0["detail"].text }.joined(separator: "\n") }
}
