import TestSupport
import Testing

@Suite struct IncludeTests {
  /// Two events with three and one outcomes, each with some assessments, and one event with nothing.
  private func made(_ server: RegisterTester) throws -> [String] {
    var ids: [String] = []
    for (position, outcomes) in [[2, 0, 1], [3], []].enumerated() {
      let event = try server.event(["title": .string("E\(position)"), "start_date": .string("2024-01-0\(position + 1)")])
      ids.append(event.id)
      for count in outcomes {
        let outcome = try server.make("outcomes", ["title": "O", "event": .string(event.id)])
        for _ in 0..<count {
          _ = try server.make(
            "outcomes/\(outcome.id)/assessments", ["assessed_at": "2024-06-19T12:00:00Z", "assessor": "a", "probability": 0.5])
        }
      }
    }
    return ids
  }

  @Test func `two levels, each record with its own`() throws {
    let server = try RegisterTester()
    let ids = try made(server)
    for query in [
      "include=outcomes.assessments", "include=outcomes,outcomes.assessments", "include=outcomes.assessments,outcomes,outcomes.assessments",
    ] {
      for fields in ["", "&fields=title"] {
        let items = try server.get("/v1/events?sort=start_date&\(query)\(fields)").items
        #expect(items.count == 3)
        for (event, id) in zip(items, ids) {
          let outcomes = try server.get("/v1/outcomes?event=\(id)&sort=id").items
          let expected = try outcomes.map { outcome in
            outcome.with(["assessments": .array(try server.get("/v1/assessments?outcome=\(outcome["id"].text ?? "")&sort=id").items)])
          }
          #expect(event["outcomes"].elements == expected)
          #expect(event.has("outcomes_continue_at") == false)
        }
        #expect(items.map { $0["outcomes"].elements.map { $0["assessments"].elements.count } } == [[2, 0, 1], [3], []])
      }
    }
    #expect(try server.get("/v1/events/\(ids[0])?include=outcomes.assessments")["outcomes"].elements.count == 3)
  }

  @Test func `by number, by handle, by id and through lists`() throws {
    let server = try RegisterTester()
    let event = try server.event(["participants": [["stakeholder": "KOR"]]])
    let outcome = try server.make("outcomes", ["title": "O", "event": .string(event.id)])
    let view = try server.make("perspectives", ["stakeholder": "KOR", "target": .string(outcome.id), "kind": "fear", "statement": "S"])
    let recommendation = try server.make(
      "recommendations",
      [
        "reference": "R-1", "title": "T", "strategy": "transparency", "addressed_to": ["KOR"], "proposed_by": ["KOR"],
        "responds_to": [["target": .string(outcome.id)]],
      ])
    let commitment = try server.make("commitments", ["recommendation": .string(recommendation.id), "title": "C", "owner": "KOR"])
    let shown = try server.get("/v1/recommendations/\(recommendation.id)").json
    let korea = try server.get(
      "/v1/stakeholders?code=KOR&fields=name&include=events.outcomes,recommendations.commitments,perspectives,commitments"
    ).items[0]
    #expect(korea["events"][0]["id"].text == event.id && korea["events"][0]["outcomes"][0]["id"].text == outcome.id)
    #expect(korea["recommendations"].elements == [shown.with(["commitments": [commitment.json]])])
    #expect(korea["perspectives"].elements == [view.json])
    #expect(korea["commitments"].elements == [commitment.json])
    let item = try server.get("/v1/outcomes?include=recommendations,perspectives").items[0]
    #expect(item["recommendations"].elements == [shown] && item["perspectives"].elements == [view.json])
    let strategy = try server.get("/v1/strategies?code=transparency,mediation&sort=code&include=recommendations").items
    #expect(strategy.map { $0["recommendations"].elements.count } == [0, 1])
    #expect(try server.get("/v1/stakeholders?code=KOR&include=events.participants").items[0]["events"].elements.count == 1)
  }

  @Test func `what is cut off is told, with where it goes on`() throws {
    let server = try RegisterTester("--query-max-included", "2")
    let ids = try made(server)
    let items = try server.get("/v1/events?sort=start_date&include=outcomes.assessments").items
    #expect(items.map { $0["outcomes"].elements.count } == [2, 1, 0])
    #expect(items.map { $0["outcomes_continue_at"].text } == ["/v1/events/\(ids[0])/outcomes", nil, nil])
    let outcome = items[1]["outcomes"][0]
    #expect(outcome["assessments"].elements.count == 2)
    let rest = try #require(outcome["assessments_continue_at"].text)
    #expect(try server.get(rest).items.count == 3)
    #expect(try server.get("\(items[0]["outcomes_continue_at"].text ?? "")").items.count == 3)
  }

  @Test func `an answer embeds so many in all, and each record that lost some says so`() throws {
    let server = try RegisterTester("--query-max-included-in-all", "3")
    _ = try made(server)
    let exact = try server.get("/v1/events?sort=start_date&limit=1&include=outcomes").items
    #expect(exact[0]["outcomes"].elements.count == 3 && !exact[0].has("outcomes_continue_at"))
    let items = try server.get("/v1/events?sort=start_date&include=outcomes").items
    #expect(items.map { $0["outcomes"].elements.count } == [3, 0, 0])
    // The second has one that is not shown; of the third the answer does not know.
    #expect(items.map { $0.has("outcomes_continue_at") } == [false, true, true])
  }

  @Test func `a third level, and names that are none, are 400`() throws {
    let server = try RegisterTester()
    for (word, named) in [
      ("outcomes.assessments.citations", "two levels"), ("outcomes.assesments", "outcomes.assessments"),
      ("outcome.assessments", "outcomes"),
      ("outcomes.", "outcomes."), (".", "no relation"),
    ] {
      let answer = try server.get("/v1/events?include=\(word)")
      #expect(answer.status == 400 && answer.details.contains(named), "\(answer.text)")
    }
  }
}
