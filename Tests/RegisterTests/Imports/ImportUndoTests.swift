import Store
import TestSupport
import Testing

@Suite struct ImportUndoTests {
  private let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private func take(_ path: String, _ text: String) throws -> Answer {
    let answer = try server.importFile(path, text)
    try #require(answer.status == 200, "\(answer.text)")
    return answer
  }

  private func undo(_ id: String, _ query: String = "") throws -> Answer { try server.delete("/v1/imports/\(id)\(query)") }

  private func expectUndo(
    _ answer: Answer, deleted: Int = 0, restored: Int = 0, kept: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.status == 200 && answer["state"] == "undone", "\(answer.text)", sourceLocation: sourceLocation)
    let undo = answer["undo"]
    #expect(undo["deleted"].integer == deleted, "\(undo)", sourceLocation: sourceLocation)
    #expect(undo["restored"].integer == restored, "\(undo)", sourceLocation: sourceLocation)
    #expect(undo["kept"].integer == kept.count, "\(undo)", sourceLocation: sourceLocation)
    #expect(Set(undo["kept_records"].elements.compactMap { $0["id"].text }) == Set(kept), sourceLocation: sourceLocation)
    #expect(undo["kept_records"].elements.allSatisfy { $0["reason"].text?.isEmpty == false }, sourceLocation: sourceLocation)
    expectSum(answer, sourceLocation: sourceLocation)
  }

  private func event(_ name: Int) throws -> Answer { try server.get("/v1/events/by-external/t/\(name)") }

  /// What a record says, without what only tells that it changed.
  private func content(_ record: JSON) -> JSON {
    guard case .object(var members) = record else { return record }
    for name in ["version", "seq", "updated_at"] { members[name] = nil }
    return .object(members)
  }

  // MARK: One import

  @Test func `what was made is gone, what was changed says what it said`() throws {
    let before = try server.event(["source": "t", "external_id": "1", "title": "Before", "summary": "Kept", "tags": ["a"]])
    let changed = eventLine(1, title: "After", more: #","summary":"New","tags":["b"],"participants":[{"stakeholder":"FRA"}]"#)
    let answer = try take("/events", changed + "\n" + eventLines(2...3))
    let made = try event(2).id
    expectUndo(try undo(answer.id), deleted: 2, restored: 1)
    let after = try event(1)
    #expect(content(after.json) == content(before.json))
    #expect(after["version"] == 3)
    #expect(try server.get("/v1/events?participant=FRA").items.isEmpty)
    #expect(try server.get("/v1/events/\(made)").status == 410)
    #expect(try server.get("/v1/events/\(made)/history").items.count > 0)
    #expect(try server.eventCount() == 1)
    #expect(try server.get("/v1/imports/\(answer.id)")["state"] == "undone")
    #expect(try server.get("/v1/imports?state=undone").items.count == 1)
    // No change number was lost on the way.
    let numbers = try server.get("/v1/events/\(after.id)/history").items.compactMap { $0["seq"].integer }
    #expect(Set(numbers).count == 3)
    // And the same file goes in again.
    let again = try take("/events", changed + "\n" + eventLines(2...3))
    expectImport(again, 200, "done", ["read": 3, "created": 2, "updated": 1])
    expectUndo(try undo(again.id), deleted: 2, restored: 1)
  }

  @Test func `what was edited since stays and is listed; force takes it too`() throws {
    _ = try server.event(["source": "t", "external_id": "1", "title": "Before"])
    let answer = try take("/events", eventLines(1...4))
    let (changed, made) = (try event(1).id, try event(2).id)
    for id in [changed, made] { #expect(try server.patch("/v1/events/\(id)", ["summary": "By hand"]).status == 200) }
    expectUndo(try undo(answer.id), deleted: 2, kept: [changed, made])
    #expect(try event(1)["title"] == "Event 1" && event(1)["summary"] == "By hand")
    // A second time nothing is left to take, and says so.
    expectUndo(try undo(answer.id), kept: [changed, made])
    expectUndo(try undo(answer.id, "?force=true"), deleted: 1, restored: 1)
    #expect(try event(1)["title"] == "Before" && event(1)["summary"] == nil)
    #expect(try server.get("/v1/events/\(made)").status == 410)
    expectUndo(try undo(answer.id, "?force=true"))
  }

  @Test func `what was deleted by hand meanwhile is passed over`() throws {
    let answer = try take("/events", eventLines(1...3))
    #expect(try server.delete("/v1/events/\(event(2).id)").status == 204)
    expectUndo(try undo(answer.id), deleted: 2)
    #expect(try server.eventCount() == 0)
  }

  @Test func `what others refer to is kept and listed, with all that belongs to it`() throws {
    let answer = try take(
      "",
      """
      {"resource":"stakeholders","code":"envoy","type":"person","name":"An Envoy"}
      {"resource":"events","source":"t","external_id":"1","title":"E","type":"visit","start_date":"2024"}
      {"resource":"events","source":"t","external_id":"2","title":"F","type":"visit","start_date":"2024"}
      {"resource":"recommendations","source":"t","external_id":"r","reference":"R-1","title":"R","strategy":"transparency"}
      {"resource":"commitments","source":"t","external_id":"c","recommendation":"R-1","title":"C","owner":"envoy"}
      """)
    let referred = try event(1).id
    let hand = try server.event(["title": "By hand", "participants": [["stakeholder": "envoy"]], "parent_id": .string(referred)])
    let envoy = try server.get("/v1/stakeholders/envoy").id
    expectUndo(try undo(answer.id), deleted: 3, kept: [referred, envoy])
    #expect(try server.get("/v1/events/\(hand.id)")["parent_id"].text == referred)
    // What stays is counted as before: one event of the import and one by hand.
    #expect(try server.get("/v1/analytics/breakdown?field=type").items.map { $0["count"].integer } == [2])
    // Force does not break what refers to them either.
    expectUndo(try undo(answer.id, "?force=true"), kept: [referred, envoy])
    #expect(try server.delete("/v1/events/\(hand.id)").status == 204)
    expectUndo(try undo(answer.id), deleted: 2)
  }

  @Test func `somebody's parts of a record that was imported are not taken with it`() throws {
    let answer = try take(
      "",
      """
      {"resource":"sources","source":"t","external_id":"s","title":"S","kind":"dataset"}
      {"resource":"recommendations","source":"t","external_id":"r","reference":"R-1","title":"R","strategy":"transparency"}
      """)
    let recommendation = try server.get("/v1/recommendations/R-1").id
    let progress = try server.make("recommendations/\(recommendation)/progress-reports", ["reported_on": "2024-06-18", "percent": 10])
    let kept = try undo(answer.id)
    expectUndo(kept, deleted: 1, kept: [recommendation])
    #expect(try server.get("/v1/progress-reports/\(progress.id)").status == 200)
    expectUndo(try undo(answer.id, "?force=true"), deleted: 1)
    #expect(try server.get("/v1/progress-reports/\(progress.id)").status == 410)
  }

  // MARK: Derived fields

  @Test func `outcomes say what their remaining assessments say`() throws {
    let hand = try server.make("outcomes", ["source": "t", "external_id": "hand", "title": "By hand"])
    let assess = { (day: Int, probability: JSON) in
      try server.make(
        "outcomes/\(hand.id)/assessments",
        ["assessed_at": .string("2024-06-0\(day)T00:00:00Z"), "assessor": "x", "probability": probability])
    }
    _ = try assess(1, 0.2)
    let answer = try take(
      "",
      """
      {"resource":"events","source":"t","external_id":"1","title":"E","type":"visit","start_date":"2024"}
      {"resource":"outcomes","source":"t","external_id":"o","title":"O","event":"t/1"}
      {"resource":"assessments","source":"t","external_id":"a","outcome":"t/o","assessed_at":"2024-06-02T00:00:00Z","assessor":"y","probability":0.5}
      {"resource":"assessments","source":"t","external_id":"b","outcome":"t/hand","assessed_at":"2024-06-02T00:00:00Z","assessor":"y","probability":0.6}
      {"resource":"outcomes","source":"t","external_id":"hand","title":"Renamed"}
      """)
    expectImport(answer, 200, "done", ["read": 5, "created": 4, "updated": 1])
    let path = "/v1/outcomes/\(hand.id)"
    #expect(try server.get(path)["probability"] == 0.6 && server.get(path)["assessment_count"] == 2)
    _ = try assess(3, 0.9)
    // The outcome was given an assessment since: that is an edit of what the import changed.
    expectUndo(try undo(answer.id), deleted: 4, kept: [hand.id])
    #expect(try server.get(path)["probability"] == 0.9 && server.get(path)["assessment_count"] == 2)
    #expect(try server.get(path)["title"] == "Renamed")
    // Forced, its title is that of before; its probability still that of the latest assessment.
    expectUndo(try undo(answer.id, "?force=true"), restored: 1)
    #expect(try server.get(path)["title"] == "By hand")
    #expect(try server.get(path)["probability"] == 0.9 && server.get(path)["assessment_count"] == 2)
    #expect(try server.get("\(path)/assessments").items.count == 2)
  }

  @Test func `an outcome that only got assessments loses them again`() throws {
    let hand = try server.make("outcomes", ["source": "t", "external_id": "hand", "title": "By hand"])
    let answer = try take(
      "/assessments",
      (1...3).map {
        #"{"source":"t","external_id":"\#($0)","outcome":"t/hand","assessed_at":"2024-06-0\#($0)T00:00:00Z","assessor":"y","probability":0.\#($0)}"#
      }.joined(separator: "\n"))
    #expect(try server.get("/v1/outcomes/\(hand.id)")["probability"] == 0.3)
    let undone = try undo(answer.id)
    #expect(undone["undo"]["deleted"] == 3 && undone["undo"]["kept"] == 0, "\(undone["undo"])")
    let after = try server.get("/v1/outcomes/\(hand.id)")
    #expect(after["probability"] == nil && after["likelihood"] == nil && after["assessment_count"] == 0)
    #expect(content(after.json) == content(hand.json))
  }

  // MARK: Several imports

  /// Two imports on top of each other on a record made by hand, one made by the first, and one only by the second.
  private func two() throws -> (String, String) {
    _ = try server.event(["source": "t", "external_id": "1", "title": "By hand"])
    let first = try take(
      "/events", [eventLine(1, title: "First"), eventLine(2, title: "First"), eventLine(4, title: "First")].joined(separator: "\n"))
    let second = try take(
      "/events", [eventLine(1, title: "Second"), eventLine(2, title: "Second"), eventLine(3, title: "Second")].joined(separator: "\n"))
    return (first.id, second.id)
  }

  private func titles() throws -> [String?] {
    try (1...4).map {
      let event = try event($0)
      return event.status == 200 ? event["title"].text : nil
    }
  }

  @Test func `two imports undone in the order of a stack leave what was there`() throws {
    let (first, second) = try two()
    expectUndo(try undo(second), deleted: 1, restored: 2)
    #expect(try titles() == ["First", "First", nil, "First"])
    expectUndo(try undo(first), deleted: 2, restored: 1)
    #expect(try titles() == ["By hand", nil, nil, nil])
  }

  @Test func `the first of two undone first keeps what the second changed, until that is undone too`() throws {
    let (first, second) = try two()
    let changed = [try event(1).id, try event(2).id]
    expectUndo(try undo(first), deleted: 1, kept: changed)
    #expect(try titles() == ["Second", "Second", "Second", nil])
    expectUndo(try undo(second), deleted: 1, restored: 2)
    #expect(try titles() == ["First", "First", nil, nil])
    expectUndo(try undo(first), deleted: 1, restored: 1)
    #expect(try titles() == ["By hand", nil, nil, nil])
  }

  @Test func `the first of two undone by force takes what the second changed`() throws {
    let (first, second) = try two()
    expectUndo(try undo(first, "?force=true"), deleted: 2, restored: 1)
    #expect(try titles() == ["By hand", nil, "Second", nil])
    expectUndo(try undo(second), deleted: 1)
    #expect(try titles() == ["By hand", nil, nil, nil])
  }

  // MARK: What cannot be undone

  @Test func `only an import that is there and has ended is undone`() throws {
    #expect(try undo("imp_0000000000000").status == 404)
    #expect(try undo("nonsense").status == 404)
    let answer = try take("/events", eventLine(1))
    for query in ["?force=yes", "?forced=true", "?force=true&force=true"] { #expect(try undo(answer.id, query).status == 400) }
    #expect(try server.eventCount() == 1)
    let refused = try server.importFile("/events", "{}")
    expectUndo(try undo(refused.id))
    let cancelled = try server.send("POST", "/v1/imports/\(answer.id)/cancel")
    #expect(cancelled.status == 409 && cancelled["code"] == "not_running")
  }

}
