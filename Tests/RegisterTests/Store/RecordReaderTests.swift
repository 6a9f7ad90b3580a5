import Formats
import Records
import SQL
import Service
import Store
import TestSupport
import Testing

/// Reading records, histories and lists over a connection, without a server.
@Suite struct RecordReaderTests {
  private let database: MigratedDatabase
  private let reader: RecordReader

  init() async throws {
    database = try MigratedDatabase()
    try await database.register().seed()
    reader = RecordReader(try database.reader)
  }

  @discardableResult
  private func make(_ resource: String, _ fields: [String: String]) async throws -> Int64 {
    try await database.write { transaction in
      let draft = Draft(resource, fields)
      return try Write(transaction).create(draft)
    }
  }

  private func event(_ title: String, _ more: [String: String] = [:]) async throws -> Int64 {
    try await make("events", ["title": title, "type": "visit", "start_date": "2024-06-18"].merging(more) { $1 })
  }

  private func change(_ resource: String, _ id: Int64, _ fields: [String: String]) async throws {
    try await database.write { transaction in
      let write = Write(transaction)
      let current = try write.load(Catalogue.shared.required(resource), id).required("the record")
      try write.update(current, with: Draft(resource, fields, isComplete: false), .merge)
    }
  }

  private func delete(_ resource: String, _ id: Int64) async throws {
    try await database.write { transaction in
      let write = Write(transaction)
      try write.delete(try write.load(Catalogue.shared.required(resource), id).required("the record"))
    }
  }

  private func number(_ sql: String) throws -> Int64 { try database.reader.integer(SQLFragment(raw: sql)) ?? -1 }

  /// What is found under a name, and its JSON.
  private func item(_ resource: String, _ name: String) throws -> (found: RecordReader.Found, json: JSON) {
    let buffer = ByteBuffer()
    let found = try name.withByteView { try reader.item(Catalogue.shared.required(resource), $0, to: buffer) }
    return (found, buffer.isEmpty ? .null : try JSON(buffer.array))
  }

  private func shown(_ found: RecordReader.Found) -> String {
    switch found {
    case .record(_, let version, let isOverdue): "\(version)\(isOverdue ? " overdue" : "")"
    case .deleted: "deleted"
    case .missing: "missing"
    }
  }

  // MARK: Items

  @Test func `a record is found by its id and its handle, with version and state, and nothing is written without one`() async throws {
    let id = try await event("A")
    let name = Catalogue.shared.required("events").text(of: id)
    let made = try item("events", name)
    #expect(shown(made.found) == "1" && made.json["id"].text == name && made.json["title"] == "A")
    #expect(try shown(item("stakeholders", "PRK").found) == "1")
    for (resource, other) in [("events", "PRK"), ("stakeholders", "prk"), ("stakeholders", ""), ("stakeholders", name), ("outcomes", name)]
    {
      let none = try item(resource, other)
      #expect(shown(none.found) == "missing" && none.json == nil, "\(resource) \(other)")
    }
    try await change("events", id, ["title": "B"])
    #expect(try shown(item("events", name).found) == "2")
    try await delete("events", id)
    let gone = try item("events", name)
    #expect(shown(gone.found) == "deleted" && gone.json == nil)
  }

  @Test func `a handle of a deleted record is of one that was there`() async throws {
    let id = try number("SELECT id FROM stakeholders WHERE code = 'ZWE'")
    try await delete("stakeholders", id)
    #expect(try shown(item("stakeholders", "ZWE").found) == "deleted")
    #expect(try shown(item("stakeholders", "ZWX").found) == "missing")
    #expect(try reader.handle(Catalogue.shared.required("stakeholders"), id) == nil)
    guard case .deleted = try reader.state(Catalogue.shared.required("stakeholders"), id) else {
      return #expect(Bool(false), "not deleted")
    }
  }

  @Test func `what is overdue says so beside its version`() async throws {
    for (day, state) in [("2020-01-01", "1 overdue"), ("2999-01-01", "1")] {
      try await make("recommendations", ["reference": day, "title": "R", "strategy": "transparency", "due_on": day])
      #expect(try shown(item("recommendations", day).found) == state)
    }
  }

  @Test func `a record is found by its name at a source, and by no other's`() async throws {
    _ = try await event("A", ["source": "s", "external_id": "1"])
    let buffer = ByteBuffer()
    let events = Catalogue.shared.required("events")
    #expect(try shown(reader.item(events, source: "s", externalID: "1", to: buffer)) == "1")
    #expect(buffer.string.contains("\"title\":\"A\""))
    buffer.clear()
    for (source, name) in [("s", "2"), ("t", "1"), ("", ""), ("s1", "")] {
      #expect(try shown(reader.item(events, source: source, externalID: name, to: buffer)) == "missing")
    }
    #expect(buffer.isEmpty)
  }

  // MARK: The past

  @Test func `a name of the past is of the record that had it then`() async throws {
    let stakeholders = Catalogue.shared.required("stakeholders")
    let made = try await make("stakeholders", ["code": "old", "name": "Old", "type": "company"])
    let created = try number("SELECT created_at FROM stakeholders WHERE id = \(made)")
    waitForLaterMillisecond()
    try await delete("stakeholders", made)
    let ended = try number("SELECT max(ended_at) FROM stakeholders_history WHERE id = \(made)")
    waitForLaterMillisecond()
    let again = try await make("stakeholders", ["code": "old", "name": "New", "type": "company"])
    let recreated = try number("SELECT created_at FROM stakeholders WHERE id = \(again)")
    func past(_ name: String, _ moment: Int64) throws -> Int64? {
      try name.withByteView { try reader.past(stakeholders, $0, asOf: moment)?.id }
    }
    #expect(try past("old", created - 1) == nil && past("old", created) == made && past("old", ended - 1) == made)
    #expect(try past("old", ended) == nil && past("old", recreated) == again && past("old", .max) == again)
    #expect(try past(stakeholders.text(of: made), created) == made && past(stakeholders.text(of: made), recreated) == nil)
    #expect(try past("never", .max) == nil)
  }

  @Test func `a history is the newest first, page by page, each state until the next began`() async throws {
    let id = try await event("1")
    for title in ["2", "3", "4", "5"] {
      waitForLaterMillisecond()
      try await change("events", id, ["title": title])
    }
    func page(below: Int64?, _ limit: Int) throws -> (titles: [String], next: Int64?, items: [JSON]) {
      let buffer = ByteBuffer()
      let (rows, next) = try reader.history(Catalogue.shared.required("events"), id, below: below, limit: limit, to: buffer)
      ListFrame.end(buffer)
      let items = try JSON(buffer.array)["items"].elements
      #expect(items.count == rows)
      return (items.compactMap { $0["title"].text }, next, items)
    }
    let whole = try page(below: nil, 10)
    #expect(whole.titles == ["5", "4", "3", "2", "1"] && whole.next == nil)
    #expect(whole.items.map { $0["ended_by"] } == [nil, "update", "update", "update", "update"])
    for (newer, older) in zip(whole.items, whole.items.dropFirst()) { #expect(older["held_until"] == newer["held_from"]) }
    let first = try page(below: nil, 2)
    #expect(first.titles == ["5", "4"] && first.next == 4)
    let second = try page(below: first.next, 2)
    #expect(second.titles == ["3", "2"] && second.next == 2)
    #expect(try page(below: second.next, 2).titles == ["1"] && page(below: second.next, 2).next == nil)
    #expect(try page(below: 1, 2).items.isEmpty)
  }

  // MARK: Lists

  private func query(_ resource: String, _ text: String) throws -> ListQuery {
    let resource = Catalogue.shared.required(resource)
    return try text.withByteView {
      try ListParser(names: StoredNames(database.reader)).parse(
        $0, resource, relations: Relation.all(of: resource), cursors: CursorSeal(key: "k"))
    }
  }

  private func list(_ resource: String, _ text: String, limits: QueryLimits? = nil) throws -> JSON {
    var query = try query(resource, text)
    if let limits { query.limits = limits }
    let buffer = ByteBuffer()
    _ = try reader.list(query, seal: CursorSeal(key: "k"), to: buffer)
    return try JSON(buffer.array)
  }

  @Test func `a page tells whether another follows, and the keys of its last row`() async throws {
    for title in ["a", "b", "c"] { _ = try await event(title) }
    for (limit, rows, hasMore) in [(2, 2, true), (3, 3, false), (4, 3, false)] {
      var titles: [String] = []
      let query = try query("events", "sort=title&fields=title&limit=\(limit)")
      let page = try reader.page(query) { titles.append($0[0].string) }
      #expect(page.rows == rows && page.hasMore == hasMore && titles == Array(["a", "b", "c"].prefix(rows)), "\(limit)")
      if hasMore {
        #expect(reader.lastKeys.count == 2 && reader.lastKeys[0].string == "b")
        var next = query
        next.after = reader.lastKeys
        var rest: [String] = []
        _ = try RecordReader(database.reader).page(next) { rest.append($0[0].string) }
        #expect(rest == ["c"])
      }
    }
  }

  @Test func `a count is of all that match, and capped at its cap`() async throws {
    for number in 0..<5 { _ = try await event("\(number)") }
    let query = try query("events", "title__ne=0")
    #expect(try reader.count(query, cap: nil) == 4 && reader.count(query, cap: 3) == 3 && reader.count(query, cap: 9) == 4)
    let counted = try list("events", "limit=1&count=exact")
    #expect(counted["count"] == 5 && !counted.has("count_is_capped") && counted["next_cursor"].text != nil)
    #expect(try list("events", "limit=1&count=capped")["count_is_capped"] == false)
    #expect(try !list("events", "limit=1").has("count"))
  }

  // MARK: Embedded records

  private func makeTree() async throws {
    let events = Catalogue.shared.required("events")
    for (title, outcomes) in [("a", 3), ("b", 0), ("c", 1)] {
      let id = try await event(title, ["start_date": "2024-06-1\(outcomes)"])
      for number in 0..<outcomes {
        let outcome = try await make("outcomes", ["title": "\(title)\(number)", "event": events.text(of: id)])
        for day in 1...(number + 1) {
          let fields = [
            "outcome": Catalogue.shared.required("outcomes").text(of: outcome), "assessor": "x", "probability": "0.5",
            "assessed_at": "2024-01-0\(day)T00:00:00Z",
          ]
          try await make("assessments", fields)
        }
      }
    }
  }

  @Test func `records of two levels lie in their own owners, in the order in which they were made`() async throws {
    try await makeTree()
    let items = try list("events", "sort=title&fields=title&include=outcomes,outcomes.assessments")["items"].elements
    #expect(items.map { $0["title"] } == ["a", "b", "c"])
    #expect(items.map { $0["outcomes"].elements.map { $0["title"] } } == [["a0", "a1", "a2"], [], ["c0"]])
    #expect(items.map { $0["outcomes"].elements.map { $0["assessments"].elements.count } } == [[1, 2, 3], [], [1]])
    #expect(items.allSatisfy { !$0.has("outcomes_continue_at") })
    let plain = try list("outcomes", "sort=id&limit=10")["items"].elements
    let embedded = items.flatMap { $0["outcomes"].elements }.map { JSON.object($0.members.filter { $0.key != "assessments" }) }
    #expect(embedded == plain)
  }

  @Test func `a list that is cut says where it goes on, of each owner and of all together`() async throws {
    try await makeTree()
    var limits = QueryLimits()
    limits.included = 2
    let few = try list("events", "sort=title&fields=id&include=outcomes,outcomes.assessments", limits: limits)["items"].elements
    #expect(few.map { $0["outcomes"].elements.count } == [2, 0, 1])
    #expect(few.map { $0["outcomes_continue_at"].text } == [few[0]["id"].text.map { "/v1/events/\($0)/outcomes" }, nil, nil])
    #expect(few[0]["outcomes"].elements.allSatisfy { !$0.has("assessments_continue_at") })
    (limits.included, limits.includedInAll) = (200, 3)
    let inAll = try list("events", "sort=title&fields=id&include=outcomes", limits: limits)["items"].elements
    #expect(inAll.map { $0["outcomes"].elements.count } == [3, 0, 0])
    #expect(inAll.map { $0.has("outcomes_continue_at") } == [false, false, true])
    limits.included = 3
    #expect(try list("events", "sort=title&include=outcomes", limits: limits)["items"][0]["outcomes"].elements.count == 3)
  }

  @Test func `an owner is looked up by its handle, whether that is shown or not`() async throws {
    try await make("perspectives", ["stakeholder": "FRA", "issue": "x", "kind": "fear", "statement": "s"])
    _ = try await event("T", ["participants": "FRA:host"])
    for fields in ["", "&fields=name", "&fields=code,name"] {
      let item = try list("stakeholders", "code=FRA&include=perspectives,events\(fields)")["items"][0]
      #expect(item["perspectives"].elements.map { $0["statement"] } == ["s"] && item["events"].elements.map { $0["title"] } == ["T"])
      #expect(item.has("code") == !fields.hasSuffix("=name"), "\(fields)")
    }
  }

  @Test func `the value of a relation is the owner's number, id or handle`() throws {
    let stakeholders = Catalogue.shared.required("stakeholders")
    let id = try number("SELECT id FROM stakeholders WHERE code = 'PRK'")
    for relation in Relation.all(of: stakeholders) {
      let key = try #require(try reader.relationKey(relation, stakeholders, id))
      switch relation.key {
      case .number: #expect(key[0].integer == id)
      case .id: #expect(key[0].string == stakeholders.text(of: id))
      case .handle: #expect(key[0].string == "PRK")
      }
    }
    let byHandle = try #require(Relation.all(of: stakeholders).first { $0.name == "events" })
    #expect(try reader.relationKey(byHandle, stakeholders, 1) == nil, "nobody's handle")
    #expect(try reader.relationKey(byHandle, Catalogue.shared.required("events"), id) == nil, "events have no handle")
  }
}
