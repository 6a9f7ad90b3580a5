import TestSupport
import Testing

/// Whatever is asked, the answer is rows or a problem that names the parameter; never a failure of ours.
@Suite struct WrongQuestionTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester("--demo") }

  private static let fine: Set = [200, 400, 414, 431]

  private func check(_ path: String) throws {
    let answer = try server.get(path)
    #expect(Self.fine.contains(answer.status), "\(answer.status) \(path.prefix(300))")
    if answer.status != 200 { #expect(answer["code"].text != nil && answer["request_id"].text != nil, "\(answer.text.prefix(200))") }
  }

  @Test func `hundreds of garbage filters`() throws {
    var random = SeededNumbers("garbage")
    let pieces = [
      "type", "=", "visit", "AND", "OR", "NOT", "(", ")", "IN", "(", ",", "'", "\"", "IS", "NULL", "BETWEEN", "participants.role", "host",
      "~", "!=",
      "<", ">=", "now-90d", "outcomes.status", "event.country", "💥", "\u{0}", "\u{301}", "1e999", "-0", "9223372036854775808",
      "participant", "RUS",
      "start_date", "2024-06", "tags", "extra", "participants", "goldstein", "NaN", "id", "--", ";", "DROP TABLE events", "%", "\\",
      "json_each",
      "dyad", "overdue", "created_at", "recommendations.responds_to.relation", "''", " ", "\n", "\u{202E}", "ß",
    ]
    var statuses: [Int: Int] = [:]
    for _ in 0..<700 {
      let words = (0..<Int.random(in: 1...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
      let filter = words.joined(separator: Bool.random(using: &random) ? " " : "")
      let resource = ["events", "outcomes", "recommendations", "stakeholders", "commitments"].randomElement(using: &random) ?? "events"
      let path = "/v1/\(resource)?filter=\(escaped(filter))"
      let answer = try server.get(path)
      #expect(Self.fine.contains(answer.status), "\(answer.status) \(filter.debugDescription)")
      statuses[answer.status, default: 0] += 1
    }
    // Nearly all of it is refused: were it not, it would not be read.
    #expect((statuses[400] ?? 0) > 500, "\(statuses)")
  }

  @Test func `bytes at random in every parameter`() throws {
    var random = SeededNumbers("bytes")
    let names = [
      "filter", "sort", "fields", "include", "limit", "offset", "cursor", "count", "as_of", "participant", "dyad", "from", "to", "bbox",
      "flatten",
      "time_format", "csv_safe", "type", "title__contains", "title__like", "title__prefix", "start_date__between", "id", "parent_id",
      "tags__has",
      "participants.role", "outcomes.status", "created_at__gt", "goldstein", "q",
    ]
    for _ in 0..<600 {
      let bytes = (0..<Int.random(in: 1...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let value = bytes.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      let name = names.randomElement(using: &random) ?? "filter"
      let suffix = ["", ".json", ".csv", ".ndjson", ".geojson"].randomElement(using: &random) ?? ""
      try check("/v1/events\(suffix)?\(name)=\(value)")
    }
  }

  @Test func `an injection in a parameter finds nothing and changes nothing`() throws {
    let before = try server.get("/v1/events?limit=1000").items
    let injections = [
      "' OR 1=1 --", "1; DROP TABLE events", "x') OR ('1'='1", "\" OR \"\"=\"", "title) UNION SELECT value FROM register_state --", "?1",
      ":name",
      "${jndi:x}", "../../etc/passwd", "type = visit; DELETE FROM events", "type = 'visit'' OR 1=1 --'", "r.title = x", "events.title = x",
    ]
    let names = [
      "filter", "sort", "fields", "include", "limit", "offset", "cursor", "count", "as_of", "participant", "dyad", "from", "to", "bbox",
      "flatten",
      "time_format", "title", "type", "id", "participants.role", "outcomes.status", "x'; DROP TABLE events", "title__eq) OR 1=1 --",
      "participants.role') --",
    ]
    for injection in injections {
      for name in names {
        let answer = try server.get("/v1/events?limit=1000&\(escaped(name))=\(escaped(injection))")
        #expect(answer.status == 400 || answer.items.isEmpty, "\(name) \(injection): \(answer.text.prefix(300))")
        #expect(!answer.text.lowercased().contains("sqlite") && !answer.text.contains("SELECT \("r.id")"))
      }
    }
    #expect(try server.get("/v1/events?limit=1000").items == before)
  }

  @Test func `too deep, too long and too many is told, at any size`() throws {
    func status(_ filter: String) throws -> Int { try server.get("/v1/events?filter=\(filter)").status }
    for count in [33, 1_000, 3_000] {
      #expect(try status(String(repeating: "(", count: count) + "type=visit" + String(repeating: ")", count: count)) == 400)
      #expect(try status(String(repeating: "(", count: count)) == 400)
    }
    #expect(try status(String(repeating: "NOT%20", count: 1_000) + "type=visit") == 400)
    let deep = try server.get("/v1/events?filter=\(String(repeating: "(", count: 1_000))")
    #expect(deep["errors"][0]["code"] == "too_deep" && deep["errors"][0]["column"] == 34)
    #expect(try status(Array(repeating: "seq=1", count: 300).joined(separator: "%20OR%20")) == 400)
    #expect([414, 431].contains(try status(String(repeating: "a", count: 1_000_000))))
    // Where the configuration lets such a target in, the expression's own limit answers.
    let wide = try RegisterTester("--http-max-target-bytes", "1048576", "--http-max-header-bytes", "1048576")
    let long = try wide.get("/v1/events?filter=type='\(String(repeating: "a", count: 900_000))'")
    #expect(long.status == 400 && long["errors"][0]["code"] == "too_long")
    let many = try wide.get("/v1/events?importance=\(Array(repeating: "1", count: 400_000).joined(separator: ","))")
    #expect(many.status == 400 && many["errors"][0]["code"] == "too_many")
  }

  // MARK: What dashboards send

  @Test func `a GET with a Content-Type and no body is a GET`() throws {
    for collection in ["events", "stakeholders", "outcomes", "recommendations", "commitments", "sources"] {
      let answer = try server.get("/v1/\(collection)", ["Content-Type": "application/json", "Accept": "application/json, text/plain, */*"])
      #expect(answer.status == 200 && answer.json.has("next_cursor"), "\(collection)")
    }
    #expect(try server.get("/v1/events", ["Content-Type": "application/json", "Content-Length": "0"]).status == 200)
  }

  @Test func `past the end there is a page without rows, and no next one`() throws {
    for collection in ["events", "stakeholders", "outcomes", "recommendations", "strategies", "assessments", "citations", "imports"] {
      let answer = try server.get("/v1/\(collection)?offset=99999")
      #expect(
        answer.status == 200 && answer.items.isEmpty && answer.json.has("next_cursor") && answer["next_cursor"] == nil, "\(collection)")
    }
    let filtered = try server.get("/v1/events?filter=\(escaped("type = visit AND NOT type = visit"))")
    #expect(filtered.status == 200 && filtered.text == #"{"items":[],"next_cursor":null}"#)
  }
}
