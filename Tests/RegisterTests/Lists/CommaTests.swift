import TestSupport
import Testing

/// Commas in the values of lists, wherever a question has one.
@Suite struct CommaTests {
  let server: RegisterTester

  init() throws {
    server = try RegisterTester()
    _ = try server.make(
      "stakeholders", ["code": "acme", "type": "company", "name": "Acme, Inc", "source": "s,1", "external_id": "e,2", "aliases": ["A, B"]])
    for (title, party) in [("Vienna, Austria", "acme"), ("Vienna", "RUS"), ("Austria", "PRK")] {
      _ = try server.event([
        "title": .string(title), "city": .string(title), "place": .string(title), "tags": [.string(title), "t"],
        "participants": [["stakeholder": .string(party), "role": "host"], ["stakeholder": "FRA"]],
      ])
    }
  }

  private func titles(_ query: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Set<String> {
    let answer = try server.get("/v1/events?\(query)")
    #expect(answer.status == 200, "\(query): \(answer.text)", sourceLocation: sourceLocation)
    return Set(answer.items.compactMap { $0["title"].text })
  }

  private static let fields = ["title", "city", "place", "tags"]

  @Test(arguments: fields)
  func `a text in quotes is one value for every operator that takes several`(field: String) throws {
    let (one, others) = (escaped("\"Vienna, Austria\""), Set(["Vienna", "Austria"]))
    for op in ["", "__in"] {
      #expect(try titles("\(field)\(op)=\(one)") == ["Vienna, Austria"], "\(op)")
      #expect(try titles("\(field)\(op)=\(one),Austria") == ["Vienna, Austria", "Austria"], "\(op)")
      #expect(try titles("\(field)\(op)=Vienna,Austria").isSuperset(of: others), "\(op)")
    }
    for op in ["__ne", "__nin"] {
      #expect(try titles("\(field)\(op)=\(one)") == others, "\(op)")
      #expect(try titles("\(field)\(op)=\(one),Vienna") == ["Austria"], "\(op)")
    }
    #expect(try titles("filter=\(escaped("\(field) IN ('Vienna, Austria', Vienna)"))") == ["Vienna, Austria", "Vienna"])
    #expect(try titles("filter=\(escaped("\(field) NOT IN (\"Vienna, Austria\")"))") == others)
  }

  @Test(arguments: [
    "Vienna, Austria", "Vienna ,Austria", "Vienna,\tAustria", "Vienna,\u{A0}Austria", "\"Vienna\", \"Austria\"", "\"Vienna, Austria",
  ])
  func `a blank at a comma is not guessed, and both forms that are offered are taken`(value: String) throws {
    for field in Self.fields {
      for op in ["", "__in", "__nin"] {
        let answer = try server.get("/v1/events?\(field)\(op)=\(escaped(value))")
        #expect(answer.status == 400 && answer.codes == ["ambiguous_comma"], "\(field)\(op): \(answer.text)")
        let offered = answer.details.components(after: "write ")
        let (one, several) = (offered.components(before: " for one text, "), offered.components(after: " for one text, "))
        _ = try titles("\(field)\(op)=\(escaped(String(one)))")
        let found = try titles("\(field)\(op)=\(escaped(String(several.components(before: " for several"))))")
        #expect(found == (op == "__nin" ? ["Vienna, Austria"] : ["Vienna", "Austria"]), "\(answer.details)")
      }
    }
  }

  @Test func `who takes part may be named in quotes, also by a name with commas`() throws {
    let acme = escaped("\"s,1/e,2\"")
    #expect(try titles("participant=\(acme)") == ["Vienna, Austria"])
    #expect(try titles("participant=\(acme),\(escaped("\"RUS\""))") == ["Vienna, Austria", "Vienna"])
    #expect(try titles("participant__ne=\(acme)") == ["Vienna", "Austria"])
    #expect(try titles("participant=\(escaped("\"PRK:host\""))") == ["Austria"])
    #expect(try titles("dyad=\(acme),FRA") == ["Vienna, Austria"])
    #expect(try titles("dyad=\(escaped("\"FRA\",\"RUS\""))") == ["Vienna"])
    #expect(try titles("filter=\(escaped("participant IN ('s,1/e,2', PRK)"))") == ["Vienna, Austria", "Austria"])
    for query in ["participant=PRK,%20RUS", "dyad=PRK,%20RUS", "participant=s,1/e,2"] {
      #expect(try server.get("/v1/events?\(query)").codes == ["unknown_stakeholder"], "\(query)")
    }
  }

  @Test func `codes and words with a blank or of no list are refused, and the word is offered`() throws {
    for (query, offered) in [
      ("type=visit,%20talks", "talks"), ("country=PRK,%20RUS", "RUS"), ("participants.role=host,%20visitor", "visitor"),
      ("sort=title,%20id", nil), ("sort=\(escaped("\"title\""))", "title"), ("fields=title,%20id", "id"), ("fields=title,,id", nil),
      ("include=outcomes,%20perspectives", "perspectives"),
    ] as [(String, String?)] {
      let answer = try server.get("/v1/events?\(query)")
      #expect(answer.status == 400, "\(query)")
      if let offered { #expect(answer.details.contains("did you mean \"\(offered)\"?"), "\(query): \(answer.details)") }
    }
    for query in ["group_by=type,%20country", "metric=count,%20sum:goldstein", "having=count__gte:1,%20count__lt:9"] {
      let answer = try server.get("/v1/events/aggregate?\(query)")
      #expect(answer.codes == ["not_a_word"] && answer.details.contains("did you mean"), "\(query): \(answer.text)")
    }
    #expect(try titles("type=\(escaped("\"visit\",talks"))").count == 3)
    #expect(try server.get("/v1/stakeholders?aliases=\(escaped("\"A, B\""))").items.map { $0["code"] } == ["acme"])
  }

  @Test func `a value of several words in an expression without quotes is told so`() throws {
    let answer = try server.get("/v1/events?filter=\(escaped("title IN (Vienna Austria)"))")
    #expect(answer.codes == ["malformed_filter"] && answer.details.hasSuffix("; quote values that contain spaces"), "\(answer.text)")
  }
}
