import Records
import TestSupport
import Testing

@Suite struct SearchTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  /// The titles of the events that a search gives, in its order.
  private func titles(_ query: String, _ server: RegisterTester? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> [String]
  {
    let answer = try (server ?? self.server).get("/v1/events?fields=title&limit=1000&q=\(query)")
    try #require(answer.status == 200, "\(query): \(answer.text)", sourceLocation: sourceLocation)
    return answer.items.map { $0["title"].text ?? "" }
  }

  private func event(_ title: String, _ summary: String = "Nothing.", date: String = "2024-06-18") throws -> String {
    try server.event(["title": .string(title), "summary": .string(summary), "start_date": .string(date)]).id
  }

  private func importEvents(_ count: Int, _ server: RegisterTester, _ title: (Int) -> String) throws {
    let lines = (0..<count).map {
      #"{"title":"\#(title($0))","type":"visit","start_date":"2024-06-18","source":"i","external_id":"\#($0)"}"#
    }
    let body = Array(lines.joined(separator: "\n").utf8)
    let answer = try server.send("POST", "/v1/imports/events", ["Content-Type": "application/x-ndjson"], body: body)
    try #require(answer.status == 200, "\(answer.text)")
  }

  // MARK: What is found

  @Test func `countries are found under their other names`() throws {
    for (name, code) in [("DPRK", "PRK"), ("Burma", "MMR"), ("ivory+coast", "CIV"), ("Britain", "GBR"), ("Holy+See", "VAT")] {
      let codes = try server.get("/v1/stakeholders?fields=code&q=\(name)").items.compactMap(\.["code"].text)
      #expect(codes.contains(code), "\(name): \(codes)")
    }
    #expect(try server.get("/v1/stakeholders?aliases=Burma").items.map { $0["code"] } == ["MMR"])
  }

  @Test func `words, phrases, prefixes, exclusions and alternatives`() throws {
    for title in [
      "Summit in Zürich", "Talks on sanctions relief", "Sanctioned ship seized", "Relief flight, no sanctions", "Strait of Hormuz",
    ] {
      _ = try event(title)
    }
    let expected: [(String, Set<String>)] = [
      ("summit", ["Summit in Zürich"]), ("SUMMIT", ["Summit in Zürich"]), ("zurich", ["Summit in Zürich"]),
      ("Zu%CC%88rich", ["Summit in Zürich"]), ("Z%C3%BCrich", ["Summit in Zürich"]),
      ("sanctions", ["Talks on sanctions relief", "Relief flight, no sanctions"]),
      ("relief%20sanctions", ["Talks on sanctions relief", "Relief flight, no sanctions"]),
      ("%22sanctions%20relief%22", ["Talks on sanctions relief"]), ("%E2%80%9Csanctions%20relief%E2%80%9D", ["Talks on sanctions relief"]),
      ("%22sanctions%20rel%22*", ["Talks on sanctions relief"]),
      ("sanction*", ["Talks on sanctions relief", "Sanctioned ship seized", "Relief flight, no sanctions"]),
      ("sanctions%20-talks", ["Relief flight, no sanctions"]), ("sanctions%20NOT%20talks", ["Relief flight, no sanctions"]),
      ("sanction*%20-%22sanctions%20relief%22", ["Sanctioned ship seized", "Relief flight, no sanctions"]),
      ("strait%20OR%20summit", ["Strait of Hormuz", "Summit in Zürich"]), ("relief%20AND%20flight", ["Relief flight, no sanctions"]),
      ("hormuz%20OR%20ship%20-strait", ["Sanctioned ship seized"]), ("ormuz", []), ("title:summit", []), ("summit)", ["Summit in Zürich"]),
    ]
    for (query, titles) in expected { #expect(Set(try self.titles(query)) == titles, "\(query)") }
  }

  @Test func `every searchable field is searched, of each resource by its own path`() throws {
    let event = try event("Alphaword", "Betaword")
    _ = try server.make(
      "stakeholders", ["code": "ZZ1", "type": "person", "name": "Gammaword", "aliases": ["Deltaword \"quoted\"", "Ítem"]])
    _ = try server.make("outcomes", ["event": .string(event), "title": "Epsilonword", "kind": "potential", "description": "Zetaword"])
    _ = try server.make("perspectives", ["stakeholder": "ZZ1", "kind": "interest", "statement": "Thetaword", "target": .string(event)])
    _ = try server.make("sources", ["kind": "dataset", "title": "Iotaword", "publisher": "Kappaword"])
    _ = try server.make("recommendations", ["reference": "R-1", "title": "Lambdaword", "strategy": "mediation", "description": "Myword"])
    for (path, words) in [
      ("events", ["alphaword", "betaword"]), ("stakeholders", ["gammaword", "deltaword", "quoted", "item"]),
      ("outcomes", ["epsilonword", "zetaword"]), ("perspectives", ["thetaword"]), ("sources", ["iotaword", "kappaword"]),
      ("recommendations", ["lambdaword", "myword"]),
    ] {
      for word in words {
        #expect(try server.get("/v1/\(path)?q=\(word)").items.count == 1, "\(path) \(word)")
        let found = try server.get("/v1/search?q=\(word)").items
        #expect(found.map { $0["resource"].text } == [path], "\(word)")
        #expect(try server.get(found.first?["url"].text ?? "").status == 200)
      }
    }
    #expect(try server.get("/v1/events/\(event)/outcomes?q=zetaword").items.count == 1)
    #expect(try server.get("/v1/events/\(event)/outcomes?q=betaword").items.isEmpty)
    #expect(try server.get("/v1/imports?q=word").status == 400)
  }

  // MARK: Order, filters, pages

  @Test func `without a sort the best comes first, and a title weighs more than a summary`() throws {
    _ = try event("Something else entirely", "The treaty.")
    _ = try event("The treaty", "Something else entirely.")
    #expect(try titles("treaty") == ["The treaty", "Something else entirely"])
    #expect(try titles("treaty&sort=title") == ["Something else entirely", "The treaty"])
  }

  @Test(arguments: ["", "&sort=-start_date", "&sort=start_date", "&sort=title", "&sort=-importance,start_date", "&sort=id"])
  func `pages of a search put together are all that match, in the order asked for`(sort: String) throws {
    var random = SeededNumbers("search pages")
    var matching: [(title: String, date: String, importance: Int, number: Int)] = []
    for number in 0..<60 {
      let date = ["2024-01-05", "2023-12-31", "2024-02-10"].randomElement(using: &random) ?? ""
      let importance = Int.random(in: 1...3, using: &random)
      let isMatching = number % 3 != 0
      let title = "\(isMatching ? "pact" : "other") \(number)"
      let isFrench = number % 2 == 0
      _ = try server.event([
        "title": .string(title), "start_date": .string(date), "importance": .integer(Int64(importance)),
        "country": isFrench ? "FRA" : "USA",
      ])
      if isMatching, isFrench { matching.append((title, date, importance, number)) }
    }
    let walked = try server.walk("/v1/events?limit=7&fields=title&country=FRA&q=pact\(sort)").compactMap { $0["title"].text }
    let sorted: [String]? =
      switch sort {
      case "&sort=-start_date": matching.sorted { ($0.date, $0.number) > ($1.date, $1.number) }.map(\.title)
      case "&sort=start_date": matching.sorted { ($0.date, $0.number) < ($1.date, $1.number) }.map(\.title)
      case "&sort=title": matching.map(\.title).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      case "&sort=id": matching.map(\.title)
      default: nil
      }
    if let sorted { #expect(walked == sorted) }
    #expect(walked.count == matching.count)
    #expect(Set(walked) == Set(matching.map(\.title)))
    #expect(try titles("pact&country=FRA\(sort)") == walked)
    let lines = try server.get("/v1/events.ndjson?fields=title&country=FRA&q=pact\(sort)").text.split(separator: "\n")
    #expect(try lines.map { try JSON(Array($0.utf8))["title"].text ?? "" } == walked)
    #expect(try server.get("/v1/events?limit=1&count=exact&country=FRA&q=pact\(sort)")["count"].integer == matching.count)
  }

  @Test func `pages of the search over everything hold each record once, and its cursor serves no other search`() throws {
    for number in 0..<23 { _ = try event("Accord \(number)") }
    _ = try server.make("sources", ["kind": "dataset", "title": "Accord papers"])
    let walked = try server.walk("/v1/search?limit=5&q=accord").compactMap { $0["id"].text }
    #expect(walked.count == 24 && Set(walked).count == 24)
    #expect(try server.get("/v1/search?q=accord&limit=100").items.compactMap { $0["id"].text } == walked)
    let events = try server.get("/v1/search?q=accord&limit=100&type=events").items
    #expect(events.count == 23 && events.allSatisfy { $0["resource"] == "events" })
    #expect(try server.get("/v1/search?q=accord&type=sources,outcomes").items.count == 1)
    let cursor = try server.get("/v1/search?limit=5&q=accord")["next_cursor"].text ?? ""
    #expect(try server.get("/v1/search?q=papers&cursor=\(cursor)").status == 400)
    #expect(try server.get("/v1/events?q=accord&cursor=\(cursor)").status == 400)
  }

  @Test func `a snippet marks the words however they are spelled, and escapes all else`() throws {
    _ = try event("Talks", "A <b>\"Zoë\" & 'co'</b> affair")
    let item = try #require(try server.get("/v1/search?q=zoe").items.first)
    #expect(item["title"] == "Talks")
    #expect(item["snippet"] == "A &lt;b&gt;&quot;<mark>Zoë</mark>&quot; &amp; &#39;co&#39;&lt;/b&gt; affair")
    #expect((item["score"].number ?? 0) > 0)
  }

  // MARK: Changes

  @Test func `what was written is found at once, and what was changed or deleted is found no more`() throws {
    let id = try event("Firstword")
    #expect(try titles("firstword") == ["Firstword"])
    #expect(try server.patch("/v1/events/\(id)", ["title": "Secondword"]).status == 200)
    #expect(try titles("firstword").isEmpty)
    #expect(try titles("secondword") == ["Secondword"])
    // A change of the date moves the document, one of another field leaves it.
    #expect(try server.patch("/v1/events/\(id)", ["start_date": "2020-01-01", "importance": 2]).status == 200)
    #expect(try server.patch("/v1/events/\(id)", ["importance": 3]).status == 200)
    _ = try event("Secondword later")
    #expect(try titles("secondword&sort=start_date") == ["Secondword", "Secondword later"])
    #expect(try server.delete("/v1/events/\(id)").status == 204)
    #expect(try titles("secondword") == ["Secondword later"])
    #expect(try server.get("/v1/search?q=secondword").items.count == 1)
  }

  @Test func `an import is found, and so is what a second one changed`() throws {
    try importEvents(3_000, server) { "Row number \($0)" }
    #expect(try server.get("/v1/events?q=row&count=exact&limit=1")["count"].integer == 3_000)
    #expect(try titles("%22number%202999%22") == ["Row number 2999"])
    try importEvents(3_000, server) { $0 % 2 == 0 ? "Row number \($0)" : "Line \($0)" }
    #expect(try server.get("/v1/events?q=row&count=exact&limit=1")["count"].integer == 1_500)
    #expect(try server.get("/v1/events?q=line&count=exact&limit=1")["count"].integer == 1_500)
  }

  @Test func `random changes leave an index that finds what the register holds`() throws {
    var random = SeededNumbers("search changes")
    let words = ["amber", "birch", "cedar", "dahlia"]
    var known: [String: Set<String>] = [:]
    func text() -> (String, Set<String>) {
      let chosen = Set(words.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
      return (chosen.sorted().joined(separator: " "), chosen)
    }
    for step in 0..<150 {
      let (title, chosen) = text()
      let id = known.keys.sorted().randomElement(using: &random)
      switch (Int.random(in: 0...3, using: &random), id) {
      case (0, let id?):
        #expect(try server.delete("/v1/events/\(id)").status == 204)
        known[id] = nil
      case (1, let id?):
        #expect(
          try server.patch("/v1/events/\(id)", ["title": .string(title), "start_date": .string("20\(10 + step % 15)-01-01")]).status == 200)
        known[id] = chosen
      default: known[try event(title)] = chosen
      }
      guard step % 10 == 0 else { continue }
      for word in words {
        let found = try server.get("/v1/events?fields=id&limit=1000&q=\(word)").items.compactMap { $0["id"].text }
        #expect(found.count == Set(found).count)
        #expect(Set(found) == Set(known.filter { $0.value.contains(word) }.keys), "step \(step), \(word)")
      }
    }
  }

  // MARK: The file

  @Test func `readyz says how far the index is, and without one a search is refused`() throws {
    _ = try event("Word")
    _ = try titles("word")
    let ready = try server.get("/readyz")
    #expect(ready["search"]["indexed_seq"] == ready["last_seq"])
    let off = try RegisterTester("--search-enabled", "false")
    #expect(try off.get("/readyz")["search"] == nil)
    #expect(try off.get("/v1/events?q=word").codes == ["search_off"])
    #expect(try off.get("/v1/search?q=word").codes == ["search_off"])
    #expect(try off.get("/v1/events").status == 200)
  }

  @Test func `while the index cannot be filled, a search says how far it is behind and all else goes on`() throws {
    let folder = try TemporaryFolder()
    // A folder where the index belongs.
    try makeFolder(folder.path + "/register.db-search")
    let server = try RegisterTester("--search-wait", "50ms", folder: folder)
    let made = try server.event(["title": "Unheard"])
    for path in ["/v1/events?q=unheard", "/v1/search?q=unheard"] {
      let behind = try server.get(path)
      #expect(behind.status == 503)
      #expect(behind["code"] == "search_behind")
      #expect(behind["detail"].text?.contains("\(try server.lastSeq()) changes") == true, "\(behind.text)")
      #expect(behind.header("retry-after") == "1")
    }
    #expect(try server.get("/v1/events/\(made.id)").status == 200)
    // With the obstacle gone a search finds it: on a busy machine not the first, whose 50 ms may not do.
    folder.remove("register.db-search")
    let deadline = ContinuousClock.now + .seconds(30)
    while try server.get("/v1/events?q=unheard").status == 503, ContinuousClock.now < deadline {}
    #expect(try titles("unheard", server) == ["Unheard"])
    let stale = try server.get("/v1/events?q=unheard&stale=true")
    #expect(stale.items.count == 1)
    #expect(stale.header("etag") == nil)
  }

  // MARK: With what else lists take

  @Test(arguments: ["", "&sort=-start_date", "&sort=title"])
  func `a search is narrowed by expressions, boxes and steps, and shown in every form`(sort: String) throws {
    let inside: JSON = ["title": "Pact inside", "latitude": 39.0, "longitude": 125.7, "geo_precision": "area", "start_date": "2024-01-02"]
    let both = try server.event(inside.with(["extra": ["k": 1], "participants": [["stakeholder": "PRK", "role": "host"]]])).id
    let far = try server.event(inside.with(["title": "Pact outside", "latitude": -20.0, "start_date": "2024-01-03"])).id
    _ = try server.event(inside.with(["title": "Another matter"]))
    let outcome = try server.make("outcomes", ["title": "O", "event": .string(both)])
    let open = outcome.json["status"].text ?? ""
    for (question, expected) in [
      ("", [both, far]), ("&bbox=124,33,132,43", [both]), ("&filter=latitude%3C0", [far]), ("&filter=NOT%20latitude%3C0", [both]),
      ("&participant=PRK", [both]), ("&filter=participant=PRK%20OR%20latitude%3C0", [both, far]), ("&outcomes.status=\(open)", [both]),
      ("&outcomes__null=true", [far]), ("&title__contains=OUTS", [far]), ("&from=2024-01-03", [far]),
    ] {
      let query = "q=pact\(question)\(sort)"
      let items = try server.get("/v1/events?count=exact&\(query)")
      #expect(Set(items.items.compactMap { $0["id"].text }) == Set(expected), "\(query): \(items.text)")
      #expect(items["count"].integer == expected.count)
      let map = try server.get("/v1/events.geojson?fields=title&\(query)")["features"].elements
      #expect(map.map { $0["id"] } == items.items.map { $0["id"] }, "\(query)")
      #expect(map.first?["geometry"]["coordinates"][0] == 125.7)
      let included = try server.get("/v1/events?include=outcomes&fields=title&\(query)").items
      #expect(included.map { $0["title"] } == items.items.map { $0["title"] }, "\(query)")
      for item in included { #expect(item["outcomes"].elements == (item["title"] == "Pact inside" ? [outcome.json] : [])) }
      let flat = try server.get("/v1/events?flatten=true&time_format=epoch_ms&fields=id,extra,start_date&\(query)").items
      #expect(flat.map { $0["id"] } == items.items.map { $0["id"] }, "\(query)")
      let flatBoth: JSON = ["id": .string(both), "start_date": 1_704_153_600_000, "extra.k": 1]
      for item in flat where item["id"].text == both { #expect(item == flatBoth) }
      let cells = try server.get("/v1/events.csv?csv_safe=true&flatten=true&fields=title,id&\(query)").text.split(separator: "\r\n")
      #expect(cells.dropFirst().map(String.init) == items.items.map { "\($0["title"].text ?? ""),\($0["id"].text ?? "")" }, "\(query)")
      let walked = try server.walk("/v1/events?limit=1&include=outcomes&fields=id&\(query)")
      #expect(walked.map { $0["id"] } == items.items.map { $0["id"] }, "\(query)")
    }
  }

  @Test func `the parameters of a search are offered where they are taken`() throws {
    #expect(try server.get("/v1/events?stal=true").text.contains("did you mean \\\"stale\\\""))
    #expect(try server.get("/v1/events?stale=yes&q=a").codes == ["malformed_value"])
    for query in ["q=a", "stale=true"] { #expect(try server.get("/v1/imports?\(query)").codes == ["unknown_parameter"], "\(query)") }
    let off = try RegisterTester("--search-enabled", "false")
    #expect(try !off.get("/v1/events?stal=true").text.contains("did you mean \\\"stale\\\""))
  }

  // MARK: What is not taken

  @Test(
    arguments: [
      ("%22open", "open_quote"), ("-only", "nothing_to_search"), ("%20%21%3F", "nothing_to_search"), ("*", "short_prefix"),
      ("a*", "short_prefix"), ("w*rd", "bad_prefix"), ("OR%20a", "bad_or"), ("a%20OR", "bad_or"), ("a%20OR%20-b", "bad_or"),
      ("a%20NOT", "bad_not"),
    ])
  func `a search that asks for nothing, or cannot be understood, is refused and says why`(query: String, code: String) throws {
    for path in ["/v1/events", "/v1/search"] {
      let answer = try server.get("\(path)?q=\(query)")
      #expect(answer.status == 400)
      #expect(answer.codes == [code], "\(answer.text)")
      #expect(answer.pointers == ["q"])
    }
  }

  @Test func `the limits of a search hold at, under and over them`() throws {
    let small = try RegisterTester("--search-max-query-bytes", "20", "--search-max-terms", "3", "--search-min-prefix-bytes", "4")
    for (query, status) in [
      (String(repeating: "a", count: 20), 200), (String(repeating: "a", count: 21), 400), ("a+b+c", 200), ("a+b+c+d", 400),
      ("a.b.c.d", 400),
      ("abcd*", 200), ("abc*", 400),
    ] { #expect(try small.get("/v1/events?q=\(query)").status == status, "\(query)") }
  }

  @Test(arguments: [
    "/v1/search", "/v1/search?q=", "/v1/search?q=a&typ=events", "/v1/search?q=a&type=event", "/v1/search?q=a&limit=101",
    "/v1/search?q=a&limit=0", "/v1/search?q=a&q=b", "/v1/search?q=a&cursor=x", "/v1/search?q=a&stale=yes", "/v1/events?stale=true",
    "/v1/events?q=a&as_of=2024-01-01T00:00:00Z", "/v1/search?q=a&type=imports",
  ])
  func `wrong parameters of a search are refused`(path: String) throws {
    let answer = try server.get(path)
    #expect(answer.status == 400, "\(answer.text)")
    #expect(!answer.pointers.isEmpty, "\(answer.text)")
  }

  @Test func `no text at all makes an error of ours`() throws {
    var random = SeededNumbers("search garbage")
    _ = try event("A word in the OR NEAR AND NOT title", "x")
    let pieces = [
      "\"", "*", "-", "(", ")", ":", "^", "{", "}", "+", "'", ";", "--", "NEAR", "NEAR(", "AND", "OR", "NOT", "title", "word", "ab", " ",
      " ", "\u{301}",
      "日本", "é", "\u{200D}", "🙂", "\\", "%", "\u{1E900}", "\u{2}", "\u{FFFD}", "0", "_", "texts", "rowid",
    ]
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      let query = text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      for path in ["/v1/events?q=", "/v1/search?q="] {
        let answer = try server.get(path + query)
        #expect(answer.status == 200 || answer.status == 400, "\(text): \(answer.text)")
      }
    }
  }
}
