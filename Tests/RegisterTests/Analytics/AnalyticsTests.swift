import Records
import TestSupport
import Testing

/// Analytics on a register small enough to be counted by hand.
@Suite struct AnalyticsTests {
  let server: RegisterTester

  init() throws {
    server = try RegisterTester()
    // visit 1.9 and quad 1 are what CAMEO 042 says; the others say their value.
    for (date, type, country, goldstein, parties) in [
      ("2024-01-31", "visit", "PRK", 2.0, ["RUS", "PRK"]), ("2024-02-29", "visit", "PRK", 4.0, ["RUS", "PRK", "CHN"]),
      ("2024-02-29", "threat", "USA", -6.0, ["USA", "PRK"]), ("2024-05-01", "sanctions", "USA", -5.0, ["USA", "RUS"]),
      ("2024-05-02", "visit", "FRA", 0.5, ["FRA", "USA"]),
    ] as [(JSON, JSON, JSON, Double, [String])] {
      _ = try server.event([
        "start_date": date, "type": type, "country": country, "goldstein": .real(goldstein),
        "participants": .array(parties.map { ["stakeholder": .string($0), "role": "participant"] }),
      ])
    }
  }

  private func rows(_ path: String, _ keys: [String], sourceLocation: SourceLocation = #_sourceLocation) throws -> [[JSON]] {
    let answer = try server.get("/v1/\(path)")
    try #require(answer.status == 200, "\(path): \(answer.text)", sourceLocation: sourceLocation)
    for item in answer.items { #expect(item.keys == Set(keys), sourceLocation: sourceLocation) }
    return answer.items.map { item in keys.map { item[$0] } }
  }

  // MARK: Timeline

  @Test func `empty buckets are filled with zero, from the first to the last or as far as the filter says`() throws {
    #expect(
      try rows("analytics/timeline?fill=zero", ["time", "count"]) == [
        ["2024-01-01", 1], ["2024-02-01", 2], ["2024-03-01", 0], ["2024-04-01", 0], ["2024-05-01", 2],
      ])
    #expect(
      try rows("analytics/timeline?fill=zero&bucket=quarter&start_date__gte=2023-11-15&start_date__lte=2024-12-31", ["time", "count"]) == [
        ["2023-10-01", 0], ["2024-01-01", 3], ["2024-04-01", 2], ["2024-07-01", 0], ["2024-10-01", 0],
      ])
    #expect(
      try rows("analytics/timeline?fill=zero&group_by=country&country=PRK,FRA&bucket=quarter", ["time", "country", "count"]) == [
        ["2024-01-01", "FRA", 0], ["2024-01-01", "PRK", 2], ["2024-04-01", "FRA", 1], ["2024-04-01", "PRK", 0],
      ])
    // However the events are narrowed besides.
    #expect(
      try rows(
        "analytics/timeline?fill=zero&bucket=quarter&start_date__gte=2023-11-15&start_date__lte=2024-12-31&filter=title!=x%20OR%20title!=y",
        ["time", "count"]
      ).map { $0[0] } == ["2023-10-01", "2024-01-01", "2024-04-01", "2024-07-01", "2024-10-01"])
    #expect(try rows("analytics/timeline?fill=zero&country=JPN", ["time", "count"]).isEmpty)
    #expect(try rows("analytics/timeline?fill=zero&start_date=2024-03-09", ["time", "count"]) == [["2024-03-01", 0]])
  }

  @Test(arguments: ["", "&cumulative=true"], ["", "&version__gte=1", "&from=2024-02-10&to=2024-12-31"])
  func `pages of filled buckets are those of the whole`(totals: String, narrowed: String) throws {
    for (bucket, group) in [("month", ""), ("month", "&group_by=country,type"), ("week", "&group_by=participant")] {
      let path = "/v1/analytics/timeline?fill=zero&bucket=\(bucket)&metric=count,mean_goldstein\(group)\(totals)\(narrowed)"
      let whole = try server.get(path).items
      #expect(whole.count > 4)
      for limit in [1, 3, 7, whole.count] { #expect(try server.walk("\(path)&limit=\(limit)") == whole, "\(path), \(limit)") }
    }
  }

  @Test func `filled buckets cost what a page has of them: all days of the calendar, by who took part`() throws {
    let path = "/v1/analytics/timeline?bucket=day&fill=zero&group_by=participant&from=0001-01-01&to=9999-12-31"
    let page = try server.get("\(path)&limit=7")
    #expect(page.status == 200, "\(page.text)")
    #expect(page.items.map { $0["time"] } == Array(repeating: "0001-01-01", count: 5) + ["0001-01-02", "0001-01-02"])
    #expect(try server.get("\(path)&cumulative=true&limit=2000").items.count == 2_000)
    #expect(try server.walk("/v1/analytics/timeline?bucket=year&fill=zero&from=9998-05-05&to=9999-12-31&limit=1").count == 2)
    #expect(try server.walk("/v1/analytics/timeline?bucket=day&fill=zero&from=9999-12-29&to=9999-12-31&limit=1").count == 3)
  }

  @Test func `where no event has a value its sum and mean are null, and how many have one is told`() throws {
    // `other` has no value of its own.
    _ = try server.event([
      "start_date": "2024-03-05", "type": "other", "country": "JPN",
      "participants": [["stakeholder": "JPN", "role": "participant"], ["stakeholder": "FRA", "role": "participant"]],
    ])
    let all = ["time", "count", "goldstein_count", "mean_goldstein", "sum_goldstein"]
    for narrowed in ["", "&version__gte=1"] {
      #expect(
        try rows("analytics/timeline?fill=zero&metric=count,goldstein_count,mean_goldstein,sum_goldstein\(narrowed)", all) == [
          ["2024-01-01", 1, 1, 2, 2], ["2024-02-01", 2, 2, -1, -2], ["2024-03-01", 1, 0, nil, nil], ["2024-04-01", 0, 0, nil, nil],
          ["2024-05-01", 2, 2, -2.25, -4.5],
        ], "\(narrowed)")
      let dyad = try server.get("/v1/analytics/dyads/JPN/FRA?\(narrowed.dropFirst())").items
      let pair = try server.get("/v1/analytics/dyads?limit=100\(narrowed)").items.filter { $0["b"] == "JPN" }
      let edges = try server.get("/v1/analytics/network?stakeholder=JPN\(narrowed)").items
      let country = try server.get("/v1/analytics/map?limit=100\(narrowed)").items.filter { $0["country"] == "JPN" }
      for found in [dyad, pair, edges, country] {
        #expect(
          found.map { [$0["count"], $0["goldstein_count"], $0["mean_goldstein"], $0["sum_goldstein"]] } == [[1, 0, nil, nil]],
          "\(narrowed)")
      }
    }
  }

  @Test func `totals run within each group`() throws {
    #expect(
      try rows("analytics/timeline?cumulative=true&group_by=type&metric=count,mean_goldstein", ["time", "type", "count", "mean_goldstein"])
        == [
          ["2024-01-01", "visit", 1, 2], ["2024-02-01", "threat", 1, -6], ["2024-02-01", "visit", 2, 3],
          ["2024-05-01", "sanctions", 1, -5],
          ["2024-05-01", "visit", 3, 2.1667],
        ])
  }

  @Test func `a participant is counted once an event, and any filter of the list narrows`() throws {
    #expect(
      try rows("analytics/timeline?bucket=year&group_by=participant&type=visit", ["time", "participant", "count"]) == [
        ["2024-01-01", "CHN", 1], ["2024-01-01", "FRA", 1], ["2024-01-01", "PRK", 2], ["2024-01-01", "RUS", 2], ["2024-01-01", "USA", 1],
      ])
    #expect(try rows("analytics/timeline?bucket=year&participant=PRK&goldstein__gt=0", ["time", "count"]) == [["2024-01-01", 2]])
    #expect(try rows("analytics/timeline?bucket=year&dyad=USA,PRK&from=2024-02-01", ["time", "count"]) == [["2024-01-01", 1]])
  }

  @Test func `buckets are filled as far as the dates say, whatever else is asked`() throws {
    let span = "analytics/timeline?fill=zero&bucket=year&start_date__gte=2023-05-01&start_date__lte=2026-12-31"
    for (condition, count) in [
      ("type=threat", 1), ("bbox=0,0,1,1", 0), ("outcomes.status=open", 0), ("filter=\(escaped("type=threat OR mode=phone"))", 1),
    ] as [(String, JSON)] {
      let found = try rows("\(span)&\(condition)", ["time", "count"])
      #expect(found == [["2023-01-01", 0], ["2024-01-01", count], ["2025-01-01", 0], ["2026-01-01", 0]], "\(condition)")
    }
  }

  @Test func `what is searched for is counted like any other filter`() throws {
    for title in ["A pact on grain", "A pact on fish", "Something else"] { _ = try server.event(["title": .string(title)]) }
    #expect(try rows("analytics/timeline?q=pact", ["time", "count"]) == [["2024-06-01", 2]])
    #expect(try rows("events/aggregate?q=pact&group_by=title", ["title", "count"]) == [["A pact on fish", 1], ["A pact on grain", 1]])
    #expect(try server.get("/v1/analytics/timeline?q=pact&as_of=2024-01-01T00:00:00Z").status == 400)
  }

  @Test func `what is asked of this moment is asked anew, and of these days until the day is over`() throws {
    let days = try server.get("/v1/analytics/timeline?start_date__gte=now-1d")
    #expect(days.header("etag") != nil)
    #expect(try server.get("/v1/analytics/timeline?start_date__gte=now-1d", ["If-None-Match": days.etag]).status == 304)
    let moment = try server.get("/v1/events/aggregate?created_at__lt=now")
    #expect(moment.items.map { $0["count"] } == [5])
    #expect(moment.header("etag") == nil)
    // Counted in hours, a day ends within the day.
    #expect(try server.get("/v1/analytics/timeline?start_date__gte=now-6h").header("etag") == nil)
  }

  @Test func `the past is counted as it was`() throws {
    waitForLaterMillisecond()
    let event = try server.event(["start_date": "2030-01-01"])
    let moment = try #require(event["created_at"].text)
    waitForLaterMillisecond()
    #expect(try server.delete("/v1/events/\(event.id)").status == 204)
    #expect(try server.get("/v1/analytics/timeline?bucket=year&as_of=\(moment)").items.map { $0["count"] } == [5, 1])
    #expect(try server.get("/v1/analytics/timeline?bucket=year").items.map { $0["count"] } == [5])
  }

  // MARK: Other questions

  @Test func `a breakdown has shares of all, and the rest as one row`() throws {
    #expect(
      try rows(
        "analytics/breakdown?field=type&top=1&other=true", ["type", "count", "share", "goldstein_count", "mean_goldstein", "is_other"]) == [
          ["visit", 3, 0.6, 3, 2.1667, false], [nil, 2, 0.4, 2, -5.5, true],
        ])
    #expect(try server.get("/v1/analytics/breakdown?field=type&top=9&other=true").items.count == 3)
    #expect(
      try rows("analytics/breakdown?field=participant&country=USA", ["participant", "count", "share", "goldstein_count", "mean_goldstein"])
        == [["USA", 2, 0.5, 2, -5.5], ["PRK", 1, 0.25, 1, -6], ["RUS", 1, 0.25, 1, -5]])
  }

  @Test func `the strongest dyads, over rollups and over events alike`() throws {
    let keys = ["a", "b", "count", "cooperative", "conflictual", "goldstein_count", "mean_goldstein", "sum_goldstein"]
    let expected: [[JSON]] = [
      ["PRK", "RUS", 2, 2, 0, 2, 3, 6], ["CHN", "PRK", 1, 1, 0, 1, 4, 4], ["CHN", "RUS", 1, 1, 0, 1, 4, 4],
      ["FRA", "USA", 1, 1, 0, 1, 0.5, 0.5], ["PRK", "USA", 1, 0, 1, 1, -6, -6], ["RUS", "USA", 1, 0, 1, 1, -5, -5],
    ]
    #expect(try rows("analytics/dyads", keys) == expected)
    #expect(try rows("analytics/dyads?version__gte=1", keys) == expected)
    #expect(try rows("analytics/dyads?sort=mean_goldstein&limit=2", keys) == [expected[4], expected[5]])
    #expect(try server.get("/v1/analytics/dyads?sort=color").pointers == ["sort"])
  }

  @Test func `a dyad is the same from both sides and by id, and must be of two who exist`() throws {
    let path = "/v1/analytics/dyads"
    let one = try server.get("\(path)/RUS/PRK")
    let id = try server.get("/v1/stakeholders/RUS").id
    #expect(one.items.map { $0["time"] } == ["2024-01-01", "2024-02-01"])
    #expect(try server.get("\(path)/PRK/RUS").items == one.items)
    #expect(try server.get("\(path)/PRK/\(id)").items == one.items)
    #expect(try server.get("\(path)/RUS/RUS").status == 400)
    #expect(try server.get("\(path)/RUS/nobody").status == 404)
    #expect(try table(server.get("\(path)/RUS/PRK.csv").text).map(\.count) == [7, 7, 7])
  }

  @Test func `a dyad over time is filled and added up as a timeline is`() throws {
    let keys = ["time", "count", "cooperative", "conflictual", "goldstein_count", "mean_goldstein", "sum_goldstein"]
    for narrowed in ["", "&version__gte=1"] {
      let path = "analytics/dyads/USA/RUS?bucket=quarter"
      #expect(
        try rows("\(path)&fill=zero&from=2024-01-15&to=2024-09-30\(narrowed)", keys) == [
          ["2024-01-01", 0, 0, 0, 0, nil, nil], ["2024-04-01", 1, 0, 1, 1, -5, -5], ["2024-07-01", 0, 0, 0, 0, nil, nil],
        ])
      #expect(
        try rows("analytics/dyads/RUS/PRK?cumulative=true\(narrowed)", keys) == [
          ["2024-01-01", 1, 1, 0, 1, 2, 2], ["2024-02-01", 2, 2, 0, 2, 3, 6],
        ])
      let filled = "/v1/analytics/dyads/RUS/PRK?fill=zero&cumulative=true&bucket=week\(narrowed)"
      #expect(try server.get(filled).items.map { $0["count"] } == [1, 1, 1, 1, 2])
      #expect(try server.walk("\(filled)&limit=2") == server.get(filled).items)
    }
  }

  @Test func `the dyads of one stakeholder are those with it, over totals and over events alike`() throws {
    let id = try server.get("/v1/stakeholders/RUS").id
    for narrowed in ["", "&version__gte=1", "&from=2024-01-01&limit=3"] {
      let pairs = try ["RUS", id].map { try server.get("/v1/analytics/dyads?of=\($0)\(narrowed)") }
      #expect(pairs[0].items.map { [$0["a"], $0["b"], $0["count"]] } == [["PRK", "RUS", 2], ["CHN", "RUS", 1], ["RUS", "USA", 1]])
      #expect(pairs[0].items == pairs[1].items)
    }
    let weakest = try server.get("/v1/analytics/dyads?of=RUS&sort=sum_goldstein&participant=CHN").items
    #expect(weakest.map { $0["a"] } == ["CHN", "PRK"])
    let nobody = try server.get("/v1/analytics/dyads?of=nobody")
    #expect(nobody.status == 400 && nobody.pointers == ["of"] && nobody.codes == ["unknown_stakeholder"], "\(nobody.text)")
  }

  @Test func `a network grows with its depth and tells what it leaves out`() throws {
    let near = try server.get("/v1/analytics/network?stakeholder=FRA")
    #expect(near["nodes"].elements.map { $0["id"] } == ["FRA", "USA"])
    #expect(near.items.map { [$0["source"], $0["target"], $0["count"]] } == [["FRA", "USA", 1]])
    let far = try server.get("/v1/analytics/network?stakeholder=FRA&depth=3")
    #expect(far["nodes"].elements.map { [$0["id"], $0["depth"]] } == [["FRA", 0], ["USA", 1], ["PRK", 2], ["RUS", 2], ["CHN", 3]])
    #expect(far.items.count == 6)
    #expect(far["nodes_are_cut"] == false)
    let cut = try server.get("/v1/analytics/network?stakeholder=FRA&depth=3&nodes=3")
    #expect(cut["nodes"].elements.count == 3)
    #expect(cut["nodes_are_cut"] == true)
    let visits = try server.get("/v1/analytics/network?type=visit&country=PRK")
    #expect(visits.items.map { $0["count"] } == [2, 1, 1])
    let nobody = try server.get("/v1/analytics/network?stakeholder=nobody")
    #expect(nobody.status == 400 && nobody.pointers == ["stakeholder"] && nobody.codes == ["unknown_stakeholder"])
    #expect(try server.get("/v1/analytics/network?depth=2").pointers == ["depth"])
  }

  @Test func `a map counts by country, and shows points with what they stand for`() throws {
    #expect(
      try rows("analytics/map", ["country", "count", "goldstein_count", "mean_goldstein", "sum_goldstein"]) == [
        ["PRK", 2, 2, 3, 6], ["USA", 2, 2, -5.5, -11], ["FRA", 1, 1, 0.5, 0.5],
      ])
    _ = try server.event(["latitude": 39.03, "longitude": 125.75, "geo_precision": "near"])
    let points = try server.get("/v1/analytics/map.geojson")
    #expect(points.header("content-type") == "application/geo+json")
    #expect(points["type"] == "FeatureCollection")
    #expect(points["features"].elements.map { $0["geometry"]["coordinates"].elements } == [[125.75, 39.03]])
    #expect(points["features"][0]["properties"]["geo_precision"] == "near")
  }

  @Test func `outcomes by region, recommendations by what became of them`() throws {
    _ = try server.make(
      "outcomes",
      [
        "title": "O",
        "regional_impacts": [
          ["region": "030", "description": "d", "sign": -1], ["stakeholder": "FRA", "description": "e", "magnitude": 2],
        ],
      ])
    _ = try server.make("outcomes", ["title": "P", "theme": "military"])
    let matrix = try server.get("/v1/analytics/outcome-matrix").items
    #expect(
      matrix.map { [$0["title"], $0["region"], $0["stakeholder"], $0["sign"], $0["magnitude"]] } == [
        ["P", nil, nil, nil, nil], ["O", "030", nil, -1, nil], ["O", nil, "FRA", nil, 2],
      ])
    #expect(try server.get("/v1/analytics/outcome-matrix?theme=military").items.count == 1)
    for (reference, due, done) in [("R-1", "2000-01-01", "not_started"), ("R-2", "2000-01-01", "implemented"), ("R-3", nil, "not_started")]
      as [(JSON, JSON, JSON)]
    {
      _ = try server.make(
        "recommendations",
        [
          "reference": reference, "title": "T", "strategy": "legal", "due_on": due, "implementation": done,
          "addressed_to": ["FRA", "USA"],
        ])
    }
    #expect(
      try rows("analytics/recommendations", ["position", "implementation", "count", "overdue", "mean_progress"]) == [
        ["proposed", "implemented", 1, 0, 0], ["proposed", "not_started", 2, 1, 0],
      ])
    #expect(
      try rows("analytics/recommendations?group_by=addressed_to&due_on__null=false", ["addressed_to", "count", "overdue", "mean_progress"])
        == [["FRA", 2, 1, 0], ["USA", 2, 1, 0]])
    let summary = try server.get("/v1/analytics/summary?period=36525d").items
    #expect(summary.first { $0["figure"] == "events" }?["count"] == 5)
    #expect(summary.first { $0["figure"] == "conflictual_events" }?["change"] == 2)
    #expect(summary.first { $0["figure"] == "active_stakeholders" }?["count"] == 5)
    #expect(summary.first { $0["figure"] == "open_outcomes" }?["count"] == 2)
    #expect(summary.first { $0["figure"] == "overdue_recommendations" }?["count"] == 1)
  }

  // MARK: Aggregates

  @Test func `any resource is put in groups by its fields`() throws {
    #expect(
      try rows(
        "events/aggregate?group_by=type&metric=count,avg:goldstein,min:start_date&having=count__gte:1,avg:goldstein__lt:0&sort=avg_goldstein",
        ["type", "count", "avg_goldstein", "min_start_date"])
        == [["threat", 1, -6, "2024-02-29"], ["sanctions", 1, -5, "2024-05-01"]])
    #expect(
      try rows("events/aggregate?metric=max:start_date,sum:report_count", ["max_start_date", "sum_report_count"]) == [["2024-05-02", 5]])
    #expect(try rows("events/aggregate?group_by=participant&country=FRA", ["participant", "count"]) == [["FRA", 1], ["USA", 1]])
    let types = try server.walk("/v1/stakeholders?limit=1000").reduce(into: [:]) { $0[$1["type"].text ?? "", default: 0] += 1 }
    let told = try server.get("/v1/stakeholders/aggregate?group_by=type").items
    #expect(Dictionary(uniqueKeysWithValues: told.map { ($0["type"].text ?? "", $0["count"].integer ?? 0) }) == types)
  }

  @Test(arguments: [
    "events", "stakeholders", "perspectives", "outcomes", "assessments", "strategies", "recommendations", "commitments", "progress-reports",
    "sources", "citations", "imports",
  ])
  func `every resource can be counted`(path: String) throws {
    #expect(try server.get("/v1/\(path)/aggregate").items.first?["count"].integer == server.walk("/v1/\(path)?limit=1000").count)
  }

  @Test func `sums and means are of what is stored, and having asks what is shown`() throws {
    for _ in 0..<300 { _ = try server.event(["type": "aid", "country": "KOR", "goldstein": 1.9, "longitude": 126.9784, "latitude": 37.5]) }
    let path = "events/aggregate?country=KOR&group_by=type&metric=avg:goldstein,sum:goldstein,sum:longitude,avg:report_count"
    let expected: [[JSON]] = [["aid", 1.9, 570, 38_093.52, 1]]
    let keys = ["type", "avg_goldstein", "sum_goldstein", "sum_longitude", "avg_report_count"]
    for having in ["", "&having=avg:goldstein__gte:1.9,sum:goldstein__eq:570", "&having=avg:goldstein__lte:1.9"] {
      #expect(try rows(path + having, keys) == expected, "\(having)")
    }
    #expect(try rows("\(path)&having=avg:goldstein__lt:1.9", keys).isEmpty)
    let nothing = try rows("events/aggregate?country=JPN&metric=sum:goldstein,avg:goldstein", ["sum_goldstein", "avg_goldstein"])
    #expect(nothing == [[nil, nil]])
  }

  // MARK: Forms, pages, faults

  @Test func `figures come as JSON, NDJSON and CSV, and go on with a cursor`() throws {
    let path = "/v1/analytics/timeline?bucket=day&group_by=type"
    let whole = try server.get(path).items
    #expect(whole.count == 5)
    #expect(try server.walk("\(path)&limit=2") == whole)
    let page = try server.get("\(path)&limit=2")
    #expect(page.header("link")?.contains("rel=\"next\"") == true)
    let cursor = try #require(page["next_cursor"].text)
    #expect(try server.get("\(path)&limit=2&type=visit&cursor=\(cursor)").pointers == ["cursor"])
    #expect(try server.get("/v1/events?cursor=\(cursor)").status == 400)
    #expect(try table(server.get(path.replacing("timeline", with: "timeline.csv")).text).count == 6)
    #expect(try server.get("/v1/analytics/timeline.geojson").status == 404)
    let lines = try server.get(path, ["Accept": "application/x-ndjson"])
    #expect(try lines.text.split(separator: "\n").map { try JSON(Array($0.utf8)) } == whole)
  }

  @Test func `times are Unix milliseconds where a chart wants them`() throws {
    let january: JSON = 1_704_067_200_000
    let path = "/v1/analytics/timeline?time_format=epoch_ms"
    #expect(try server.get(path).items.first?["time"] == january)
    #expect(try server.get("/v1/analytics/dyads/RUS/PRK?time_format=epoch_ms").items.first?["time"] == january)
    #expect(try table(server.get(path.replacing("timeline", with: "timeline.csv")).text)[1][0] == "1704067200000")
    #expect(
      try rows("events/aggregate?metric=min:start_date&country=FRA&time_format=epoch_ms", ["min_start_date"]) == [[1_714_608_000_000]])
    // A cursor goes on in either form.
    let cursor = try #require(try server.get("/v1/analytics/timeline?limit=1")["next_cursor"].text)
    #expect(try server.get("\(path)&limit=1&cursor=\(cursor)").items.map { $0["time"] } == [1_706_745_600_000])
    #expect(try server.get("/v1/analytics/timeline?time_format=epoch").pointers == ["time_format"])
    #expect(try server.get("/v1/analytics/map.geojson?time_format=epoch_ms").pointers == ["time_format"])
  }

  @Test func `an answer is new when the register is, and not before`() throws {
    let path = "/v1/analytics/timeline?bucket=year"
    let first = try server.get(path)
    #expect(try server.get(path).text == first.text)
    #expect(try server.get(path, ["If-None-Match": first.etag]).status == 304)
    _ = try server.event(["start_date": "2024-07-01"])
    let second = try server.get(path, ["If-None-Match": first.etag])
    #expect(second.status == 200)
    #expect(second.items.map { $0["count"] } == [6])
  }

  @Test func `what is offered instead is taken, each once, and is not what was given`() throws {
    let refused: Set<String> = ["sort", "fields", "include", "offset", "count", "flatten", "csv_safe"]
    for path in ["analytics/dyads/RUS/PRK?zzzz=1", "analytics/timeline?zzzz=1", "analytics/map?zzzz=1"] {
      let allowed = try server.get("/v1/\(path)")["errors"][0]["allowed"].elements.compactMap(\.text)
      #expect(allowed.contains("limit") && allowed.contains("country") && allowed.contains("participant"), "\(allowed)")
      #expect(allowed.count == Set(allowed).count, "\(allowed)")
      #expect(refused.isDisjoint(with: allowed), "\(allowed)")
    }
    #expect(try server.get("/v1/events/aggregate?zzzz=1")["errors"][0]["allowed"].elements.contains("sort"))
    for (path, wrong) in [
      ("analytics/dyads?count__gte=10", "count"), ("analytics/map?count__gte=10", "count"), ("analytics/timeline?offset__gt=1", "offset"),
      ("analytics/timeline?fieldz=id", "fields"), ("analytics/dyads?sorrt=count&inclde=outcomes", "include"),
      ("events?limit__gte=1", "limit"),
    ] {
      let answer = try server.get("/v1/\(path)")
      #expect(answer.status == 400)
      #expect(!answer.details.contains("did you mean \"\(wrong)\""), "\(answer.text)")
    }
  }

  @Test(arguments: [
    ("analytics/timeline?buckt=day", "buckt", "bucket"), ("analytics/timeline?bucket=dya", "bucket", "day"),
    ("analytics/timeline?group_by=typ", "group_by", "type"), ("analytics/timeline?countr=USA", "countr", "country"),
    ("analytics/timeline?metric=mean", "metric", ""), ("analytics/timeline?sort=time", "sort", ""),
    ("analytics/timeline?flatten=true", "flatten", ""),
    ("analytics/timeline?fill=yes", "fill", ""),
    ("analytics/timeline?cumulative=1", "cumulative", ""), ("analytics/timeline?limit=20001", "limit", ""),
    ("analytics/timeline?group_by=type,country,status", "group_by", ""), ("analytics/timeline?bucket=", "bucket", ""),
    ("analytics/timeline?group_by=tags,participant", "group_by", ""), ("analytics/timeline?cursor=x", "cursor", ""),
    ("analytics/breakdown", "field", ""), ("analytics/breakdown?field=type&other=true", "other", ""),
    ("analytics/dyads/RUS/PRK?bucket=decade", "bucket", ""), ("analytics/network?depth=4&stakeholder=FRA", "depth", ""),
    ("analytics/summary?period=30", "period", ""), ("analytics/summary?country=USA", "country", ""),
    ("events/aggregate?group_by=summary", "group_by", ""), ("events/aggregate?metric=avg:titel", "metric", ""),
    ("events/aggregate?having=count", "having", ""), ("events/aggregate?having=count__gte:x", "having", ""),
    ("events/aggregate?having=count__about:1", "having", ""), ("events/aggregate?sort=cuont", "sort", "count"),
    ("events/aggregate?group_by=type'--", "group_by", ""),
  ])
  func `a question that is not understood says what is wrong and what is near`(path: String, parameter: String, near: String) throws {
    let answer = try server.get("/v1/\(path)")
    #expect(answer.status == 400)
    #expect(answer.pointers == [parameter], "\(answer.text)")
    #expect(answer.details.contains(near.isEmpty ? "" : "did you mean \"\(near)\""), "\(answer.text)")
  }
}
