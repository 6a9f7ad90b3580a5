import Formats
import TestSupport
import Testing

/// GeoJSON, flat fields, numbers for times, and cells that are safe in spreadsheets.
@Suite struct ExportTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private func lines(_ path: String) throws -> [JSON] {
    try server.get(path).text.split(separator: "\n").map { try JSON(Array($0.utf8)) }
  }

  // MARK: GeoJSON

  @Test func `events are features, with a point where there is one and its precision always`() throws {
    let place: JSON = ["title": "P", "latitude": 39.0339, "longitude": 125.7543, "geo_precision": "area", "start_date": "2024-06-18"]
    let id = try server.event(place).id
    let other = try server.event(["title": "N \"x\"", "start_date": "2024-06-17"]).id
    for (path, headers) in [("/v1/events.geojson", [:]), ("/v1/events", ["Accept": "application/geo+json"])] {
      let answer = try server.get(path, headers)
      #expect(answer.status == 200 && answer.header("content-type") == "application/geo+json")
      #expect(answer["type"] == "FeatureCollection")
      let features = answer["features"].elements
      #expect(features.map { $0["id"].text } == [id, other])
      #expect(features.allSatisfy { $0["type"] == "Feature" })
      #expect(features[0]["geometry"] == ["type": "Point", "coordinates": [125.7543, 39.0339]])
      #expect(features[1].has("geometry") && features[1]["geometry"] == nil)
      #expect(features.map { $0["properties"] } == (try server.get("/v1/events").items))
    }
    let few = try server.get("/v1/events.geojson?fields=title&latitude__null=false")["features"].elements
    #expect(few.map { $0["properties"] } == [["title": "P", "geo_precision": "area"]])
    #expect(few[0]["geometry"]["coordinates"] == [125.7543, 39.0339])
    #expect(try server.get("/v1/events.geojson?type=threat")["features"] == [])
    #expect(try server.get("/v1/stakeholders/RUS/events.geojson")["features"] == [])
    #expect(try server.get("/v1/events.geojson?fields=extra,latitude,id&flatten=true")["features"][0]["properties"]["id"].text == id)
  }

  @Test func `records without a place have no map`() throws {
    #expect(try server.get("/v1/outcomes.geojson").status == 404)
    let refused = try server.get("/v1/outcomes", ["Accept": "application/geo+json"])
    #expect(refused.status == 406 && !refused.text.contains("geo+json"))
    #expect(try server.get("/v1/events", ["Accept": "image/png"]).text.contains("application/geo+json"))
  }

  @Test func `a map of many pages is one document, packed or not`() throws {
    let rows = (0..<1_203).map {
      let place = #""latitude":\#($0 % 90),"longitude":\#($0 % 180).5,"geo_precision":"exact""#
      return #"{"title":"\#($0)","type":"vote","start_date":"2022-01-\#($0 % 20 + 10)",\#(place)}"#
    }
    let body = Array(rows.joined(separator: "\n").utf8)
    #expect(try server.send("POST", "/v1/imports/events", ["Content-Type": "application/x-ndjson"], body: body).status == 200)
    let plain = try server.get("/v1/events.geojson?sort=id&fields=title")
    let features = plain["features"].elements
    #expect(features.count == 1_203 && Set(features.compactMap { $0["properties"]["title"].text }).count == 1_203)
    for path in ["/v1/events.geojson?sort=id&fields=title", "/v1/events.csv?sort=id", "/v1/events.ndjson?sort=id"] {
      let packed = try server.get(path, ["Accept-Encoding": "gzip"])
      #expect(packed.header("content-encoding") == "gzip")
      let unpacked = ByteBuffer(capacity: 1 << 20)
      let inflater = Inflater(format: .gzip, maxBytes: 1 << 26, maxRatio: 1_032)
      let whole = ByteBuffer(capacity: packed.raw.body.count)
      whole.append(packed.raw.body)
      try whole.withView { try inflater.feed($0, into: unpacked) }
      #expect(unpacked.array == (try server.get(path).raw.body), "\(path)")
      #expect(packed.raw.body.count * 3 < unpacked.count)
    }
  }

  // MARK: Flat

  private func makeNested() throws -> String {
    try server.event([
      "title": "T", "tags": ["a", "b"], "extra": ["k": 1, "deep": ["x": [true, ["y": "z"]], "none": []], "nothing": nil],
      "participants": [
        ["stakeholder": "RUS", "role": "visitor"], ["stakeholder": "PRK", "role": "host", "level": "head_of_state"],
      ],
    ]).id
  }

  @Test func `nested fields become members with dots`() throws {
    let id = try makeNested()
    let plain = try server.get("/v1/events").items[0]
    let flat: [String: JSON] = [
      "tags": "a;b", "extra.k": 1, "extra.deep.x.0": true, "extra.deep.x.1.y": "z", "extra.nothing": nil, "participants.count": 2,
      "participants.0.stakeholder": "RUS", "participants.0.role": "visitor", "participants.1.stakeholder": "PRK",
      "participants.1.role": "host", "participants.1.level": "head_of_state",
    ]
    let expected = JSON.object(plain.members.filter { !["tags", "extra", "participants"].contains($0.key) }).with(flat)
    #expect(try server.get("/v1/events?flatten=true").items == [expected])
    #expect(try lines("/v1/events.ndjson?flatten=true") == [expected])
    #expect(try server.get("/v1/events/\(id)?flatten=true").json == expected)
    #expect(try server.get("/v1/events?flatten=true&fields=extra").items[0].keys == Set(flat.keys.filter { $0.hasPrefix("extra") }))
    #expect(try server.get("/v1/events?flatten=false").items == [plain])
    _ = try server.make("outcomes", ["title": "O"])
    let empty = try server.get("/v1/outcomes?flatten=true&fields=extra,evidence,regional_impacts").items
    #expect(empty == [["evidence": nil, "regional_impacts.count": 0]])
    #expect(try server.get("/v1/events?flatten=true&fields=extra&include=outcomes").status == 400)
  }

  @Test func `flat CSV has a column for each part of the first few nested records, and says how many there are`() throws {
    _ = try makeNested()
    _ = try server.event([
      "title": "U", "start_date": "2020-01-01", "participants": [["stakeholder": "USA"], ["stakeholder": "FRA"], ["stakeholder": "DEU"]],
    ])
    func rows(_ server: RegisterTester) throws -> [[String: String]] {
      let rows = table(try server.get("/v1/events.csv?flatten=true").text)
      #expect(rows.allSatisfy { $0.count == rows[0].count })
      return rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }
    }
    let first = try rows(server)
    #expect(first[0]["participants.count"] == "2" && first[0]["participants.1.level"] == "head_of_state")
    #expect(first[0]["participants.0.level"] == "" && first[0]["participants.2.stakeholder"] == "" && first[0]["tags"] == "a;b")
    #expect(first[1]["participants.2.stakeholder"] == "DEU" && first[1].keys.contains("participants.3.stakeholder"))
    #expect(first[0]["participants"] == nil && !first[0].keys.contains("participants.4.stakeholder"))
    let narrow = try RegisterTester("--query-flattened-records", "2")
    _ = try narrow.event(["participants": [["stakeholder": "USA"], ["stakeholder": "FRA"], ["stakeholder": "DEU"]]])
    let cut = try rows(narrow)[0]
    #expect(
      cut["participants.count"] == "3" && cut["participants.1.stakeholder"] == "FRA" && !cut.keys.contains("participants.2.stakeholder"))
  }

  // MARK: Times as numbers

  @Test func `moments and days are Unix milliseconds when asked for`() throws {
    _ = try server.event(["start_date": "2024-06-18", "end_date": nil])
    let plain = try server.get("/v1/events?time_format=rfc3339").items[0]
    let event = try server.get("/v1/events?time_format=epoch_ms").items[0]
    // `date -u -d 2024-06-18 +%s`
    #expect(event["start_date"] == 1_718_668_800_000 && event["end_date"] == nil)
    let created = try Timestamp.parse(plain["created_at"].text ?? "")
    #expect(event["created_at"] == .integer(created))
    #expect(try lines("/v1/events.ndjson?time_format=epoch_ms")[0] == event)
    #expect(try server.get("/v1/events/\(plain["id"].text ?? "")?time_format=epoch_ms").json == event)
    let rows = table(try server.get("/v1/events.csv?time_format=epoch_ms&fields=start_date,end_date,created_at,type").text)
    #expect(rows[1] == ["1718668800000", "", "\(created)", "visit"])
    #expect(try server.get("/v1/events.geojson?time_format=epoch_ms")["features"][0]["properties"] == event)
    #expect(try server.get("/v1/events?time_format=epoch").text.contains("epoch_ms"))
    #expect(try server.get("/v1/stakeholders?valid_from=1900-01-01&time_format=epoch_ms&limit=1").status == 200)
  }

  // MARK: Spreadsheets

  @Test func `no cell of a safe CSV is a formula`() throws {
    let texts = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "a", "-5", "'quoted", "=\"a,b\""]
    for (number, text) in texts.enumerated() {
      _ = try server.event(["title": .string("\(number)"), "place": .string(text), "tags": [.string(text)], "extra": ["k": .string(text)]])
    }
    let safe = table(try server.get("/v1/events.csv?csv_safe=true&sort=title&fields=place,tags,goldstein").text)
    let plain = table(try server.get("/v1/events.csv?sort=title&fields=place,tags,goldstein").text)
    #expect(plain.dropFirst().map { $0[0] } == texts)
    // A plain number is a number to a spreadsheet, and no formula.
    let formulas = ["=", "+", "-2", "@", "\t"]
    #expect(safe.dropFirst().map { $0[0] } == texts.map { text in formulas.contains { text.hasPrefix($0) } ? "'" + text : text })
    for row in safe.dropFirst() { #expect(row[1] == row[0] || row[1].hasPrefix("[")) }
    #expect(try server.get("/v1/events?csv_safe=true").status == 400)
    #expect(try server.get("/v1/events.ndjson?csv_safe=true").status == 400)
    #expect(try server.get("/v1/events.csv?csv_safe=maybe").status == 400)
  }
}
