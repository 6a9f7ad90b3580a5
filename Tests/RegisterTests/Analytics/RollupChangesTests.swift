import Formats
import Records
import SQL
import Store
import TestSupport
import Testing

/// Changes of events, added up and stored in the rollups of a database.
@Suite struct RollupChangesTests {
  private let database: MigratedDatabase

  init() throws { database = try MigratedDatabase() }

  private struct Happened: Sendable {
    var day = "2024-06-18"
    var type = "visit"
    var country: String? = "PRK"
    var quad: Int64? = 1
    var goldstein: Double? = 1.5
    var parties = ["RUS", "PRK"]
    var sign: Int32 = 1

    func with(_ change: (inout Happened) -> Void) -> Happened {
      var other = self
      change(&other)
      return other
    }

    var draft: Draft {
      let draft = Draft(Events.resource)
      draft.set(Events.startDate, text: day)
      draft.set(Events.type, text: type)
      if let country { draft.set(Events.country, text: country) }
      if let quad { draft.set(Events.quadClass, integer: quad) }
      if let goldstein { draft.set(Events.goldstein, real: goldstein) }
      draft.set(Events.participants) { $0.append("[\(parties.map { "{\"stakeholder\":\"\($0)\"}" }.joined(separator: ","))]") }
      return draft
    }

    func take(_ sign: Int32, _ changes: RollupChanges) {
      let draft = draft
      RollupChanges.columns.map { draft[$0.number] }.withRow { changes.take($0, sign) }
    }
  }

  private func store(_ events: [Happened]) async throws {
    try await database.write { transaction in
      let changes = RollupChanges()
      for event in events { event.take(event.sign, changes) }
      try changes.store(over: transaction.connection)
      #expect(changes.isEmpty)
    }
  }

  /// The rows of a table as text, in the order of their key.
  private func rows(_ table: String) throws -> [String] {
    var rows: [String] = []
    try database.reader.query(SQLFragment(raw: "SELECT * FROM \(table) ORDER BY 1, 2, 3")) { row in
      rows.append((0..<row.count).map { row[$0].kind == .text ? row[$0].string : "\(row[$0].integer)" }.joined(separator: " "))
      return true
    }
    return rows
  }

  private static let billion = 1_000_000_000

  @Test func `an event is one in each rollup, by its month, country, type, pair and day`() async throws {
    try await store([Happened()])
    let sum = Self.billion * 3 / 2
    #expect(try rows("event_months") == ["2024-06-01 visit 1 1 \(sum)"])
    #expect(try rows("event_country_months") == ["PRK 2024-06-01 visit 1 1 \(sum)"])
    #expect(try rows("event_dyad_months") == ["PRK RUS 2024-06-01 1 1 0 1 \(sum)"])
    #expect(try rows("event_dyads") == ["PRK RUS 1 1 0 1 \(sum)"])
    #expect(try rows("event_days") == ["2024-06-18 1 1 0 1 \(sum)"])
    #expect(
      try rows("event_totals").filter { $0.hasPrefix("type") || $0.hasPrefix("quad") } == [
        "quad_class 1 1 1 \(sum)", "type visit 1 1 \(sum)",
      ])
  }

  @Test func `what is not known is counted without a value, under the empty word`() async throws {
    try await store([Happened(country: nil, quad: nil, goldstein: nil, parties: [])])
    #expect(try rows("event_country_months") == [" 2024-06-01 visit 1 0 0"])
    #expect(try rows("event_dyad_months").isEmpty && rows("event_dyads").isEmpty)
    #expect(try rows("event_days") == ["2024-06-18 1 0 0 0 0"])
    #expect(try rows("event_totals").contains("quad_class  1 0 0"))
  }

  @Test(arguments: [([1, 2], "2 2 0"), ([3, 4], "2 0 2"), ([1, 4], "2 1 1"), ([nil, 3], "2 0 1")] as [([Int64?], String)])
  func `cooperation is classes 1 and 2, conflict 3 and 4`(quads: [Int64?], counts: String) async throws {
    try await store(quads.map { Happened(quad: $0, goldstein: nil) })
    #expect(try rows("event_days") == ["2024-06-18 \(counts) 0 0"])
    #expect(try rows("event_dyads") == ["PRK RUS \(counts) 0 0"])
  }

  @Test func `each pair of participants counts once, in the order of their codes, whatever the roles`() async throws {
    try await store([Happened(goldstein: nil, parties: ["USA", "RUS", "USA", "é", "PRK", "RUS"])])
    let pairs = try rows("event_dyads").map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
    #expect(pairs == ["PRK RUS 1", "PRK USA 1", "PRK é 1", "RUS USA 1", "RUS é 1", "USA é 1"])
    try await store([Happened(parties: ["RUS"]), Happened(parties: ["RUS", "RUS"])])
    #expect(try rows("event_dyads").count == 6)
  }

  @Test func `a row that comes to nothing is removed, and the others stay`() async throws {
    let kept = Happened(type: "talks", parties: ["RUS", "PRK"])
    try await store([Happened(), Happened(country: "FRA"), kept])
    try await store([Happened(sign: -1), Happened(country: "FRA", sign: -1)])
    #expect(try rows("event_months") == ["2024-06-01 talks 1 1 \(Self.billion * 3 / 2)"])
    #expect(try rows("event_country_months").count == 1 && rows("event_dyads").count == 1 && rows("event_days").count == 1)
    #expect(try !rows("event_totals").contains { $0.contains("visit") })
  }

  @Test func `an event that is replaced by itself writes nothing`() async throws {
    try await store([Happened()])
    let before = try rows("event_dyad_months")
    try await database.write { transaction in
      let changes = RollupChanges()
      Happened(sign: -1).take(-1, changes)
      Happened().take(1, changes)
      #expect(!changes.isEmpty, "one table may see a change where another sees none")
      try transaction.connection.execute("CREATE TRIGGER none BEFORE UPDATE ON event_dyad_months BEGIN SELECT RAISE(ABORT, 'written'); END")
      try changes.store(over: transaction.connection)
    }
    #expect(try rows("event_dyad_months") == before)
  }

  @Test func `an event that changes is counted where it is now, with its value of now`() async throws {
    try await store([Happened()])
    try await store([Happened(sign: -1), Happened(day: "2024-07-01", goldstein: -2.25, parties: ["RUS", "USA"])])
    #expect(try rows("event_months") == ["2024-07-01 visit 1 1 \(-Self.billion * 9 / 4)"])
    #expect(try rows("event_dyads") == ["RUS USA 1 1 0 1 \(-Self.billion * 9 / 4)"])
    #expect(try rows("event_days") == ["2024-07-01 1 1 0 1 \(-Self.billion * 9 / 4)"])
  }

  @Test func `the order of events does not matter, and what goes leaves nothing behind`() async throws {
    var random = SeededNumbers("rollup changes together")
    let types = ["visit", "talks", "vote", "threat"]
    let codes = ["RUS", "PRK", "USA", "FRA", "DEU"]
    let events = (0..<60).map { number in
      Happened(
        day: "\(2_000 + number % 3)-0\(Int.random(in: 1...9, using: &random))-1\(number % 10)", type: types[number % 4],
        country: [nil, "PRK", "FRA"][number % 3], quad: [nil, 1, 2, 3, 4][number % 5],
        goldstein: number % 4 == 0 ? nil : Double(Int.random(in: -40...40, using: &random)) / 7,
        parties: Array(codes.shuffled(using: &random).prefix(number % 4)))
    }
    try await store(events)
    let tables = ["event_months", "event_country_months", "event_dyad_months", "event_dyads", "event_days", "event_totals"]
    let whole = try tables.map { try rows($0) }
    #expect(whole.allSatisfy { $0.count > 4 })
    for _ in 0..<3 {
      let other = RollupChangesTests(try MigratedDatabase())
      try await other.store(events.shuffled(using: &random))
      #expect(try tables.map { try other.rows($0) } == whole)
    }
    // And away again, one by one.
    for event in events { try await store([event.with { $0.sign = -1 }]) }
    #expect(try tables.allSatisfy { try rows($0).isEmpty })
  }

  private init(_ database: MigratedDatabase) { self.database = database }

  @Test func `a day that is none is left out, and what is forgotten is not stored`() async throws {
    try await store([Happened(day: "2024-02-30"), Happened(day: "")])
    #expect(try rows("event_months").isEmpty && rows("event_days").isEmpty)
    try await database.write { transaction in
      let changes = RollupChanges()
      Happened().take(1, changes)
      #expect(!changes.isEmpty)
      changes.clear()
      #expect(changes.isEmpty)
      try changes.store(over: transaction.connection)
    }
    #expect(try rows("event_months").isEmpty && rows("event_totals").isEmpty)
  }
}
