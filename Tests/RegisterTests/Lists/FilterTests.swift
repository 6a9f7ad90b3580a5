import TestSupport
import Testing

@Suite struct FilterTests {
  let known: KnownEvents

  init() throws { known = try KnownEvents(120) }

  private func text(_ event: JSON, _ name: String) -> String? { event[name].text }
  private func number(_ event: JSON, _ name: String) -> Double? { event[name].number }

  /// Each query against a filter of our own; one that matches all or nothing would prove little.
  private func check(_ cases: [(String, (JSON) -> Bool)], sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (query, matches) in cases {
      let expected = known.ids(where: matches)
      #expect(Set(try known.ids(query)) == expected, "\(query)", sourceLocation: sourceLocation)
      #expect(!expected.isEmpty && expected.count < known.events.count, "\(query) proves nothing", sourceLocation: sourceLocation)
    }
  }

  @Test func `equality, any of, and their opposites`() throws {
    try check([
      ("type=visit", { $0["type"] == "visit" }), ("type=visit,summit", { ["visit", "summit"].contains($0["type"]) }),
      ("type__in=visit,threat", { ["visit", "threat"].contains($0["type"]) }), ("type__eq=talks", { $0["type"] == "talks" }),
      ("type__ne=visit", { $0["type"] != "visit" }), ("type__nin=visit,summit", { !["visit", "summit"].contains($0["type"]) }),
      // What is not there is not this value either.
      ("country__ne=PRK", { $0["country"] != "PRK" }), ("country__nin=PRK,USA", { !["PRK", "USA"].contains($0["country"]) }),
      ("importance=3,5", { [3, 5].contains($0["importance"]) }), ("importance__ne=3", { $0["importance"] != 3 }),
      ("goldstein=-2.5", { $0["goldstein"] == -2.5 }), ("date_approximate=true", { $0["date_approximate"] == true }),
      ("date_approximate__ne=true", { $0["date_approximate"] == false }), ("title=Alpha", { $0["title"] == "Alpha" }),
      ("title=%C3%89lan", { $0["title"] == "Élan" }), ("title=Beta+100%25", { $0["title"] == "Beta 100%" }),
      ("start_date=2024-01-05", { $0["start_date"] == "2024-01-05" }),
      ("type=visit&country=PRK,USA", { $0["type"] == "visit" && ["PRK", "USA"].contains($0["country"]) }),
    ])
  }

  @Test func `greater, less and between, for numbers, dates and text`() throws {
    try check([
      ("importance__gt=2", { (number($0, "importance") ?? 0) > 2 }), ("importance__gte=2", { (number($0, "importance") ?? 0) >= 2 }),
      ("importance__lt=3", { number($0, "importance").map { $0 < 3 } ?? false }),
      ("importance__lte=3", { number($0, "importance").map { $0 <= 3 } ?? false }),
      ("report_count__gt=2", { (number($0, "report_count") ?? 0) > 2 }),
      ("goldstein__between=-3,1", { number($0, "goldstein").map { $0 >= -3 && $0 <= 1 } ?? false }),
      ("start_date__gt=2024-01-05", { (text($0, "start_date") ?? "") > "2024-01-05" }),
      ("start_date__gte=2024-02", { (text($0, "start_date") ?? "") >= "2024-02-01" }),
      ("start_date__gt=2024-01", { (text($0, "start_date") ?? "") > "2024-01-31" }),
      ("start_date__lt=2024", { (text($0, "start_date") ?? "") < "2024-01-01" }),
      ("start_date__lte=2024-02", { (text($0, "start_date") ?? "") <= "2024-02-29" }),
      ("start_date__between=2024-01,2024-02", { ("2024-01-01"..."2024-02-29").contains(text($0, "start_date") ?? "") }),
      ("title__gt=a", { Array("a".utf8).lexicographicallyPrecedes(Array((text($0, "title") ?? "").utf8)) }),
    ])
  }

  @Test func `like, prefix and contains`() throws {
    try check([
      ("city__like=P%25", { (text($0, "city") ?? "").lowercased().hasPrefix("p") && $0["city"] != nil }),
      ("title__like=_lpha", { (text($0, "title") ?? "").lowercased() == "alpha" }),
      ("city__prefix=P", { (text($0, "city") ?? "").hasPrefix("P") }), ("title__prefix=Zo", { (text($0, "title") ?? "").hasPrefix("Zo") }),
      ("title__contains=LPH", { (text($0, "title") ?? "").lowercased().contains("lph") }),
      ("title__contains=100%25", { (text($0, "title") ?? "").contains("100%") }),
      ("title__contains=,", { (text($0, "title") ?? "").contains(",") }),
      ("title__prefix=%E6%97%A5", { (text($0, "title") ?? "").hasPrefix("日") }),
    ])
  }

  @Test func `null, lists and parts of participants`() throws {
    try check([
      ("country__null=true", { $0["country"] == nil }), ("country__null=false", { $0["country"] != nil }),
      ("tags__null=true", { $0["tags"] == [] }), ("participants__null=false", { $0["participants"] != [] }),
      ("tags=a", { $0["tags"].elements.contains("a") }), ("tags__has=d+d", { $0["tags"].elements.contains("d d") }),
      ("tags__has=a,c", { $0["tags"].elements.contains("a") || $0["tags"].elements.contains("c") }),
      ("participants.role=host", { $0["participants"].elements.contains { $0["role"] == "host" } }),
      ("participants.stakeholder=PRK", { $0.parties.contains("PRK") }),
    ])
  }

  @Test func `participant is any of several, dyad is both, and both together narrow`() throws {
    let id = try known.server.get("/v1/stakeholders/RUS").id
    for sort in ["", "&sort=start_date", "&sort=-start_date", "&sort=title"] {
      try check([
        ("participant=RUS\(sort)", { $0.parties.contains("RUS") }), ("participant=\(id)\(sort)", { $0.parties.contains("RUS") }),
        ("participant=RUS,FRA\(sort)", { !$0.parties.isDisjoint(with: ["RUS", "FRA"]) }),
        ("dyad=RUS,PRK\(sort)", { $0.parties.isSuperset(of: ["RUS", "PRK"]) }),
        ("participant=RUS&type=visit,talks\(sort)", { $0.parties.contains("RUS") && ["visit", "talks"].contains($0["type"]) }),
        (
          "participant=RUS&start_date__gte=2024-02\(sort)", { $0.parties.contains("RUS") && (text($0, "start_date") ?? "") >= "2024-02-01" }
        ),
        ("participant=RUS&to=2024-01-31\(sort)", { $0.parties.contains("RUS") && (text($0, "start_date") ?? "") <= "2024-01-31" }),
        (
          "participant=RUS&participants.role=host\(sort)",
          {
            $0.parties.contains("RUS") && $0["participants"].elements.contains { $0["role"] == "host" }
          }
        ),
      ])
      // Several that may take part, after two that must.
      let query = "dyad=RUS,PRK&participant=USA,FRA\(sort)"
      #expect(
        Set(try known.ids(query))
          == known.ids { $0.parties.isSuperset(of: ["RUS", "PRK"]) && !$0.parties.isDisjoint(with: ["USA", "FRA"]) }, "\(query)")
    }
  }

  @Test func `a participant may be asked for in a role, which is that of nobody else`() throws {
    func acts(_ event: JSON, _ code: JSON, _ role: JSON) -> Bool {
      event["participants"].elements.contains { $0["stakeholder"] == code && $0["role"] == role }
    }
    for sort in ["", "&sort=start_date"] {
      try check([
        ("participant=RUS:host\(sort)", { acts($0, "RUS", "host") }),
        ("participant=RUS:host,FRA\(sort)", { acts($0, "RUS", "host") || $0.parties.contains("FRA") }),
        ("participant__ne=RUS:host\(sort)", { !acts($0, "RUS", "host") }),
        (
          "filter=\(escaped("participant='RUS:host' OR NOT participant='FRA:visitor'"))\(sort)",
          { acts($0, "RUS", "host") || !acts($0, "FRA", "visitor") }
        ),
        ("dyad=RUS,PRK&participant=PRK:visitor\(sort)", { $0.parties.contains("RUS") && acts($0, "PRK", "visitor") }),
      ])
    }
    let refused = try known.server.get("/v1/events?participant=RUS:hots")
    #expect(refused.status == 400 && refused.text.contains("did you mean \\\"host\\\"?"))
    #expect(try known.server.get("/v1/events?participant=XXX:host").status == 400)
    let hosted = try known.server.get("/v1/analytics/timeline?bucket=year&participant=RUS:host").items.compactMap { $0["count"].integer }
    #expect(hosted.reduce(0, +) == known.ids { acts($0, "RUS", "host") }.count)
  }

  @Test func `a wider region holds the narrower ones`() throws {
    try check([
      ("region=150", { $0["country"] == "FRA" }), ("region=155,142", { ["FRA", "PRK"].contains($0["country"]) }),
      ("region__ne=150", { $0["country"] != "FRA" }), ("region=001", { $0["country"] != nil }),
      ("filter=\(escaped("NOT region = 019"))", { $0["country"] != "USA" }),
    ])
  }

  @Test func `from and to take what overlaps`() throws {
    try check([
      ("from=2024-03-16", { (text($0, "end_date") ?? text($0, "start_date") ?? "") >= "2024-03-16" }),
      ("to=2024-01-05", { (text($0, "start_date") ?? "") <= "2024-01-05" }),
      ("to=2024-01", { (text($0, "start_date") ?? "") <= "2024-01-31" }),
      (
        "from=2024-02-10&to=2024-03-16",
        {
          (text($0, "end_date") ?? text($0, "start_date") ?? "") >= "2024-02-10" && (text($0, "start_date") ?? "") <= "2024-03-16"
        }
      ),
    ])
  }

  @Test func `a record is found by its number and by what it refers to`() throws {
    let event = try #require(known.events["7"])
    let id = try #require(event["id"].text)
    let child = try known.server.event(["parent_id": .string(id)])
    #expect(try known.server.get("/v1/events?parent_id=\(id)").items.map { $0["id"].text } == [child.id])
    #expect(try known.server.get("/v1/events?id=\(id),\(child.id)").items.count == 2)
    #expect(try known.server.get("/v1/events?parent_id=known/7").items.map { $0["id"].text } == [child.id])
    #expect(try known.server.get("/v1/events?parent_id__null=false").items.count == 1)
    #expect(try known.server.get("/v1/events?parent_id=evt_0000000000000").items.isEmpty)
  }

  @Test(
    arguments: [
      ("participnt=RUS", "participant"), ("typ=visit", "type"), ("start_dat__gte=2024", "start_date"), ("start_date__gtee=2024", "gte"),
      ("type=visitt", "visit"), ("sort=-start_dat", "start_date"), ("fields=titel", "title"), ("include=outcome", "outcomes"),
      ("participants.rol=host", "role"), ("count=exakt", "exact"), ("participant=ZZZ", "ZZZ"), ("dyad=RUS", "dyad"),
      ("dyad=RUS,RUS", "dyad"),
      ("type__gt=visit,talks", "type__gt"), ("importance__between=1", "importance__between"), ("importance=high", "importance"),
      ("date_approximate__gt=true", "date_approximate"), ("country__null=maybe", "true"), ("type=", "type"),
      ("start_date=2024-06", "2024-06"),
      ("start_date__gte=06/2024", "start_date"), ("url=http://x", "url"), ("sort=place", "sort"), ("limit=ten", "limit"),
      ("title__has=x", "has"),
      ("country=prk", "PRK"),
    ])
  func `what is not understood is 400 and names what would be`(query: String, named: String) throws {
    let answer = try known.server.get("/v1/events?\(query)")
    #expect(answer.status == 400)
    #expect(answer["code"] == "bad_parameter")
    #expect(answer["errors"].elements.count == 1)
    #expect(answer["errors"].description.contains(named), "\(answer.text)")
  }

  @Test func `all faults of a question come at once, a repeated parameter too`() throws {
    let answer = try known.server.get("/v1/events?typ=visit&sort=nothing&limit=0&type=visit&type=talks")
    #expect(answer.status == 400)
    #expect(answer.pointers == ["typ", "sort", "limit", "type"])
    #expect(answer.codes.contains("repeated_parameter"))
  }

  @Test func `a value is data, never SQL`() throws {
    for text in ["x'; DROP TABLE events; --", "' OR 1=1 --", "\" OR \"\"=\"", "%27%20OR%201=1", "\\", "?1"] {
      let escaped = text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      for op in ["", "__ne", "__like", "__prefix", "__contains", "__gt"] {
        let answer = try known.server.get("/v1/events?limit=1000&title\(op)=\(escaped)")
        // A backslash that escapes nothing is no pattern.
        #expect(answer.status == (op == "__like" && text == "\\" ? 400 : 200), "\(answer.text)")
        if ["", "__prefix", "__contains"].contains(op) { #expect(answer.items.isEmpty, "\(op) \(text)") }
      }
    }
    #expect(try known.ids("").count == known.events.count)
  }
}
