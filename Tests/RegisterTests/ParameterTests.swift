import Records
import Store
import TestSupport
import Testing

/// A parameter that is not understood is refused in the same words wherever it is given, and all of them at once.
@Suite struct ParameterTests {
  let server: RegisterTester
  /// Paths of each kind with the most rows that they give.
  let paged: [(path: String, most: Int)]
  let importPath: String

  init() throws {
    server = try RegisterTester("--demo")
    let done = try server.get("/v1/imports").items.first?["id"].text ?? ""
    importPath = "/v1/imports/\(done)"
    paged = [
      ("/v1/events", 1_000), ("/v1/events/aggregate", 20_000), ("/v1/analytics/timeline", 20_000), ("/v1/search?q=treaty", 100),
      ("/v1/stakeholders/PRK/history", 1_000), ("\(importPath)/errors", 1_000), ("/v1/stakeholders/PRK/events", 1_000),
      ("/v1/events.csv", 1_000), ("/v1/events.geojson", 1_000), ("/v1/imports", 1_000), ("/v1/imports/aggregate.ndjson", 20_000),
      ("/v1/analytics/breakdown?field=type", 20_000), ("/v1/analytics/dyads", 20_000), ("/v1/analytics/dyads/PRK/RUS", 20_000),
      ("/v1/analytics/dyads/PRK/RUS.csv", 20_000), ("/v1/analytics/network?stakeholder=PRK", 20_000), ("/v1/analytics/map", 20_000),
      ("/v1/analytics/outcome-matrix", 20_000), ("/v1/analytics/recommendations", 20_000),
    ]
  }

  private func ask(_ path: String, _ query: String) throws -> Answer {
    try server.get("\(path)\(path.contains("?") ? "&" : "?")\(query)")
  }

  @Test(arguments: ["0", "abc", "-1", "1.5", "99999999999999999999", "1,2", "%201", "0x10", "null"])
  func `a limit that is none is one refusal on every path`(value: String) throws {
    for (path, most) in paged {
      let answer = try ask(path, "limit=\(value)")
      #expect(answer.status == 400 && answer["code"] == "bad_parameter", "\(path)")
      #expect(answer["title"] == "The query is invalid", "\(path)")
      #expect(answer.codes == ["out_of_range"] && answer.pointers == ["limit"], "\(path): \(answer.text)")
      #expect(
        answer.details == "expected a whole number from 1 to \(most), not \"\(value.replacing("%20", with: " "))\"", "\(path)")
    }
  }

  @Test(arguments: [
    ("limit=", "empty_parameter"), ("limit=1&limit=2", "repeated_parameter"), ("cursor=x", "bad_cursor"), ("cursr=x", "unknown_parameter"),
  ])
  func `what is empty, repeated, forged or unknown is one refusal on every path`(query: String, code: String) throws {
    let name = query.prefix { $0 != "=" }
    var details: Set<String> = []
    for (path, most) in paged {
      #expect(try ask(path, "limit=\(most)").status == 200, "\(path)")
      #expect(try ask(path, "limit=\(most + 1)").codes == ["out_of_range"], "\(path)")
      let answer = try ask(path, query)
      #expect(answer.status == 400 && answer.codes == [code] && answer.pointers == [String(name)], "\(path): \(answer.text)")
      if code == "unknown_parameter" {
        #expect(answer.details.contains("did you mean \"cursor\"?"), "\(path): \(answer.text)")
      } else {
        details.insert(answer.details)
      }
    }
    #expect(details.count <= 1, "\(details)")
  }

  @Test func `a flag that is none is one refusal, also where something is written`() throws {
    let event: JSON = ["title": "T", "type": "visit", "start_date": "2024-01-01"]
    let answers = [
      try server.get("/v1/events?flatten=yes"), try server.get("/v1/search?q=treaty&stale=yes"),
      try server.get("/v1/analytics/timeline?cumulative=yes"), try server.post("/v1/events?dry_run=yes", event),
      try server.post("/v1/imports/events?dry_run=yes", event), try server.delete("\(importPath)?force=yes"),
    ]
    for answer in answers {
      #expect(answer.status == 400 && answer.codes == ["malformed_value"], "\(answer.text)")
      #expect(answer.details == "expected true or false, not \"yes\"")
    }
  }

  @Test func `all faults come at once`() throws {
    let search = try server.get("/v1/search?type=evnts&limit=0&stale=yes&x=1")
    #expect(
      search.pointers == ["q", "type", "limit", "stale", "x"] && search.details.contains("did you mean \"events\"?"), "\(search.text)")
    let figures = try server.get("/v1/analytics/breakdown?top=0&other=x&typ=visit&limit=0&cursor=x")
    #expect(figures.pointers.isSuperset(of: ["field", "top", "other", "typ", "limit", "cursor"]), "\(figures.text)")
    let file = try server.post("/v1/imports/events?mode=upsrt&max_errors=x&profle=x&source=a%01b&dry_run=true&dry_run=true", [:])
    #expect(file.pointers == ["mode", "max_errors", "profle", "source", "dry_run"], "\(file.text)")
    #expect(file.details.contains("did you mean \"upsert\"?") && file.details.contains("did you mean \"profile\"?"))
    let item = try server.get("/v1/stakeholders/PRK?fieds=x&fields=nam&limit=1")
    #expect(item.pointers == ["fieds", "fields", "limit"] && item.details.contains("did you mean \"fields\"?"), "\(item.text)")
  }

  @Test func `a path without parameters says so`() throws {
    for path in ["/v1", "/openapi.json", "/docs", "/v1/vocabularies", "/v1/vocabularies/event_type", "/problems", "/v1/imports/profiles"] {
      let answer = try server.get("\(path)?pretty=1")
      #expect(answer.codes == ["unknown_parameter"] && answer.details == "this path takes no parameters", "\(path)")
    }
  }

  // MARK: Names in paths

  @Test func `a stakeholder whose code ends as a form does is found by its code`() throws {
    _ = try server.make("stakeholders", ["code": "x.csv", "name": "X", "type": "state"])
    #expect(try server.get("/v1/analytics/dyads/PRK/x.csv").header("content-type") == "application/json")
    #expect(try server.get("/v1/analytics/dyads/PRK/x.csv.csv").header("content-type")?.hasPrefix("text/csv") == true)
    #expect(try server.get("/v1/analytics/dyads/PRK/RUS.csv").header("content-type")?.hasPrefix("text/csv") == true)
  }

  @Test func `no record is called as a path is`() throws {
    let document = try server.get("/openapi.json").json
    for (collection, handle) in [("stakeholders", "code"), ("recommendations", "reference"), ("strategies", "code")] {
      let words = Set(
        document["paths"].keys.compactMap { path -> String? in
          let segments = path.split(separator: "/").map(String.init)
          return segments.count > 2 && segments[1] == collection && !segments[2].hasPrefix("{") ? segments[2] : nil
        })
      #expect(words.contains("aggregate"))
      for word in words {
        let answer = try server.post("/v1/\(collection)", [handle: .string(word)])
        #expect(
          answer.status == 422 && answer.pointers.contains("/\(handle)") && answer.details.contains("paths"), "\(word): \(answer.text)")
      }
    }
  }

  // MARK: If-None-Match of a write

  @Test func `a write that excludes the record as it is leaves it alone`() throws {
    let body: JSON = ["title": "T", "type": "visit", "start_date": "2024-01-01"]
    let external = "/v1/events/by-external/em/1"
    let made = try server.put(external, body, ["If-None-Match": "*"])
    #expect(made.status == 201, "\(made.text)")
    let path = "/v1/events/\(made.id)"
    for tag in ["*", made.etag, "W/\(made.etag)", "\"7\", \(made.etag)"] {
      for answer in [
        try server.put(external, body, ["If-None-Match": tag]), try server.put(path, body, ["If-None-Match": tag]),
        try server.patch(path, ["title": "U"], ["If-None-Match": tag]), try server.delete(path, ["If-None-Match": tag]),
      ] { #expect(answer.status == 412 && answer["code"] == "excluded", "\(tag): \(answer.text)") }
    }
    #expect(try server.get(path)["version"] == 1)
    #expect(try server.patch(path, ["title": "U"], ["If-None-Match": "\"7\""]).status == 200)
    #expect(try server.patch("/v1/events/evt_0000000000001", ["title": "U"], ["If-None-Match": "*"]).status == 404)
  }
}
