import TestSupport
import Testing

/// Each of these was once a wrong answer that looked like a right one.
@Suite struct HonestyTests {
  let server: RunningServer

  init() throws { server = try RunningServer() }

  private func importing(_ path: String, _ type: String, _ bytes: [UInt8]) throws -> RunningServer.Answer {
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

  @Test func `a text with a comma in it is found by its whole`() throws {
    _ = try server.event(["title": "Talks in Vienna, Austria"])
    #expect(try server.get("/v1/events?title=Talks%20in%20Vienna,%20Austria").items.count == 1)
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
    func post(_ title: String, _ key: String) throws -> RunningServer.Answer {
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
}
