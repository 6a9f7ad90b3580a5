import TestSupport
import Testing

/// Questions that take long, and what goes on beside them.
@Suite struct BusyTests {
  /// 500 events: 300 that are called so, and 200 others, all with many tags.
  private func makeEvents(_ server: RunningServer) throws {
    let tags = (0..<64).map { "\"\($0) of no interest to anyone who reads this line at all\"" }.joined(separator: ",")
    let lines = (0..<500).map {
      #"{"title":"\#($0 < 300 ? "found" : "other")","tags":[\#(tags)],"type":"vote","start_date":"2024-01-01"}"#
    }
    let body = Array(lines.joined(separator: "\n").utf8)
    let answer = try server.send("POST", "/v1/imports/events", ["Content-Type": "application/x-ndjson"], body: body)
    try #require(answer.status == 200, "\(answer.text)")
  }

  /// A filter that looks at all tags of each event that has not the title, so many times: seconds of work.
  private func slow(_ times: Int, title: String = "nothing") -> String {
    escaped((["title=\(title)"] + (0..<times).map { "tags~'zz\($0)'" }).joined(separator: " OR "))
  }

  private func ask(_ server: RunningServer, _ path: String) throws -> RawClient {
    let client = try RawClient(port: server.port, deadlineSeconds: 60)
    client.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nConnection: close\r\n\r\n")
    return client
  }

  @Test func `exports go on while questions take long, and too many questions are refused`() throws {
    let server = try RunningServer("--http-readers", "1", "--http-max-waiting-questions", "1", "--http-query-timeout", "60s")
    try makeEvents(server)
    let asked = try (0..<3).map { try ask(server, "/v1/events?limit=\($0 + 1)&filter=\(slow(40))") }
    // One runs, one waits, and one is too many.
    for form in ["csv", "ndjson", "geojson"] { #expect(try server.get("/v1/events.\(form)?limit=500").status == 200) }
    #expect(asked.count(where: \.isSilent) == 2)
    let answers = try asked.map { try $0.readAnswer() }
    #expect(answers.map(\.status).sorted() == [200, 200, 503])
    let refused = try #require(answers.first { $0.status == 503 })
    #expect(try JSON(refused.body)["code"] == "busy" && refused.header("retry-after") != nil)
  }

  @Test func `who leaves makes room for others`() throws {
    let server = try RunningServer(
      "--http-readers", "1", "--http-max-waiting-questions", "0", "--http-query-timeout", "60s", "--analytics-cache-bytes", "0")
    try makeEvents(server)
    let long = "/v1/events?limit=2&filter=\(slow(180))"
    // Longer than a loop may wait.
    let short = "/v1/events?limit=1&fields=id&filter=\(slow(4))"
    do {
      var leaving = try ask(server, long)
      // It may come behind a short one, and is refused then.
      while try server.get(short).status != 503 { if !leaving.isSilent { leaving = try ask(server, long) } }
      #expect(leaving.isSilent)
    }
    while try server.get(short).status != 200 {}
    #expect(server.log.contains("\"status\":499"))
    #expect(!server.log.contains("\"level\":\"error\""))
  }

  @Test func `an export that takes too long behind its first rows is cut and not ended`() throws {
    let server = try RunningServer("--http-query-timeout", "2s")
    try makeEvents(server)
    let client = try ask(server, "/v1/events.ndjson?sort=id&filter=\(slow(180, title: "found"))")
    #expect(throws: RawClient.Failure.self) { try client.readAnswer() }
    let whole = try server.get("/v1/events.ndjson?sort=id&fields=id&title=found")
    #expect(whole.status == 200 && whole.text.split(separator: "\n").count == 300)
    // Before the first row it can still be told.
    let refused = try server.get("/v1/events.ndjson?filter=\(slow(180))")
    #expect(refused.status == 503 && refused["code"] == "query_timeout" && refused.header("retry-after") != nil)
  }
}
