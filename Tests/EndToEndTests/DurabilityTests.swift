import Dispatch
import SQL
import SQLite
import Synchronization
import TestSupport
import Testing

/// Many clients that make events and note what was acknowledged, until the server is gone.
private final class Load: Sendable {
  private let acknowledged = Mutex(Set<String>())
  private let group = DispatchGroup()
  private let server: RunningServer
  private let enough: DispatchSemaphore

  /// - Parameter count: `waitUntilEnough` returns after so many acknowledgements.
  init(_ server: RunningServer, clients: Int, name: String, count: Int) {
    self.server = server
    enough = DispatchSemaphore(value: 0)
    let port = server.port
    for client in 0..<clients {
      // A queue of its own, since a client blocks its thread.
      DispatchQueue(label: "client").async(group: group, execute: DispatchWorkItem { self.run(port, "\(name)-\(client)", count) })
    }
  }

  private func run(_ port: Int, _ name: String, _ count: Int) {
    for number in 0... {
      // Every second connection serves several requests.
      guard let connection = try? RawClient(port: port, deadlineSeconds: 20) else { return }
      for part in 0..<(number % 2 == 0 ? 1 : 5) {
        let body = #"{"title":"\#(name)","type":"visit","start_date":"2024-06-18","source":"\#(name)","external_id":"\#(number)-\#(part)"}"#
        let answer = try? server.send("POST", "/v1/events", ["Content-Type": "application/json"], body: Array(body.utf8), over: connection)
        guard let answer, answer.status == 201 else { break }
        let total = acknowledged.withLock { ids in
          ids.insert(answer.id)
          return ids.count
        }
        if total == count { enough.signal() }
      }
    }
  }

  func waitUntilEnough() -> Bool { enough.wait(timeout: .now() + 60) == .success }

  /// Waits for the clients, which end when nobody takes their connections.
  func finish() -> Set<String> {
    group.wait()
    return acknowledged.withLock { $0 }
  }
}

@Suite struct DurabilityTests {
  private func ids(_ server: RunningServer) throws -> Set<String> {
    Set(try server.get("/v1/events.ndjson?fields=id").text.split(separator: "\n").map { try JSON(Array($0.utf8))["id"].text ?? "" })
  }

  private func seqs(_ server: RunningServer) throws -> [Int] {
    try server.get("/v1/events.ndjson?fields=seq&sort=seq").text.split(separator: "\n").map { try JSON(Array($0.utf8))["seq"].integer ?? 0 }
  }

  private func edit(_ path: String, _ sql: String) throws {
    try SQLiteConnection(path: path, role: .writer, cacheKiB: 1_024, mapMiB: 0).run(sql)
  }

  private func text(_ path: String, _ sql: String) throws -> String? {
    try SQLiteConnection(path: path, role: .writer, cacheKiB: 1_024, mapMiB: 0).text(SQLFragment(raw: sql))
  }

  @Test func `every acknowledged write is there after kill -9`() throws {
    let server = try RunningServer()
    let first = try server.lastSeq() + 1
    var acknowledged: Set<String> = []
    for round in 1...4 {
      let load = Load(server, clients: 6, name: "round\(round)", count: 120)
      #expect(load.waitUntilEnough())
      try server.kill()
      acknowledged.formUnion(load.finish())
      try server.start()
      #expect(try text(server.database, "PRAGMA integrity_check") == "ok")
      #expect(try text(server.database, "SELECT count(*) || '' FROM pragma_foreign_key_check") == "0")
      #expect(acknowledged.count >= round * 120)
      #expect(try ids(server).isSuperset(of: acknowledged))
      // What was not acknowledged may be there or not, but no number was lost.
      let seqs = try seqs(server)
      #expect(seqs == Array(first..<(first + seqs.count)))
      #expect(try server.lastSeq() == seqs.last)
    }
    #expect(try server.terminate() == 0)
  }

  @Test func `SIGTERM under load loses nothing, answers what it did, and ends with 0 in time`() throws {
    let server = try RunningServer("--http-drain-time", "10s")
    var acknowledged: Set<String> = []
    for round in 1...2 {
      let load = Load(server, clients: 6, name: "round\(round)", count: 150)
      #expect(load.waitUntilEnough())
      server.askToEnd()
      let code = try server.terminate(seconds: 12)
      #expect(code == 0, "\(server.log)")
      acknowledged.formUnion(load.finish())
      try server.start()
      // What was written was answered, too: a client that got no answer need not ask.
      #expect(try ids(server) == acknowledged)
    }
  }

  @Test func `an import that is cut off by kill -9 is all there or not at all, and says so`() throws {
    let server = try RunningServer()
    let lines = (0..<4_000).map { #"{"title":"\#($0)","type":"visit","start_date":"2024-06-18","source":"i","external_id":"\#($0)"}"# }
    let body = Array(lines.joined(separator: "\n").utf8)
    let client = try RawClient(port: server.port)
    client.send(
      "POST /v1/imports/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\nContent-Length: \(body.count)\r\n\r\n")
    client.send(body)
    try server.kill()
    try server.start()
    let count = try server.get("/v1/events?count=exact&limit=1")["count"].integer
    #expect(count == 0 || count == 4_000)
    #expect(try server.get("/v1/imports?state=running").items.isEmpty)
    #expect(try text(server.database, "PRAGMA integrity_check") == "ok")
  }

  @Test func `a second process on the same database is refused`() throws {
    let server = try RunningServer()
    let made = try server.event()
    let second = try server.refusedStart()
    #expect(second.code == 1)
    #expect(second.message.contains("another process"))
    #expect(try server.get("/v1/events/\(made.id)").status == 200)
    #expect(try server.terminate() == 0)
    try server.start()
    #expect(try server.get("/v1/events/\(made.id)").json == made.json)
  }

  @Test(
    arguments: [
      ("UPDATE schema_migrations SET checksum = '0000000000000000' WHERE number = 1", "has changed"),
      ("INSERT INTO schema_migrations VALUES (9999, 'later', 'x', 0)", "newer program"),
      ("PRAGMA application_id = 7", "another program"),
      ("DELETE FROM register_state WHERE name = 'cursor_key'", "register_state.cursor_key is missing"),
      ("DELETE FROM schema_migrations WHERE number = 1; INSERT INTO schema_migrations VALUES (0, 'other', 'x', 0)", "does not know"),
    ])
  func `a database that is not this program's is refused, and left alone`(change: String, message: String) throws {
    let server = try RunningServer()
    _ = try server.event()
    #expect(try server.terminate() == 0)
    try edit(server.database, change)
    let refused = try server.refusedStart()
    #expect(refused.code == 1)
    #expect(refused.message.contains(message), "\(refused.message)")
    #expect(try text(server.database, "SELECT title FROM events") == "A visit")
  }

  @Test func `a file of something else is refused, byte for byte as it was`() throws {
    let server = try RunningServer()
    #expect(try server.terminate() == 0)
    for name in ["", "-wal", "-shm"] { server.folder.remove("register.db\(name)") }
    let bytes = Array("This is no database, but somebody's diary of many pages.\n".utf8) + [UInt8](repeating: 0x41, count: 5_000)
    try server.folder.write("register.db", bytes)
    let refused = try server.refusedStart()
    #expect(refused.code == 1)
    #expect(contents(of: server.database) == bytes)
    server.folder.remove("register.db")
    try edit(server.database, "CREATE TABLE diary (day TEXT)")
    #expect(try server.refusedStart().code == 1)
    #expect(try text(server.database, "SELECT count(*) || '' FROM sqlite_schema WHERE name = 'events'") == "0")
  }
}
