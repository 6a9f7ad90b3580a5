internal import Glibc

/// The program with a database of its own on a free port of this machine; both are gone when the test is over.
package final class RunningServer: @unchecked Sendable {
  // Sendable holds because tests start and end the program on one thread, and only send requests from others in between.

  package struct DidNotStart: Error { package let output: String }

  package let folder: TemporaryFolder
  package private(set) var port = 0
  private let flags: [String]
  private var program: Program?

  package var database: String { folder.path + "/register.db" }
  /// What it has written to standard error.
  package var log: String { contents(of: folder.path + "/log").map { String(decoding: $0, as: UTF8.self) } ?? "" }

  /// - Parameter flags: further ones for `chancery serve`.
  package init(_ flags: String..., folder: TemporaryFolder? = nil) throws {
    self.flags = flags
    self.folder = try folder ?? TemporaryFolder()
    try start()
  }

  /// Starts the program again on the same database.
  package func start() throws {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", database] + flags
    let started = try Program(Program.chancery(), arguments, folder: folder.path, errors: folder.path + "/log")
    let isUp = try started.waitFor("listens on http://127.0.0.1:")
    while isUp, try !started.waitFor("limit=1'\n") {}
    let rest = started.printed.components(after: "listens on http://127.0.0.1:")
    guard isUp, let port = Int(rest.prefix { $0.isNumber }) else { throw DidNotStart(output: started.printed + log) }
    self.port = port
    program = started
  }

  /// SIGTERM, and the exit code.
  package func terminate(seconds: Double = 30) throws -> Int32 { try end(by: SIGTERM, seconds: seconds) }

  /// SIGKILL: what a crash or a lost power supply is to the database.
  package func kill() throws { _ = try end(by: SIGKILL, seconds: 30) }

  private func end(by signal: Int32, seconds: Double) throws -> Int32 {
    guard let program else { return 0 }
    program.signal(signal)
    let code = try program.waitForEnd(seconds: seconds)
    self.program = nil
    return code
  }

  /// Starts a further process on the same database, which must end by itself.
  ///
  /// - Returns: its exit code and what it wrote to standard error.
  package func refusedStart() throws -> (code: Int32, message: String) {
    let errors = folder.path + "/refused"
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", database] + flags
    let program = try Program(Program.chancery(), arguments, folder: folder.path, errors: errors)
    let code = try program.waitForEnd(seconds: 10)
    return (code, contents(of: errors).map { String(decoding: $0, as: UTF8.self) } ?? "")
  }

  /// Asks the program to end and goes on.
  package func askToEnd() { program?.signal(SIGTERM) }

  /// Runs another command of the program against this server.
  package func command(_ arguments: String...) throws -> (code: Int32, output: String) {
    let program = try Program(
      Program.chancery(), arguments, folder: folder.path, errors: folder.path + "/command.log",
      environment: ["CHANCERY_HTTP_LISTEN": "127.0.0.1:\(port)"])
    let code = try program.waitForEnd()
    return (code, program.printed)
  }
}

// MARK: Requests

extension RunningServer {
  /// One answer of the register.
  package struct Answer {
    package let raw: RawClient.Answer

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
    let client = try RawClient(port: port, deadlineSeconds: 60)
    return try send(method, path, headers, body: body, over: client, "Connection: close\r\n")
  }

  /// Sends a request over a connection that is kept.
  package func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil, over client: RawClient, _ more: String = ""
  ) throws -> Answer {
    var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(more)"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    client.send(Array((head + "\r\n").utf8) + (body ?? []))
    return Answer(raw: try client.readAnswer(hasBody: method != "HEAD"))
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
      guard page.status == 200 else { throw DidNotStart(output: page.text) }
      items += page.items
      let separator = self.separator(path)
      next = page["next_cursor"].text.map { "\(path.components(before: "\(separator)cursor="))\(separator)cursor=\($0)" }
      pages += 1
      try between(pages)
    }
    return items
  }

  private func separator(_ path: String) -> String { path.contains("?") ? "&" : "?" }
}

extension String {
  /// What follows the first occurrence of a text; empty where there is none.
  func components(after text: String) -> Substring {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(text) { return rest.dropFirst(text.count) }
      rest = rest.dropFirst()
    }
    return rest
  }

  /// What precedes the first occurrence of a text; all where there is none.
  func components(before text: String) -> Substring {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(text) { return self[..<rest.startIndex] }
      rest = rest.dropFirst()
    }
    return self[...]
  }
}
