import TestSupport
import Testing

@Suite struct ImportAsyncTests {
  private static let async = ["Prefer": "respond-async"]

  private func start(_ server: RunningServer, _ path: String, _ text: String) throws -> Answer {
    let answer = try server.importFile(path, text, Self.async)
    try #require(answer.status == 202, "\(answer.text)")
    return answer
  }

  /// Events of an event stream as `(name, data)`.
  private func events(_ text: String) throws -> [(String, JSON)] {
    try text.eventBlocks.map { block in
      let lines = block.split(separator: "\n")
      let name = lines.first { $0.hasPrefix("event: ") }?.dropFirst(7) ?? ""
      let data = lines.first { $0.hasPrefix("data: ") }?.dropFirst(6) ?? ""
      return (String(name), try JSON(Array(data.utf8)))
    }
  }

  @Test func `an asynchronous import is answered at once and asked for until it is done`() throws {
    let server = try RunningServer()
    let answer = try start(server, "/events", eventLines(1...2_000))
    #expect(answer.header("location") == "/v1/imports/\(answer.id)")
    #expect(answer.header("preference-applied") == "respond-async")
    #expect(["queued", "running"].contains(answer["state"].text))
    #expect(answer["bytes"].integer == eventLines(1...2_000).utf8.count)
    let done = try server.ended(answer.id)
    expectImport(done, 200, "done", ["read": 2_000, "created": 2_000])
    #expect(done["progress"] == 100 && done["finished_at"].text != nil)
    #expect(try server.eventCount() == 2_000)
    let refused = try start(server, "/events", eventLine(3_000) + "\n{}")
    expectImport(try server.ended(refused.id), 200, "refused", ["read": 2, "skipped": 1, "rejected": 1])
    // What is wrong with the request is told before anything is taken.
    #expect(try server.importFile("/events?mode=x", "{}", Self.async).status == 400)
  }

  @Test func `while an import counts rows that change nothing, a tag of the list of imports names one answer`() throws {
    let server = try RunningServer()
    let file = eventLines(1...8_000)
    expectImport(try server.importFile("/events", file), 200, "done", ["read": 8_000, "created": 8_000])
    let begun = try start(server, "/events?on_error=continue", file)
    let path = "/v1/imports?sort=-id&limit=1&fields=counts,state"
    var texts: [String: Set<String>] = [:]
    while ["queued", "running"].contains(try server.get("/v1/imports/\(begun.id)")["state"].text) {
      for question in [path, "/v1/imports/\(begun.id)?fields=counts", "/v1/imports/\(begun.id)/history"] {
        let answer = try server.get(question)
        texts[question + answer.etag, default: []].insert(answer.text)
      }
    }
    #expect(texts.values.allSatisfy { $0.count == 1 })
    #expect(try server.get(path).items.first?["counts"]["unchanged"] == 8_000)
  }

  @Test func `an event stream tells how far an import is, and its end`() throws {
    let server = try RunningServer()
    let answer = try start(server, "/events?on_error=continue", eventLines(1...8_000))
    let stream = try server.get("/v1/imports/\(answer.id)", ["Accept": "text/event-stream"])
    #expect(stream.header("content-type")?.hasPrefix("text/event-stream") == true)
    let events = try events(stream.text)
    #expect(events.last?.0 == "end")
    #expect(events.dropLast().allSatisfy { $0.0 == "progress" && ["queued", "running", "done"].contains($0.1["state"].text) })
    #expect(events.count > 1)
    if let last = events.last { #expect(last.1 == (try server.get("/v1/imports/\(answer.id)").json)) }
    let percents = events.dropLast().compactMap { $0.1["progress"].number }
    #expect(percents == percents.sorted() && percents.allSatisfy { (0...100).contains($0) })
    // Of one that has ended, the end alone; of none, 404.
    #expect(try self.events(server.get("/v1/imports/\(answer.id)", ["Accept": "text/event-stream"]).text).map(\.0) == ["end"])
    #expect(try server.get("/v1/imports/imp_0000000000000", ["Accept": "text/event-stream"]).status == 404)
  }

  @Test(arguments: ["abort", "continue"]) func `a cancelled import ends: an atomic one leaves nothing, the other what was in`(
    onError: String
  ) throws {
    let server = try RunningServer()
    let answer = try start(server, "/events?on_error=\(onError)", eventLines(1...60_000))
    let end = monotonicSeconds() + 20
    while try server.get("/v1/imports/\(answer.id)")["counts"]["read"].integer ?? 0 == 0, monotonicSeconds() < end {}
    let cancelled = try server.send("POST", "/v1/imports/\(answer.id)/cancel")
    #expect(cancelled.status == 202 && cancelled.id == answer.id)
    let done = try server.ended(answer.id)
    #expect(done["state"] == "cancelled", "\(done.text)")
    expectSum(done)
    let read = done["counts"]["read"].integer ?? 0
    #expect((1..<60_000).contains(read))
    #expect(done["counts"]["created"].integer == (onError == "abort" ? 0 : read))
    #expect(try server.eventCount() == (onError == "abort" ? 0 : read))
    #expect(try server.send("POST", "/v1/imports/\(answer.id)/cancel").status == 409)
    #expect(try server.send("POST", "/v1/imports/imp_0000000000000/cancel").status == 404)
    #expect(try server.send("POST", "/v1/imports/\(answer.id)/cancel?now=true").status == 400)
    // Sent again it is completed.
    let again = try server.importFile("/events", eventLines(1...read + 10))
    #expect(again["counts"]["created"].integer == (onError == "abort" ? read + 10 : 10))
  }

  @Test func `an import that is cancelled before its turn writes nothing`() throws {
    let server = try RunningServer("--import-running", "1")
    let first = try start(server, "/events?on_error=continue", eventLines(1...8_000))
    let second = try start(server, "/events?on_error=continue", eventLines(10_001...10_100))
    #expect(try server.send("POST", "/v1/imports/\(second.id)/cancel").status == 202)
    expectImport(try server.ended(first.id), 200, "done", ["read": 8_000, "created": 8_000])
    expectImport(try server.ended(second.id), 200, "cancelled", [:])
    #expect(try server.eventCount() == 8_000)
  }

  @Test func `imports beyond those that may wait are 503, and leave no record`() throws {
    let server = try RunningServer("--import-running", "1", "--import-waiting", "1")
    let long = try start(server, "/events?on_error=continue", eventLines(1...100_000))
    let waiting = try start(server, "/events?on_error=continue", eventLine(200_001))
    #expect(try server.get("/v1/imports/\(waiting.id)")["state"] == "queued")
    for headers in [[:], Self.async] {
      let refused = try server.importFile("/events", eventLine(1), headers)
      #expect(refused.status == 503 && refused["code"] == "busy" && refused.header("retry-after") != nil, "\(refused.text)")
    }
    #expect(try server.importFile("/events?dry_run=true", eventLine(1)).status == 503)
    #expect(try server.get("/v1/imports").items.count == 2)
    #expect(try server.send("POST", "/v1/imports/\(long.id)/cancel").status == 202)
    expectImport(try server.ended(waiting.id), 200, "done", ["read": 1, "created": 1])
    // Places come back.
    for name in 300_001...300_004 { #expect(try server.importFile("/events", eventLine(name)).status == 200) }
    #expect(try server.importFile("/events", "{}").status == 422)
    #expect(try server.importFile("/events", eventLine(300_005)).status == 200)
  }

  @Test func `two imports at once both go in whole, and no change number twice`() throws {
    let server = try RunningServer()
    let first = try start(server, "/events?on_error=continue", eventLines(1...3_000))
    let second = try start(server, "/events?on_error=continue", eventLines(2_001...5_000))
    let done = [try server.ended(first.id), try server.ended(second.id)]
    done.forEach { expectSum($0) }
    #expect(done.allSatisfy { $0["state"] == "done" && $0["counts"]["read"] == 3_000 && $0["counts"]["rejected"] == 0 })
    #expect(done.compactMap { $0["counts"]["created"].integer }.reduce(0, +) == 5_000)
    #expect(done.compactMap { $0["counts"]["unchanged"].integer }.reduce(0, +) == 1_000)
    #expect(try server.eventCount() == 5_000)
    let seqs = try server.get("/v1/events.ndjson?fields=seq").text.split(separator: "\n").compactMap {
      try JSON(Array($0.utf8))["seq"].integer
    }
    #expect(Set(seqs).count == 5_000)
  }

  @Test(arguments: ["abort", "continue"]) func `SIGTERM ends an import soon and leaves it interrupted`(onError: String) throws {
    let server = try RunningServer("--import-running", "1")
    let answer = try start(server, "/events?on_error=\(onError)", eventLines(1...120_000))
    // An import that is atomic holds the writer, so that no record of another is made meanwhile.
    let queued = onError == "abort" ? nil : try start(server, "/events", eventLine(200_000))
    let end = monotonicSeconds() + 20
    while try server.get("/v1/imports/\(answer.id)")["counts"]["read"].integer ?? 0 == 0, monotonicSeconds() < end {}
    #expect(try server.terminate(seconds: 8) == 0)
    try server.start()
    let record = try server.get("/v1/imports/\(answer.id)")
    #expect(record["state"] == "interrupted")
    expectSum(record)
    let count = try server.eventCount()
    #expect(count < 120_000)
    #expect(record["counts"]["created"].integer == count)
    #expect(onError == "continue" || count == 0)
    if let queued { expectImport(try server.get("/v1/imports/\(queued.id)"), 200, "interrupted", [:]) }
  }

  @Test func `an asynchronous import under a key is answered with its 202 again`() throws {
    let server = try RunningServer()
    let headers = ["Idempotency-Key": "k", "Prefer": "respond-async"]
    let first = try server.importFile("/events", eventLine(1), headers)
    #expect(first.status == 202)
    expectImport(try server.ended(first.id), 200, "done", ["read": 1, "created": 1])
    let again = try server.importFile("/events", eventLine(1), headers)
    #expect(again.status == 202 && again.id == first.id && again.header("idempotent-replayed") == "true")
    #expect(again.header("location") == "/v1/imports/\(first.id)")
    #expect(try server.get("/v1/imports").items.count == 1)
  }

  @Test func `an import that goes on is not undone`() throws {
    let server = try RunningServer()
    let text = eventLines(1...20_000)
    let started = try server.importFile("/events", text, ["Prefer": "respond-async"])
    #expect(started.status == 202)
    let refused = try server.delete("/v1/imports/\(started.id)")
    #expect(refused.status == 409 && refused["code"] == "import_running")
    #expect(try server.send("POST", "/v1/imports/\(started.id)/cancel").status == 202)
    expectImport(try server.ended(started.id), 200, "cancelled", try server.ended(started.id)["counts"].members.compactMapValues(\.integer))
    #expect(try server.eventCount() == 0)
    let undone = try server.delete("/v1/imports/\(started.id)")
    #expect(undone.status == 200 && undone["state"] == "undone", "\(undone.text)")
    for name in ["deleted", "restored", "kept"] { #expect(undone["undo"][name] == 0, "\(undone.text)") }
    expectSum(undone)
  }
}

extension String {
  /// The blocks of an event stream.
  fileprivate var eventBlocks: [Substring] {
    var blocks: [Substring] = []
    var block: [Substring] = []
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if !line.isEmpty {
        block.append(line)
      } else if !block.isEmpty {
        blocks.append(Substring(block.joined(separator: "\n")))
        block = []
      }
    }
    return blocks
  }
}
