import Records
import TestSupport
import Testing

/// Codes and references in paths: no record is called as a path is, and one that ends as a form does is found all the same.
@Suite struct HandleTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private static let handled = [("stakeholders", "code"), ("recommendations", "reference"), ("strategies", "code")]

  private func body(_ collection: String, _ handle: String, _ code: String) -> JSON {
    let all: JSON = ["name": "X", "title": "X", "type": "company", "strategy": "transparency"]
    let known = Catalogue.shared.required(collection).columns.map(\.name)
    return .object(all.members.filter { known.contains($0.key) }).with([handle: .string(code)])
  }

  @Test(arguments: ReservedHandles.words)
  func `a path's word is refused on every way in, and by what makes the code`(word: String) throws {
    for (collection, handle) in Self.handled {
      let body = body(collection, handle, word)
      var answers = [try server.post("/v1/\(collection)", body), try server.put("/v1/\(collection)/by-external/s/1", body)]
      answers.append(try server.importFile("/\(collection)", String(decoding: try body.bytes, as: UTF8.self)))
      for answer in answers { #expect(answer.status == 422 && answer.codes == ["bad_handle"], "\(collection): \(answer.text)") }
    }
    let change = try server.patch("/v1/stakeholders/FRA", ["code": .string(word)])
    #expect(change.status == 422, "\(change.text)")
    let visit: JSON = [
      "title": "T", "type": "visit", "start_date": "2024-01-01", "participants": [["stakeholder": .string(word)]],
    ]
    let made = try server.importFile("/events?create_missing=stakeholders", String(decoding: try visit.bytes, as: UTF8.self))
    #expect(made.status == 422, "\(made.text)")
    #expect(try server.get("/v1/events").items.isEmpty)
  }

  @Test(arguments: ["Aggregate", "AGGREGATE!", "By External", "by-external"])
  func `a name that makes a path's word asks for a code`(name: String) throws {
    let fields: JSON = ["name": .string(name), "type": "company"]
    let refused = try server.post("/v1/stakeholders", fields)
    #expect(refused.status == 422 && refused.codes == ["bad_handle"] && refused.pointers == ["/code"], "\(refused.text)")
    #expect(refused.details.contains("give another code"))
    let line = try server.importFile("/stakeholders", String(decoding: try fields.bytes, as: UTF8.self))
    #expect(line.status == 422 && line.codes == ["bad_handle"], "\(line.text)")
    #expect(try server.make("stakeholders", fields.with(["code": "other"]))["code"] == "other")
  }

  @Test(arguments: [
    "Aggregate", "history", "events", "x.csv", "x.json", "x.ndjson", "x.geojson", "x.CSV", ".csv", "aggregate.geojson", "a..b",
  ])
  func `any other code leads to its record on every path that takes one`(code: String) throws {
    _ = try server.make("stakeholders", ["code": .string(code), "name": "X", "type": "company"])
    let id = try server.event(["participants": [["stakeholder": .string(code)], ["stakeholder": "PRK"]]]).id
    let path = "/v1/stakeholders/\(code)"
    #expect(try server.get(path)["code"].text == code)
    #expect(try server.get("\(path)?fields=code").text == #"{"code":"\#(code)"}"#)
    #expect(try server.get("\(path)/history").items.map { $0["code"].text } == [code])
    #expect(try server.get("\(path)/events").items.map { $0["id"].text } == [id])
    #expect(try server.get("\(path)/events.ndjson?fields=id").text == "{\"id\":\"\(id)\"}\n")
    for query in ["participant=\(code)", "dyad=PRK,\(code)"] { #expect(try server.get("/v1/events?\(query)").items.count == 1, "\(query)") }
    for pair in ["PRK/\(code)", "\(code)/PRK"] {
      let dyad = try server.get("/v1/analytics/dyads/\(pair)")
      #expect(dyad.header("content-type") == "application/json" && dyad.items.map { $0["count"] } == [1], "\(pair): \(dyad.text)")
      let csv = try server.get("/v1/analytics/dyads/\(pair).csv")
      #expect(csv.header("content-type")?.hasPrefix("text/csv") == true, "\(pair)")
      let lines = try server.get("/v1/analytics/dyads/\(pair).ndjson")
      #expect(lines.header("content-type") == "application/x-ndjson" && lines.text.split(separator: "\n").count == 1, "\(pair)")
    }
    #expect(try server.get("/v1/analytics/dyads?of=\(code)").items.count == 1)
    #expect(try server.get("/v1/analytics/network?stakeholder=\(code)").items.count == 1)
    #expect(try server.patch(path, ["office": "O"])["office"] == "O")
    #expect(try server.delete("\(path)?dry_run=true").status == 409)
  }

  @Test func `of two codes that differ by a form's suffix, the whole name counts`() throws {
    for code in ["x", "x.csv"] {
      _ = try server.make("stakeholders", ["code": .string(code), "name": "X", "type": "company"])
      for _ in 0..<code.utf8.count { _ = try server.event(["participants": [["stakeholder": .string(code)], ["stakeholder": "PRK"]]]) }
    }
    #expect(try server.get("/v1/analytics/dyads/PRK/x.csv").items.map { $0["count"] } == [5])
    #expect(try server.get("/v1/analytics/dyads/PRK/x").items.map { $0["count"] } == [1])
    #expect(try server.get("/v1/analytics/dyads/PRK/x.ndjson").text.contains(#""count":1,"#))
    #expect(try server.get("/v1/analytics/dyads/PRK/x.json").items.map { $0["count"] } == [1])
    #expect(try server.get("/v1/analytics/dyads/x/x.csv").items.isEmpty)
    #expect(try server.get("/v1/analytics/dyads/PRK/y.csv").status == 404)
  }

  @Test func `who is nearly called so is offered where a body names a record, too`() throws {
    for (name, code) in [("prk", "PRK"), ("Japan", "JPN")] {
      let body: JSON = [
        "title": "T", "type": "visit", "start_date": "2024-01-01",
        "participants": [["stakeholder": .string(name)], ["stakeholder": "nobody"]],
      ]
      let refused = try server.post("/v1/events", body)
      #expect(refused.codes == ["unknown_reference"] && refused.pointers == ["/participants/0/stakeholder", "/participants/1/stakeholder"])
      #expect(refused.details.contains("did you mean \(code)?") && refused.details.contains("use the id"), "\(refused.text)")
      let line = try server.importFile("/events", String(decoding: try body.bytes, as: UTF8.self))
      #expect(line.text.contains("did you mean \(code)?"), "\(line.text)")
      let view: JSON = ["stakeholder": .string(name), "issue": "x", "kind": "fear", "statement": "s"]
      #expect(try server.post("/v1/perspectives", view).details.contains("did you mean \(code)?"))
    }
    let near = try server.post("/v1/recommendations", ["reference": "R", "title": "T", "strategy": "TRANSPARENCY"])
    #expect(near.details.contains("did you mean transparency?"), "\(near.text)")
  }
}
