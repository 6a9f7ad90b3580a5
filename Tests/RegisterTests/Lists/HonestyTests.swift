import Records
import Store
import TestSupport
import Testing

/// Each of these was once a wrong answer that looked like a right one.
@Suite struct HonestyTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private func importing(_ path: String, _ type: String, _ bytes: [UInt8]) throws -> Answer {
    try server.send("POST", "/v1/imports\(path)", ["Content-Type": type], body: bytes)
  }

  @Test func `a cell that is not UTF-8 is refused with its line, and so is such a header`() throws {
    for bytes in [[0xC0, 0xAF], [0xEB], [0xC9]] as [[UInt8]] {
      let file = Array("title,type,start_date,city\nA,visit,2024-01-01,".utf8) + bytes + [0x0A]
      let answer = try importing("/events", "text/csv", file)
      #expect(answer.status == 422)
      #expect(answer["errors"][0]["code"].text == "invalid_utf8")
      #expect(answer["errors"][0]["line"].integer == 2)
    }
    let header = try importing("/events", "text/csv", [0x74, 0xEB, 0x0A])
    #expect(header.status == 422 && header["errors"][0]["code"].text == "invalid_utf8")
  }

  @Test func `one record takes fields, include and as_of, and names anything else`() throws {
    for parameter in ["count=exact", "limit=1", "sort=id", "offset=1", "type=visit", "cursor=x"] {
      let answer = try server.get("/v1/stakeholders/PRK?\(parameter)")
      #expect(answer.status == 400)
      #expect(answer["errors"][0]["parameter"].text == parameter.split(separator: "=").first.map(String.init))
    }
    #expect(try server.get("/v1/stakeholders/PRK?fields=code").text == #"{"code":"PRK"}"#)
  }

  @Test func `the past is not shown with records of today inside`() throws {
    #expect(try server.get("/v1/stakeholders/PRK?as_of=2030-01-01T00:00:00Z&include=perspectives").status == 400)
  }

  @Test func `a parameter that is given twice is refused before anything is written`() throws {
    let event: JSON = ["title": "T", "type": "visit", "start_date": "2024-01-01"]
    #expect(try server.post("/v1/events?dry_run=true&dry_run=false", event).status == 400)
    let lines = Array(#"{"title":"T","type":"visit","start_date":"2024-01-01"}"#.utf8)
    #expect(try importing("/events?dry_run=true&dry_run=false", "application/x-ndjson", lines).status == 400)
    #expect(try importing("/events?source=a%01b", "application/x-ndjson", lines).status == 400)
    #expect(try importing("/events?source=\(String(repeating: "a", count: 65))", "application/x-ndjson", lines).status == 400)
    #expect(try server.get("/v1/events").items.isEmpty)
  }

  @Test func `a row with an id means that record, and one with an id of elsewhere is no new record`() throws {
    let id = try server.event()["id"].text ?? ""
    let known = try importing("/events", "application/x-ndjson", Array(#"{"id":"\#(id)","title":"Renamed"}"#.utf8))
    #expect(known["counts"]["updated"].integer == 1)
    #expect(try server.get("/v1/events/\(id)")["title"].text == "Renamed")
    let strange = #"{"id":"evt_0000000000001","title":"T","type":"visit","start_date":"2024-01-01"}"#
    let answer = try importing("/events", "application/x-ndjson", Array(strange.utf8))
    #expect(answer.status == 422 && answer["errors"][0]["code"].text == "unknown_id")
    #expect(try server.get("/v1/events").items.count == 1)
  }

  @Test func `a line that says another resource than the path is refused`() throws {
    let line = Array(#"{"resource":"stakeholders","title":"T","type":"visit","start_date":"2024-01-01"}"#.utf8)
    #expect(try importing("/events", "application/x-ndjson", line)["errors"][0]["code"].text == "other_resource")
  }

  @Test func `a new start takes a derived end away, and leaves one that was given`() throws {
    let given: JSON = ["title": "T", "type": "talks", "start_date": "2024-06-01", "end_date": "2024-07-15", "date_precision": "month"]
    let id = try server.make("events", given)["id"].text ?? ""
    #expect(try server.patch("/v1/events/\(id)", ["start_date": "2024-06-02"])["end_date"].text == "2024-07-15")
  }

  @Test func `two exact dates are exact to days, and one to a day`() throws {
    let span: JSON = ["title": "T", "type": "talks", "start_date": "2024-06-18", "end_date": "2024-06-21"]
    #expect(try server.make("events", span)["date_precision"].text == "days")
    #expect(try server.event(["start_date": "2024-06-18"])["date_precision"].text == "day")
  }

  @Test func `a text with a comma and a blank in it is found in quotes, and without them refused`() throws {
    _ = try server.event(["title": "Talks in Vienna, Austria"])
    #expect(try server.get("/v1/events?title=%22Talks%20in%20Vienna,%20Austria%22").items.count == 1)
    #expect(try server.get("/v1/events?title=Talks%20in%20Vienna,%20Austria").codes == ["ambiguous_comma"])
  }

  @Test func `a text with a comma is found by its whole in arrays and at its ends, too`() throws {
    // "Plain" has what stands before the comma, and nobody what stands behind it.
    for title in ["Talks", "Talks,", "Other"] { _ = try server.event(["title": .string(title), "tags": ["Korea, North"]]) }
    _ = try server.event(["title": "Plain", "tags": ["Korea"]])
    func titles(_ query: String) throws -> Set<String> { Set(try server.get("/v1/events?\(query)").items.compactMap { $0["title"].text }) }
    #expect(try titles("title=Talks,") == ["Talks", "Talks,"])
    #expect(try titles("title__ne=Talks,") == ["Other", "Plain"])
    for name in ["tags", "tags__has", "tags__in"] {
      #expect(try titles("\(name)=%22Korea,%20North%22") == ["Talks", "Talks,", "Other"])
      #expect(try titles("\(name)=%22Korea,%20North%22,Korea") == ["Talks", "Talks,", "Other", "Plain"])
    }
    #expect(try server.get("/v1/events?type=visit,").codes == ["not_a_word"])
  }

  @Test func `a list of texts may be longer than one of them`() throws {
    let names = (0..<25).map { "GDELT-2024-\(1_000_000 + $0)" }
    for name in names { _ = try server.event(["source": "s", "external_id": .string(name)]) }
    for field in ["external_id", "external_id__in"] {
      #expect(try server.get("/v1/events?\(field)=\(names.joined(separator: ","))").items.count == 25)
    }
    let long = String(repeating: "x", count: 201)
    #expect(try server.get("/v1/events?external_id=a,\(long)").codes == ["too_long"])
    #expect(try server.get("/v1/events?external_id=,\(long)").codes == ["empty", "too_long"])
  }

  @Test func `a record that a condition names is found by any of its names, and one that is not there is told`() throws {
    let server = try RegisterTester("--demo")
    let id = try server.get("/v1/events/by-external/demo/2024-pyongyang").id
    let aim = try server.get("/v1/perspectives?target=\(id)").items
    #expect(!aim.isEmpty && aim.allSatisfy { $0["target"].text == id })
    #expect(try server.get("/v1/perspectives?target=demo/2024-pyongyang").items == aim)
    #expect(try server.get("/v1/perspectives?filter=\(escaped("target IN ('demo/2024-pyongyang')"))").items == aim)
    let others = try server.get("/v1/perspectives?target__ne=demo/2024-pyongyang&limit=1000").items
    #expect(!others.contains { $0["target"].text == id })
    let answers = try server.get("/v1/recommendations?responds_to.target=\(id)").items
    #expect(!answers.isEmpty)
    #expect(try server.get("/v1/recommendations?responds_to.target=demo/2024-pyongyang").items == answers)
    let treaty = try server.get("/v1/events/by-external/demo/2024-treaty").id
    #expect(try server.get("/v1/citations?record=demo/2024-treaty").items == server.get("/v1/citations?record=\(treaty)").items)
    for query in ["target=nonsense", "target__ne=nonsense", "target=PRK", "filter=target=nonsense"] {
      #expect(try server.get("/v1/perspectives?\(query)").codes == ["unknown_reference"], "\(query)")
    }
    // An id that was never given is of no record, and no typing error.
    #expect(try server.get("/v1/perspectives?target=evt_0000000000001").items.isEmpty)
  }

  @Test func `a strategy that does not exist is refused with the nearest`() throws {
    let server = try RegisterTester("--demo")
    let all = try server.get("/v1/recommendations?limit=1000").items
    let some = try server.get("/v1/recommendations?strategy=transparency").items
    #expect(!some.isEmpty && some == all.filter { $0["strategy"] == "transparency" })
    let id = try server.get("/v1/strategies/transparency").id
    #expect(try server.get("/v1/recommendations?strategy=\(id)").items == some)
    for query in ["strategy=transparancy", "strategy__ne=transparancy", "filter=strategy=transparancy"] {
      let answer = try server.get("/v1/recommendations?\(query)")
      #expect(answer.codes == ["unknown_reference"] && answer.details.contains("\"transparency\""), "\(answer.text)")
    }
    #expect(try server.get("/v1/recommendations?strategy=nonsense")["errors"][0]["allowed"].elements.contains("mediation"))
  }

  @Test func `a field that is sorted by twice is refused`() throws {
    for sort in ["title,-title", "id,id"] { #expect(try server.get("/v1/events?sort=\(sort)").codes == ["repeated_value"], "\(sort)") }
  }

  @Test func `ne of a part of nested records means that none is it`() throws {
    func make(_ title: String, _ roles: [String?]) throws {
      let codes = ["RUS", "PRK", "USA"]
      let parties = zip(codes, roles).map { code, role in
        JSON.object(["stakeholder": .string(code)].merging(role.map { ["role": .string($0)] } ?? [:]) { $1 })
      }
      _ = try server.event(["title": .string(title), "participants": .array(parties)])
    }
    try make("both", ["visitor", "host"])
    try make("visitor", ["visitor"])
    try make("hosts", ["host", "host"])
    try make("none", [])
    func titles(_ query: String) throws -> Set<String> { Set(try server.get("/v1/events?\(query)").items.compactMap { $0["title"].text }) }
    #expect(try titles("participants.role=host") == ["both", "hosts"])
    #expect(try titles("participants.role__ne=host") == ["visitor", "none"])
    #expect(try titles("participants.role__nin=host,visitor") == ["none"])
    #expect(try titles("filter=\(escaped("participants.role != host"))") == ["visitor", "none"])
  }

  @Test func `what a name means is told instead of an empty answer`() throws {
    for (word, code) in [("prk", "PRK"), ("Russia", "RUS")] {
      let answer = try server.get("/v1/events?participant=\(word)")
      #expect(answer.status == 400 && answer.text.contains("did you mean \(code)"))
    }
    let id = try server.get("/v1/stakeholders/PRK")["id"].text ?? ""
    #expect(try server.get("/v1/events?dyad=PRK,\(id)").status == 400)
  }

  @Test func `a range in which nothing can lie is refused`() throws {
    for query in ["start_date__between=2024-12-31,2024-01-01", "goldstein__between=2,1", "from=2025&to=2024"] {
      let answer = try server.get("/v1/events?\(query)")
      #expect(answer.status == 400 && answer.codes == ["reversed_range"], "\(query)")
    }
    #expect(try server.get("/v1/events?goldstein__between=1,1&from=2024&to=2024").status == 200)
  }

  @Test func `an import that changes nothing takes the numbers of its own record and no other`() throws {
    let line = Array(#"{"source":"s","external_id":"1","title":"T","type":"visit","start_date":"2024-01-01"}"#.utf8)
    _ = try importing("/events", "application/x-ndjson", line)
    let before = try server.lastSeq()
    let again = try importing("/events", "application/x-ndjson", line)
    #expect(again["counts"]["unchanged"].integer == 1 && again["version"].integer == 2)
    #expect(try server.lastSeq() == before + 2)
  }

  @Test func `a vocabulary is told apart by what it says, and answered once`() throws {
    let (theme, direction) = (try server.get("/v1/vocabularies/theme"), try server.get("/v1/vocabularies/direction"))
    #expect(theme.status == 200 && theme.etag.count > 4 && theme.etag != direction.etag)
    #expect(try server.get("/v1/vocabularies/theme", ["If-None-Match": theme.etag]).status == 304)
    #expect(try server.get("/v1/vocabularies/theme", ["If-None-Match": direction.etag]).status == 200)
  }

  @Test func `a record cannot be its own parent`() throws {
    let id = try server.event()["id"].text ?? ""
    let answer = try server.patch("/v1/events/\(id)", ["parent_id": .string(id)])
    #expect(answer.status == 422 && answer["errors"][0]["code"].text == "self_reference")
  }

  @Test func `a record that was deleted by its handle is gone, not unknown`() throws {
    #expect(try server.delete("/v1/stakeholders/FRA").status == 204)
    #expect(try server.get("/v1/stakeholders/FRA").status == 410)
    #expect(try server.patch("/v1/stakeholders/FRA", ["name": "F"]).status == 410)
    #expect(try server.get("/v1/stakeholders/FRX").status == 404)
  }

  @Test func `If-Match takes whole versions only`() throws {
    for (tag, status) in [(#""1x""#, 400), (#"W/"1""#, 412), (#""2""#, 412), (#""1-gzip""#, 200)] {
      #expect(try server.patch("/v1/stakeholders/DEU", ["office": "O"], ["If-Match": tag]).status == status, "\(tag)")
    }
  }

  @Test func `a path that is not UTF-8 names nothing`() throws {
    let body: JSON = ["title": "T", "type": "visit", "start_date": "2024-01-01"]
    #expect(try server.put("/v1/events/by-external/em/%ff", body).status == 400)
  }

  @Test func `a POST that is sent again under its key has one effect and the same answer`() throws {
    func post(_ title: String, _ key: String) throws -> Answer {
      let body = Array(#"{"title":"\#(title)","type":"visit","start_date":"2024-01-01"}"#.utf8)
      return try server.send("POST", "/v1/events", ["Content-Type": "application/json", "Idempotency-Key": key], body: body)
    }
    let first = try post("T", "k1")
    let again = try post("T", "k1")
    #expect(first.status == 201 && again.status == 201 && first.text == again.text)
    #expect(first.header("idempotent-replayed") == nil && again.header("idempotent-replayed") == "true")
    #expect(first.header("location") == again.header("location") && first.etag == again.etag)
    #expect(try server.get("/v1/events").items.count == 1)
    #expect(try post("U", "k1").status == 422)
    #expect(try post("T", "k 2").status == 400)
    #expect(try post("T", "k2").status == 201)
    #expect(try server.get("/v1/events").items.count == 2)
  }

  @Test func `a method that is known and answered nowhere is refused with those that are`() throws {
    for method in ["TRACE", "QUERY", "PATCH"] {
      let answer = try server.send(method, "/v1/events")
      #expect(answer.status == 405)
      #expect(answer.header("allow") == "GET, HEAD, POST, OPTIONS")
    }
    #expect(try server.send("BREW", "/v1/events").status == 501)
  }

  @Test func `a version of a stakeholder tells when it held apart from when the stakeholder was`() throws {
    _ = try server.make("stakeholders", ["code": "YUG", "name": "Yugoslavia", "type": "state", "valid_from": "1918-12-01"])
    let history = try server.get("/v1/stakeholders/YUG/history")
    #expect(history.text.ranges(of: "\"valid_from\":").count == 1)
    #expect(history.items[0]["valid_from"] == "1918-12-01")
    #expect(history.items[0]["held_from"] == history.items[0]["created_at"])
  }

  @Test func `what is embedded twice is embedded once`() throws {
    _ = try server.make("outcomes", ["title": "O", "event": .string(try server.event().id)])
    let list = try server.get("/v1/events?include=outcomes,outcomes")
    #expect(list.status == 200)
    #expect(list.text.ranges(of: "\"outcomes\":").count == 1)
  }

  @Test func `a question that is refused is refused whatever tag comes with it`() throws {
    #expect(try server.get("/v1/events?typ=visit", ["If-None-Match": "*"]).codes == ["unknown_parameter"])
    #expect(try server.get("/v1/events?type=visit", ["If-None-Match": "*"]).status == 304)
  }

  @Test func `a problem has the fields of a problem, and is kept by nobody`() throws {
    let refused = try server.get("/v1/events?typ=visit")
    #expect(refused.header("cache-control") == "no-store")
    #expect(refused.header("etag") == nil && refused.header("vary") == nil)
    #expect(try server.get("/v1/events").header("cache-control") == "private, no-cache")
  }

  @Test func `a whole number is one however it is written, and nothing is rounded`() throws {
    func importance(_ text: String) throws -> Answer {
      let body = Array(#"{"title":"T","type":"visit","start_date":"2024-01-01","importance":\#(text)}"#.utf8)
      return try server.send("POST", "/v1/events", ["Content-Type": "application/json"], body: body)
    }
    for text in ["4", "4.0", "4e0"] { #expect(try importance(text)["importance"] == 4, "\(text)") }
    for text in ["4.5", "\"4\"", "1e300"] { #expect(try importance(text).codes == ["wrong_type"], "\(text)") }
    #expect(try importance("6.0").codes == ["out_of_range"])
  }
}
