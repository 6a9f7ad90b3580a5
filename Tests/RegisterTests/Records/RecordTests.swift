import Records
import Store
import TestSupport
import Testing

@Suite struct RecordTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  // MARK: Create and read

  @Test func `a new record is answered with 201, its place, its entity tag and itself`() throws {
    let before = try server.lastSeq()
    let made = try server.post("/v1/events", ["title": "Putin visits Pyongyang", "type": "visit", "start_date": "2024-06-18"])
    #expect(made.status == 201)
    #expect(made.id.hasPrefix("evt_") && made.id.count == 17)
    #expect(made.header("location") == "/v1/events/\(made.id)")
    #expect(made.etag == "\"1\"")
    #expect(made["version"] == 1)
    #expect(made["seq"].integer == before + 1)
    #expect(made["created_at"] == made["updated_at"])
    let read = try server.get("/v1/events/\(made.id)")
    #expect(read.status == 200)
    #expect(read.json == made.json)
    #expect(read.etag == made.etag)
  }

  @Test func `a record is found by its id, its code and its name at its source`() throws {
    let made = try server.make(
      "stakeholders", ["code": "lavrov-sergei", "type": "person", "name": "Sergei Lavrov", "source": "test", "external_id": "17"])
    for name in [made.id, "lavrov-sergei", "by-external/test/17"] {
      #expect(try server.get("/v1/stakeholders/\(name)").json == made.json, "\(name)")
    }
    #expect(try server.get("/v1/stakeholders/lavrov").status == 404)
    #expect(try server.get("/v1/stakeholders/by-external/test/18").status == 404)
    #expect(try server.get("/v1/events/\(made.id)").status == 404)
  }

  @Test func `a code is made from the name where none is given, and never changes`() throws {
    let made = try server.make("stakeholders", ["type": "person", "name": "Élodie d'Été"])
    #expect(made["code"] == "elodie-d-ete")
    let changed = try server.patch("/v1/stakeholders/\(made.id)", ["code": "other"])
    #expect(changed.status == 422)
    #expect(changed.pointers == ["/code"])
    #expect(try server.get("/v1/stakeholders/elodie-d-ete").id == made.id)
  }

  @Test func `an unknown id is 404 and says which record is meant`() throws {
    let answer = try server.get("/v1/events/evt_0000000000000")
    #expect(answer.status == 404)
    #expect(answer.header("content-type") == "application/problem+json")
    #expect(answer["code"] == "not_found")
    #expect(answer["request_id"].text?.isEmpty == false)
  }

  @Test func `a name with quotes and backslashes is found wherever a record is referred to`() throws {
    let names = [#"a""#, #"a\"#, #"a\""#, "\tb"]
    for (number, name) in names.enumerated() {
      _ = try server.make(
        "stakeholders", ["code": .string("odd-\(number)"), "type": "person", "name": "X", "source": "s", "external_id": .string(name)])
    }
    let parties = names.enumerated().map { ["stakeholder": .string("s/\($1)"), "name_as_reported": .string("\($0) \"\\")] as JSON }
    let event = try server.event(["participants": .array(parties), "source": "s\"", "external_id": "1"])
    #expect(event["participants"].elements.map { $0["stakeholder"] } == ["odd-0", "odd-1", "odd-2", "odd-3"])
    #expect(event["participants"].elements.map { $0["name_as_reported"] } == parties.map { $0["name_as_reported"] })
    #expect(try server.get("/v1/events/\(event.id)").json == event.json)
    let part = try server.event(["parent_id": "s\"/1"])
    #expect(part["parent_id"].text == event.id)
    let outcome = try server.make("outcomes", ["title": "X", "evidence": [.string(part.id), "s\"/1", .string(part.id)]])
    #expect(outcome["evidence"] == [.string(part.id), .string(event.id), .string(part.id)])
  }

  @Test func `a name that no record has is refused, though another begins as it does`() throws {
    _ = try server.make("stakeholders", ["code": "odd", "type": "person", "name": "X", "source": "s", "external_id": #"a\"#])
    let body: JSON = [
      "title": "T", "type": "visit", "start_date": "2024-06-18", "participants": [["stakeholder": "RUS"], ["stakeholder": #"s/a""#]],
    ]
    let refused = try server.post("/v1/events", body)
    #expect(refused.status == 422 && refused.codes == ["unknown_reference"], "\(refused.text)")
    #expect(refused.pointers == ["/participants/1/stakeholder"] && refused.details.contains(#"s/a""#))
    expectNothingMade(try server.importFile("/events?create_missing=stakeholders", String(decoding: try body.bytes, as: UTF8.self)))
  }

  private func expectNothingMade(_ answer: Answer) {
    expectImport(answer, 422, "refused", ["read": 1, "rejected": 1])
  }

  // MARK: Change

  @Test func `PUT replaces: what is not given is forgotten`() throws {
    let made = try server.event(["summary": "Two days", "place": "Pyongyang", "tags": ["a"], "extra": ["k": 1]])
    let put = try server.put("/v1/events/\(made.id)", ["title": "Another", "type": "talks", "start_date": "2024-06-19"])
    #expect(put.status == 200)
    #expect(put.etag == "\"2\"")
    #expect(put["title"] == "Another")
    #expect(put["summary"] == nil)
    #expect(put["place"] == nil)
    #expect(put["tags"] == [])
    #expect(put["extra"] == [:])
    #expect(put["created_at"] == made["created_at"])
    #expect(try server.get("/v1/events/\(made.id)").json == put.json)
  }

  @Test func `PATCH merges: what is not given stays, null removes, objects are merged at each depth`() throws {
    let made = try server.event([
      "summary": "Two days", "place": "Pyongyang",
      "extra": ["a": 1, "b": ["c": 2, "d": ["e": 3, "f": [1, 2]]], "g": ["h": 4]],
    ])
    let patched = try server.send(
      "PATCH", "/v1/events/\(made.id)", ["Content-Type": "application/merge-patch+json"],
      body: ([
        "summary": nil, "city": "Pyongyang",
        "extra": ["a": nil, "b": ["c": nil, "d": ["f": [3], "i": ["j": nil, "k": 5]]], "g": "text", "missing": nil],
      ] as JSON).bytes)
    #expect(patched.status == 200)
    #expect(patched["summary"] == nil)
    #expect(patched["place"] == "Pyongyang")
    #expect(patched["city"] == "Pyongyang")
    // RFC 7396: arrays are replaced, a null inside a new object is left out.
    #expect(patched["extra"] == ["b": ["d": ["e": 3, "f": [3], "i": ["k": 5]]], "g": "text"])
  }

  @Test func `an object that is nested as deeply as a body may be is merged, compared and spread like any other`() throws {
    let server = try RegisterTester("--http-max-json-depth", "1000")
    let deep = (0..<200).reduce(JSON.integer(1)) { inner, _ in ["k": inner] }
    let made = try server.event(["extra": ["kept": 1, "deep": deep]])
    let path = "/v1/events/\(made.id)"
    #expect(try server.patch(path, ["extra": ["new": 2]])["extra"] == ["kept": 1, "deep": deep, "new": 2])
    #expect(try server.patch(path, ["extra": ["deep": deep]])["version"] == 2)
    let put = try server.send(
      "PUT", path, ["Content-Type": "application/json"],
      body: Array(#"{"title":"A visit","type":"visit","start_date":"2024-06-18","extra":{"new":2,"deep":"#.utf8) + deep.bytes
        + Array(#","kept":1}}"#.utf8))
    #expect(put.status == 200 && put["version"] == 2, "\(put.text.suffix(500))")
    #expect(try server.get("/v1/events?flatten=true").items.first?["extra.kept"] == 1)
  }

  @Test func `a merge of thousands of members takes out, replaces and adds as one of a few does`() throws {
    func members(_ numbers: some Sequence<Int>, _ value: (Int) -> JSON) -> [String: JSON] {
      Dictionary(uniqueKeysWithValues: numbers.map { (String($0, radix: 36), value($0)) })
    }
    let made = try server.event(["extra": .object(members(0..<7_000) { _ in 1 })])
    let patch = members(3_500..<8_000) { $0 % 3 == 0 ? .null : .integer(Int64($0 % 10)) }
    let patched = try server.patch("/v1/events/\(made.id)", ["extra": .object(patch)])
    #expect(patched["extra"] == .object(members(0..<3_500) { _ in 1 }.merging(patch.filter { $0.value != .null }) { $1 }))
  }

  @Test func `a change that changes nothing keeps the version and takes no number`() throws {
    let made = try server.event(["summary": "Two days", "tags": ["x"], "extra": ["k": [1, 2]]])
    let before = try server.lastSeq()
    let path = "/v1/events/\(made.id)"
    #expect(try server.patch(path, ["summary": "Two days", "extra": ["k": [1, 2]]]).json == made.json)
    #expect(try server.put(path, made.json).json == made.json)
    #expect(try server.patch(path, [:]).etag == made.etag)
    #expect(try server.lastSeq() == before)
    #expect(try server.patch(path, ["summary": "Three days"])["seq"].integer == before + 1)
  }

  @Test func `what was read can be sent back as it is, for every record of the demo register`() throws {
    let demo = try RegisterTester("--demo")
    let before = try demo.lastSeq()
    var sent = 0
    for collection in ["events", "stakeholders", "perspectives", "outcomes", "strategies", "recommendations", "commitments", "sources"] {
      for record in try demo.walk("/v1/\(collection)?limit=100") where sent < 1_000 {
        let id = try #require(record["id"].text)
        let answer = try demo.put("/v1/\(collection)/\(id)", record)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json == record)
        sent += 1
      }
    }
    #expect(sent > 260)
    #expect(try demo.lastSeq() == before)
  }

  @Test func `If-Match lets a change through for the version that is there, and 412 for any other`() throws {
    let made = try server.event()
    let path = "/v1/events/\(made.id)"
    let second = try server.patch(path, ["title": "Second"], ["If-Match": made.etag])
    #expect(second.status == 200)
    for (method, body) in [("PATCH", #"{"title":"Third"}"#), ("PUT", #"{"title":"T","type":"visit","start_date":"2024"}"#)] {
      let stale = try server.send(method, path, ["If-Match": made.etag, "Content-Type": "application/json"], body: Array(body.utf8))
      #expect(stale.status == 412, "\(method)")
      #expect(stale["code"] == "stale")
    }
    #expect(try server.delete(path, ["If-Match": made.etag]).status == 412)
    #expect(try server.get(path).json == second.json)
    #expect(try server.patch(path, ["title": "Third"], ["If-Match": "\"1\", \"2\""]).status == 200)
    #expect(try server.patch(path, ["title": "Fourth"], ["If-Match": "*"]).status == 200)
    #expect(try server.patch(path, ["title": "Fifth"], ["If-Match": "2"]).status == 400)
    #expect(try server.delete(path, ["If-Match": "\"4\""]).status == 204)
  }

  @Test func `of two changes to the same version one wins`() throws {
    let made = try server.event()
    let statuses = concurrently(8) {
      try? server.patch("/v1/events/\(made.id)", ["title": .string("By \($0)")], ["If-Match": made.etag]).status
    }
    #expect(statuses.count { $0 == 200 } == 1)
    #expect(statuses.count { $0 == 412 } == 7)
  }

  @Test func `If-None-Match answers 304 until the record changes`() throws {
    let made = try server.event()
    let path = "/v1/events/\(made.id)"
    let same = try server.get(path, ["If-None-Match": made.etag])
    #expect(same.status == 304)
    #expect(same.text.isEmpty)
    #expect(same.etag == made.etag)
    #expect(try server.get(path, ["If-None-Match": "\"7\", W/\(made.etag)"]).status == 304)
    _ = try server.patch(path, ["title": "Changed"])
    #expect(try server.get(path, ["If-None-Match": made.etag]).status == 200)
  }

  @Test func `an update without If-Match is refused where the configuration asks for it`() throws {
    let strict = try RegisterTester("--http-require-if-match", "true")
    let made = try strict.event()
    let path = "/v1/events/\(made.id)"
    #expect(try strict.patch(path, ["title": "T"]).status == 428)
    #expect(try strict.delete(path).status == 428)
    #expect(try strict.patch(path, ["title": "T"], ["If-Match": made.etag]).status == 200)
  }

  @Test func `by-external makes a record once and replaces it afterwards`() throws {
    let path = "/v1/events/by-external/test/a%2Fb"
    let body: JSON = ["title": "First", "type": "visit", "start_date": "2024-06-18", "place": "Here"]
    let made = try server.put(path, body)
    #expect(made.status == 201)
    #expect(made["source"] == "test")
    #expect(made["external_id"] == "a/b")
    let again = try server.put(path, body)
    #expect(again.status == 200)
    #expect(again.json == made.json)
    let changed = try server.put(path, ["title": "Second", "type": "visit", "start_date": "2024-06-18"])
    #expect(changed.status == 200)
    #expect(changed.id == made.id)
    #expect(changed["place"] == nil)
    #expect(changed["version"] == 2)
    #expect(try server.get(path).json == changed.json)
    #expect(try server.put(path, body.with(["source": "other"])).pointers == ["/source"])
  }

  // MARK: Delete and history

  @Test func `a deleted record is 204, then 410 with its history still there`() throws {
    let made = try server.event()
    let path = "/v1/events/\(made.id)"
    let gone = try server.delete(path)
    #expect(gone.status == 204)
    #expect(gone.text.isEmpty)
    for answer in [
      try server.get(path), try server.patch(path, ["title": "T"]), try server.delete(path), try server.get(path + "?fields=id"),
    ] {
      #expect(answer.status == 410)
      #expect(answer["code"] == "deleted")
    }
    #expect(try server.get("/v1/events").items.isEmpty)
    let history = try server.get(path + "/history").items
    #expect(history.count == 1)
    #expect(history[0]["ended_by"] == "delete")
    #expect(history[0]["held_until"] != nil)
  }

  @Test func `history is newest first, and each version ends where the next begins`() throws {
    let made = try server.event(["title": "First"])
    let path = "/v1/events/\(made.id)"
    for title in ["Second", "Third"] {
      waitForLaterMillisecond()
      _ = try server.patch(path, ["title": .string(title)])
    }
    let versions = try server.get(path + "/history").items
    #expect(versions.map { $0["title"] } == ["Third", "Second", "First"])
    #expect(versions.map { $0["version"] } == [3, 2, 1])
    #expect(versions[0]["held_until"] == nil)
    #expect(versions[0]["ended_by"] == nil)
    #expect(versions[1]["held_until"] == versions[0]["held_from"])
    #expect(versions[2]["held_until"] == versions[1]["held_from"])
    #expect(versions[2]["held_from"] == made["created_at"])
    // Page by page, as any list.
    var (next, seen): (String?, [JSON]) = ("\(path)/history?limit=2", [])
    while let page = next {
      let answer = try server.get(page)
      seen += answer.items
      let cursor = answer["next_cursor"].text
      next = cursor.map { "\(path)/history?limit=2&cursor=\($0)" }
      #expect(answer.header("link") == next.map { "<\($0)>; rel=\"next\"" })
    }
    #expect(seen == versions)
    let other = try server.event(["title": "Other"])
    let cursor = try #require(server.get("\(path)/history?limit=1")["next_cursor"].text)
    #expect(try server.get("/v1/events/\(other.id)/history?cursor=\(cursor)")["code"] == "bad_parameter")
    for wrong in ["limit=0", "limit=1001", "cursor=x", "sort=id"] { #expect(try server.get("\(path)/history?\(wrong)").status == 400) }
    #expect(versions[1]["ended_by"] == "update")
  }

  @Test func `as_of shows what the register said at a moment`() throws {
    let made = try server.event(["title": "First"])
    let path = "/v1/events/\(made.id)"
    waitForLaterMillisecond()
    let second = try server.patch(path, ["title": "Second"])
    waitForLaterMillisecond()
    _ = try server.delete(path)
    let (first, changed) = (try #require(made["updated_at"].text), try #require(second["updated_at"].text))
    for (moment, title) in [(first, "First"), (changed, "Second")] {
      let item = try server.get("\(path)?as_of=\(moment)")
      #expect(item["title"].text == title)
      let list = try server.get("/v1/events?as_of=\(moment)").items
      #expect(list.map { $0["title"].text } == [title])
    }
    #expect(try server.get("\(path)?as_of=2020-01-01T00:00:00Z").status == 404)
    #expect(try server.get("/v1/events?as_of=2020-01-01T00:00:00Z").items.isEmpty)
    #expect(try server.get("/v1/events?as_of=yesterday").status == 400)
  }

  @Test func `a nested list of the past has the rows that belonged to it then`() throws {
    let event = try server.event(["title": "E", "participants": [["stakeholder": "AUT"], ["stakeholder": "NZL"]]])
    let outcome = try server.make("outcomes", ["title": "O", "event": .string(event.id)])
    let fields: JSON = ["reference": "R-1", "title": "R", "strategy": "transparency", "addressed_to": ["NZL"]]
    let response: JSON = [
      ["target": .string(event.id), "relation": "mitigates"], ["target": .string(outcome.id), "relation": "prevents"],
    ]
    let advice = try server.make("recommendations", fields.with(["responds_to": response]))
    let then = try #require(advice["created_at"].text)
    waitForLaterMillisecond()
    let paths = [
      "stakeholders/NZL/events", "stakeholders/NZL/recommendations", "events/\(event.id)/recommendations",
      "outcomes/\(outcome.id)/recommendations", "events/\(event.id)/outcomes",
    ]
    let before = try paths.map { try server.get("/v1/\($0)").items }
    #expect(before.map(\.count) == [1, 1, 1, 1, 1])
    #expect(try server.patch("/v1/events/\(event.id)", ["participants": [["stakeholder": "AUT"]]]).status == 200)
    #expect(try server.patch("/v1/recommendations/\(advice.id)", ["addressed_to": ["AUT"], "responds_to": []]).status == 200)
    let late = try server.event(["title": "Late", "participants": [["stakeholder": "NZL"]]])
    #expect(try server.delete("/v1/outcomes/\(outcome.id)").status == 204)
    #expect(try server.delete("/v1/events/\(event.id)").status == 204)
    #expect(try server.get("/v1/stakeholders/NZL/events").items.map { $0["id"].text } == [late.id])
    for (path, items) in zip(paths, before) {
      #expect(try server.get("/v1/\(path)?as_of=\(then)").items == items, "\(path)")
      let lines = try server.get("/v1/\(path).ndjson?as_of=\(then)").text.split(separator: "\n")
      #expect(try lines.map { try JSON(Array($0.utf8)) } == items, "\(path)")
    }
    #expect(try server.get("/v1/events/\(event.id)/outcomes").status == 410)
    let early = try server.get("/v1/events/\(event.id)/outcomes?as_of=2020-01-01T00:00:00Z")
    #expect(early.status == 404 && early["code"] == "not_there_then")
    #expect(try server.get("/v1/stakeholders/NZX/events?as_of=\(then)")["code"] == "not_found")
  }

  @Test func `a name of the past is who had it then`() throws {
    func make(_ name: String) throws -> Answer {
      try server.make("stakeholders", ["code": "reuse-x", "name": .string(name), "type": "person"])
    }
    let old = try make("Old one")
    let event = try server.event(["participants": [["stakeholder": "reuse-x"]]])
    let then = try #require(event["created_at"].text)
    waitForLaterMillisecond()
    #expect(try server.delete("/v1/events/\(event.id)").status == 204)
    #expect(try server.delete("/v1/stakeholders/reuse-x").status == 204)
    #expect(try server.get("/v1/stakeholders/reuse-x?as_of=\(then)")["id"].text == old.id)
    waitForLaterMillisecond()
    let new = try make("New one")
    #expect(try server.get("/v1/stakeholders/reuse-x?as_of=\(then)")["name"] == "Old one")
    #expect(try server.get("/v1/stakeholders/reuse-x/events?as_of=\(then)").items.map { $0["id"].text } == [event.id])
    #expect(try server.get("/v1/stakeholders/\(new.id)?as_of=\(then)")["code"] == "not_there_then")
    #expect(try server.get("/v1/stakeholders/reuse-x?as_of=2020-01-01T00:00:00Z")["code"] == "not_there_then")
    #expect(try server.get("/v1/stakeholders/reuse-x?fields=name")["name"] == "New one")
  }

  @Test func `what was overdue on a past day is asked of that day`() throws {
    let made = try server.make(
      "recommendations", ["reference": "R-1", "title": "R", "strategy": "transparency", "due_on": .string(utcDay(days: 1))])
    let then = try #require(made["created_at"].text)
    let later = utcDay(days: 3) + "T00:00:00Z"
    for (moment, isOverdue) in [(then, false), (later, true)] {
      #expect(try server.get("/v1/recommendations/R-1?as_of=\(moment)")["overdue"] == .bool(isOverdue))
      #expect(try server.get("/v1/recommendations?overdue=true&as_of=\(moment)").items.count == (isOverdue ? 1 : 0))
      #expect(
        try server.get("/v1/recommendations/aggregate?group_by=overdue&as_of=\(moment)").items.map { $0["overdue"] } == [.bool(isOverdue)])
    }
  }

  // MARK: Conflicts

  @Test func `a key that another record has is a conflict that names it`() throws {
    _ = try server.event(["source": "test", "external_id": "1"])
    let before = try server.lastSeq()
    let code = try server.post("/v1/stakeholders", ["code": "PRK", "type": "state", "name": "Again"])
    #expect(code.status == 409)
    #expect(code.pointers == ["/code"])
    let external = try server.post(
      "/v1/events", ["title": "T", "type": "visit", "start_date": "2024", "source": "test", "external_id": "1"])
    #expect(external.status == 409)
    #expect(external.pointers == ["/source", "/external_id"])
    #expect(try server.lastSeq() == before)
  }

  @Test func `a record that others name is not deleted, and the answer says who`() throws {
    let person = try server.make("stakeholders", ["code": "someone", "type": "person", "name": "Someone"])
    let event = try server.event(["participants": [["stakeholder": "someone", "role": "visitor"]]])
    let outcome = try server.make("outcomes", ["title": "O", "event": .string(event.id)])
    let recommendation = try server.make(
      "recommendations",
      [
        "reference": "R-1", "title": "R", "strategy": "transparency", "addressed_to": ["PRK"],
        "responds_to": [["target": .string(outcome.id), "relation": "mitigates"]],
      ])
    for (path, who) in [
      ("stakeholders/\(person.id)", "events"), ("events/\(event.id)", "1 outcomes (event)"),
      ("outcomes/\(outcome.id)", "1 recommendations (responds_to)"), ("stakeholders/PRK", "1 recommendations (addressed_to)"),
      ("strategies/transparency", "1 recommendations (strategy)"),
    ] {
      let refused = try server.delete("/v1/\(path)")
      #expect(refused.status == 409, "\(path)")
      #expect(refused["code"] == "referenced")
      #expect(refused["detail"].text?.contains(who) == true, "\(refused.text)")
      #expect(try server.get("/v1/\(path)").status == 200)
    }
    for path in [
      "recommendations/\(recommendation.id)", "outcomes/\(outcome.id)", "events/\(event.id)", "stakeholders/\(person.id)",
    ] { #expect(try server.delete("/v1/\(path)").status == 204, "\(path)") }
  }

  @Test func `what a record owns goes with it`() throws {
    let outcome = try server.make("outcomes", ["title": "O"])
    let assessment = try server.post(
      "/v1/outcomes/\(outcome.id)/assessments", ["assessed_at": "2024-06-19T12:00:00Z", "assessor": "a", "probability": 0.7])
    #expect(assessment.status == 201)
    #expect(try server.delete("/v1/outcomes/\(outcome.id)").status == 204)
    #expect(try server.get("/v1/assessments/\(assessment.id)").status == 410)
  }

  // MARK: Dry runs

  @Test func `a dry run answers like the real one and leaves nothing`() throws {
    let made = try server.event(["title": "First"])
    let before = try server.lastSeq()
    let body: JSON = ["title": "Tried", "type": "visit", "start_date": "2024-06-18"]
    let tried = try server.post("/v1/events?dry_run=true", body)
    #expect(tried.status == 200)
    #expect(tried["title"] == "Tried")
    #expect(tried.header("location") == nil)
    let path = "/v1/events/\(made.id)"
    #expect(try server.patch(path + "?dry_run=true", ["title": "Tried"])["version"] == 2)
    #expect(try server.put(path + "?dry_run=true", body)["title"] == "Tried")
    #expect(try server.put("/v1/events/by-external/s/1?dry_run=true", body).status == 200)
    #expect(try server.delete(path + "?dry_run=true").status == 204)
    #expect(try server.post("/v1/events?dry_run=true", body.with(["type": "x"])).status == 422)
    #expect(try server.post("/v1/events?dry_run=yes", body).status == 400)
    #expect(try server.post("/v1/events?dry-run=true", body).status == 400)
    #expect(try server.get(path).json == made.json)
    #expect(try server.get("/v1/events").items.count == 1)
    #expect(try server.get(path + "/history").items.count == 1)
    #expect(try server.lastSeq() == before)
    #expect(try server.post("/v1/events", body)["seq"].integer == before + 1)
  }
}
