import Dispatch
import SQL
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite struct ImportFaultTests {
  private func text(_ server: RunningServer, _ sql: String) throws -> String? {
    try SQLiteConnection(path: server.database, role: .writer, cacheKiB: 1_024, mapMiB: 0).text(SQLFragment(raw: sql))
  }

  /// Sends a file and does not wait for the answer.
  private func begin(_ server: RunningServer, _ path: String, _ body: [UInt8], more: String = "") throws -> RawClient {
    let client = try RawClient(port: server.port, deadlineSeconds: 60)
    client.send(
      "POST /v1/imports\(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\nContent-Length: \(body.count)\r\n\(more)\r\n"
    )
    client.send(body)
    return client
  }

  private func names(_ server: RunningServer) throws -> [Int] {
    try server.get("/v1/events.ndjson?fields=external_id&sort=seq").text.split(separator: "\n").map {
      Int(try JSON(Array($0.utf8))["external_id"].text ?? "") ?? -1
    }
  }

  // MARK: kill -9

  @Test func `kill -9 at any moment of an import leaves all of it or nothing, or rows from the start on`() throws {
    var random = SeededNumbers("kill -9 of imports")
    let server = try RunningServer("--import-turn", "20")
    let count = 800
    var known: [Int] = []
    var interrupted = 0
    var longest = 0.1
    for round in 1...20 {
      let isAtomic = round % 2 == 0
      let base = round * 10_000
      let body = Array(eventLines((base + 1)...(base + count)).utf8)
      let client = try self.begin(server, "/events?on_error=\(isAtomic ? "abort" : "continue")&file_name=\(round)", body)
      // From before the file is whole to after the answer.
      let end = monotonicSeconds() + Double.random(in: 0...longest, using: &random)
      while monotonicSeconds() < end {}
      try server.kill()
      _ = client
      try server.start()
      #expect(try text(server, "PRAGMA quick_check") == "ok")
      let now = try names(server)
      #expect(now.starts(with: known), "an import before this one has changed")
      let new = Array(now.dropFirst(known.count))
      // A prefix of the file's rows, in its order.
      #expect(new == Array((base + 1)...(base + count)).prefix(new.count) + [])
      #expect(!isAtomic || new.isEmpty || new.count == count)
      let records = try server.get("/v1/imports?file_name=\(round)").items
      #expect(records.count <= 1 && (new.isEmpty || records.count == 1))
      if let record = records.first {
        let isDone = record["state"] == "done"
        #expect(isDone || record["state"] == "interrupted", "\(record)")
        #expect(record["counts"]["created"].integer ?? 0 == new.count, "\(record["counts"])")
        #expect(!isDone || new.count == count)
        interrupted += isDone ? 0 : 1
      }
      // Sent again it is completed; so long an import takes here, and the next is given somewhat more.
      let begin = monotonicSeconds()
      let again = try server.importFile("/events", body)
      expectImport(again, 200, "done", ["read": count, "created": count - new.count, "unchanged": new.count])
      longest = max(0.01, (monotonicSeconds() - begin) * 1.5)
      known = try names(server)
      #expect(known.count == round * count)
    }
    print("kill -9 of imports: \(interrupted) of 20 were interrupted")
    #expect(try text(server, "PRAGMA integrity_check") == "ok")
    #expect(try text(server, "SELECT count(*) || '' FROM pragma_foreign_key_check") == "0")
  }

  // MARK: Clients

  @Test func `a client that stops half-way leaves nothing`() throws {
    let server = try RunningServer()
    let body = Array(eventLines(1...5_000).utf8)
    let seq = try server.lastSeq()
    for path in ["/events", "/events?on_error=continue"] {
      let client = try RawClient(port: server.port)
      client.send(
        "POST /v1/imports\(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-ndjson\r\nContent-Length: \(body.count)\r\n\r\n"
      )
      client.send(Array(body.prefix(body.count / 2)))
      client.finishSending()
      while try client.receive() {}
      #expect(!client.text.contains(" 200 ") && !client.text.contains(" 202 "), "\(client.text)")
    }
    #expect(try server.lastSeq() == seq && server.eventCount() == 0)
    #expect(try server.get("/v1/imports").items.isEmpty)
    expectImport(try server.importFile("/events", body), 200, "done", ["read": 5_000, "created": 5_000])
  }

  // MARK: A full disk

  @Test func `a full disk is 507; the register goes on answering, and writes again when there is room`() throws {
    let folder = try TemporaryFolder()
    let room = folder.path + "/room"
    try makeFolder(room)
    guard try run("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", room], folder) == 0 else {
      print("SKIPPED: no right to mount a tmpfs, so no full disk was tried")
      return
    }
    defer { _ = try? run("/usr/bin/umount", ["-l", room], folder) }
    let server = try RunningServer("--database", room + "/register.db", "--database-log-kib", "1024", folder: folder)
    #expect(try server.importFile("/events", eventLine(1)).status == 200)
    let filler = String(repeating: "x", count: 1_500)
    let rows = eventLines(2...5_000, more: #","summary":"\#(filler)""#)
    for query in ["on_error=continue", "on_error=abort"] {
      let full = try server.importFile("/events?\(query)", rows)
      #expect(full.status == 507 && full["code"] == "storage_full", "\(query): \(full.text.prefix(500))")
      #expect(try server.get("/v1/events/by-external/t/1")["title"] == "Event 1")
      #expect(try server.get("/readyz").status == 200)
    }
    // Rows of committed turns are in, and counted.
    let count = try server.eventCount()
    let records = try server.get("/v1/imports?sort=id").items
    #expect(records.allSatisfy { ["done", "failed"].contains($0["state"].text) }, "\(records.map { $0["state"] }) \(server.log)")
    #expect(records.compactMap { $0["counts"]["created"].integer }.reduce(0, +) == count)
    #expect(count < 5_000)
    #expect(try run("/usr/bin/mount", ["-o", "remount,size=200m", room], folder) == 0)
    let later = try server.importFile("/events", rows)
    expectImport(later, 200, "done", ["read": 4_999, "created": 5_000 - count, "unchanged": count - 1])
    #expect(try server.post("/v1/events", ["title": "x", "type": "visit", "start_date": "2024"]).status == 201)
    #expect(try server.terminate() == 0)
  }

  private func run(_ program: String, _ arguments: [String], _ folder: TemporaryFolder) throws -> Int32 {
    try Program(program, arguments, folder: folder.path, errors: folder.path + "/mount.log").waitForEnd()
  }

  // MARK: Others meanwhile

  @Test func `single writes and reads have their turn during a long import`() throws {
    let server = try RunningServer()
    let body = Array(eventLines(1...60_000).utf8)
    let started = try server.importFile("/events?on_error=continue", body, ["Prefer": "respond-async"])
    var tries = 0
    while ["queued", "running"].contains(try server.get("/v1/imports/\(started.id)")["state"].text) {
      _ = try server.event(["title": "Meanwhile"])
      #expect(try server.get("/v1/events?limit=5&sort=-seq").status == 200)
      tries += 1
    }
    // Had it held the writer for its whole length, one would have been answered, after it.
    #expect(tries > 3)
    expectImport(try server.ended(started.id), 200, "done", ["read": 60_000, "created": 60_000])
    #expect(try server.eventCount() == 60_000 + tries)
  }
}
