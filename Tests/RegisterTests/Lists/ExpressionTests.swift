import TestSupport
import Testing

/// `filter=`, one step through relations, relative dates and boxes.
@Suite struct ExpressionTests {
  let known: KnownEvents
  var server: RegisterTester { known.server }

  init() throws { known = try KnownEvents(120) }

  private func number(_ event: JSON, _ name: String) -> Double? { event[name].number }

  private func check(_ filter: String, _ matches: (JSON) -> Bool, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let expected = known.ids(where: matches)
    #expect(Set(try known.ids("filter=\(escaped(filter))")) == expected, "\(filter)", sourceLocation: sourceLocation)
    #expect(!expected.isEmpty && expected.count < known.events.count, "\(filter) proves nothing", sourceLocation: sourceLocation)
  }

  @Test func `every operator of the expression`() throws {
    try check("type = visit") { $0["type"] == "visit" }
    try check("type!=visit") { $0["type"] != "visit" }
    try check("country != PRK") { $0["country"] != "PRK" }
    try check("importance > 2") { (number($0, "importance") ?? 0) > 2 }
    try check("importance >= 2") { (number($0, "importance") ?? 0) >= 2 }
    try check("goldstein < 0.5") { number($0, "goldstein").map { $0 < 0.5 } ?? false }
    try check("goldstein<=0.5") { number($0, "goldstein").map { $0 <= 0.5 } ?? false }
    try check("title ~ lph") { ($0["title"].text ?? "").lowercased().contains("lph") }
    try check("type in (visit, summit)") { ["visit", "summit"].contains($0["type"]) }
    try check("country NOT IN (PRK,USA)") { !["PRK", "USA"].contains($0["country"]) }
    try check("country is null") { $0["country"] == nil }
    try check("country IS NOT NULL") { $0["country"] != nil }
    try check("start_date BETWEEN 2024-01 AND 2024-02") { ("2024-01-01"..."2024-02-29").contains($0["start_date"].text ?? "") }
    try check("goldstein between -3 and 1 and type = talks") {
      $0["type"] == "talks" && (number($0, "goldstein").map { $0 >= -3 && $0 <= 1 } ?? false)
    }
    try check("tags = a") { $0["tags"].elements.contains("a") }
    try check("tags != a") { !$0["tags"].elements.contains("a") }
    try check("tags ~ D") { $0["tags"].elements.contains("d d") }
    try check("participants.role = host") { $0["participants"].elements.contains { $0["role"] == "host" } }
    try check("participant = RUS") { $0.parties.contains("RUS") }
    try check("participant != RUS") { !$0.parties.contains("RUS") }
    try check("participant IN (RUS, FRA) AND type = visit") { !$0.parties.isDisjoint(with: ["RUS", "FRA"]) && $0["type"] == "visit" }
    try check("title = 'Gamma, \"q\"'") { $0["title"] == "Gamma, \"q\"" }
    try check("title = \"Gamma, \"\"q\"\"\"") { $0["title"] == "Gamma, \"q\"" }
  }

  @Test func `AND, OR, NOT and parentheses, with two truth values`() throws {
    try check("type = visit OR importance = 5") { $0["type"] == "visit" || $0["importance"] == 5 }
    try check("(type = visit OR type = talks) AND importance >= 2") {
      ["visit", "talks"].contains($0["type"]) && (number($0, "importance") ?? 0) >= 2
    }
    try check("NOT country = PRK") { $0["country"] != "PRK" }
    try check("NOT (country = PRK OR importance > 2)") { !($0["country"] == "PRK" || (number($0, "importance") ?? 0) > 2) }
    try check("NOT NOT country = PRK") { $0["country"] == "PRK" }
    try check("participant = PRK OR (participant = RUS AND NOT participants.role = host)") {
      $0.parties.contains("PRK") || ($0.parties.contains("RUS") && !$0["participants"].elements.contains { $0["role"] == "host" })
    }
    try check("((((type = visit)))) and not (not importance is null or country is not null)") {
      $0["type"] == "visit" && $0["importance"] == nil && $0["country"] == nil
    }
  }

  @Test func `random trees are what they say`() throws {
    var random = SeededNumbers("trees")
    for _ in 0..<150 {
      let (text, matches) = tree(3, &random)
      let got = Set(try known.ids("filter=\(escaped(text))&sort=-start_date"))
      #expect(got == known.ids(where: matches), "\(text)")
    }
  }

  private func tree(_ depth: Int, _ random: inout SeededNumbers) -> (String, (JSON) -> Bool) {
    guard depth > 0, Int.random(in: 0..<4, using: &random) > 0 else { return leaf(&random) }
    let (one, left) = tree(depth - 1, &random)
    let (other, right) = tree(depth - 1, &random)
    switch Int.random(in: 0..<3, using: &random) {
    case 0: return ("(\(one)) AND (\(other))", { left($0) && right($0) })
    case 1: return ("(\(one)) OR (\(other))", { left($0) || right($0) })
    default: return ("NOT (\(one))", { !left($0) })
    }
  }

  private func leaf(_ random: inout SeededNumbers) -> (String, (JSON) -> Bool) {
    let leaves: [(String, (JSON) -> Bool)] = [
      ("type = visit", { $0["type"] == "visit" }), ("country = PRK", { $0["country"] == "PRK" }),
      ("country IN (USA, FRA)", { ["USA", "FRA"].contains($0["country"]) }), ("city ~ PARIS", { $0["city"].text?.lowercased() == "paris" }),
      ("importance < 3", { $0["importance"].number.map { $0 < 3 } ?? false }), ("goldstein IS NULL", { $0["goldstein"] == nil }),
      ("participant = RUS", { $0.parties.contains("RUS") }), ("tags = c", { $0["tags"].elements.contains("c") }),
      ("participants.role = visitor", { $0["participants"].elements.contains { $0["role"] == "visitor" } }),
      ("start_date >= 2024-02", { ($0["start_date"].text ?? "") >= "2024-02-01" }),
    ]
    return leaves.randomElement(using: &random) ?? leaves[0]
  }

  @Test func `an expression, parameters and pages go together`() throws {
    let filter = escaped("participant = RUS AND (type = visit OR type = talks)")
    for sort in ["-start_date", "title", "-importance,start_date"] {
      let whole = try known.ids("filter=\(filter)&importance__null=false&sort=\(sort)")
      let expected = known.ids {
        $0.parties.contains("RUS") && ["visit", "talks"].contains($0["type"]) && $0["importance"] != nil
      }
      #expect(Set(whole) == expected && !whole.isEmpty)
      let path = "/v1/events?limit=3&fields=external_id&filter=\(filter)&importance__null=false&sort=\(sort)"
      #expect(try server.walk(path).compactMap { $0["external_id"].text } == whole)
      let count = try server.get("\(path)&count=exact")
      #expect(count["count"].integer == expected.count)
    }
    let cursor = try #require(try server.get("/v1/events?limit=3&filter=\(filter)")["next_cursor"].text)
    #expect(try server.get("/v1/events?limit=3&filter=\(escaped("participant = RUS AND type = visit"))&cursor=\(cursor)").status == 400)
    #expect(try server.get("/v1/events?limit=3&cursor=\(cursor)").status == 400)
    #expect(try server.get("/v1/events?limit=3&filter=\(filter)&cursor=\(cursor)").status == 200)
  }

  // MARK: What is not understood

  @Test(
    arguments: [
      ("type = visit AND importance > 2 OR country = PRK", 33, "parentheses"), ("typ = visit", 1, "type"), ("type = visitt", 8, "visit"),
      ("type == visit", 6, "did you mean =?"), ("type visit", 6, "expected =, !="), ("type = ", 8, "expected a value"),
      ("(type = visit", 14, "\")\""), ("type = visit)", 13, "expected AND, OR or the end"), ("type = visit talks", 14, "quote values"),
      ("title = 'open", 9, "not closed"), ("type IN visit", 9, "expected \"(\""), ("type IN ()", 10, "expected a value"),
      ("type IN (visit summit)", 16, "\",\""), ("importance BETWEEN 1, 2", 21, "expected AND"),
      ("importance BETWEEN 3 AND 1", 1, "greater"),
      ("country IS PRK", 12, "NULL"), ("importance ~ 3", 1, "does not support contains"), ("AND type = visit", 1, "expected a field"),
      ("type = visit AND", 17, "expected a field"), ("NOT", 4, "expected a field"), ("type = visit && mode = visit", 14, "AND, OR"),
      ("participants.rol = host", 1, "participants.role"), ("outcomes = open", 1, "outcomes.status"),
      ("outcomes.statu = open", 1, "outcomes.status"),
      ("participant = ZZZ", 15, "ZZZ"), ("start_date = 2024-06", 14, "BETWEEN 2024-06-01 AND 2024-06-30"),
      ("type NOT BETWEEN 1 AND 2", 10, "IN"),
      ("type ANDD visit", 6, "AND"), ("日本 = 1 AND typ = 2", 1, "日本"), ("title = '日本' AN type = visit", 14, "AND"), (",", 1, "expected"),
    ])
  func `a fault is told with its column and what would be right`(filter: String, column: Int, named: String) throws {
    let answer = try server.get("/v1/events?filter=\(escaped(filter))")
    #expect(answer.status == 400)
    let fault = answer["errors"].elements.first { $0["column"].integer == column }
    #expect(fault?["parameter"] == "filter", "\(answer.text)")
    #expect(fault?.description.contains(named.replacing("\"", with: "\\\"")) == true, "\(answer.text)")
    #expect(fault?["detail"].text?.hasPrefix("column \(column): ") == true)
  }

  @Test func `what a list does not take is not offered`() throws {
    let outcomes = try server.get("/v1/outcomes?participant=RUS")
    #expect(outcomes.status == 400 && !outcomes.details.contains("did you mean \"participant"))
    let dyad = try server.get("/v1/events?filter=\(escaped("dyad = 'RUS,PRK'"))")
    #expect(dyad.status == 400 && !dyad.details.contains("did you mean \"dyad"))
  }

  @Test func `all refused conditions of one expression are told`() throws {
    let answer = try server.get("/v1/events?filter=\(escaped("typ = 1 AND importance = high AND (mode = vist OR country = prk)"))&typ=1")
    #expect(answer.status == 400)
    #expect(answer["errors"].elements.count == 5)
  }

  @Test func `depth, conditions, values and bytes are bounded, each at its limit`() throws {
    let server = try RegisterTester(
      "--query-max-filter-depth", "3", "--query-max-conditions", "4", "--query-max-values", "5", "--query-max-filter-bytes", "80")
    func status(_ filter: String, _ more: String = "") throws -> Int {
      try server.get("/v1/events?filter=\(escaped(filter))\(more)").status
    }
    #expect(try status("(((type = visit)))") == 200)
    #expect(try status("((((type = visit))))") == 400)
    #expect(try status("NOT NOT NOT type = visit") == 200)
    #expect(try status("NOT (NOT (type = visit))") == 400)
    let four = Array(repeating: "seq>1", count: 4).joined(separator: " AND ")
    #expect(try status(four) == 200)
    #expect(try status("\(four) AND seq>1") == 400)
    #expect(try status(four, "&type=visit") == 400)
    #expect(try status("importance IN (1,2,3,4,5)") == 200)
    #expect(try status("importance IN (1,2,3,4,5,1)") == 400)
    #expect(try status("importance IN (1,2,3,4)", "&importance=1,2") == 400)
    #expect(try status("title='\(String(repeating: "a", count: 72))'") == 200)
    #expect(try status("title='\(String(repeating: "a", count: 73))'") == 400)
  }

  // MARK: Patterns without marks and case

  @Test func `contains knows neither case nor accents, on any text`() throws {
    for word in ["Élan", "elan", "ÉLAN", "e\u{301}lan", "LAN"] {
      let expected = known.ids { $0["title"] == "Élan" }
      #expect(Set(try known.ids("title__contains=\(escaped(word))")) == expected && !expected.isEmpty, "\(word)")
    }
    _ = try server.event(["title": "Straße in Łódź", "external_id": "s", "source": "s"])
    for word in ["strasse", "lodz", "STRASSE IN LODZ", "straß"] {
      #expect(try known.ids("title__contains=\(escaped(word))") == ["s"], "\(word)")
    }
    #expect(try known.ids("filter=\(escaped("title ~ 本"))").count == known.ids { $0["title"] == "日本" }.count)
    #expect(try known.ids("tags__contains=D").count == known.ids { $0["tags"].elements.contains("d d") }.count)
    #expect(
      try known.ids("tags__nin=a,c").count - 1
        == known.ids { Set($0["tags"].elements.compactMap(\.text)).isDisjoint(with: ["a", "c"]) }.count)
  }

  // MARK: Boxes

  @Test func `a box holds what lies in it, across the antimeridian too, and nothing without a place`() throws {
    for (id, latitude, longitude) in [
      ("pyongyang", 39.03, 125.75), ("fiji", -17.7, 178.1), ("samoa", -13.8, -171.8), ("paris", 48.86, 2.35),
    ] {
      _ = try server.event([
        "source": "box", "external_id": .string(id), "latitude": .real(latitude), "longitude": .real(longitude), "geo_precision": "exact",
      ])
    }
    func ids(_ box: String) throws -> Set<String> { Set(try known.ids("bbox=\(box)")) }
    #expect(try ids("124,33,132,43") == ["pyongyang"])
    #expect(try ids("-180,-90,180,90") == ["pyongyang", "fiji", "samoa", "paris"])
    #expect(try ids("170,-30,-170,0") == ["fiji", "samoa"])
    #expect(try ids("-170,-30,170,0") == [])
    #expect(try ids("2.35,48.86,2.35,48.86") == ["paris"])
    for box in ["1,2,3", "a,b,c,d", "124,43,132,33", "-181,0,0,0", "0,-91,0,0", "1,2,3,4,5", "nan,0,0,0", "0,0,inf,0", "1;2;3;4"] {
      #expect(try server.get("/v1/events?bbox=\(box)").status == 400, "\(box)")
    }
    #expect(try server.get("/v1/outcomes?bbox=1,2,3,4").status == 400)
  }
}
