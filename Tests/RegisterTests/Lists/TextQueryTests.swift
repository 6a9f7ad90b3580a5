import TestSupport
import Testing

/// Questions about texts that people write: commas, wildcards, accents, names instead of codes.
@Suite struct TextQueryTests {
  private let server: RegisterTester

  init() throws { server = try RegisterTester("--demo") }

  private func make(_ titles: String...) throws {
    for title in titles {
      let made = try server.post("/v1/events", ["title": .string(title), "type": "other", "start_date": "1950-01-01"])
      #expect(made.status == 201)
    }
  }

  private func titles(_ query: String) throws -> [String] {
    let answer = try server.get("/v1/events?start_date=1950-01-01&fields=title&\(query)")
    #expect(answer.status == 200, "\(query): \(answer.text)")
    return answer.items.compactMap { $0["title"].text }
  }

  // MARK: Commas

  @Test func `a text with commas is asked for in quotes`() throws {
    try make("Talks, then a summit", "Talks", "then a summit", "Gulf,War")
    #expect(try titles("title=%22Talks,%20then%20a%20summit%22") == ["Talks, then a summit"])
    #expect(Set(try titles("title__in=%22Talks,%20then%20a%20summit%22,Talks")) == ["Talks, then a summit", "Talks"])
    #expect(Set(try titles("title=Talks,%22then%20a%20summit%22")) == ["Talks", "then a summit"])
    #expect(Set(try titles("title__nin=%22Talks,%20then%20a%20summit%22,Talks")) == ["then a summit", "Gulf,War"])
    // Without a space behind the comma the whole is one more text that is meant.
    #expect(try titles("title=Gulf,War") == ["Gulf,War"])
  }

  @Test func `a comma with a space behind it is not guessed`() throws {
    for (path, parameter) in [
      ("/v1/events?title=Talks,%20then%20a%20summit", "title"), ("/v1/events?title__ne=a,%20b", "title__ne"),
      ("/v1/stakeholders?name__in=Kim,%20Putin", "name__in"), ("/v1/events?tags=peace,%20talks", "tags"),
      ("/v1/events?external_id=a,%20b", "external_id"),
    ] {
      let refused = try server.get(path)
      #expect(refused.status == 400 && refused.codes == ["ambiguous_comma"], "\(path): \(refused.text)")
      #expect(refused.pointers == [parameter])
    }
    #expect(try server.get("/v1/events?title=Talks,%20then%20a%20summit").details.contains(#"write "Talks, then a summit" for one text"#))
    // Codes and words hold no commas.
    #expect(try server.get("/v1/events?type=visit,summit").status == 200)
    #expect(try server.get("/v1/events?type=visit,%20summit").codes == ["not_a_word"])
  }

  @Test func `quotes are letters where they do not enclose a value`() throws {
    try make(#""Peace" talks"#, "Peace", #""Peace""#)
    #expect(try titles("title=%22Peace%22%20talks") == [#""Peace" talks"#])
    #expect(Set(try titles("title=%22Peace%22")) == ["Peace", #""Peace""#])
    #expect(try titles("title__contains=%22Peace%22%20t") == [#""Peace" talks"#])
  }

  // MARK: Wildcards

  @Test func `a backslash makes letters of the wildcards of like`() throws {
    try make("a_b", "axb", "50% off", "50 men off", #"back\slash"#)
    #expect(try titles("title__like=a%5C_b") == ["a_b"])
    #expect(Set(try titles("title__like=a_b")) == ["a_b", "axb"])
    #expect(try titles("title__like=50%5C%25%25") == ["50% off"])
    #expect(try titles("title__like=back%5C%5Cslash") == [#"back\slash"#])
    for pattern in ["50%5C", "a%5Cb", "%5C%5C%5C"] {
      #expect(try server.get("/v1/events?title__like=\(pattern)").codes == ["bad_escape"], "\(pattern)")
    }
    // Where every character is a letter, so is a backslash.
    #expect(try titles("title__prefix=back%5C") == [#"back\slash"#])
  }

  // MARK: Order

  @Test func `names are sorted as a reader looks for them`() throws {
    let inOrder = ["Ångström", "apple", "Banana", "élan", "Émigré", "Österreich", "Zebra"]
    try make("Zebra", "Österreich", "apple", "Émigré", "Ångström", "élan", "Banana")
    #expect(try titles("sort=title") == inOrder)
    #expect(try titles("sort=-title") == inOrder.reversed())
    // Page by page, too, and with other keys beside it.
    for query in ["sort=title&limit=2", "sort=-start_date,title&limit=3", "sort=title&limit=2&fields=id,title"] {
      let walked = try server.walk("/v1/events?start_date=1950-01-01&\(query)").compactMap { $0["title"].text }
      #expect(walked == inOrder, "\(query)")
    }
    let csv = try server.get("/v1/events.csv?start_date=1950-01-01&fields=title&sort=title").text
    #expect(csv.split(separator: "\r\n").dropFirst().map(String.init) == inOrder)
    let states = try server.get("/v1/stakeholders?type=state&sort=-name&limit=1").items
    #expect(states.first?["name"].text == "Zimbabwe")
  }

  @Test func `what differs in case and marks only has an order all the same`() throws {
    try make("resume", "Résumé", "RESUME", "résumé")
    let walked = try server.walk("/v1/events?start_date=1950-01-01&sort=title&limit=1").compactMap { $0["title"].text }
    #expect(walked.count == 4 && Set(walked).count == 4)
  }

  // MARK: What is meant

  @Test func `a name or another code of a word is answered with the word`() throws {
    for (query, meant) in [
      ("country=South%20Korea", "KOR"), ("country=KR", "KOR"), ("country=south%20korea", "KOR"), ("country=C%C3%B4te%20d'Ivoire", "CIV"),
      ("region=Europe", "150"), ("type=Phone%20call", "phone_call"), ("country=FRANCE", "FRA"),
    ] {
      let refused = try server.get("/v1/events?\(query)")
      #expect(refused.status == 400 && refused.details.contains("did you mean \"\(meant)\"?"), "\(query): \(refused.text)")
    }
    let body = try server.post("/v1/events", ["title": "x", "type": "visit", "start_date": "2024-01-01", "country": "South Korea"])
    #expect(body.status == 422 && body.details.contains("did you mean \"KOR\"?"))
  }

  @Test func `who is nearly called so is offered`() throws {
    for (path, hint) in [
      ("/v1/stakeholders/prk", "did you mean PRK?"), ("/v1/stakeholders/prk/history", "did you mean PRK?"),
      ("/v1/stakeholders/prk/events", "did you mean PRK?"), ("/v1/stakeholders/prk?fields=name", "did you mean PRK?"),
      ("/v1/stakeholders/Japan", "did you mean JPN?"), ("/v1/recommendations/r-2024-003", "did you mean R-2024-003?"),
      ("/v1/analytics/dyads/prk/RUS", "did you mean PRK?"),
    ] {
      let answer = try server.get(path)
      #expect(answer.status == 404 && answer["hint"].text == hint, "\(path): \(answer.text)")
    }
    #expect(try server.patch("/v1/stakeholders/jpn", ["name": "Japan"])["hint"].text == "did you mean JPN?")
    #expect(try server.get("/v1/stakeholders/nobody")["hint"] == nil)
  }

  @Test func `a form that is asked for by a parameter, and a slash too many, are told`() throws {
    for path in ["/v1/events", "/v1/stakeholders", "/v1/analytics/timeline", "/v1/search", "/v1/events/aggregate"] {
      let refused = try server.get("\(path)?format=csv")
      #expect(refused.status == 400 && refused.details.contains("as in /v1/events.csv"), "\(path): \(refused.text)")
    }
    for path in ["/v1/events/", "/v1/analytics/", "/v1/", "/docs/", "/v1/stakeholders/PRK/"] {
      let missing = try server.get(path)
      #expect(
        missing.status == 404 && missing["hint"].text?.contains("did you mean \(path.dropLast())?") == true, "\(path): \(missing.text)")
    }
  }

  @Test func `truth is written small, and the refusal says how`() throws {
    for value in ["True", "TRUE", "yes"] {
      let refused = try server.get("/v1/recommendations?overdue=\(value)")
      #expect(refused.status == 400 && refused["errors"][0]["allowed"] == ["true", "false"], "\(refused.text)")
    }
  }

  @Test func `an offset whose plus a query has made a blank of is taken`() throws {
    for parameter in ["as_of", "created_at__lte"] {
      let plain = try server.get("/v1/events?limit=1&\(parameter)=2999-01-01T12:00:00+02:00")
      let escaped = try server.get("/v1/events?limit=1&\(parameter)=2999-01-01T12:00:00%2B02:00")
      #expect(plain.status == 200 && plain["items"] == escaped["items"], "\(plain.text)")
    }
    #expect(try server.get("/v1/events?as_of=2999-01-01T12:00:00+2").status == 400)
  }

  // MARK: Sums

  @Test func `sums of reals are exact to six decimals however many there are`() throws {
    for number in 0..<30 {
      let event: JSON = [
        "title": "Tone", "type": "statement", "start_date": "1950-01-01", "tone": .real(1.0000004 + Double(number % 3) * 0.0000001),
      ]
      #expect(try server.post("/v1/events", event).status == 201)
    }
    let row = try server.get("/v1/events/aggregate?start_date=1950-01-01&metric=sum:tone").items[0]
    // 10 × (1.0000004 + 1.0000005 + 1.0000006); added in millionths it would be 30.00001 or 30.00002.
    #expect(row["sum_tone"].number == 30.000015)
  }

  @Test func `having ne keeps what is not known, as lists do`() throws {
    let ids = { (query: String) in
      Set(try server.get("/v1/events/aggregate?group_by=type&metric=avg:tone&\(query)").items.compactMap { $0["type"].text })
    }
    let all = try ids("limit=1000")
    #expect(try !all.isEmpty && ids("having=avg:tone__ne:5") == all)
  }
}
