internal import Glibc

/// The program with a database of its own on a free port of this machine; both are gone when the test is over.
package final class RunningServer: RegisterClient, @unchecked Sendable {
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
  package convenience init(_ flags: String..., folder: TemporaryFolder? = nil) throws { try self.init(flags: flags, folder: folder) }

  /// - Parameter flags: further ones for `chancery serve`.
  package init(flags: [String], folder: TemporaryFolder? = nil) throws {
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
  package var authority: String { "127.0.0.1:\(port)" }

  /// Sends bytes over a connection of their own, and reads one answer.
  package func exchange(_ bytes: [UInt8], hasBody: Bool) throws -> Answer {
    let client = try RawClient(port: port, deadlineSeconds: 60)
    client.send(bytes)
    return Answer(raw: try client.readAnswer(hasBody: hasBody))
  }

  package func whileClosed(_ body: (String) throws -> Void) throws {
    guard try terminate() == 0 else { throw DidNotStart(output: log) }
    try body(database)
    try start()
  }

  /// Sends a request over a connection that is kept.
  package func send(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil, over client: RawClient
  ) throws -> Answer {
    client.send(request(method, path, headers, body: body))
    return Answer(raw: try client.readAnswer(hasBody: method != "HEAD"))
  }
}
