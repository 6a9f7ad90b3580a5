import Glibc
import SQL
import SQLite
import TestSupport
import Testing

/// The views for SQL tools, read from the file while the server runs, against what the API says.
@Suite struct ViewTests {
  private let server: RunningServer

  init() throws { server = try RunningServer("--demo") }

  private func reader() throws -> SQLiteConnection {
    let connection = try SQLiteConnection(path: server.database, role: .reader, cacheKiB: 1_024, mapMiB: 0)
    // As SQLite is by itself, and so in other programs; ours trust no view, and this version takes JSON functions in one for unsafe.
    try connection.run("PRAGMA trusted_schema=ON")
    return connection
  }

  /// The rows of a statement, each with its columns by name.
  private func rows(_ statement: String, of view: String) throws -> [[String: Value]] {
    let connection = try reader()
    var names: [String] = []
    try connection.query(SQLFragment(raw: "SELECT name FROM pragma_table_info('\(view)')")) { row in
      names.append(row[0].string)
      return true
    }
    var rows: [[String: Value]] = []
    try connection.query(SQLFragment(raw: statement)) { row in
      rows.append(Dictionary(uniqueKeysWithValues: zip(names, (0..<row.count).map { Value(row[$0]) })))
      return true
    }
    return rows
  }

  private enum Value: Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)

    init(_ cell: Cell) {
      self =
        switch cell.kind {
        case .null: .null
        case .integer: .integer(cell.integer)
        case .real: .real(cell.real)
        case .text: .text(cell.string)
        }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var integer: Int? { if case .integer(let value) = self { Int(value) } else { nil } }
    var number: Double? { if case .real(let value) = self { value } else { integer.map(Double.init) } }

    /// Whether it says what the API says: truth is 0 or 1, arrays and objects are their text.
    func says(_ json: JSON) -> Bool {
      switch json {
      case .null: self == .null
      case .bool(let flag): self == .integer(flag ? 1 : 0)
      case .string(let text): self == .text(text)
      case .integer, .real: number == json.number
      case .array, .object: (try? JSON(Array((text ?? "").utf8))) == json
      }
    }
  }

  // MARK: One view a resource

  /// What the demo register has none of: odd text, every kind of reference, moments at the ends of time, what is overdue or deleted.
  private func makeOddRecords() throws {
    let visit = try server.event([
      "title": "He said \"yes\", twice\nund Ünïcode 日本 😀", "summary": "a\tb;c|d", "start_date": "2024-06~", "cameo_code": "042",
      "goldstein": -0.1, "extra": ["a": [1, nil, "x"], "ß": ["b": true]], "tags": ["a,b", "c;d"], "external_id": "007", "source": "odd",
      "participants": [
        ["stakeholder": "FRA", "role": "host", "name_as_reported": "\"F\""], ["stakeholder": "FRA", "role": "mediator"],
        ["stakeholder": "DEU", "side": "B", "level": "minister"],
      ],
    ])
    _ = try server.event(["parent_id": .string(visit.id), "duplicate_of": .string(visit.id), "start_date": "0001-01-01"])
    let gone = try server.event(["title": "Gone"])
    #expect(try server.delete("/v1/events/\(gone.id)").status == 204)
    let outcome = try server.make("outcomes", ["title": "O", "event": .string(visit.id), "evidence": [.string(visit.id)]])
    for moment in ["0001-01-01T00:00:00.001Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"] {
      _ = try server.make(
        "assessments", ["outcome": .string(outcome.id), "assessor": "x", "assessed_at": .string(moment), "probability": 0.3])
    }
    let recommendation = try server.make(
      "recommendations",
      [
        "reference": "R-1", "title": "R", "strategy": "transparency", "due_on": "2001-01-01",
        "responds_to": [["target": .string(outcome.id), "relation": "mitigates"]],
      ])
    for position in ["rejected", "withdrawn", "noted"] {
      let fields: JSON = ["title": "R", "strategy": "transparency", "due_on": "2001-01-01", "position": .string(position)]
      _ = try server.make("recommendations", fields.with(["reference": .string("R-\(position)")]))
    }
    let owner: JSON = ["recommendation": .string(recommendation.id)]
    _ = try server.make("commitments", owner.with(["title": "C", "due_on": "2001-01-01", "evidence": .string(visit.id), "weight": 2]))
    _ = try server.make(
      "progress-reports", owner.with(["reported_on": "2024-01-01", "percent": 12.5, "evidence": .string(visit.id)]))
    let source = try server.make("sources", ["kind": "interview", "title": "S"])
    for cited in [visit.id, outcome.id, recommendation.id] {
      _ = try server.make("citations", ["source_id": .string(source.id), "record": .string(cited), "credibility": 2])
    }
    _ = try server.make("perspectives", ["stakeholder": "FRA", "issue": "x", "kind": "fear", "statement": "y", "stance": -2])
    let body = Array("{\"title\":\"\",\"type\":\"visit\"}\n".utf8)
    let refused = try server.send(
      "POST", "/v1/imports/events?on_error=continue", ["Content-Type": "application/x-ndjson"], body: body)
    #expect(refused["counts"]["rejected"] == 1)
  }

  @Test func `each view says of each record what the API says`() throws {
    try makeOddRecords()
    var seen = 0
    for (resource, path) in [
      ("events", "events"), ("stakeholders", "stakeholders"), ("perspectives", "perspectives"), ("outcomes", "outcomes"),
      ("assessments", "assessments"), ("strategies", "strategies"), ("recommendations", "recommendations"),
      ("commitments", "commitments"), ("progress_reports", "progress-reports"), ("sources", "sources"), ("citations", "citations"),
      ("imports", "imports"),
    ] {
      let items = try server.walk("/v1/\(path)?limit=200")
      let rows = try rows("SELECT * FROM v_\(resource)", of: "v_\(resource)")
      #expect(rows.count == items.count && !items.isEmpty, "\(resource)")
      let byID = Dictionary(uniqueKeysWithValues: rows.map { ($0["id"]?.text ?? "", $0) })
      for item in items {
        let row = try #require(byID[item["id"].text ?? "?"], "\(resource): \(item)")
        for (name, value) in item.members {
          #expect(row[name]?.says(value) == true, "\(resource).\(name): \(String(describing: row[name])), \(value)")
          seen += 1
        }
      }
    }
    #expect(seen > 4_000)
    // What lists show on request only.
    let refused = try server.get("/v1/imports?include=errors&limit=1").items.first ?? .null
    let rows = try rows("SELECT * FROM v_imports WHERE id = '\(refused["id"].text ?? "")'", of: "v_imports")
    #expect(!refused["errors"].elements.isEmpty && rows.first?["errors"]?.says(refused["errors"]) == true, "\(rows)")
  }

  @Test func `the number beside an id leads to the record that the id names`() throws {
    try makeOddRecords()
    let links = [
      ("v_events", "parent_id", "v_events"), ("v_events", "duplicate_of", "v_events"), ("v_events", "import_id", "v_imports"),
      ("v_outcomes", "event", "v_events"), ("v_assessments", "outcome", "v_outcomes"),
      ("v_commitments", "recommendation", "v_recommendations"),
      ("v_commitments", "evidence", "v_events"), ("v_progress_reports", "evidence", "v_events"), ("v_citations", "source_id", "v_sources"),
      ("v_citations", "record", "v_events"), ("v_perspectives", "target", "v_events"), ("v_participants", "event", "v_events"),
    ]
    let connection = try reader()
    for (view, column, target) in links {
      let joined = "SELECT count(*) FROM \(view) a JOIN \(target) b ON b.id_key = a.\(column)_key"
      let found = try connection.integer(SQLFragment(raw: joined)) ?? 0
      #expect(found > 0, "\(view).\(column)")
      #expect(try connection.integer(SQLFragment(raw: "\(joined) AND b.id = a.\(column)")) == found, "\(view).\(column)")
      let named = "SELECT count(*) FROM \(view) WHERE \(column) IN (SELECT id FROM \(target))"
      #expect(try connection.integer(SQLFragment(raw: named)) == found, "\(view).\(column)")
    }
  }

  // MARK: Participants and figures

  @Test func `v_participants has a row for each participation, with the stakeholder's name`() throws {
    try makeOddRecords()
    let names = Dictionary(
      uniqueKeysWithValues: try server.walk("/v1/stakeholders?limit=1000").map { ($0["code"].text ?? "", $0) })
    var expected: Set<String> = []
    for event in try server.walk("/v1/events?limit=200") {
      for (position, party) in event["participants"].elements.enumerated() {
        let one = names[party["stakeholder"].text ?? ""] ?? .null
        let cells = [
          event["id"], .integer(Int64(position)), party["stakeholder"], one["name"], one["type"], party["role"], party["side"],
          party["level"], party["name_as_reported"], event["type"], event["start_date"],
          .string("\((event["start_date"].text ?? "").prefix(7))-01"),
        ]
        expected.insert(JSON.array(cells).description)
      }
    }
    let order = [
      "event", "position", "stakeholder", "stakeholder_name", "stakeholder_type", "role", "side", "level", "name_as_reported",
      "event_type", "start_date", "month",
    ]
    let told = try rows("SELECT * FROM v_participants", of: "v_participants").map { row in
      JSON.array(order.map { json(row[$0]) }).description
    }
    #expect(told.count == expected.count && Set(told) == expected)
    #expect(told.count > 30)
    // One stakeholder, whichever way its rows are found.
    let host = try rows("SELECT * FROM v_participants WHERE stakeholder = 'FRA' ORDER BY position", of: "v_participants")
    #expect(host.map { $0["role"]?.text } == ["host", "mediator"])
  }

  private func json(_ value: Value?) -> JSON {
    switch value {
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .string(text)
    default: .null
    }
  }

  /// `key: count, cooperative, conflictual, values, sum` from the events as the list shows them.
  private func figures(_ events: [JSON], _ keys: (JSON) -> [String]) -> [String: [Double]] {
    var figures: [String: [Double]] = [:]
    for event in events {
      let quad = event["quad_class"].integer ?? 0
      let goldstein = event["goldstein"].number
      for key in keys(event) {
        let add = [1, quad == 1 || quad == 2 ? 1 : 0, quad > 2 ? 1 : 0, goldstein == nil ? 0 : 1, goldstein ?? 0]
        figures[key] = zip(figures[key] ?? [0, 0, 0, 0, 0], add).map { $0 + $1 }
      }
    }
    return figures
  }

  private func month(_ event: JSON) -> String { "\((event["start_date"].text ?? "").prefix(7))-01" }

  /// Compares both views with the events, each once whatever the roles of its participants.
  private func checkFigures(of events: [JSON], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let pairs = figures(events) { event in
      let parties = event.parties.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      return parties.enumerated().flatMap { place, a in parties[(place + 1)...].map { "\(a) \($0) \(month(event))" } }
    }
    try compare("v_dyads", pairs, sourceLocation) { "\($0["a"]?.text ?? "") \($0["b"]?.text ?? "") \($0["month"]?.text ?? "")" }
    let months = figures(events) { ["\(month($0)) \($0["country"].text ?? "-") \($0["type"].text ?? "")"] }
    try compare("v_timeline", months, sourceLocation) {
      "\($0["month"]?.text ?? "") \($0["country"]?.text ?? "-") \($0["type"]?.text ?? "")"
    }
  }

  private func compare(
    _ view: String, _ expected: [String: [Double]], _ sourceLocation: SourceLocation, _ key: ([String: Value]) -> String
  ) throws {
    let rows = try rows("SELECT * FROM \(view)", of: view)
    #expect(Set(rows.map(key)) == Set(expected.keys) && rows.count == expected.count, "\(view)", sourceLocation: sourceLocation)
    for row in rows {
      let right = expected[key(row)] ?? []
      try #require(right.count == 5, "\(view): \(key(row))", sourceLocation: sourceLocation)
      let told = ["count", "goldstein_count"].map { row[$0]?.number ?? .nan }
      #expect(told == [right[0], right[3]], "\(view): \(row)", sourceLocation: sourceLocation)
      // A sum of nothing is null, as the API says.
      let sum = row["sum_goldstein"]?.number
      #expect(right[3] == 0 ? sum == nil : abs((sum ?? .nan) - right[4]) < 1e-6, "\(view): \(row)", sourceLocation: sourceLocation)
      let mean = row["mean_goldstein"]?.number
      #expect(right[3] == 0 ? mean == nil : abs((mean ?? .nan) - right[4] / right[3]) < 0.000_051, "\(row)", sourceLocation: sourceLocation)
      guard let cooperative = row["cooperative"]?.number else { continue }
      #expect(cooperative == right[1] && row["conflictual"]?.number == right[2], "\(view): \(row)", sourceLocation: sourceLocation)
    }
  }

  @Test func `months of dyads and of countries are those of the events, from the rollups and while those lack changes`() throws {
    try makeOddRecords()
    let events = try server.walk("/v1/events?limit=1000")
    try checkFigures(of: events)
    // With nothing in them, the changes say it all.
    #expect(try server.terminate() == 0)
    let connection = try SQLiteConnection(path: server.database, role: .writer, cacheKiB: 1_024, mapMiB: 0)
    try connection.run(
      """
      DELETE FROM event_dyad_months; DELETE FROM event_country_months; UPDATE register_state SET value = 0 WHERE name = 'rollups_seq'
      """)
    try checkFigures(of: events)
  }

  @Test func `a dyad is read from the rollup by its key, and no event is read while the rollups are up to date`() throws {
    let connection = try reader()
    var plan: [String] = []
    let sql = "EXPLAIN QUERY PLAN SELECT * FROM v_dyads WHERE a = 'PRK' AND b = 'RUS'"
    try connection.query(SQLFragment(raw: sql)) { row in
      plan.append(row[3].string)
      return true
    }
    #expect(plan.contains { $0.contains("event_dyad_months USING PRIMARY KEY (a=? AND b=?)") }, "\(plan)")
    // The one row of the register's state is asked for before the events.
    let state = try #require(plan.lastIndex { $0.contains("SEARCH register_state") })
    #expect(try state < #require(plan.firstIndex { $0.hasPrefix("SCAN e") && !$0.contains("event") }), "\(plan)")
  }

  // MARK: Beside the server

  @Test func `an outside reader keeps its state, and once it lets go the log is shortened without another write`() throws {
    let reader = try reader()
    let count = SQLFragment(raw: "SELECT count(*) FROM v_events")
    try reader.run("BEGIN")
    #expect(try reader.integer(count) == 12)
    _ = try server.event()
    // Longer than the writer waits before it shortens the log.
    #expect(!waitForEmptyLog(seconds: 3))
    #expect(try reader.integer(count) == 12)
    try reader.run("COMMIT")
    #expect(try reader.integer(count) == 13)
    #expect(waitForEmptyLog(seconds: 30))
  }

  private func waitForEmptyLog(seconds: Double) -> Bool {
    let end = monotonicSeconds() + seconds
    while monotonicSeconds() < end {
      if contents(of: server.database + "-wal")?.isEmpty == true { return true }
      usleep(20_000)
    }
    return false
  }
}
