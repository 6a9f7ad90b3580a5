import Records
import TestSupport
import Testing

@Suite struct ListTests {
  let known: KnownEvents
  var server: RegisterTester { known.server }

  init() throws { known = try KnownEvents(60) }

  private static let sorts = [
    "start_date", "-start_date", "importance", "-importance", "country,-importance", "-country,importance,-start_date", "-goldstein,city",
    "title,-id", "id", "-id", "-end_date,-country", "report_count,-goldstein,title", "-quad_class,start_date",
  ]

  // MARK: Order

  @Test(arguments: sorts)
  func `a list is in the order that is asked for, nulls first going up`(sort: String) throws {
    #expect(try known.ids("sort=\(sort)") == known.sorted(by: sort))
  }

  @Test func `without a sort the latest event comes first`() throws {
    #expect(try known.ids("") == known.sorted(by: "-start_date"))
  }

  // MARK: Pages

  @Test(arguments: sorts)
  func `pages put together are the whole list`(sort: String) throws {
    let filters = ["", "&type=visit,summit,talks", "&participant=RUS", "&dyad=RUS,PRK", "&participant=RUS,FRA"]
    for filter in filters {
      let whole = try known.ids("sort=\(sort)\(filter)")
      let paged = try server.walk("/v1/events?limit=7&fields=external_id&sort=\(sort)\(filter)").compactMap { $0["external_id"].text }
      #expect(paged == whole, "\(filter)")
    }
  }

  @Test(arguments: ["-start_date", "importance,-start_date", "-country,title", "id"])
  func `who walks while others write misses and repeats nothing that stays as it is`(sort: String) throws {
    var random = SeededNumbers("walk")
    // Every third event is changed or deleted while the walk goes on.
    let (changing, staying) = (known.events.values.filter { touched($0) }, known.events.values.filter { !touched($0) })
    var left = changing.compactMap { $0["id"].text }.shuffled(using: &random)
    let walked = try server.walk("/v1/events?limit=4&sort=\(sort)") { (_: Int) throws in
      let date = JSON.string(["2023-06-01", "2024-02-11", "2025-01-01"].randomElement(using: &random) ?? "")
      #expect(try server.event(["start_date": date, "country": ["FRA", nil, "USA"].randomElement(using: &random) ?? nil]).status == 201)
      guard let id = left.popLast() else { return }
      if Bool.random(using: &random) {
        #expect(try server.delete("/v1/events/\(id)").status == 204)
      } else {
        #expect(
          try server.patch("/v1/events/\(id)", ["start_date": date, "end_date": nil, "importance": 4, "title": "Moved"]).status == 200)
      }
    }
    let seen = walked.compactMap { $0["external_id"].text }.filter { id in staying.contains { $0["external_id"].text == id } }
    #expect(seen == known.sorted(by: sort).filter { id in staying.contains { $0["external_id"].text == id } })
    #expect(left.count < changing.count - 5)
  }

  private func touched(_ event: JSON) -> Bool { (Int(event["external_id"].text ?? "") ?? 0) % 3 == 0 }

  @Test func `a cursor is of its query, and of nobody else's making`() throws {
    let path = "/v1/events?limit=5&sort=title&type=visit,talks"
    let cursor = try #require(try server.get(path)["next_cursor"].text)
    #expect(try server.get("/v1/events?limit=9&fields=id&sort=title&type=visit,talks&cursor=\(cursor)").status == 200)
    var bad = [
      "\(path)&country=PRK&cursor=\(cursor)", "/v1/events?limit=5&sort=-title&type=visit,talks&cursor=\(cursor)",
      "/v1/events?limit=5&sort=title&type=visit&cursor=\(cursor)", "/v1/stakeholders?cursor=\(cursor)",
      "\(path)&cursor=\(cursor.dropLast(2))",
      "\(path)&cursor=\(cursor.dropLast(4))", "\(path)&cursor=\(cursor.dropFirst())", "\(path)&cursor=x", "\(path)&cursor=\(cursor)AAAA",
      "\(path)&cursor=%00", "/v1/events?limit=5&sort=title&type=visit,talks&cursor=\(cursor)&offset=1",
    ]
    for place in stride(from: 0, to: cursor.count - 1, by: 3) {
      var forged = Array(cursor)
      forged[place] = forged[place] == "A" ? "B" : "A"
      bad.append("\(path)&cursor=\(String(forged))")
    }
    for path in bad { #expect(try server.get(path).status == 400, "\(path)") }
    // Another register's cursors are not ours.
    let other = try RegisterTester()
    for number in 0..<3 { _ = try other.event(["title": .string("\(number)")]) }
    let foreign = try #require(try other.get("/v1/events?limit=2&sort=title")["next_cursor"].text)
    #expect(try server.get("/v1/events?limit=2&sort=title&cursor=\(foreign)").status == 400)
  }

  @Test func `limit is from 1 to 1000, and 50 when nobody says`() throws {
    #expect(try server.get("/v1/events").items.count == 50)
    #expect(try server.get("/v1/events?limit=1").items.count == 1)
    #expect(try server.get("/v1/events?limit=1000").items.count == 60)
    for limit in ["0", "1001", "-1", "1.5", "99999999999999999999"] {
      #expect(try server.get("/v1/events?limit=\(limit)").status == 400, "\(limit)")
    }
  }

  @Test func `the last page has a null cursor, also when it is full`() throws {
    let answer = try server.get("/v1/events?limit=60")
    #expect(answer.json.has("next_cursor") && answer["next_cursor"] == nil)
    #expect(answer.header("link") == nil)
    #expect(try server.get("/v1/events?limit=59")["next_cursor"] != nil)
  }

  @Test func `an offset skips, and past the end there is nothing`() throws {
    let all = known.sorted(by: "title")
    #expect(try known.ids("sort=title&offset=10") == Array(all.dropFirst(10)))
    let past = try server.get("/v1/events?offset=60")
    #expect(past.status == 200)
    #expect(past.items.isEmpty && past["next_cursor"] == nil)
    #expect(try server.get("/v1/events?offset=-1").status == 400)
    let page = try server.get("/v1/events?sort=title&offset=10&limit=5")
    let next = try #require(page.header("link")).split(separator: ">")[0].dropFirst()
    #expect(try server.get(String(next)).items.compactMap { $0["external_id"].text } == Array(all[15..<20]))
  }

  @Test func `a count is exact or capped, of all that match`() throws {
    let visits = known.ids { $0["type"] == "visit" }.count
    #expect(try server.get("/v1/events?type=visit&limit=2&count=exact")["count"].integer == visits)
    let capped = try server.get("/v1/events?type=visit&limit=2&count=capped")
    #expect(capped["count"].integer == visits)
    #expect(capped["count_is_capped"] == false)
    #expect(try server.get("/v1/events?limit=2").json.has("count") == false)
    #expect(
      try server.get("/v1/events?participant=RUS&limit=1&count=exact")["count"].integer == known.ids { $0.parties.contains("RUS") }.count)
  }

  @Test func `the Link header leads to the page that the cursor leads to`() throws {
    let page = try server.get("/v1/events?limit=5&sort=title&type=visit,talks")
    let link = try #require(page.header("link"))
    #expect(link.hasSuffix(">; rel=\"next\"") && link.hasPrefix("</v1/events?"))
    let target = String(link.split(separator: ">")[0].dropFirst())
    let cursor = try #require(page["next_cursor"].text)
    #expect(try server.get(target).items == server.get("/v1/events?limit=5&sort=title&type=visit,talks&cursor=\(cursor)").items)
    #expect(target.contains("sort=title") && target.contains("limit=5"))
  }

  @Test func `the Link header is a URI, whatever was sent`() throws {
    for query in ["filter=version>=1", "title__ne=%22", "title__ne=\"", "title__ne={a|b}^`\\"] {
      let page = try server.get("/v1/events?limit=5&fields=id&\(query)")
      let link = try #require(page.header("link"), "\(page.text)")
      let target = String(link.dropFirst().split(separator: ">", omittingEmptySubsequences: false)[0])
      #expect(link == "<\(target)>; rel=\"next\"")
      #expect(target.allSatisfy { $0.isASCII && !"<>\"{}|\\^` ".contains($0) }, "\(target)")
      let cursor = try #require(page["next_cursor"].text)
      let next = try server.get(target)
      let same = try server.get("/v1/events?limit=5&fields=id&\(query)&cursor=\(cursor)")
      #expect(next.status == 200 && next.items == same.items)
    }
  }

  @Test func `a cursor is of its question, however its words are cut`() throws {
    let (two, one) = ("title__contains=a&type__ne=vote", "title__contains=a%01type__ne%02vote")
    for path in ["/v1/events?limit=1&sort=id", "/v1/events/aggregate?limit=1&group_by=title"] {
      let cursor = try #require(try server.get("\(path)&\(two)")["next_cursor"].text)
      #expect(try server.get("\(path)&\(two)&cursor=\(cursor)").status == 200)
      for other in [one, "title__contains=a8:type__ne4:vote"] {
        #expect(try server.get("\(path)&\(other)&cursor=\(cursor)").codes == ["bad_cursor"], "\(path)")
      }
    }
  }

  // MARK: Columns and relations

  @Test func `fields chooses, in any order, and a value stays with its name`() throws {
    let event = try #require(known.events["3"])
    let few = try server.get("/v1/events?external_id=3&source=known&fields=start_date,title,id")["items"][0]
    #expect(few == ["start_date": event["start_date"], "title": event["title"], "id": event["id"]])
    let all = event.keys.sorted(by: >)
    #expect(try server.get("/v1/events?external_id=3&fields=\(all.joined(separator: ","))")["items"][0] == event)
    #expect(try server.get("/v1/events/\(event["id"].text ?? "")?fields=title").json == ["title": event["title"]])
  }

  @Test func `include embeds what belongs to a record, whatever fields are chosen`() throws {
    let id = try #require(known.events["3"]?["id"].text)
    let outcome = try server.make("outcomes", ["title": "O", "event": .string(id)])
    _ = try server.make("outcomes", ["title": "Another's"])
    for fields in ["", "&fields=title", "&fields=id"] {
      let list = try server.get("/v1/events?external_id=3&include=outcomes\(fields)").items
      #expect(list[0]["outcomes"].elements == [outcome.json], "\(fields)")
    }
    #expect(try server.get("/v1/events/\(id)?include=outcomes,participants")["outcomes"].elements == [outcome.json])
    #expect(try server.get("/v1/events/\(id)/outcomes").items == [outcome.json])
    #expect(try server.get("/v1/events/\(id)/outcomes?title=x").items.isEmpty)
    #expect(try server.get("/v1/events?external_id=4&include=outcomes")["items"][0]["outcomes"] == [])
  }

  // MARK: Caching

  @Test func `a list is 304 until something is written`() throws {
    let path = "/v1/events?type=visit&limit=3"
    let first = try server.get(path)
    let same = try server.get(path, ["If-None-Match": first.etag])
    #expect(same.status == 304)
    #expect(same.text.isEmpty)
    #expect(try server.get("/v1/events?type=visit&limit=4", ["If-None-Match": first.etag]).status == 200)
    #expect(try server.get("/v1/events.csv?type=visit&limit=3", ["If-None-Match": first.etag]).status == 200)
    _ = try server.event(["start_date": "2030-01-01"])
    let changed = try server.get(path, ["If-None-Match": first.etag])
    #expect(changed.status == 200)
    #expect(changed["items"][0]["start_date"] == "2030-01-01")
  }

  // MARK: Forms

  @Test func `NDJSON is the list, a line a record, by suffix or Accept`() throws {
    let whole = try server.get("/v1/events?sort=title&limit=1000").items
    for (path, accept) in [("/v1/events.ndjson?sort=title", "text/html"), ("/v1/events?sort=title", "application/x-ndjson")] {
      let answer = try server.get(path, ["Accept": accept])
      #expect(answer.status == 200)
      #expect(answer.header("content-type") == "application/x-ndjson")
      #expect(answer.text.hasSuffix("\n"))
      #expect(try answer.text.split(separator: "\n").map { try JSON(Array($0.utf8)) } == whole)
    }
    #expect(try server.get("/v1/events.ndjson?limit=7").text.split(separator: "\n").count == 7)
  }

  @Test func `several Accept lines are one list`() throws {
    let answer = try server.send(
      "GET /v1/events?limit=1 HTTP/1.1\r\nHost: \(server.authority)\r\nAccept: application/xml\r\nAccept: text/csv\r\n\r\n")
    #expect(answer.status == 200 && answer.header("content-type")?.hasPrefix("text/csv") == true)
  }

  @Test func `a CSV of one column has a line for each record, also for what is not known`() throws {
    let lines = try server.get("/v1/events.csv?fields=duplicate_of").text
      .split(separator: Character("\r\n"), omittingEmptySubsequences: false).map(String.init)
    #expect(lines == ["duplicate_of"] + Array(repeating: "\"\"", count: 60) + [""])
  }

  @Test func `every answer has a tag, and says what it varies by`() throws {
    let id = try #require(known.events["1"]?["id"].text)
    for path in ["/v1", "/v1/vocabularies", "/v1/imports/profiles", "/v1/events/\(id)/participants", "/v1/events/\(id)/history"] {
      let answer = try server.get(path)
      #expect(answer.status == 200 && !answer.etag.isEmpty && answer.header("cache-control") == "private, no-cache", "\(path)")
      #expect(try server.get(path, ["If-None-Match": answer.etag]).status == 304, "\(path)")
    }
    for path in ["/v1/events/\(id)", "/v1/events/\(id)?fields=id", "/v1/events/\(id)/history", "/v1/events/\(id)/participants"] {
      #expect(try server.get(path).header("vary") == "Accept, Accept-Encoding, Authorization", "\(path)")
    }
    let parties = try server.get("/v1/events/\(id)/participants")
    _ = try server.patch("/v1/events/\(id)", ["participants": [["stakeholder": "DEU"]]])
    let changed = try server.get("/v1/events/\(id)/participants", ["If-None-Match": parties.etag])
    #expect(changed.status == 200 && changed.items.map { $0["stakeholder"] } == ["DEU"])
  }

  @Test func `a stream is longer than a page`() throws {
    let lines = (0..<1_203).map {
      #"{"title":"\#($0)","type":"vote","start_date":"2022-01-\#($0 % 20 + 10)","source":"many","external_id":"\#($0)"}"#
    }
    let body = Array(lines.joined(separator: "\n").utf8)
    #expect(try server.send("POST", "/v1/imports/events", ["Content-Type": "application/x-ndjson"], body: body).status == 200)
    for sort in ["start_date", "-importance,start_date", "id"] {
      let shown = try server.get("/v1/events.ndjson?type=vote&fields=external_id&sort=\(sort)").text.split(separator: "\n")
      #expect(shown.count == 1_203)
      #expect(Set(shown).count == 1_203)
    }
    #expect(try server.get("/v1/events.csv?type=vote&limit=450").text.split(separator: "\r\n").count == 451)
  }

  @Test func `CSV has a header and the values of the list, by suffix or Accept`() throws {
    let whole = try server.get("/v1/events?sort=title&limit=1000").items
    for (path, accept) in [("/v1/events.csv", "application/json"), ("/v1/events", "text/csv")] {
      let answer = try server.get("\(path)?sort=title&fields=external_id,title,start_date,importance,date_approximate", ["Accept": accept])
      #expect(answer.header("content-type")?.hasPrefix("text/csv") == true)
      let rows = table(answer.text)
      #expect(rows.first == ["external_id", "title", "start_date", "importance", "date_approximate"])
      #expect(
        rows.dropFirst().map { $0 }
          == whole.map { event in
            [
              event["external_id"].text ?? "", event["title"].text ?? "", event["start_date"].text ?? "",
              event["importance"].integer.map(String.init) ?? "", event["date_approximate"] == true ? "true" : "false",
            ]
          })
    }
  }

  @Test func `an export as CSV is imported as unchanged`() throws {
    _ = try server.event([
      "source": "known", "external_id": "a,\"b\"\nc", "title": "=1+1 \"quoted\", and\ntwo lines", "tags": ["a;b", "c", "d:e", "x\"y"],
      "place": "-5", "summary": "@x", "extra": ["k": ["n": 1.5, "t": "a;b"], "l": [1, nil, true]], "latitude": 39.0339, "longitude": -0.1,
      "participants": [
        [
          "stakeholder": "RUS", "role": "visitor", "side": "A", "level": "head_of_state",
          "name_as_reported": "V. Putin; \"the\" President: x",
        ],
        ["stakeholder": "PRK", "name_as_reported": "Kim"], ["stakeholder": "USA", "level": "ambassador"],
      ],
    ])
    let before = try server.get("/v1/events?sort=id&limit=1000").items
    let csv = try server.get("/v1/events.csv?sort=id").raw.body
    let answer = try server.send("POST", "/v1/imports/events", ["Content-Type": "text/csv"], body: csv)
    #expect(answer.status == 200, "\(answer.text)")
    #expect(answer["counts"]["unchanged"].integer == 61)
    #expect(answer["counts"]["read"].integer == 61)
    #expect(try server.get("/v1/events?sort=id&limit=1000").items == before)
  }

  @Test func `every collection of the demo register goes out as CSV and comes back unchanged`() throws {
    let demo = try RegisterTester("--demo")
    for collection in ["stakeholders", "events", "outcomes", "recommendations", "strategies", "commitments", "perspectives", "sources"] {
      let csv = try demo.get("/v1/\(collection).csv").raw.body
      let rows = table(String(decoding: csv, as: UTF8.self))
      // A record without a name of its own would be made again.
      let (handle, external) = (rows[0].firstIndex { ["code", "reference"].contains($0) }, rows[0].firstIndex(of: "external_id"))
      guard rows.dropFirst().allSatisfy({ row in handle != nil || external.map { !row[$0].isEmpty } ?? false }) else { continue }
      let answer = try demo.send("POST", "/v1/imports/\(collection)", ["Content-Type": "text/csv"], body: csv)
      #expect(answer.status == 200, "\(collection): \(answer.text)")
      #expect(answer["counts"]["unchanged"].integer == rows.count - 1, "\(collection): \(answer.text)")
    }
  }

  @Test func `a form that lists do not have is 406, and a suffix wins over Accept`() throws {
    for accept in ["image/png", "text/html", "application/xml;q=0.9"] {
      #expect(try server.get("/v1/events", ["Accept": accept]).status == 406, "\(accept)")
      #expect(try server.get("/v1/events.json", ["Accept": accept]).status == 200, "\(accept)")
    }
    for (accept, type) in [
      ("*/*", "application/json"), ("text/csv;q=0.5, application/json", "application/json"),
      ("text/csv, application/json;q=0.5", "text/csv"),
      ("text/html, */*;q=0.1", "application/json"),
    ] { #expect(try server.get("/v1/events", ["Accept": accept]).header("content-type")?.hasPrefix(type) == true, "\(accept)") }
    #expect(try server.get("/v1/events", ["Accept": "application/json;q=0, text/csv;q=0"]).status == 406)
  }
}
