import Intake
import Records
import Store
import TestSupport
import Testing

/// Files of others, read by their profiles. Real files are compared with what a plain reading of them says; where they are absent, the
/// rows that the tests bring must do.
@Suite struct ProfileTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private static let tsv = "text/tab-separated-values"

  private func send(_ profile: String, _ bytes: [UInt8], _ more: String = "") throws -> Answer {
    try server.send("POST", "/v1/imports?profile=\(profile)&on_error=continue\(more)", ["Content-Type": Self.tsv], body: bytes)
  }

  private func send(_ profile: String, _ rows: [[String]], _ separator: String = "\t") throws -> Answer {
    try send(profile, Array((rows.map { $0.joined(separator: separator) }.joined(separator: "\n") + "\n").utf8))
  }

  private func counts(_ answer: Answer) -> [String: Int] {
    answer["counts"].members.compactMapValues(\.integer).filter { $0.value != 0 }
  }

  /// `line column code` of each refusal.
  private func refusals(_ answer: Answer) -> [String] {
    answer["errors"].elements.filter { $0["severity"] != "warning" }.map {
      "\($0["line"].integer ?? 0) \($0["column"].text ?? "") \($0["code"].text ?? "")"
    }
  }

  private func event(_ source: String, _ id: String) throws -> JSON { try server.get("/v1/events/by-external/\(source)/\(id)").json }

  /// `RUS visitor PUTIN` for each party.
  private func parties(_ event: JSON) -> [String] {
    event["participants"].elements.map { party in
      ["stakeholder", "role", "side", "name_as_reported"].compactMap { party[$0].text }.joined(separator: " ")
    }
  }

  private func lines(_ file: [UInt8]) -> [[String]] {
    String(decoding: file, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  // MARK: GDELT

  /// The places of the columns that the tests speak of, counted by hand in GDELT's list for 2.0; 1.0 has no ADM2 columns.
  private enum Place {
    static let id = 0, date = 1, actor1 = 5, name1 = 6, country1 = 7, type1 = 12, actor2 = 15, name2 = 16, country2 = 17
    static let code = 26, quad = 29, goldstein = 30, mentions = 31, sources = 32, tone = 34, geo1Latitude = 40
    static let geoType = 51, place = 52, country = 53, latitude = 56, longitude = 57, added = 59, url = 60
    static let adm2 = [39, 47, 55]
  }

  /// A row of 2.0 in which everything is right, with cells put in its place.
  private func gdelt(_ id: String, _ cells: [Int: String] = [:], columns: Int = 61) -> [String] {
    var row = [String](repeating: "", count: 61)
    let usual = [
      Place.id: id, Place.date: "20240618", Place.actor1: "RUS", Place.name1: "RUSSIA", Place.country1: "RUS", Place.actor2: "PRK",
      Place.name2: "NORTH KOREA", Place.country2: "PRK", Place.code: "042", Place.quad: "1", Place.goldstein: "1.9", Place.mentions: "4",
      Place.sources: "2", 33: "4", Place.tone: "-0.00303889093850207", Place.geoType: "4",
      Place.place: "Pyongyang, P'yongyang, North Korea",
      Place.country: "KN", Place.latitude: "39.0194", Place.longitude: "125.755", Place.added: "20240619103000",
      Place.url: "https://example.org/\(id)",
    ]
    for (place, text) in usual.merging(cells, uniquingKeysWith: { $1 }) { row[place] = text }
    guard columns < 61 else { return row }
    for place in Place.adm2.reversed() { row.remove(at: place) }
    return Array(row.prefix(columns))
  }

  @Test func `a GDELT row becomes an event between the states that it names`() throws {
    expectDone(try send("gdelt", [gdelt("1")]), created: 1)
    let event = try event("gdelt", "1")
    #expect(event["title"] == "RUSSIA — Make a visit — NORTH KOREA")
    #expect(event["start_date"] == "2024-06-18" && event["date_precision"] == "day")
    #expect(event["type"] == "visit" && event["mode"] == "visit" && event["cameo_code"] == "042" && event["goldstein"] == 1.9)
    #expect(event["place"] == "Pyongyang, P'yongyang, North Korea" && event["country"] == "PRK" && event["geo_precision"] == "near")
    #expect(event["latitude"] == 39.0194 && event["longitude"] == 125.755 && event["url"] == "https://example.org/1")
    #expect(event["verification"] == "reported")
    #expect(event["tone"].number.map { abs($0 + 0.00303889093850207) < 1e-18 } == true)
    #expect(parties(event) == ["RUS visitor RUSSIA", "PRK host NORTH KOREA"])
    let extra = event["extra"]
    #expect(extra["reported_at"] == "2024-06-19T10:30:00Z" && extra["QuadClass"] == 1 && extra["NumMentions"] == 4)
    #expect(extra["Actor1Code"] == "RUS" && extra["Actor1Name"] == nil)
    expectUnchanged(try send("gdelt", [gdelt("1")]), 1)
  }

  private func expectDone(_ answer: Answer, created: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(answer.status == 200, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(counts(answer) == ["read": created, "created": created], "\(answer["errors"])", sourceLocation: sourceLocation)
  }

  private func expectUnchanged(_ answer: Answer, _ count: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(counts(answer) == ["read": count, "unchanged": count], "\(answer["errors"])", sourceLocation: sourceLocation)
  }

  @Test(
    arguments: [
      ("042", "RUS", "PRK", ["RUS visitor RUSSIA", "PRK host NORTH KOREA"]),
      ("043", "RUS", "PRK", ["RUS host RUSSIA", "PRK visitor NORTH KOREA"]),
      ("046", "RUS", "PRK", ["RUS participant RUSSIA", "PRK participant NORTH KOREA"]),
      ("1311", "RUS", "PRK", ["RUS sender RUSSIA", "PRK target NORTH KOREA"]),
      // CAMEO's own codes, parts of states, and regions that are none.
      ("036", "ROM", "MTN", ["ROU sender RUSSIA", "MNE target NORTH KOREA"]),
      ("036", "TMP", "IMY", ["TLS sender RUSSIA", "IMN target NORTH KOREA"]),
      ("036", "SSD", "GZS", ["SSD sender RUSSIA", "PSE target NORTH KOREA"]), ("036", "EUR", "WST", []),
      ("036", "AFR", "PRK", ["PRK target NORTH KOREA"]), ("036", "", "ANT", ["ANT target NORTH KOREA"]),
      // The same state on both sides is one party when both do the same.
      ("040", "RUS", "RUS", ["RUS participant RUSSIA"]), ("190", "RUS", "RUS", ["RUS sender RUSSIA", "RUS target NORTH KOREA"]),
    ])
  func `roles follow from the code, parties from the country codes`(code: String, one: String, two: String, expected: [String]) throws {
    let row = gdelt("1", [Place.code: code, Place.country1: one, Place.country2: two])
    expectDone(try send("gdelt", [row]), created: 1)
    let event = try event("gdelt", "1")
    #expect(parties(event) == expected)
    // What is in no participant is in extra: nothing of the row is lost.
    for (country, name, place) in [(one, "RUSSIA", "1"), (two, "NORTH KOREA", "2")] {
      #expect((event["extra"]["Actor\(place)Name"].text == name) != expected.contains { $0.hasSuffix(" " + name) })
      #expect((event["extra"]["Actor\(place)CountryCode"].text == country) == ["EUR", "WST", "AFR"].contains(country))
    }
  }

  @Test func `a title names whoever is known`() throws {
    let nobody = [Place.name1: "", Place.country1: "", Place.actor1: "", Place.name2: "", Place.country2: "", Place.actor2: ""]
    let rows = [
      gdelt("1", [Place.name1: "", Place.code: "040"]), gdelt("2", nobody),
      gdelt("3", nobody.merging([Place.actor2: "GOV", Place.type1 + 10: "GOV"]) { $1 }),
    ]
    expectDone(try send("gdelt", rows), created: 3)
    #expect(try event("gdelt", "1")["title"] == "Russia — Consult — NORTH KOREA")
    #expect(try event("gdelt", "2")["title"] == "Make a visit")
    let third = try event("gdelt", "3")
    #expect(third["title"] == "Make a visit — GOV")
    #expect(third["extra"]["sector"]["actor2"].elements.map(\.text) == ["GOV"] && third["extra"]["sector"]["actor1"] == nil)
  }

  @Test func `places are told with the precision that they have`() throws {
    let none = [Place.geoType: "0", Place.place: "", Place.country: "", Place.latitude: "", Place.longitude: ""]
    let rows = [
      gdelt("1", [Place.geoType: "1", Place.country: "GM"]), gdelt("2", [Place.geoType: "2", Place.country: "US"]),
      gdelt("3", [Place.geoType: "3"]), gdelt("5", [Place.geoType: "5", Place.country: "OS"]), gdelt("0", none),
      // 2013: nothing is known, and the point is 0, 0.
      gdelt("6", none.merging([Place.geoType: "", Place.latitude: "0", Place.longitude: "0"]) { $1 }),
      gdelt("7", [Place.geoType: "0", Place.country: "RS"]),
    ]
    expectDone(try send("gdelt", rows), created: 7)
    let expected: [(String, JSON, JSON, JSON)] = [
      ("1", "country", "DEU", 39.0194), ("2", "admin1", "USA", 39.0194), ("3", "near", "PRK", 39.0194), ("5", "admin1", .null, 39.0194),
      ("0", .null, .null, .null), ("6", .null, .null, .null), ("7", .null, "RUS", 39.0194),
    ]
    for (id, precision, country, latitude) in expected {
      let event = try event("gdelt", id)
      #expect(event["geo_precision"] == precision && event["country"] == country && event["latitude"] == latitude, "\(id): \(event)")
    }
    #expect(try event("gdelt", "5")["extra"]["ActionGeo_CountryCode"] == "OS")
  }

  @Test func `what is no URL stays, and one source is told`() throws {
    let rows = [
      gdelt("1", [Place.url: "BBC Monitoring", Place.sources: "1"]), gdelt("2", [Place.url: ""]), gdelt("3", [Place.added: "20130203"]),
    ]
    expectDone(try send("gdelt", rows), created: 3)
    let first = try event("gdelt", "1")
    #expect(first["url"] == .null && first["extra"]["SOURCEURL"] == "BBC Monitoring" && first["verification"] == "single_source")
    #expect(try event("gdelt", "2")["url"] == .null)
    #expect(try event("gdelt", "3")["extra"]["reported_at"] == "2013-02-03")
  }

  @Test func `versions are told apart row by row`() throws {
    expectDone(try send("gdelt", [gdelt("1"), gdelt("2", columns: 58), gdelt("3", columns: 57), gdelt("4")]), created: 4)
    for id in 1...4 {
      let event = try event("gdelt", "\(id)")
      #expect(event["url"].text == (id == 3 ? nil : "https://example.org/\(id)"))
      #expect(event["latitude"] == 39.0194 && event["place"] == "Pyongyang, P'yongyang, North Korea" && event["country"] == "PRK")
      #expect(event["extra"]["reported_at"] == "2024-06-19T10:30:00Z")
    }
    #expect(refusals(try send("gdelt", [Array(gdelt("5").dropLast(2))])) == ["1  wrong_column_count"])
  }

  @Test func `a row is refused for what it says, under the name of the file's column`() throws {
    let wrong: [(Int, String, String)] = [
      (Place.id, "1.0E+9", "GLOBALEVENTID malformed_value"), (Place.id, "", "GLOBALEVENTID required"),
      (Place.id, "-5", "GLOBALEVENTID malformed_value"),
      (Place.date, "2.02E+07", "SQLDATE malformed_value"), (Place.date, "2024061", "SQLDATE malformed_value"),
      (Place.date, "20240231", "SQLDATE no_such_date"), (Place.date, "2024-06-18", "SQLDATE malformed_value"),
      (Place.date, "", "SQLDATE malformed_value"),
      (Place.code, "42", "EventCode lost_leading_zero"), (Place.code, "10", "EventCode lost_leading_zero"),
      (Place.code, "831", "EventCode lost_leading_zero"), (Place.code, "1", "EventCode not_a_word"),
      (Place.code, "999", "EventCode not_a_word"),
      (Place.code, "04X", "EventCode not_a_word"), (Place.code, "", "EventCode required"),
      (Place.goldstein, "10.5", "GoldsteinScale out_of_range"),
      (Place.goldstein, "x", "GoldsteinScale malformed_value"), (Place.quad, "5", "QuadClass out_of_range"),
      (Place.quad, "1.0", "QuadClass malformed_value"),
      (Place.latitude, "90.1", "ActionGeo_Lat out_of_range"), (Place.longitude, "-181", "ActionGeo_Long out_of_range"),
      (Place.latitude, "", "ActionGeo_Lat incomplete"), (Place.geo1Latitude, "-91", "Actor1Geo_Lat out_of_range"),
      (Place.geoType, "6", "ActionGeo_Type out_of_range"), (Place.mentions, "4.5", "NumMentions malformed_value"),
      (Place.mentions, "-1", "NumMentions out_of_range"), (Place.sources, "many", "NumSources malformed_value"),
      (Place.added, "2.02E+13", "DATEADDED malformed_value"), (Place.added, "20240619256000", "DATEADDED no_such_time"),
      (Place.added, "20240631", "DATEADDED no_such_date"), (Place.tone, "101", "AvgTone out_of_range"),
    ]
    let rows = wrong.enumerated().map { number, fault in gdelt("\(number)", [fault.0: fault.1]) }
    let answer = try send("gdelt", rows + [gdelt("1000")])
    #expect(counts(answer) == ["read": wrong.count + 1, "created": 1, "rejected": wrong.count])
    #expect(refusals(answer) == wrong.enumerated().map { "\($0 + 1) \($1.2)" })
    let zero = answer["errors"].elements.first { $0["line"] == 9 }
    #expect(zero?["detail"].text?.contains("042") == true, "the message says what is meant")
  }

  @Test(
    arguments: [
      "20160802000000.export.CSV", "20190121220000.export.CSV", "20191024143000.export.CSV", "translingual-100.export.CSV",
      "gdelt1-two-vintages-mixed.tsv",
    ])
  func `GDELT's own files go in whole`(name: String) throws {
    guard let file = sharedFile("gdelt/\(name)") else { return }
    let rows = lines(file)
    expectDone(try send("gdelt", file, "&group=false"), created: rows.count)
    // As CSV, and with one expectation for all rows: reading them as JSON one by one takes longer than the import.
    let fields = "external_id,start_date,cameo_code,goldstein,verification,url,participants,title"
    let found = table(try server.get("/v1/events.csv?fields=\(fields)").text).dropFirst()
    // Read on its own: ISO where CAMEO has the same code, and what it calls otherwise.
    let renamed = ["ROM": "ROU", "MTN": "MNE", "TMP": "TLS", "IMY": "IMN", "GZS": "PSE", "WSB": "PSE", "BAG": "IRQ"]
    let countries = Set(try server.get("/v1/vocabularies/country")["items"].elements.compactMap { $0["value"].text })
    #expect(countries.count == 249)
    let expected = rows.map { row in
      let states = Set([row[7], row[17]].map { renamed[$0] ?? $0 }.filter { countries.contains($0) }).sorted()
      let date = "\(row[1].prefix(4))-\(row[1].dropFirst(4).prefix(2))-\(row[1].suffix(2))"
      let verification = row[32] == "1" ? "single_source" : "reported"
      return [row[0], date, row[26], "\(Double(row[30]) ?? .nan)", verification, row.count == 57 ? "" : row.last ?? ""] + states
    }
    let given = found.map { event in event[0..<3] + ["\(Double(event[3]) ?? .nan)"] + event[4..<6] + states(event[6]) }
    #expect(found.allSatisfy { !$0[7].isEmpty })
    let missing = Set(expected).subtracting(given.map(Array.init))
    #expect(missing.isEmpty && given.count == expected.count)
    expectUnchanged(try send("gdelt", file, "&group=false"), rows.count)
    let interstate = expected.count { $0.count == 8 }
    let again = counts(try send("gdelt", file, "&group=false&interstate=true"))
    #expect(again["unchanged"] == interstate && again["skipped"] == rows.count - interstate && again["rejected"] == nil)
  }

  /// The stakeholders in the `participants` of a CSV file: `RUS:visitor;PRK:host`, or JSON where a name holds such a sign.
  private func states(_ cell: String) -> [String] {
    let json = cell.hasPrefix("[") ? try? JSON(Array(cell.utf8)) : nil
    let codes = json?.elements.map { $0["stakeholder"].text ?? "" } ?? cell.split(separator: ";").map { String($0.prefix { $0 != ":" }) }
    return Set(codes).sorted()
  }

  @Test func `a file that a spreadsheet has ruined is refused row by row, and changes nothing`() throws {
    guard let good = sharedFile("gdelt/20190121220000.export.CSV"),
      let ruined = sharedFile("gdelt/20190121220000.ruined-by-a-spreadsheet.csv")
    else { return }
    let count = lines(good).count
    expectDone(try send("gdelt", good, "&group=false"), created: count)
    let seq = try server.get("/v1/events?sort=-seq&limit=1").items.first?["seq"]
    let text = String(decoding: ruined, as: UTF8.self)
    let rows = text.split(whereSeparator: \.isNewline).count
    #expect(counts(try send("gdelt", ruined)) == ["read": rows, "rejected": rows])
    // With tabs put back, the codes and dates tell what happened to them.
    let answer = try send("gdelt", Array(text.replacing(";", with: "\t").utf8))
    #expect(counts(answer) == ["read": rows, "rejected": rows])
    #expect(refusals(answer).contains("2 DATEADDED malformed_value") && refusals(answer).contains("2 EventCode lost_leading_zero"))
    #expect(try server.get("/v1/events?sort=-seq&limit=1").items.first?["seq"] == seq)
  }

  @Test func `an import that is undone takes its reports out of the event that it shares with others, and may bring them again`() throws {
    func reports(_ ids: String...) throws -> Answer {
      try send("gdelt", ids.map { gdelt($0, [Place.url: "https://example.org/talks"]) })
    }
    func undo(_ answer: Answer) throws -> [Int?] {
      let undo = try server.delete("/v1/imports/\(answer.id)")["undo"]
      return ["deleted", "restored", "kept"].map { undo[$0].integer }
    }
    func count() throws -> Int? { try event("gdelt", "1")["report_count"].integer }
    let first = try reports("1", "2")
    #expect(counts(first) == ["read": 2, "created": 1, "grouped": 1])
    let second = try reports("3", "4")
    #expect(counts(second) == ["read": 2, "grouped": 2])
    #expect(try count() == 4)
    // The event was made by another import and stays, with the two reports of that one.
    #expect(try undo(second) == [0, 1, 0])
    #expect(try count() == 2)
    // They were not only counted out: they are known no more.
    let again = try reports("3", "4")
    #expect(counts(again) == ["read": 2, "grouped": 2])
    #expect(counts(try reports("3", "4", "2")) == ["read": 3, "unchanged": 3])
    let third = try reports("5")
    #expect(try count() == 5)
    // What a later import counted on is kept until that one is undone.
    #expect(try undo(again) == [0, 0, 1])
    #expect(try undo(first) == [0, 0, 1])
    #expect(try count() == 5)
    #expect(try undo(third) == [0, 1, 0])
    #expect(try count() == 4)
    #expect(try undo(again) == [0, 1, 0])
    #expect(try count() == 2)
    #expect(try undo(first) == [1, 0, 0])
    #expect(try server.eventCount() == 0)
    // Nothing of them is left that a new file would be counted to.
    #expect(counts(try reports("5", "3", "1")) == ["read": 3, "created": 1, "grouped": 2])
    #expect(try event("gdelt", "5")["report_count"] == 3)
  }

  @Test func `a report that was grouped is found by its name: the answer is the event that it counts for`() throws {
    let (names, url) = (["1", "2"], [Place.url: "https://example.org/talks"])
    let made = try send("gdelt", names.map { gdelt($0, url) })
    #expect(counts(made) == ["read": 2, "created": 1, "grouped": 1])
    let (event, report) = (try server.get("/v1/events/by-external/gdelt/1"), try server.get("/v1/events/by-external/gdelt/2"))
    #expect(report.status == 200 && report.json == event.json && report.etag == event.etag)
    #expect(report["external_id"] == "1")
    #expect(try server.get("/v1/events/by-external/gdelt/3").status == 404)
    #expect(try server.get("/v1/outcomes/by-external/gdelt/2").status == 404)
    #expect(try server.delete("/v1/imports/\(made.id)").status == 200)
    #expect(try server.get("/v1/events/by-external/gdelt/2").status == 404)
  }

  @Test func `what a forced undo takes of later imports counts again, too`() throws {
    func reports(_ ids: String...) throws -> Answer {
      try send("gdelt", ids.map { gdelt($0, [Place.url: "https://example.org/talks"]) })
    }
    func count() throws -> Int? { try event("gdelt", "1")["report_count"].integer }
    let (_, second, _) = (try reports("1"), try reports("2"), try reports("3", "4"))
    #expect(try count() == 4)
    #expect(try server.delete("/v1/imports/\(second.id)")["undo"]["kept"] == 1)
    #expect(try server.delete("/v1/imports/\(second.id)?force=true")["undo"]["restored"] == 1)
    #expect(try count() == 1)
    #expect(counts(try reports("3", "4", "2", "1")) == ["read": 4, "grouped": 3, "unchanged": 1])
    #expect(try count() == 4)
  }

  // MARK: ICEWS

  private let icewsColumns = [
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity", "Target Name",
    "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City", "District", "Province", "Country", "Latitude",
    "Longitude",
  ]

  private func icews(_ cells: [String: String] = [:]) -> [String] {
    let usual = [
      "Event ID": "7", "Event Date": "2024-06-18", "Source Name": "Vladimir Putin", "Source Sectors": "Elite,Executive,Government",
      "Source Country": "Russian Federation", "Event Text": "Make a visit", "CAMEO Code": "042", "Intensity": "1.9",
      "Target Name": "North Korea",
      "Target Sectors": "NULL", "Target Country": "North Korea", "Story ID": "55", "Sentence Number": "3", "Publisher": "Xinhua",
      "City": "Pyongyang", "District": "NA", "Province": "Pyongyang", "Country": "North Korea", "Latitude": "39.0194",
      "Longitude": "125.755",
    ].merging(cells) { $1 }
    return icewsColumns.map { usual[$0] ?? "" }
  }

  @Test func `an ICEWS row becomes an event named by its id and its date`() throws {
    let rows = [icewsColumns, icews(), icews(["Event Date": "2024-06-19", "Story ID": "56"])]
    expectDone(try send("icews", rows), created: 2)
    let event = try event("icews", "7@2024-06-18")
    #expect(event["title"] == "Vladimir Putin — Make a visit — North Korea" && event["cameo_code"] == "042" && event["goldstein"] == 1.9)
    #expect(parties(event) == ["RUS visitor Vladimir Putin", "PRK host North Korea"])
    #expect(event["place"] == "Pyongyang, North Korea" && event["city"] == "Pyongyang" && event["admin1"] == "Pyongyang")
    #expect(event["country"] == "PRK" && event["geo_precision"] == "near" && event["latitude"] == 39.0194)
    let extra = event["extra"].members
    #expect(extra["Source Sectors"] == "Elite,Executive,Government" && extra["Story ID"] == "55" && extra["Publisher"] == "Xinhua")
    #expect(extra["Target Sectors"] == nil && extra["District"] == nil, "null tokens are missing")
    expectUnchanged(try send("icews", rows), 2)
  }

  @Test func `without a code the text speaks; a code that is none is refused`() throws {
    let rows = [
      icewsColumns, icews(["Event ID": "1", "CAMEO Code": "", "Event Text": "Consult"]),
      icews(["Event ID": "2", "CAMEO Code": "NULL", "Event Text": "criticize or denounce", "Source Country": "Atlantis", "Country": "NA"]),
      icews(["CAMEO Code": "13y"]), icews(["CAMEO Code": "NA", "Event Text": "Play chess"]), icews(["CAMEO Code": "", "Event Text": ""]),
      icews(["CAMEO Code": "42"]), icews(["Event ID": "NA"]), icews(["Event Date": "18/06/2024"]), icews(["Intensity": "11"]),
    ]
    let answer = try send("icews", rows)
    #expect(counts(answer) == ["read": 9, "created": 2, "rejected": 7])
    #expect(
      refusals(answer) == [
        "4 CAMEO Code not_a_word", "5 Event Text not_a_word", "6 CAMEO Code required", "7 CAMEO Code lost_leading_zero",
        "8 Event ID required",
        "9 Event Date ambiguous", "10 Intensity out_of_range",
      ])
    #expect(try event("icews", "1@2024-06-18")["cameo_code"] == "040")
    let second = try event("icews", "2@2024-06-18")
    #expect(second["cameo_code"] == "111" && second["country"] == .null && second["type"] == "criticism")
    #expect(parties(second) == ["PRK target North Korea"])
    #expect(second["extra"]["Source Country"] == "Atlantis" && second["extra"]["Source Name"] == "Vladimir Putin")
  }

  // MARK: UCDP

  private static let ucdp = [
    "id": "300380.0", "type_of_violence": "1.0", "conflict_name": "Syria: Government", "side_a_new_id": "118.0",
    "side_a": "Government of Syria",
    "side_b_new_id": "121.0", "side_b": "Government of Israel", "where_prec": "1.0", "where_coordinates": "Rami village",
    "adm_1": "Idlib governorate", "latitude": "35.76", "longitude": "36.55", "country": "Syria", "country_id": "652.0", "date_prec": "1.0",
    "date_start": "2013-01-03", "date_end": "2013-01-03", "best": "2.0", "high": "2.0", "low": "2.0", "gwnoa": "652.0", "gwnob": "666.0",
    "source_article": "\"SOHR says:\n two, \"\"killed\"\"\"",
  ]
  /// Older editions lack these; so do the rows of the tests.
  private static let ucdpColumns = ucdp.keys.sorted()

  private func ucdp(_ cells: [String: String] = [:]) -> [String] {
    let row = Self.ucdp.merging(cells) { $1 }
    return Self.ucdpColumns.map { row[$0] ?? "" }
  }

  @Test func `a UCDP row becomes an armed incident with two sides`() throws {
    let rows = [Self.ucdpColumns, ucdp(), ucdp(["id": "5", "date_start": "2013-01-03 00:00:00.000", "where_prec": "6", "gwnoa": "652"])]
    expectDone(try send("ucdp-ged", rows, ","), created: 2)
    let event = try event("ucdp-ged", "300380")
    #expect(event["title"] == "Government of Syria — Government of Israel: state-based conflict, Rami village, Syria")
    #expect(event["type"] == "armed_incident" && event["process"] == "Syria: Government" && event["country"] == "SYR")
    #expect(event["start_date"] == "2013-01-03" && event["end_date"] == "2013-01-03" && event["date_precision"] == "day")
    #expect(event["place"] == "Rami village" && event["admin1"] == "Idlib governorate" && event["geo_precision"] == "exact")
    #expect(parties(event) == ["SYR participant A Government of Syria", "ISR participant B Government of Israel"])
    #expect(event["extra"]["best"] == 2 && event["extra"]["source_article"] == "SOHR says:\n two, \"killed\"")
    #expect(try self.event("ucdp-ged", "5")["geo_precision"] == "country")
    expectUnchanged(try send("ucdp-ged", rows, ","), 2)
  }

  @Test func `precisions, civilians and groups`() throws {
    let range = ["date_end": "2013-02-20"]
    let precise = (1...5).map { ucdp(range.merging(["id": "1\($0)", "date_prec": "\($0).0"]) { $1 }) }
    let rows =
      precise + [
        ucdp([
          "id": "20", "type_of_violence": "3", "side_b": "Civilians", "side_b_new_id": "9999", "gwnob": "", "country": "Kosovo",
          "country_id": "347",
        ]),
        ucdp(["id": "21", "side_b": "Syrian insurgents", "side_b_new_id": "4456.0", "gwnob": ""]),
      ]
    let answer = try send("ucdp-ged", [Self.ucdpColumns] + rows, ",")
    // Lines count the newline inside each row.
    #expect(refusals(answer) == ["14 participants/1/stakeholder unknown_reference"])
    for (number, word) in [(11, "days"), (12, "days"), (13, "week"), (14, "month"), (15, "year")] {
      #expect(try event("ucdp-ged", "\(number)")["date_precision"].text == word)
      #expect(try event("ucdp-ged", "\(number)")["end_date"] == "2013-02-20")
    }
    let civilians = try event("ucdp-ged", "20")
    #expect(parties(civilians) == ["SYR sender A Government of Syria"] && civilians["extra"]["side_b"] == "Civilians")
    #expect(civilians["country"] == .null && civilians["extra"]["country"] == "Kosovo")
    _ = try server.post("/v1/stakeholders", ["code": "ucdp-4456", "type": "armed_group", "name": "Syrian insurgents"])
    let again = try send("ucdp-ged", [Self.ucdpColumns] + rows, ",")
    #expect(counts(again) == ["read": 7, "created": 1, "unchanged": 6])
    #expect(parties(try event("ucdp-ged", "21")) == ["SYR participant A Government of Syria", "ucdp-4456 participant B Syrian insurgents"])
  }

  @Test func `a UCDP row is refused for what it says; odd estimates are no reason`() throws {
    let wrong: [([String: String], String)] = [
      (["id": ""], "id required"), (["id": "1.5"], "id malformed_value"), (["id": "abc"], "id malformed_value"),
      (["type_of_violence": "4"], "type_of_violence out_of_range"), (["date_prec": "0"], "date_prec out_of_range"),
      (["where_prec": "8"], "where_prec out_of_range"), (["date_end": "2013-01-02"], "date_end before_start"),
      (["date_start": "03/01/2013"], "date_start malformed_value"), (["date_start": "2013-01-03 10:00:00"], "date_start malformed_value"),
      (["latitude": "99"], "latitude out_of_range"), (["best": "-2"], "best out_of_range"), (["best": "1e999"], "best malformed_value"),
      (["side_a": ""], "side_a required"),
    ]
    let rows = wrong.map { ucdp(["source_article": ""].merging($0.0) { $1 }) }
    let odd = ucdp(["id": "9", "low": "3", "best": "2", "source_article": ""])
    let answer = try send("ucdp-ged", [Self.ucdpColumns] + rows + [odd], ",")
    #expect(counts(answer) == ["read": wrong.count + 1, "created": 1, "rejected": wrong.count])
    #expect(refusals(answer) == wrong.enumerated().map { "\($0 + 2) \($1.1)" })
    #expect(try event("ucdp-ged", "9")["extra"]["low"] == 3)
    #expect(answer["warnings"] == 1)
    #expect(answer["errors"].elements.filter { $0["severity"] == "warning" }.map { $0["column"] } == ["best"])
  }

  @Test(arguments: [49, 41])
  func `UCDP's sample goes in whole and makes its groups, as does one with the columns of an older version`(columns: Int) throws {
    guard let file = sharedFile("ucdp/ucdp_ged_sample1000_v23.csv") else { return }
    let added = [
      "relid", "code_status", "conflict_dset_id", "dyad_dset_id", "side_a_dset_id", "side_b_dset_id", "where_description",
      "source_original",
    ]
    let all = table(String(decoding: file, as: UTF8.self))
    let header = try #require(all.first)
    let places = header.indices.filter { columns == 49 || !added.contains(header[$0]) }
    #expect(places.count == columns)
    let rows = all.dropFirst().map { Dictionary(zip(header, $0)) { $1 } }
    // A group has no government's number and is not civilians.
    var groups: [String: String] = [:]
    for row in rows {
      for side in ["a", "b"] where row["gwno\(side)"] == "" && row["side_\(side)"] != "Civilians" {
        groups["ucdp-" + (row["side_\(side)_new_id"] ?? "").replacing(".0", with: "")] = row["side_\(side)"]
      }
    }
    let text = all.map { row in places.map { "\"" + row[$0].replacing("\"", with: "\"\"") + "\"" }.joined(separator: ",") }.joined(
      separator: "\n")
    let bytes = columns == 49 ? file : Array((text + "\n").utf8)
    let answer = try send("ucdp-ged", bytes, "&create_missing=stakeholders")
    expectDone(answer, created: rows.count)
    let estimates = rows.map { row in ["low", "best", "high"].map { Double(row[$0] ?? "") ?? .nan } }
    #expect(answer["warnings"].integer == estimates.count { !($0[0] <= $0[1] && $0[1] <= $0[2]) })
    let made = try server.walk("/v1/stakeholders?type=armed_group&limit=1000&fields=code,name")
    #expect(Dictionary(made.map { ($0["code"].text ?? "", $0["name"].text ?? "") }) { $1 } == groups)
    let fields = "external_id,participants,extra,start_date,end_date,country,latitude"
    let events = Dictionary(try server.walk("/v1/events?limit=1000&fields=\(fields)").map { ($0["external_id"].text ?? "", $0) }) { $1 }
    var different: [String] = []
    for row in rows {
      let id = (row["id"] ?? "").replacing(".0", with: "")
      let event = events[id] ?? .null
      let isSame =
        event["participants"].elements.count == ["a", "b"].count { row["side_\($0)"] != "Civilians" }
        && event["extra"]["source_article"].text == row["source_article"] && event["extra"]["best"].number == Double(row["best"] ?? "")
        && event["start_date"].text == row["date_start"] && event["end_date"].text == row["date_end"]
        && event["country"] != .null && event["latitude"].number == Double(row["latitude"] ?? "")
      if !isSame { different.append("\(id): \(event)") }
    }
    #expect(different.isEmpty)
    expectUnchanged(try send("ucdp-ged", bytes), rows.count)
  }
}
