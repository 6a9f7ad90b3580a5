import Records
import Store
import TestSupport
import Testing

/// What the register works out by itself.
@Suite struct DerivedTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  // MARK: Outcomes

  private func assess(_ outcome: String, _ moment: String, _ fields: JSON) throws -> Answer {
    try server.post(
      "/v1/outcomes/\(outcome)/assessments", (["assessed_at": .string(moment), "assessor": "a"] as JSON).with(fields.members))
  }

  @Test func `an outcome shows its latest assessment, whatever the order in which they came`() throws {
    let outcome = try server.make("outcomes", ["title": "Increased tensions"])
    let path = "/v1/outcomes/\(outcome.id)"
    #expect(outcome["probability"] == nil)
    #expect(outcome["assessment_count"] == 0)
    let second = try assess(outcome.id, "2024-07-01T00:00:00Z", ["probability": 0.7, "confidence": "high"])
    #expect(second.status == 201)
    #expect(second["likelihood"] == "likely")
    #expect(second["probability_basis"] == "given")
    #expect(second["outcome"].text == outcome.id)
    _ = try assess(outcome.id, "2024-06-01T00:00:00Z", ["likelihood": "unlikely"])
    var now = try server.get(path)
    #expect(now["probability"] == 0.7)
    #expect(now["likelihood"] == "likely")
    #expect(now["confidence"] == "high")
    #expect(now["assessment_count"] == 2)
    let third = try assess(outcome.id, "2024-08-01T00:00:00Z", ["likelihood": "very_unlikely"])
    #expect(third["probability"] == 0.125)
    #expect(third["probability_basis"] == "likelihood")
    now = try server.get(path)
    #expect(now["probability"] == 0.125)
    #expect(now["confidence"] == nil)
    #expect(try server.delete("/v1/assessments/\(third.id)").status == 204)
    now = try server.get(path)
    #expect(now["probability"] == 0.7)
    #expect(now["assessment_count"] == 2)
    #expect(
      try server.get("\(path)/assessments").items.map { $0["assessed_at"] } == ["2024-07-01T00:00:00.000Z", "2024-06-01T00:00:00.000Z"])
  }

  @Test func `an assessment has a probability or a likelihood, within its bounds, and is never changed`() throws {
    let outcome = try server.make("outcomes", ["title": "O"])
    let moment = "2024-07-01T00:00:00Z"
    #expect(try assess(outcome.id, moment, [:]).status == 422)
    #expect(try assess(outcome.id, moment, ["probability": 0.5, "likelihood": "likely"]).status == 422)
    #expect(try assess(outcome.id, moment, ["probability": 0.5, "low": 0.6]).pointers == ["/low"])
    #expect(try assess(outcome.id, moment, ["probability": 0.5, "high": 0.4]).pointers == ["/high"])
    for (probability, status) in [(0.0009, 422), (0.001, 201), (0.999, 201), (0.9991, 422)] {
      #expect(try assess(outcome.id, moment, ["probability": .real(probability)]).status == status, "\(probability)")
    }
    #expect(
      try server.post(
        "/v1/outcomes/out_0000000000000/assessments", ["assessed_at": "2024-07-01T00:00:00Z", "assessor": "a", "probability": 0.5]
      ).status >= 400)
    #expect(try assess(outcome.id, moment, ["probability": 0.5, "outcome": .string(outcome.id)]).pointers == ["/outcome"])
  }

  @Test func `an outcome is resolved with a day, and un-resolving forgets it`() throws {
    let outcome = try server.make("outcomes", ["title": "O", "resolution_criteria": "It is held."])
    let path = "/v1/outcomes/\(outcome.id)"
    #expect(try server.patch(path, ["status": "occurred"]).pointers == ["/resolved_on"])
    #expect(try server.patch(path, ["status": "occurred", "resolved_on": "2024-07-01"]).status == 200)
    #expect(try server.patch(path, ["status": "open", "resolved_on": "2024-07-02"]).pointers == ["/resolved_on"])
    let open = try server.patch(path, ["status": "open"])
    #expect(open.status == 200)
    #expect(open["resolved_on"] == nil)
  }

  // MARK: Recommendations

  private func recommendation(_ fields: JSON = [:]) throws -> Answer {
    try server.make("recommendations", (["reference": "R-1", "title": "R", "strategy": "transparency"] as JSON).with(fields.members))
  }

  @Test func `a recommendation's progress is the share of its commitments' weight that is done`() throws {
    let made = try recommendation()
    #expect(made["progress"] == 0)
    let commitments = "/v1/recommendations/R-1/commitments"
    let first = try server.post(commitments, ["title": "A", "weight": 1])
    #expect(first.status == 201)
    #expect(first["recommendation"].text == made.id)
    let second = try server.post(commitments, ["title": "B", "weight": 3])
    let third = try server.post(commitments, ["title": "C", "weight": 4, "status": "dropped"])
    func progress() throws -> Double? { try server.get("/v1/recommendations/R-1")["progress"].number }
    #expect(try progress() == 0)
    _ = try server.patch("/v1/commitments/\(second.id)", ["status": "done"])
    #expect(try progress() == 75)
    _ = try server.patch("/v1/commitments/\(third.id)", ["status": "open"])
    #expect(try progress() == 37.5)
    _ = try server.delete("/v1/commitments/\(third.id)")
    #expect(try progress() == 75)
    _ = try server.patch("/v1/commitments/\(first.id)", ["status": "done", "done_on": "2024-07-01"])
    #expect(try progress() == 100)
    #expect(try server.patch("/v1/commitments/\(first.id)", ["status": "open"])["done_on"] == nil)
    #expect(try progress() == 75)
    // Moved to another recommendation, it counts there.
    _ = try server.make("recommendations", ["reference": "R-2", "title": "R", "strategy": "transparency"])
    #expect(try server.patch("/v1/commitments/\(second.id)", ["recommendation": "R-2"]).status == 200)
    #expect(try progress() == 0)
    #expect(try server.get("/v1/recommendations/R-2")["progress"].number == 100)
  }

  @Test func `what is past its day and not done is overdue, and its entity tag says so`() throws {
    let late = try recommendation(["due_on": "2020-01-01"])
    #expect(late["overdue"] == true)
    #expect(late.etag != "\"1\"")
    let path = "/v1/recommendations/R-1"
    let later = try server.patch(path, ["due_on": "2999-01-01"], ["If-Match": late.etag])
    #expect(later["overdue"] == false)
    #expect(later.etag == "\"2\"")
    #expect(try server.patch(path, ["due_on": "2020-01-01", "implementation": "implemented"])["overdue"] == false)
    for (position, isOverdue) in [("rejected", false), ("noted", true), ("withdrawn", false), ("supported", true)] {
      let change: JSON = ["implementation": "planned", "position": .string(position)]
      #expect(try server.patch(path, change)["overdue"] == .bool(isOverdue), "\(position)")
      #expect(try server.get("/v1/recommendations?overdue=true").items.count == (isOverdue ? 1 : 0))
    }
    let open = try server.post("\(path)/commitments", ["title": "A", "due_on": "2020-01-01"])
    #expect(open["overdue"] == true)
    #expect(try server.get("/v1/commitments?overdue=true").items.map { $0["id"].text } == [open.id])
    #expect(try server.patch("/v1/commitments/\(open.id)", ["status": "missed"])["overdue"] == false)
    #expect(try server.get("/v1/commitments?overdue=true").items.isEmpty)
  }

  @Test func `progress reports are added below their recommendation`() throws {
    _ = try recommendation()
    let report = try server.post("/v1/recommendations/R-1/progress-reports", ["reported_on": "2025-05-29", "percent": 60])
    #expect(report.status == 201)
    #expect(report.header("location") == "/v1/progress-reports/\(report.id)")
    #expect(try server.get("/v1/recommendations/R-1/progress-reports").items == [report.json])
    #expect(try server.post("/v1/recommendations/R-9/progress-reports", ["reported_on": "2025-05-29", "percent": 60]).status >= 400)
  }

  // MARK: Events

  @Test(
    arguments: [
      ("2024-06-18", "2024-06-18", nil, "day", false), ("2024-06", "2024-06-01", "2024-06-30", "month", false),
      ("2024-02", "2024-02-01", "2024-02-29", "month", false), ("2024", "2024-01-01", "2024-12-31", "year", false),
      ("2024-06-18/2024-06-21", "2024-06-18", "2024-06-21", "days", false), ("2024-06~", "2024-06-01", "2024-06-30", "month", true),
    ] as [(String, String, String?, String, Bool)])
  func `a date says how exact it is`(written: String, start: String, end: String?, precision: String, isApproximate: Bool) throws {
    let made = try server.event(["start_date": .string(written)])
    #expect(made["start_date"].text == start)
    #expect(made["end_date"].text == end)
    #expect(made["date_precision"].text == precision)
    #expect(made["date_approximate"] == .bool(isApproximate))
  }

  @Test(arguments: [
    "18/06/2024", "06-18-2024", "2024-6-18", "18.06.2024", "20240618", "2023-02-29", "June 2024", "24-06-18", "2024-13", "",
  ])
  func `an ambiguous or impossible date is refused`(written: String) throws {
    let answer = try server.post("/v1/events", ["title": "T", "type": "visit", "start_date": .string(written)])
    #expect(answer.status == 422)
    #expect(answer.pointers == ["/start_date"])
  }

  @Test func `an event does not end before it starts`() throws {
    let answer = try server.post("/v1/events", ["title": "T", "type": "visit", "start_date": "2024-06-18", "end_date": "2024-06-17"])
    #expect(answer.pointers == ["/end_date"])
    #expect(try server.event(["end_date": "2024-06-18"])["date_precision"] == "day")
  }

  @Test func `a month that becomes a day loses the end and the precision of the month`() throws {
    let made = try server.event(["start_date": "2024-06"])
    let path = "/v1/events/\(made.id)"
    let exact = try server.patch(path, ["start_date": "2024-06-18"])
    #expect(exact["start_date"] == "2024-06-18")
    #expect(exact["end_date"] == nil)
    #expect(exact["date_precision"] == "day")
    #expect(try server.patch(path, ["start_date": "2024-07"])["end_date"] == "2024-07-31")
    #expect(try server.patch(path, ["start_date": "2024-08-02"]).status == 200)
    // An end that the sender gave stays.
    let given = try server.event(["start_date": "2024-06-18", "end_date": "2024-06-21"])
    #expect(try server.patch("/v1/events/\(given.id)", ["start_date": "2024-06-17"])["end_date"] == "2024-06-21")
  }

  @Test func `region, quad class, PLOVER type, mode and Goldstein value follow from country, type and code`() throws {
    let made = try server.event(["country": "PRK", "cameo_code": "042"])
    #expect(made["region"] == "030")
    #expect(made["quad_class"] == 1)
    #expect(made["plover_type"] == "CONSULT")
    #expect(made["mode"] == "visit")
    #expect(made["goldstein"] == 1.9)
    let path = "/v1/events/\(made.id)"
    let war = try server.patch(path, ["type": "armed_incident", "cameo_code": "190", "country": "FRA"])
    #expect(war["region"] == "155")
    #expect(war["quad_class"] == 4)
    #expect(war["plover_type"] == "ASSAULT")
    #expect(war["goldstein"].number == -10)
    #expect(try server.patch(path, ["goldstein": -3.5])["goldstein"] == -3.5)
    #expect(try server.patch(path, ["cameo_code": "042"])["goldstein"] == -3.5)
    let none = try server.patch(path, ["country": nil, "cameo_code": nil, "type": "vote"])
    #expect(none["region"] == nil)
    #expect(none["quad_class"] == nil)
    #expect(none["plover_type"] == nil)
    #expect(none["goldstein"] == -3.5)
    #expect(try server.event(["type": "sanctions"])["quad_class"] == 4)
    #expect(try server.event()["goldstein"] == nil)
  }

  @Test func `coordinates come in pairs`() throws {
    let answer = try server.post("/v1/events", ["title": "T", "type": "visit", "start_date": "2024", "latitude": 39])
    #expect(answer.pointers == ["/longitude"])
  }

  @Test func `participants keep their order and are shown by code, whichever way they were named`() throws {
    let person = try server.make(
      "stakeholders", ["code": "z-person", "type": "person", "name": "Z \"quoted\"", "source": "s", "external_id": "e"])
    let rus = try server.get("/v1/stakeholders/RUS").id
    let made = try server.event([
      "participants": [
        ["stakeholder": .string(person.id), "role": "visitor", "name_as_reported": "A \"name\" {\"stakeholder\":\"USA\"}"],
        ["role": "host", "stakeholder": "PRK"], ["stakeholder": .string(rus), "side": "A"], ["stakeholder": "s/e", "role": "observer"],
      ]
    ])
    #expect(made["participants"].elements.map { $0["stakeholder"] } == ["z-person", "PRK", "RUS", "z-person"])
    #expect(made["participants"][0]["name_as_reported"] == "A \"name\" {\"stakeholder\":\"USA\"}")
    let listed = try server.get("/v1/events/\(made.id)/participants").items
    #expect(listed.map { $0["stakeholder"] } == ["z-person", "PRK", "RUS", "z-person"])
    #expect(listed[0]["stakeholder_id"].text == person.id)
    #expect(listed[0]["name"] == "Z \"quoted\"")
    #expect(listed[1]["country"] == "PRK")
    for (code, count) in [("z-person", 1), ("PRK", 1), ("RUS", 1), ("USA", 0)] {
      #expect(try server.get("/v1/events?participant=\(code)").items.count == count, "\(code)")
      #expect(try server.get("/v1/stakeholders/\(code)/events").items.count == count, "\(code)")
    }
    _ = try server.patch("/v1/events/\(made.id)", ["participants": [["stakeholder": "USA"]]])
    for (code, count) in [("PRK", 0), ("USA", 1)] {
      #expect(try server.get("/v1/events?participant=\(code)").items.count == count, "\(code)")
    }
    _ = try server.patch("/v1/events/\(made.id)", ["start_date": "2020-01-01"])
    #expect(try server.get("/v1/events?participant=USA&to=2020-12-31&sort=start_date").items.count == 1)
    _ = try server.delete("/v1/events/\(made.id)")
    #expect(try server.get("/v1/events?participant=USA").items.isEmpty)
  }
}
