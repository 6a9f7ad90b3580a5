import Store
import TestSupport
import Testing

/// What is refused, and how the refusal helps.
@Suite struct BodyTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private func post(_ body: String, _ headers: [String: String] = ["Content-Type": "application/json"]) throws -> Answer {
    try server.send("POST", "/v1/events", headers, body: Array(body.utf8))
  }

  @Test func `an unknown field is named with the nearest that exists`() throws {
    let answer = try server.post("/v1/events", ["title": "T", "type": "visit", "start_date": "2024", "summery": "S", "zzz": 1])
    #expect(answer.status == 422)
    #expect(answer.header("content-type") == "application/problem+json")
    #expect(answer.pointers == ["/summery", "/zzz"])
    #expect(answer.codes == ["unknown_field"])
    #expect(answer.details.contains("did you mean \"summary\""))
  }

  @Test func `all faults of a body come at once, each with its pointer`() throws {
    let answer = try server.post(
      "/v1/events",
      [
        "type": "vissit", "start_date": "18/06/2024", "end_date": 5, "importance": 9, "latitude": 91, "url": "ftp://x", "tags": ["", 3],
        "parent_id": "evt_0000000000000", "cameo_code": 42, "country": "XXX", "title": "", "summary": "a\u{1}b",
        "participants": [["stakeholder": "NOONE", "role": "visitor"], ["role": "visitr"], 7],
      ])
    #expect(answer.status == 422)
    #expect(
      answer.pointers == [
        "/type", "/start_date", "/end_date", "/importance", "/latitude", "/url", "/tags/0", "/tags/1", "/parent_id", "/cameo_code",
        "/country", "/title", "/summary", "/participants/0/stakeholder", "/participants/1/stakeholder", "/participants/1/role",
        "/participants/2",
      ])
    #expect(answer.details.contains("did you mean \"visit\""))
    #expect(answer.details.contains("\"042\" and not 42"))
    let type = answer["errors"].elements.first { $0["pointer"] == "/type" }
    #expect(type?["allowed"].elements.contains("visit") == true)
  }

  @Test func `a record must have what is required`() throws {
    let answer = try post("{}")
    #expect(answer.status == 422)
    #expect(answer.pointers == ["/title", "/type", "/start_date"])
    #expect(answer.codes == ["required"])
    #expect(try post("[]").status == 422)
    #expect(try post("null").status == 422)
    #expect(try server.patch("/v1/events/\(server.event().id)", ["title": nil]).pointers == ["/title"])
  }

  @Test func `what the register gives is not taken from a body`() throws {
    let answer = try server.post(
      "/v1/events",
      [
        "title": "T", "type": "visit", "start_date": "2024", "id": "evt_0000000000000", "version": 4, "seq": 1, "quad_class": 4,
        "created_at": "2020-01-01T00:00:00Z", "region": "030",
      ])
    #expect(answer.status == 422)
    #expect(answer.codes == ["read_only"])
    #expect(answer.pointers == ["/id", "/version", "/seq", "/quad_class", "/created_at", "/region"])
    let made = try server.event()
    let changed = try server.patch("/v1/events/\(made.id)", ["quad_class": 3, "version": 8])
    #expect(changed.status == 422)
    #expect(changed.pointers == ["/quad_class", "/version"])
  }

  @Test(
    arguments: [
      (#"{"title":"a","title":"b","type":"visit","start_date":"2024"}"#, "a key that stands twice"),
      (#"{"title":"a","type":"visit","start_date":"2024","extra":{"k":1,"\u006b":2}}"#, "a key that stands twice, once escaped"),
      (#"{"title":"a","type":"visit","start_date":"2024"} x"#, "trailing bytes"),
      (#"{"title":"a","type":"visit","start_date":"2024"}{}"#, "a second value"),
      (#"{"title":"a","type":"visit","start_date":"2024","tone":NaN}"#, "NaN"),
      (#"{"title":"a","type":"visit","start_date":"2024","tone":Infinity}"#, "Infinity"),
      (#"{"title":"a","type":"visit","start_date":"2024","extra":{"n":9007199254740993.5}}"#, "more digits than a double keeps"),
      (#"{"title":"a","type":"visit","start_date":"2024","extra":{"n":18446744073709551616}}"#, "more than 64 bits"),
      (#"{"title":"a","type":"visit","start_date":"2024","tone":1e999}"#, "beyond a double"),
      (#"{"title":"\ud800","type":"visit","start_date":"2024"}"#, "a lone high surrogate"),
      (#"{"title":"\udc00x","type":"visit","start_date":"2024"}"#, "a lone low surrogate"),
      (#"{"title":"a","type":"visit","start_date":"2024""#, "an end too early"),
      (#"{"title":"a",}"#, "a trailing comma"), ("{'title':'a'}", "single quotes"), ("", "nothing"), ("\u{FEFF}{}", "a byte order mark"),
    ])
  func `JSON that is none, or would be read differently elsewhere, is 400`(body: String, what: String) throws {
    let answer = try post(body)
    #expect(answer.status == 400, "\(what): \(answer.text)")
    #expect(answer.header("content-type") == "application/problem+json")
    #expect(try server.get("/v1/events").items.isEmpty)
  }

  @Test func `bytes that are not UTF-8 are 400`() throws {
    let body = Array(#"{"title":"a"#.utf8) + [0xFF] + Array(#"","type":"visit","start_date":"2024"}"#.utf8)
    #expect(try server.send("POST", "/v1/events", ["Content-Type": "application/json"], body: body).status == 400)
  }

  @Test func `an integer beyond 2^53 is kept to its last digit`() throws {
    let answer = try post(#"{"title":"a","type":"visit","start_date":"2024","extra":{"n":9007199254740993}}"#)
    #expect(answer.status == 201)
    #expect(answer.text.contains("9007199254740993"))
  }

  @Test func `64 levels are taken, and 65 and 100,000 are refused`() throws {
    func nested(_ depth: Int) -> String {
      // The record and `extra` are two levels already.
      let open = String(repeating: "[", count: depth - 2)
      return
        #"{"title":"a","type":"visit","start_date":"2024","extra":{"n":\#(open)\#(String(repeating: "]", count: depth - 2))}}"#
    }
    #expect(try post(nested(64)).status == 201)
    for depth in [65, 100_000] {
      let answer = try post(nested(depth))
      #expect(answer.status == 400, "\(depth)")
      #expect(answer["code"] == "depth")
    }
    #expect(try post(String(repeating: "{\"a\":", count: 100_000)).status == 400)
  }

  @Test func `a body of another type is 415, and a compressed one too`() throws {
    let body = #"{"title":"a","type":"visit","start_date":"2024"}"#
    #expect(try post(body, ["Content-Type": "text/plain"]).status == 415)
    #expect(try post(body, ["Content-Type": "application/x-www-form-urlencoded"]).status == 415)
    #expect(try post(body, ["Content-Type": "application/merge-patch+json"]).status == 415)
    #expect(try post(body, ["Content-Type": "application/json", "Content-Encoding": "gzip"]).status == 415)
    #expect(try post(body, ["Content-Type": "Application/JSON; charset=utf-8"]).status == 201)
  }

  @Test func `a body over the limit is 413`() throws {
    let limited = try RegisterTester("--http-max-body-bytes", "2000")
    func body(_ bytes: Int) -> [UInt8] {
      let (head, tail) = (#"{"title":"a","type":"visit","start_date":"2024","summary":""#, #""}"#)
      return Array((head + String(repeating: "x", count: bytes - head.utf8.count - tail.utf8.count) + tail).utf8)
    }
    for (bytes, status) in [(1_999, 201), (2_000, 201), (2_001, 413)] {
      #expect(try limited.send("POST", "/v1/events", ["Content-Type": "application/json"], body: body(bytes)).status == status, "\(bytes)")
    }
  }

  @Test func `text is kept in form C and measured in characters`() throws {
    let made = try server.event(["title": "Cafe\u{301}"])
    #expect(made["title"].text.map { Array($0.unicodeScalars) } == Array("Caf\u{E9}".unicodeScalars))
    #expect(
      try server.post("/v1/events", ["title": .string(String(repeating: "é", count: 300)), "type": "visit", "start_date": "2024"]).status
        == 201)
    #expect(
      try server.post("/v1/events", ["title": .string(String(repeating: "é", count: 301)), "type": "visit", "start_date": "2024"]).status
        == 422)
  }

  @Test func `a method that a path does not have is 405 with those that it has`() throws {
    let answer = try server.send("DELETE", "/v1/events")
    #expect(answer.status == 405)
    let allowed = Set((answer.header("allow") ?? "").split(separator: ",").map { $0.drop { $0 == " " } })
    #expect(allowed.isSuperset(of: ["GET", "POST"]) && !allowed.contains("DELETE"))
    #expect(try server.send("PATCH", "/v1/assessments/asm_0000000000000", body: []).status == 405)
    let missing = try server.get("/v1/evnts")
    #expect(missing.status == 404)
    #expect(missing.text.contains("/v1/events"))
  }
}
