import TestSupport
import Testing

/// Conditions on other records, one step away, along references and against them.
@Suite struct RelationFilterTests {
  let server: RegisterTester
  private let korea: String

  init() throws {
    let server = try RegisterTester()
    func event(_ title: JSON, _ country: JSON) throws -> String { try server.event(["title": title, "country": country]).id }
    let korea = try event("K", "PRK")
    let france = try event("F", "FRA")
    let alone = try event("A", "PRK")
    for (title, event, status) in [("a", korea, "open"), ("b", korea, "occurred"), ("c", france, "did_not_occur")] as [(JSON, String, JSON)]
    {
      let resolved: JSON = status == "open" ? nil : "2024-12-01"
      let outcome = try server.make("outcomes", ["title": title, "event": .string(event), "status": status, "resolved_on": resolved])
      guard title == "a" else { continue }
      _ = try server.make("perspectives", ["stakeholder": "RUS", "target": .string(outcome.id), "kind": "fear", "statement": "S"])
    }
    for (reference, event, commitments) in [("R-1", korea, ["missed", "open"]), ("R-2", france, ["open"]), ("R-3", alone, [])]
      as [(JSON, String, [JSON])]
    {
      let made = try server.make(
        "recommendations",
        [
          "reference": reference, "title": "T", "strategy": "transparency", "addressed_to": reference == "R-1" ? ["KOR", "JPN"] : ["FRA"],
          "responds_to": [["target": .string(event), "relation": "mitigates"]],
        ])
      for status in commitments {
        _ = try server.make(
          "commitments", ["recommendation": .string(made.id), "title": "C", "status": status, "owner": status == "missed" ? "KOR" : "JPN"])
      }
    }
    for (code, title) in [("KOR", "P"), ("JPN", "Q")] as [(JSON, JSON)] {
      _ = try server.event(["title": title, "type": "talks", "participants": [["stakeholder": code, "role": "host"]]])
    }
    self.server = server
    self.korea = korea
  }

  private func found(_ path: String, _ field: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Set<String> {
    let answer = try server.get("/v1/\(path)")
    try #require(answer.status == 200, "\(path): \(answer.text)", sourceLocation: sourceLocation)
    return Set(answer.items.compactMap { $0[field].text })
  }

  @Test func `from a record to those that refer to it`() throws {
    #expect(try found("events?outcomes.status=open", "title") == ["K"])
    #expect(try found("events?outcomes.status=did_not_occur,occurred", "title") == ["K", "F"])
    // Some outcome that is not open: of K too, which also has an open one.
    #expect(try found("events?outcomes.status__ne=open", "title") == ["K", "F"])
    #expect(try found("recommendations?commitments.status=missed", "reference") == ["R-1"])
    #expect(try found("recommendations?commitments.owner=JPN", "reference") == ["R-1", "R-2"])
    #expect(try found("outcomes?perspectives.kind=fear", "title") == ["a"])
    #expect(try found("events?recommendations.reference=R-2", "title") == ["F"])
    #expect(try found("stakeholders?recommendations.reference=R-1", "code") == ["KOR", "JPN"])
    #expect(try found("stakeholders?commitments.status=missed", "code") == ["KOR"])
    #expect(try found("stakeholders?events.type=talks", "code") == ["KOR", "JPN"])
    #expect(try found("stakeholders?events.title=P", "code") == ["KOR"])
    #expect(try found("strategies?recommendations.reference=R-1", "code") == ["transparency"])
    #expect(try found("stakeholders?events.participants.role=host&type=state", "code") == ["KOR", "JPN"])
  }

  @Test func `from a record to the one that it refers to`() throws {
    #expect(try found("outcomes?event.country=PRK", "title") == ["a", "b"])
    #expect(try found("outcomes?event.country__ne=PRK", "title") == ["c"])
    #expect(try found("commitments?recommendation.reference=R-2&fields=owner", "owner") == ["JPN"])
    #expect(try found("commitments?owner.name__contains=south", "status") == ["missed"])
    #expect(try found("recommendations?addressed_to.region=030", "reference") == ["R-1"])
    #expect(try found("recommendations?strategy.name__null=false", "reference") == ["R-1", "R-2", "R-3"])
  }

  @Test func `a text with a comma in it is found in quotes there too`() throws {
    _ = try server.make("outcomes", ["title": "One, two", "event": .string(korea)])
    #expect(try found("events?outcomes.title=%22One,%20two%22", "title") == ["K"])
    #expect(try found("events?outcomes.title=%22One,%20three%22", "title") == [])
  }

  @Test func `whether there is any`() throws {
    #expect(try found("events?outcomes__null=true&type=visit", "title") == ["A"])
    #expect(try found("events?outcomes__null=false", "title") == ["K", "F"])
    #expect(try found("recommendations?filter=\(escaped("commitments IS NULL"))", "reference") == ["R-3"])
  }

  @Test func `in an expression they stand by themselves and are joined as any other`() throws {
    // K has one outcome that is open and another that occurred: each condition finds its own.
    let both = "outcomes.status = open AND outcomes.status = occurred"
    #expect(try found("events?filter=\(escaped(both))", "title") == ["K"])
    #expect(try found("events?filter=\(escaped("NOT outcomes.status = open AND type = visit"))", "title") == ["F", "A"])
    #expect(try found("events?filter=\(escaped("country = PRK AND (outcomes IS NULL OR outcomes.title = b)"))", "title") == ["K", "A"])
    #expect(try found("events?filter=\(escaped("participants.stakeholder = KOR AND outcomes IS NULL"))", "title") == ["P"])
    #expect(try found("outcomes?filter=\(escaped("event.country IN (PRK) AND status = open"))", "title") == ["a"])
  }

  @Test func `it is one step, and a path that leads nowhere is named`() throws {
    for (path, named) in [
      ("events?outcome.status=open", "outcomes"), ("events?outcomes.statu=open", "outcomes.status"),
      ("events?outcomes.event.country=PRK", "event"),
      ("outcomes?event.contry=PRK", "event.country"), ("outcomes?event.outcomes.status=open", "event.outcomes"),
      ("perspectives?target.title=x", "target"),
      ("events?title.x=1", "title"), ("events?outcomes.=1", "outcomes."), ("events?.status=1", ".status"),
      ("events?outcomes..status=1", "outcomes."),
    ] {
      let answer = try server.get("/v1/\(path)")
      #expect(answer.status == 400, "\(path)")
      #expect(answer["errors"].description.contains(named), "\(answer.text)")
    }
    #expect(try server.get("/v1/events?outcomes.status=open&as_of=2030-01-01T00:00:00Z").status == 400)
  }

  @Test func `an id of another kind of record finds nothing that happens to have its number`() throws {
    let outcome = try server.get("/v1/outcomes?title=a").items[0]["id"].text ?? ""
    #expect(try server.get("/v1/events?id=\(outcome)").status == 400)
    #expect(try found("events?outcomes.id=\(outcome)", "title") == ["K"])
    #expect(try found("outcomes?event=\(korea)", "title") == ["a", "b"])
  }
}
