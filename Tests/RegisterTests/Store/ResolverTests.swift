import Formats
import HTTP
import Records
import SQL
import Service
import Store
import TestSupport
import Testing

/// References of drafts, the reverse index of references, and what may be deleted.
@Suite struct ResolverTests {
  private let database: MigratedDatabase

  init() async throws {
    database = try MigratedDatabase()
    try await database.register().seed()
  }

  @discardableResult
  private func make(_ resource: String, _ fields: [String: String]) async throws -> String {
    try await database.write { transaction in
      let draft = Draft(resource, fields)
      return Catalogue.shared.required(resource).text(of: try Write(transaction).create(draft))
    }
  }

  private static let visit = ["title": "T", "type": "visit", "start_date": "2024-06-18"]

  private func resolved(_ resource: String, _ fields: [String: String]) throws -> Draft {
    let draft = Draft(resource, fields, isComplete: false)
    try Resolver(database.reader).resolve(draft)
    return draft
  }

  // MARK: Names

  @Test func `every name of a record leads to what its field stores`() async throws {
    let company = try await make(
      "stakeholders", ["code": "acme", "name": "Acme", "type": "company", "source": "s", "external_id": "a/b"])
    let event = try await make("events", Self.visit.merging(["source": "s", "external_id": "e"]) { $1 })
    for name in [company, "acme", "s/a/b"] {
      let view = try resolved("perspectives", ["stakeholder": name])
      #expect(view.faults.isEmpty && view[Perspectives.resource.number("stakeholder")].string == "acme", "\(name): \(view.faults)")
      let body = try resolved("stakeholders", ["parent_id": name])
      #expect(body.faults.isEmpty && Stakeholders.resource.text(of: body[Stakeholders.resource.number("parent_id")].integer) == company)
    }
    for name in [event, "s/e"] {
      let view = try resolved("perspectives", ["target": name])
      #expect(view.faults.isEmpty && view[Perspectives.resource.number("target")].string == event, "\(name)")
      #expect(try resolved("events", ["parent_id": name]).faults.isEmpty)
    }
  }

  @Test func `names of other lengths in one list are each replaced where they stand`() async throws {
    let long = try await make(
      "stakeholders", ["code": "a", "name": "A", "type": "company", "source": "source", "external_id": "a long name"])
    let event = try resolved("events", ["participants": "\(long):host;RUS:visitor;source/a long name;PRK;a"])
    #expect(event.faults.isEmpty, "\(event.faults)")
    #expect(
      event[Events.participants].string
        == #"[{"stakeholder":"a","role":"host"},{"stakeholder":"RUS","role":"visitor"},{"stakeholder":"a"},{"stakeholder":"PRK"},{"stakeholder":"a"}]"#
    )
  }

  @Test func `each name that none has is a fault where it stands, and the others are resolved`() async throws {
    let event = try resolved("events", ["participants": "RUS;nobody;prk;PRK;evt_0000000000001;s/e", "parent_id": "stk_0000000000001"])
    #expect(Set(event.faults.map(\.code)) == ["unknown_reference"])
    #expect(
      Set(event.faults.map(\.path.pointer)) == [
        "/participants/1/stakeholder", "/participants/2/stakeholder", "/participants/4/stakeholder", "/participants/5/stakeholder",
        "/parent_id",
      ])
    let hints = Dictionary(uniqueKeysWithValues: event.faults.map { ($0.path.pointer, $0.detail) })
    #expect(hints["/participants/2/stakeholder"]?.hasSuffix("did you mean PRK?") == true)
    #expect(hints["/participants/1/stakeholder"]?.contains("use the id, handle or source/external_id") == true)
  }

  @Test func `who is nearly called so has the code in another case, or exactly this name`() throws {
    let resolver = Resolver(try database.reader)
    for (mention, code) in [("prk", "PRK"), ("Prk", "PRK"), ("Japan", "JPN"), ("PRK", "PRK"), ("Jap", nil), ("", nil)]
      as [(String, String?)]
    {
      #expect(try resolver.handle(resembling: mention, of: Stakeholders.resource) == code, "\(mention)")
    }
    #expect(try resolver.handle(resembling: "T", of: Events.resource) == nil)
  }

  @Test func `a record that was deleted is found no more, also by who had found it before`() async throws {
    try await make("stakeholders", ["code": "gone", "name": "Gone", "type": "company"])
    try await database.write { transaction in
      let write = Write(transaction)
      func event() -> Draft {
        Draft("events", Self.visit.merging(["participants": "gone"]) { $1 })
      }
      let made = try write.create(event())
      try write.delete(try write.load(Events.resource, made).required("the event"))
      let id = try transaction.connection.integer("SELECT id FROM stakeholders WHERE code = 'gone'") ?? 0
      try write.delete(try write.load(Stakeholders.resource, id).required("the stakeholder"))
      #expect(throws: Problem.self) { try write.create(event()) }
    }
    #expect(try database.reader.integer("SELECT count(*) FROM events") == 0)
  }

  // MARK: Links

  private func links() throws -> Set<String> {
    var links: Set<String> = []
    try database.reader.query("SELECT target, resource, field FROM links") { row in
      links.insert("\(row[0].string) \(row[1].string) \(row[2].string)")
      return true
    }
    return links
  }

  private func change(_ resource: String, _ name: String, _ fields: [String: String]) async throws {
    try await database.write { transaction in
      let write = Write(transaction)
      let id = name.withByteView { Catalogue.shared.parse(id: $0)?.id }.required("an id")
      let current = try write.load(Catalogue.shared.required(resource), id).required("the record")
      try write.update(current, with: Draft(resource, fields, isComplete: false), .merge)
    }
  }

  private func refusal(deleting resource: String, where condition: String) async throws -> String? {
    do {
      try await database.write { transaction in
        let write = Write(transaction)
        let id = try transaction.connection.integer(SQLFragment(raw: "SELECT id FROM \(resource) WHERE \(condition)")).required("an id")
        try write.delete(try write.load(Catalogue.shared.required(resource), id).required("the record"))
      }
      return nil
    } catch let problem as Problem {
      return "\(problem.status) \(problem.detail ?? "")"
    }
  }

  @Test func `mentions in lists are kept by whom they name, as long as they stand there`() async throws {
    let event = try await make("events", Self.visit)
    let other = try await make("events", Self.visit)
    let outcome = try await make("outcomes", ["title": "O", "evidence": "\(event);\(other);\(event)"])
    #expect(try links() == ["\(event) outcomes evidence", "\(other) outcomes evidence"])
    try await change("outcomes", outcome, ["title": "P"])
    #expect(try links().count == 2)
    try await change("outcomes", outcome, ["evidence": other])
    #expect(try links() == ["\(other) outcomes evidence"])
    try await make("stakeholders", ["code": "body", "name": "Body", "type": "company", "member_of": #"[{"stakeholder":"FRA"}]"#])
    #expect(try links().contains("FRA stakeholders member_of"))
    #expect(
      try await refusal(deleting: "stakeholders", where: "code = 'FRA'")
        == "409 this stakeholder is referred to by 1 stakeholders (member_of)")
    #expect(try await refusal(deleting: "outcomes", where: "1") == nil)
    #expect(try links() == ["FRA stakeholders member_of"])
  }

  @Test func `a record that is named anywhere stays, and is told by whom`() async throws {
    let parent = try await make("events", Self.visit)
    try await make("events", Self.visit.merging(["parent_id": parent, "participants": "DEU"]) { $1 })
    try await make("perspectives", ["stakeholder": "JPN", "kind": "fear", "statement": "s", "target": parent])
    let number = "id = \(try #require(parent.withByteView { Catalogue.shared.parse(id: $0)?.id }))"
    let told = try #require(try await refusal(deleting: "events", where: number))
    #expect(told.hasPrefix("409") && told.contains("1 events (parent_id)"), "\(told)")
    #expect(
      try await refusal(deleting: "stakeholders", where: "code = 'DEU'") == "409 this stakeholder is referred to by 1 events (participants)"
    )
    #expect(
      try await refusal(deleting: "stakeholders", where: "code = 'JPN'")
        == "409 this stakeholder is referred to by 1 perspectives (stakeholder)")
    #expect(try await refusal(deleting: "strategies", where: "code = 'mediation'") == nil)
  }
}
