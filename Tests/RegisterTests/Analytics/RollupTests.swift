import Glibc
import SQL
import SQLite
import Store
import TestSupport
import Testing

/// Analytics that rollups answer, against the same figures worked out here from the events as the list shows them.
@Suite struct RollupTests {
  let server: any RegisterClient

  init() throws { server = try RegisterTester() }

  private static let codes = ["RUS", "PRK", "USA", "FRA", "CHN", "JPN"]

  // MARK: Random histories

  private func fields(_ random: inout SeededNumbers) -> JSON {
    func one(_ values: [JSON]) -> JSON { values.randomElement(using: &random) ?? .null }
    let parties = Self.codes.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random))
    // The same stakeholder in a second role takes part once.
    let roles = parties + parties.prefix(Int.random(in: 0...1, using: &random))
    let start = one(["2023-12-31", "2024-01-01", "2024-01-31", "2024-02-29", "2024-03-31", "2024-12-30", "2026-07-01", "1999-05-05"])
    let ends: [JSON] = ["2024-01-01", "2024-01-20", "2024-02-29", "2024-04-01", "2024-12-31", "2026-07-15"]
    return [
      "title": "T", "type": one(["visit", "summit", "threat", "sanctions", "vote"]), "start_date": start,
      "end_date": one([nil] + ends.filter { ($0.text ?? "") >= (start.text ?? "") }),
      "status": one(["concluded", "planned", "cancelled"]), "importance": one([nil, 1, 5]), "date_approximate": one([true, false]),
      "country": one([nil, "PRK", "USA", "FRA"]), "goldstein": one([nil, -2.5, 0.1, 0.2, 7.25, 10, 1.2345]),
      "participants": .array(roles.enumerated().map { ["stakeholder": .string($1), "role": $0 < parties.count ? "visitor" : "host"] }),
    ]
  }

  private func importRows(_ count: Int, _ options: String, first: Int, bad: Bool = false, _ random: inout SeededNumbers) throws
    -> Answer
  {
    var rows = (0..<count).map { number in
      fields(&random).with(["source": "test", "external_id": .string("\(first + number)")])
    }
    if bad { rows.append(["title": "", "type": "picnic"]) }
    let lines = try rows.map { try $0.bytes }.joined(separator: [0x0A])
    return try server.send("POST", "/v1/imports/events?\(options)", ["Content-Type": "application/x-ndjson"], body: Array(lines))
  }

  private func write(_ times: Int, _ random: inout SeededNumbers) throws {
    for _ in 0..<times {
      let ids = try server.get("/v1/events?limit=200&fields=id").items.compactMap { $0["id"].text }
      switch Int.random(in: 0..<10, using: &random) {
      case 0, 1: _ = try server.event(fields(&random))
      case 2, 3:
        guard let id = ids.randomElement(using: &random) else { continue }
        #expect(try server.patch("/v1/events/\(id)", fields(&random)).status == 200)
      case 4:
        guard let id = ids.randomElement(using: &random) else { continue }
        // One that another is a part of stays.
        #expect([204, 409].contains(try server.delete("/v1/events/\(id)").status))
      case 5:
        // What is referred to by now stays when the import is taken back.
        let made = try importRows(5, "", first: Int.random(in: 100...10_000, using: &random), &random)
        let rows = try server.get("/v1/events?import_id=\(made.id)&limit=5").items.compactMap { $0["id"].text }
        guard let parent = rows.randomElement(using: &random) else { continue }
        _ = try server.event(fields(&random).with(["parent_id": .string(parent)]))
        let undone = try server.delete("/v1/imports/\(made.id)")
        #expect(undone.status == 200, "\(undone.text)")
        #expect(undone["undo"]["kept"] == 1)
        #expect(try server.get("/v1/events/\(parent)/history").items.count == 1)
      case 9:
        #expect(try importRows(20, "on_error=continue", first: Int.random(in: 0...40, using: &random), bad: true, &random).status == 200)
      case 6: #expect(try importRows(20, "", first: Int.random(in: 0...40, using: &random), &random).status == 200)
      case 7: #expect(try importRows(20, "", first: Int.random(in: 0...40, using: &random), bad: true, &random).status == 422)
      default:
        #expect(try importRows(20, "dry_run=true", first: Int.random(in: 0...40, using: &random), &random).status == 200)
        #expect(try server.post("/v1/events?dry_run=true", fields(&random)).status < 300)
      }
    }
  }

  // MARK: The same, worked out here

  private struct Sums: Equatable {
    var count = 0
    var cooperative = 0
    var conflictual = 0
    var values: [Double] = []

    mutating func take(_ event: JSON) {
      count += 1
      if [1, 2].contains(event["quad_class"].integer) { cooperative += 1 }
      if [3, 4].contains(event["quad_class"].integer) { conflictual += 1 }
      if let value = event["goldstein"].number { values.append(value) }
    }

    func isTold(by row: JSON) -> Bool {
      guard row["count"].integer == count else { return false }
      if row.has("cooperative"), row["cooperative"].integer != cooperative || row["conflictual"].integer != conflictual { return false }
      guard row.has("mean_goldstein") else { return true }
      let sum = values.reduce(0, +)
      guard row["goldstein_count"].integer == values.count else { return false }
      guard !values.isEmpty else { return row["mean_goldstein"] == nil && row["sum_goldstein"] == nil }
      guard let told = row["sum_goldstein"].number, abs(told - sum) < 1e-6 else { return false }
      return abs((row["mean_goldstein"].number ?? .nan) - sum / Double(values.count)) < 0.000_051
    }
  }

  /// The first day of the bucket, from the digits of the date.
  private func start(_ date: String, _ bucket: String) -> String {
    let (year, month) = (date.prefix(4), Int(date.dropFirst(5).prefix(2)) ?? 0)
    switch bucket {
    case "day": return date
    // By hand, for the dates above: the Monday before or on each.
    case "week":
      return [
        "2023-12-31": "2023-12-25", "2024-01-01": "2024-01-01", "2024-01-31": "2024-01-29", "2024-02-29": "2024-02-26",
        "2024-03-31": "2024-03-25", "2024-12-30": "2024-12-30", "2026-07-01": "2026-06-29", "1999-05-05": "1999-05-03",
      ][date] ?? "?"
    case "month": return "\(date.prefix(7))-01"
    case "quarter": return "\(year)-\(["01", "04", "07", "10"][(month - 1) / 3])-01"
    default: return "\(year)-01-01"
    }
  }

  private func sums(_ events: [JSON], by key: (JSON) -> [String]) -> [[String]: Sums] {
    var sums: [[String]: Sums] = [:]
    for event in events { sums[key(event), default: Sums()].take(event) }
    return sums
  }

  private func compare(_ path: String, _ expected: [[String]: Sums], keys: [String], sourceLocation: SourceLocation = #_sourceLocation)
    throws
  {
    let answer = try server.get(path)
    try #require(answer.status == 200, "\(path): \(answer.text)", sourceLocation: sourceLocation)
    let told = answer.items.map { row in keys.map { row[$0].text ?? row[$0].integer.map(String.init) ?? "" } }
    #expect(told == expected.keys.sorted { $0.lexicographicallyPrecedes($1) }, "\(path)", sourceLocation: sourceLocation)
    for (key, row) in zip(told, answer.items) {
      #expect(
        expected[key]?.isTold(by: row) == true, "\(path): \(key): \(row), \(String(describing: expected[key]))",
        sourceLocation: sourceLocation)
    }
  }

  /// A filter that leaves all events and that no rollup knows: the events themselves are counted.
  private static let uncanned = "&version__gte=1"

  private func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let events = try server.walk("/v1/events?limit=1000")
    let text = { (event: JSON, field: String) in event[field].text ?? "" }
    for path in ["", Self.uncanned] {
      try checkBreakdowns(events, path, sourceLocation)
      try checkDyads(events, path, sourceLocation)
      for bucket in ["day", "week", "month", "quarter", "year"] {
        let time = { (event: JSON) in self.start(text(event, "start_date"), bucket) }
        let ask = "/v1/analytics/timeline?bucket=\(bucket)&metric=count,goldstein_count,mean_goldstein,sum_goldstein\(path)"
        try compare(ask, sums(events) { [time($0)] }, keys: ["time"], sourceLocation: sourceLocation)
        try compare(
          "\(ask)&group_by=type", sums(events) { [time($0), text($0, "type")] }, keys: ["time", "type"], sourceLocation: sourceLocation)
        try compare(
          "\(ask)&group_by=country,type", sums(events) { [time($0), text($0, "country"), text($0, "type")] },
          keys: ["time", "country", "type"], sourceLocation: sourceLocation)
        try compare(
          "\(ask)&group_by=type&country=USA", sums(events.filter { $0["country"] == "USA" }) { [time($0), text($0, "type")] },
          keys: ["time", "type"], sourceLocation: sourceLocation)
        try compare(
          "\(ask)&type=visit&country=FRA,USA",
          sums(events.filter { $0["type"] == "visit" && ["FRA", "USA"].contains(text($0, "country")) }) { [time($0)] }, keys: ["time"],
          sourceLocation: sourceLocation)
        try compare(
          "\(ask)&start_date__gte=2024-01&start_date__lt=2024-12-01",
          sums(events.filter { text($0, "start_date") >= "2024-01-01" && text($0, "start_date") < "2024-12-01" }) { [time($0)] },
          keys: ["time"], sourceLocation: sourceLocation)
        try checkPeriods(ask, events, time, sourceLocation)
        for (a, b) in [("RUS", "PRK"), ("USA", "CHN"), ("FRA", "JPN"), ("PRK", "RUS")] {
          try compare(
            "/v1/analytics/dyads/\(a)/\(b)?bucket=\(bucket)\(path)",
            sums(events.filter { $0.parties.isSuperset(of: [a, b]) }) { [time($0)] },
            keys: ["time"], sourceLocation: sourceLocation)
        }
      }
    }
  }

  /// Periods that begin and end between months and within them, and what began before them and reaches into them.
  private func checkPeriods(_ ask: String, _ events: [JSON], _ time: (JSON) -> String, _ sourceLocation: SourceLocation) throws {
    let text = { (event: JSON, field: String) in event[field].text ?? "" }
    for (from, to) in [
      ("2024-01-01", "2024-03-31"), ("2024-01-15", "2024-12-30"), ("2024-02-10", "2024-02-20"), ("1999-05-05", "2026-06-30"),
      ("2024-02-29", nil), (nil, "2024-01-31"), ("2024-03-01", "2024-03-30"),
    ] {
      let period = (from.map { "&from=\($0)" } ?? "") + (to.map { "&to=\($0)" } ?? "")
      let inside = events.filter { event in
        text(event, "start_date") <= (to ?? "9999") && (event["end_date"].text ?? text(event, "start_date")) >= (from ?? "")
      }
      try compare(ask + period, sums(inside) { [time($0)] }, keys: ["time"], sourceLocation: sourceLocation)
      try compare(
        "\(ask)\(period)&group_by=type&country=FRA", sums(inside.filter { $0["country"] == "FRA" }) { [time($0), text($0, "type")] },
        keys: ["time", "type"], sourceLocation: sourceLocation)
      try compare(
        "\(ask)\(period)&start_date__gte=2024-01-31", sums(inside.filter { text($0, "start_date") >= "2024-01-31" }) { [time($0)] },
        keys: ["time"], sourceLocation: sourceLocation)
      try compare(
        "\(ask)\(period)&group_by=status", sums(inside) { [time($0), text($0, "status")] }, keys: ["time", "status"],
        sourceLocation: sourceLocation)
    }
  }

  /// The largest group first; what has no value is a group, too.
  private func checkBreakdowns(_ events: [JSON], _ filter: String, _ sourceLocation: SourceLocation) throws {
    for field in ["type", "country", "region", "status", "quad_class", "importance", "date_approximate", "date_precision", "plover_type"] {
      let path = "/v1/analytics/breakdown?field=\(field)\(filter)"
      let answer = try server.get(path)
      try #require(answer.status == 200, "\(path): \(answer.text)", sourceLocation: sourceLocation)
      var expected: [JSON: Sums] = [:]
      for event in events { expected[event[field], default: Sums()].take(event) }
      #expect(answer.items.count == expected.count, "\(path): \(answer.text)", sourceLocation: sourceLocation)
      for row in answer.items {
        let sums = expected[row[field]] ?? Sums()
        #expect(row["count"].integer == sums.count, "\(path): \(row)", sourceLocation: sourceLocation)
        let mean = sums.values.isEmpty ? nil : sums.values.reduce(0, +) / Double(sums.values.count)
        #expect(abs((row["mean_goldstein"].number ?? 99) - (mean ?? 99)) < 0.000_051, "\(path): \(row)", sourceLocation: sourceLocation)
      }
      let counts = answer.items.compactMap { $0["count"].integer }
      #expect(counts == counts.sorted(by: >), sourceLocation: sourceLocation)
    }
  }

  /// All dyads, the strongest first, and the ties around one.
  private func checkDyads(_ events: [JSON], _ filter: String, _ sourceLocation: SourceLocation) throws {
    var expected: [[String]: Sums] = [:]
    for event in events {
      let parties = event.parties.sorted()
      for (place, one) in parties.enumerated() {
        for other in parties[..<place] { expected[[other, one], default: Sums()].take(event) }
      }
    }
    let sorted = expected.keys.sorted { one, other in
      let (strong, weak) = (expected[one]?.count ?? 0, expected[other]?.count ?? 0)
      return strong == weak ? one.lexicographicallyPrecedes(other) : strong > weak
    }
    let dyads = try server.get("/v1/analytics/dyads?limit=100\(filter)").items
    #expect(dyads.map { [$0["a"].text ?? "", $0["b"].text ?? ""] } == sorted, sourceLocation: sourceLocation)
    for row in dyads {
      let sums = expected[[row["a"].text ?? "", row["b"].text ?? ""]]
      #expect(sums?.isTold(by: row) == true, "\(row), \(String(describing: sums))", sourceLocation: sourceLocation)
    }
    let network = try server.get("/v1/analytics/network?stakeholder=PRK&depth=1\(filter)")
    #expect(
      Set(network["nodes"].elements.compactMap { $0["id"].text })
        == Set(expected.keys.filter { $0.contains("PRK") }.flatMap { $0 } + ["PRK"]), sourceLocation: sourceLocation)
  }

  @Test func `rollups say what the events say, after any history of writes and imports`() throws {
    var random = SeededNumbers("rollups")
    for _ in 0..<3 {
      try write(15, &random)
      try check()
    }
    // And when everything is gone, nothing is left of it.
    while case let ids = try server.walk("/v1/events?limit=1000&fields=id&sort=-id").compactMap({ $0["id"].text }), !ids.isEmpty {
      let statuses = try ids.map { try server.delete("/v1/events/\($0)").status }
      try #require(statuses.contains(204))
    }
    try check()
    #expect(try server.get("/v1/analytics/timeline").items.isEmpty)
  }

  @Test func `at the ends of the calendar each event is counted once, and none behind them`() throws {
    for day in ["0001-01-01", "2024-06-18", "9999-12-31"] { _ = try server.event(["start_date": .string(day)]) }
    for group in ["", "&group_by=type", "&group_by=status"] {
      for filter in ["", Self.uncanned] {
        let counts = { (period: String) in
          try server.get("/v1/analytics/timeline?\(period)\(group)\(filter)").items.map { [$0["time"], $0["count"]] }
        }
        #expect(try counts("from=2024-01-15&to=9999-12-31") == [["2024-06-01", 1], ["9999-12-01", 1]])
        #expect(try counts("to=9999-12-31") == [["0001-01-01", 1], ["2024-06-01", 1], ["9999-12-01", 1]])
        #expect(try counts("start_date__gte=9999-12-02") == [["9999-12-01", 1]])
        #expect(try counts("start_date__gt=9999-12-31").isEmpty)
        #expect(try counts("start_date__lt=0001-01-01").isEmpty)
        #expect(try counts("start_date__lt=0001-01-02") == [["0001-01-01", 1]])
      }
    }
  }

  @Test func `writes that come together and fail in part leave what the events say`() throws {
    let bodies = (0..<40).map { number -> JSON in
      [
        "title": number % 4 == 3 ? "" : "T", "type": "visit", "start_date": "2024-03-31", "country": "FRA", "source": "s",
        "external_id": .string("\(number % 25)"),
        "participants": [["stakeholder": "RUS"], ["stakeholder": "PRK"]],
      ]
    }
    let server = server
    let statuses = concurrently(40) { (try? server.post("/v1/events", bodies[$0]).status) ?? 0 }
    #expect(Set(statuses) == [201, 409, 422])
    try check()
    #expect(try server.get("/v1/events?limit=1000").items.count > 10)
  }

  @Test func `rollups that are empty, as a migration leaves them, are made anew at the next start`() throws {
    var random = SeededNumbers("left behind")
    try write(30, &random)
    try waitUntilCaughtUp()
    var kept: [String] = []
    try server.whileClosed { database in
      let connection = try SQLiteConnection(path: database, role: .writer, cacheKiB: 1_024, mapMiB: 0)
      kept = try rows(connection)
      #expect(kept.count > 20)
      try connection.run(
        """
        DELETE FROM event_months; DELETE FROM event_country_months; DELETE FROM event_dyad_months; DELETE FROM event_dyads;
        DELETE FROM event_totals; DELETE FROM event_days; UPDATE register_state SET value = 0 WHERE name = 'rollups_seq'
        """)
    }
    try check()
    try waitUntilCaughtUp()
    try server.whileClosed { database in
      let connection = try SQLiteConnection(path: database, role: .writer, cacheKiB: 1_024, mapMiB: 0)
      #expect(try rows(connection) == kept)
    }
  }

  /// Until the rollups hold every change: the writer takes the last ones in once nobody has written for a while.
  private func waitUntilCaughtUp() throws {
    let connection = try SQLiteConnection(path: server.database, role: .reader, cacheKiB: 1_024, mapMiB: 0)
    let end = monotonicSeconds() + 60
    while try RollupState(connection).reach != .exact {
      try #require(monotonicSeconds() < end, "the rollups do not catch up: \(server.log)")
      usleep(5_000)
    }
  }

  @Test(
    arguments: [
      ("DELETE FROM event_totals WHERE field = 'mode'", "event_totals (mode)"),
      ("UPDATE event_totals SET goldstein_sum = goldstein_sum + 1 WHERE field = 'status'", "event_totals (status)"),
      ("DELETE FROM event_days WHERE day = (SELECT min(day) FROM event_days)", "event_days"),
      ("DELETE FROM event_totals WHERE field = 'date_approximate'", "event_totals (date_approximate)"),
      ("DELETE FROM event_totals WHERE field = 'importance' AND value = '5'", "event_totals (importance)"),
      ("UPDATE event_totals SET count = count + 1 WHERE field = 'type' AND value = 'visit'", "event_totals (type)"),
      ("UPDATE event_totals SET goldstein_count = 0 WHERE field = 'mode'", "event_totals (mode)"),
      ("INSERT INTO event_totals VALUES ('geo_precision', 'none', 1, 0, 0)", "event_totals (geo_precision)"),
      ("UPDATE event_days SET cooperative = cooperative + 1", "event_days"),
      ("UPDATE event_days SET conflictual = 0", "event_days"),
      ("INSERT INTO event_days VALUES ('2000-02-30', 1, 0, 0, 0, 0)", "event_days"),
      ("DELETE FROM event_months WHERE month = (SELECT max(month) FROM event_months)", "event_months"),
      ("DELETE FROM event_country_months WHERE country = ''", "event_country_months"),
      ("UPDATE event_months SET goldstein_sum = goldstein_sum - 1 WHERE month = (SELECT min(month) FROM event_months)", "event_months"),
      ("DELETE FROM event_dyad_months WHERE month = (SELECT min(month) FROM event_dyad_months)", "event_dyads"),
      ("UPDATE event_dyads SET cooperative = cooperative + 1, conflictual = conflictual - 1", "event_dyads"),
      ("DELETE FROM event_months", "event_months"), ("UPDATE event_country_months SET count = count + 1", "event_country_months"),
      ("DELETE FROM event_dyads", "event_dyads"), ("UPDATE event_dyad_months SET conflictual = conflictual + 1", "event_dyads"),
      ("UPDATE register_state SET value = 'other' WHERE name = 'rollups_fingerprint'", "other columns"),
    ])
  func `rollups that do not add up to the events, or were made of other columns, are made anew at the next start`(
    damage: String, name: String
  ) throws {
    var random = SeededNumbers("damaged")
    try write(20, &random)
    try waitUntilCaughtUp()
    let fingerprint = SQLFragment(raw: "SELECT value FROM register_state WHERE name = 'rollups_fingerprint'")
    var (kept, made): ([String], String?) = ([], nil)
    try server.whileClosed { database in
      let connection = try SQLiteConnection(path: database, role: .writer, cacheKiB: 1_024, mapMiB: 0)
      kept = try rows(connection)
      made = try connection.text(fingerprint)
      #expect(made != nil)
      try connection.run(damage)
    }
    try waitUntilMadeAnew(naming: name)
    for field in ["mode", "status", "type", "importance", "date_approximate"] {
      let groups = try server.get("/v1/events/aggregate?group_by=\(field)").items.count
      #expect(try server.get("/v1/analytics/breakdown?field=\(field)").items.count == groups && groups > 0, "\(field)")
    }
    try expectFiguresOfTheEvents()
    // Once is enough.
    try server.whileClosed { database in
      let connection = try SQLiteConnection(path: database, role: .writer, cacheKiB: 1_024, mapMiB: 0)
      #expect(try rows(connection) == kept)
      #expect(try connection.text(fingerprint) == made)
    }
    #expect(server.log.ranges(of: "rebuilt").count == 1)
  }

  /// The large tables are looked at beside the first answers.
  private func waitUntilMadeAnew(naming name: String) throws {
    let connection = try SQLiteConnection(path: server.database, role: .reader, cacheKiB: 1_024, mapMiB: 0)
    let end = monotonicSeconds() + 30
    while monotonicSeconds() < end {
      if try server.log.contains(name) && RollupState(connection).reach == .exact { return }
      usleep(10_000)
    }
    Issue.record("\(name) is not named: \(server.log)")
  }

  /// All rollups and the events say the same.
  private func expectFiguresOfTheEvents(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let questions = [
      "timeline?bucket=month", "timeline?group_by=type", "timeline?group_by=country", "breakdown?field=type", "dyads?limit=100",
    ]
    for question in questions {
      let canned = try server.get("/v1/analytics/\(question)").items
      #expect(!canned.isEmpty, sourceLocation: sourceLocation)
      #expect(
        try server.get("/v1/analytics/\(question)\(Self.uncanned)").items == canned, "\(question)", sourceLocation: sourceLocation)
    }
  }

  @Test func `figures are right while their sums cannot be stored, and when they can be again`() throws {
    var random = SeededNumbers("storing fails")
    let connection = try SQLiteConnection(path: server.database, role: .writer, cacheKiB: 1_024, mapMiB: 0)
    // What a full disk or a failing one does to the statement, at the same place each time.
    try connection.run("CREATE TRIGGER full BEFORE INSERT ON event_totals BEGIN SELECT RAISE(ABORT, 'no room'); END")
    #expect(try importRows(200, "on_error=continue", first: 0, &random).status == 200)
    try check()
    let end = monotonicSeconds() + 30
    while !server.log.contains("sums for figures cannot be stored") { try #require(monotonicSeconds() < end) }
    _ = try server.event(fields(&random))
    try expectFiguresOfTheEvents()
    try connection.run("DROP TRIGGER full")
    _ = try server.event(fields(&random))
    try waitUntilCaughtUp()
    try expectFiguresOfTheEvents()
    try check()
    // Told once, not at each turn.
    #expect(server.log.ranges(of: "sums for figures cannot be stored").count == 1)
  }

  @Test func `events of very many dyads are each counted once`() throws {
    let codes = try server.get("/v1/stakeholders?limit=64&sort=code&fields=code").items
    try #require(codes.count == 64)
    let parties = JSON.array(codes.map { ["stakeholder": $0["code"]] })
    // 2,016 dyads each, every one in a month of its own.
    let rows = try (0..<140).map { number in
      let month = "\(2000 + number / 12)-\(number % 12 < 9 ? "0" : "")\(number % 12 + 1)-01"
      return try (["title": "T", "type": "summit", "start_date": .string(month), "participants": parties] as JSON).bytes
    }
    let answer = try server.importFile("/events", Array(rows.joined(separator: [0x0A])))
    expectImport(answer, 200, "done", ["read": 140, "created": 140])
    #expect(try server.get("/v1/analytics/timeline?bucket=year&metric=count").items.compactMap { $0["count"].integer }.reduce(0, +) == 140)
    try expectFiguresOfTheEvents()
    try waitUntilCaughtUp()
    try expectFiguresOfTheEvents()
  }

  @Test func `while a long import takes its turns, figures are of the events that are there`() throws {
    var random = SeededNumbers("turns")
    let rows = try (0..<6_000).map { try fields(&random).with(["source": "t", "external_id": .string("\($0)")]).bytes }
    let file = Array(rows.joined(separator: [0x0A]))
    let server = server
    // The one imports while the other compares.
    let turns = concurrently(2) { turn in
      turn == 0 ? [(try? server.importFile("/events?on_error=continue", file).status) == 200] : self.comparisons(until: 6_000)
    }
    let comparisons = turns[1]
    #expect(turns[0] == [true])
    #expect(!comparisons.contains(false))
    #expect(comparisons.count > 1)
    for question in ["timeline?bucket=year", "timeline?group_by=type&country=USA", "dyads?limit=100", "dyads/RUS/PRK?bucket=year"] {
      let canned = try server.get("/v1/analytics/\(question)").items
      #expect(!canned.isEmpty)
      #expect(try server.get("/v1/analytics/\(question)\(question.contains("?") ? Self.uncanned : "?version__gte=1")").items == canned)
    }
  }

  /// Asks the same of rollups and of the events until there are so many.
  private func comparisons(until count: Int) -> [Bool] {
    var same: [Bool] = []
    let end = monotonicSeconds() + 240
    while monotonicSeconds() < end {
      guard let canned = try? server.get("/v1/analytics/timeline?group_by=type"),
        let counted = try? server.get("/v1/analytics/timeline?group_by=type\(Self.uncanned)"), canned.status == 200, counted.status == 200
      else { return [false] }
      // Of one state of the register, or of none that can be compared: a commit may be seen a moment before its number is.
      let isSame = canned.items == counted.items
      if seq(canned) == seq(counted), isSame || isStill(seq(counted)) { same.append(isSame) }
      if counted.items.compactMap({ $0["count"].integer }).reduce(0, +) >= count { return same }
    }
    return same + [false]
  }

  /// Whether the register has that change number a while later.
  private func isStill(_ number: Substring) -> Bool {
    let end = monotonicSeconds() + 0.1
    while monotonicSeconds() < end {}
    return (try? server.get("/v1/events?limit=1")).map { seq($0) } == number
  }

  /// The change number that an entity tag is made of.
  private func seq(_ answer: Answer) -> Substring { answer.etag.prefix { $0 != "-" } }

  /// All rows of the rollups as text.
  private func rows(_ connection: SQLiteConnection) throws -> [String] {
    var rows: [String] = []
    for (table, columns) in [
      ("event_months", 5), ("event_country_months", 6), ("event_dyad_months", 8), ("event_totals", 5), ("event_days", 6),
      ("event_dyads", 7),
    ] {
      try connection.query(SQLFragment(raw: "SELECT * FROM \(table) ORDER BY 1, 2, 3")) { row in
        let cells = (0..<columns).map { row[$0].kind == .text ? row[$0].string : String(row[$0].integer) }
        rows.append("\(table) \(cells)")
        return true
      }
    }
    return rows
  }
}
