import HTTP
import Records
import SQL
import Service
import Store
import TestSupport
import Testing

/// Deciding and storing records, and what follows from it, without a server.
@Suite struct WritingTests {
  private let database: MigratedDatabase

  init() async throws {
    database = try await MigratedDatabase.seeded()
  }

  private static func event(_ day: String = "2024-06-18", participants: String = "RUS:visitor;PRK:host") -> Draft {
    Draft("events", ["title": "T", "type": "visit", "start_date": day, "participants": participants])
  }

  private func number(_ sql: String) throws -> Int64? { try database.reader.integer(SQLFragment(raw: sql)) }

  private func texts(_ sql: String) throws -> [String] {
    var texts: [String] = []
    try database.reader.query(SQLFragment(raw: sql)) { row in
      texts.append((0..<row.count).map { row[$0].kind == .integer ? String(row[$0].integer) : row[$0].string }.joined(separator: " "))
      return true
    }
    return texts
  }

  private func fault(_ body: () throws -> Decision) -> String? {
    do {
      _ = try body()
      return nil
    } catch let problem as Problem {
      return problem.faults.first?.code ?? problem.code
    } catch { return "\(error)" }
  }

  // MARK: Deciding

  @Test func `a create is judged over a reader, and nothing is written`() throws {
    let judge = Judge(try database.reader)
    guard case .create(let draft) = try judge.decide(Self.event()) else { return #expect(Bool(false), "no create") }
    #expect(draft.faults.isEmpty)
    #expect(fault { try judge.decide(Self.event(participants: "NOBODY")) } == "unknown_reference")
    #expect(fault { try judge.decide(Draft("events", ["title": "T", "parent_id": "evt_0000000000000"])) } == "required")
    #expect(try number("SELECT count(*) FROM events") == 0)
  }

  @Test func `an update is judged by what the record says`() async throws {
    let id = try await database.write { try Write($0).create(Self.event()) }
    let assessed = try await database.write { transaction in
      let write = Write(transaction)
      let outcome = try write.create(Draft("outcomes", ["title": "O"]))
      let name = "\(Catalogue.shared.required("outcomes").text(of: outcome))"
      return try write.create(
        Draft("assessments", ["outcome": name, "assessor": "a", "assessed_at": "2024-01-01T00:00:00Z", "likelihood": "likely"]))
    }
    let seq = try number("SELECT value FROM register_state WHERE name = 'seq'")
    let reader = try database.reader
    let judge = Judge(reader)
    let events = Catalogue.shared.required("events")
    let current = try #require(try reader.draft(events, id))
    func decide(_ fields: [String: String], ifVersion: ((Int64) -> Bool)? = nil) throws -> Decision {
      try judge.decide(current, with: Draft("events", fields, isComplete: false), .merge, ifVersion: ifVersion)
    }
    guard case .update(let next, _) = try decide(["title": "Other"]) else { return #expect(Bool(false), "no update") }
    #expect(next[events.number("title")].string == "Other" && next[events.number("type")].string == "visit")
    guard case .unchanged = try decide(["title": "T"]) else { return #expect(Bool(false), "a change") }
    #expect(fault { try decide(["title": "X"], ifVersion: { $0 == 2 }) } == "stale")
    #expect(fault { try decide(["parent_id": events.text(of: id)]) } == "self_reference")
    #expect(fault { try decide(["version": "7"]) } == "read_only")
    let assessment = try #require(try reader.draft(Catalogue.shared.required("assessments"), assessed))
    let change = Draft("assessments", ["rationale": "Because."], isComplete: false)
    #expect(fault { try judge.decide(assessment, with: change, .merge, ifVersion: nil) } == "append_only")
    #expect(try number("SELECT value FROM register_state WHERE name = 'seq'") == seq)
  }

  // MARK: Causes

  @Test func `the history says what ended a state, and a record which import wrote it`() async throws {
    let id = try await database.write { try Write($0).create(Self.event()) }
    let causes: [WriteCause] = [.edit, .rows(of: 77), .undo, .rows(of: 78), .edit]
    for (position, cause) in causes.enumerated() {
      try await database.write { transaction in
        let write = Write(transaction, as: cause)
        let current = try write.load(Catalogue.shared.required("events"), id).required("the event")
        try write.update(current, with: Draft("events", ["title": "\(position)"], isComplete: false), .merge)
      }
    }
    let versions = "SELECT version, coalesce(import_id, 0), ended_by FROM events_history ORDER BY version"
    #expect(try texts(versions) == ["1 0 update", "2 0 import", "3 77 undo", "4 77 import", "5 78 update"])
  }

  // MARK: Followers

  private func expectFollowed(_ count: Int64, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await database.catchUp()
    #expect(try number("SELECT count(*) FROM events") == count, sourceLocation: sourceLocation)
    for table in ["event_days", "event_months", "event_country_months", "event_dyads"] {
      #expect(try number("SELECT coalesce(sum(count), 0) FROM \(table)") == count, "\(table)", sourceLocation: sourceLocation)
    }
    #expect(try number("SELECT count(*) FROM event_participants") == count * 2, sourceLocation: sourceLocation)
  }

  @Test(arguments: [WriteCause.edit, .rows(of: 1), .undo])
  func `participants and rollups follow events, whatever the write's cause`(cause: WriteCause) async throws {
    let ids = try await database.write { transaction in
      let write = Write(transaction, as: cause)
      let ids = try ["2024-01-01", "2024-01-31", "2024-02-01"].map { try write.create(Self.event($0)) }
      let current = try write.load(Catalogue.shared.required("events"), ids[0]).required("the event")
      try write.delete(current)
      return ids
    }
    try await expectFollowed(2)
    try await database.write { transaction in
      let write = Write(transaction, as: cause)
      let current = try write.load(Catalogue.shared.required("events"), ids[1]).required("the event")
      try write.update(current, with: Draft("events", ["start_date": "2025-05-05"], isComplete: false), .merge)
    }
    try await expectFollowed(2)
    #expect(try texts("SELECT day FROM event_days ORDER BY day") == ["2024-02-01", "2025-05-05"])
    #expect(try texts("SELECT DISTINCT start_date FROM event_participants ORDER BY 1") == ["2024-02-01", "2025-05-05"])
  }

  @Test func `what changes in a write for another cause is counted once`() async throws {
    try await database.write { transaction in
      let write = Write(transaction)
      try write.create(Self.event("2024-01-01"))
      try write.going(on: .rows(of: 1)).create(Self.event("2024-01-02"))
      try write.going(on: .undo).create(Self.event("2024-01-03"))
    }
    try await expectFollowed(3)
  }

  @Test func `a write that fails leaves nothing of what followed it`() async throws {
    try await database.write { _ = try Write($0).create(Self.event()) }
    struct Refused: Error {}
    await #expect(throws: Refused.self) {
      try await database.write { transaction in
        _ = try Write(transaction, as: .rows(of: 1)).create(Self.event())
        throw Refused()
      }
    }
    try await expectFollowed(1)
    try await database.write { _ = try Write($0).create(Self.event("2020-01-01")) }
    try await expectFollowed(2)
  }

  @Test func `an outcome shows its latest assessment, and a recommendation its progress`() async throws {
    let (outcomes, recommendations) = (Catalogue.shared.required("outcomes"), Catalogue.shared.required("recommendations"))
    try await database.write { transaction in
      let write = Write(transaction)
      let outcome = outcomes.text(of: try write.create(Draft("outcomes", ["title": "O"])))
      for (day, probability) in [("2024-01-02", "0.7"), ("2024-01-01", "0.2")] {
        let fields = ["outcome": outcome, "assessor": "a", "assessed_at": "\(day)T00:00:00Z", "probability": probability]
        try write.create(Draft("assessments", fields))
      }
      let recommendation = recommendations.text(
        of: try write.create(Draft("recommendations", ["reference": "R", "title": "R", "strategy": "transparency"])))
      for (status, weight) in [("done", "3"), ("open", "1"), ("dropped", "9")] {
        try write.create(Draft("commitments", ["recommendation": recommendation, "title": "C", "status": status, "weight": weight]))
      }
    }
    #expect(try texts("SELECT CAST(probability AS TEXT), likelihood, assessment_count FROM outcomes") == ["0.7 likely 2"])
    #expect(try texts("SELECT CAST(progress AS TEXT) FROM recommendations") == ["75.0"])
  }
}
