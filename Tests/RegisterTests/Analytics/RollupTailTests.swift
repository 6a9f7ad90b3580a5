import Formats
import HTTP
import Records
import SQL
import Store
import TestSupport
import Testing

/// Rollups that lack changes, with the changes that they lack, against the events themselves.
@Suite struct RollupTailTests {
  private let database: MigratedDatabase

  init() async throws {
    database = try await MigratedDatabase.seeded()
    // As the first start does.
    #expect(try RollupCheck.areNew(database.reader))
    try await database.write { try Rollups.distrust($0.connection) }
    #expect(try !RollupCheck.areNew(database.reader))
  }

  private static let codes = ["RUS", "PRK", "USA", "FRA", "CHN", "JPN"]

  private static func event(_ random: inout SeededNumbers, isComplete: Bool = true) -> Draft {
    let days = ["2023-12-31", "2024-01-01", "2024-01-31", "2024-02-29", "2024-12-30", "1999-05-05"]
    var fields = ["title": "T", "type": ["visit", "talks", "vote"].randomElement(using: &random) ?? ""]
    fields["start_date"] = days.randomElement(using: &random)
    fields["country"] = ["PRK", "USA", "FRA", ""].randomElement(using: &random)
    fields["goldstein"] = ["", "-2.5", "0.1", "7.25"].randomElement(using: &random)
    fields["importance"] = ["", "1", "5"].randomElement(using: &random)
    let parties = codes.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random))
    fields["participants"] = parties.map { "\($0):visitor" }.joined(separator: ";")
    return Draft("events", isComplete ? fields.filter { !$0.value.isEmpty } : fields, isComplete: isComplete)
  }

  /// A few changes in one transaction: creates, updates and deletes, by hand or by an import.
  private func write(_ random: inout SeededNumbers) async throws {
    let seed = "\(Int.random(in: 0...1_000_000_000, using: &random))"
    let cause = [WriteCause.edit, .rows(of: 7), .undo].randomElement(using: &random) ?? .edit
    try await database.write { transaction in
      var random = SeededNumbers(seed)
      let write = Write(transaction, as: cause)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        var ids: [Int64] = []
        try transaction.connection.query("SELECT id FROM events ORDER BY id" as SQLFragment) { row in
          ids.append(row[0].integer)
          return true
        }
        guard let id = ids.randomElement(using: &random), Int.random(in: 0..<3, using: &random) > 0 else {
          try write.create(Self.event(&random))
          continue
        }
        let current = try write.load(Events.resource, id).required("the event")
        if Int.random(in: 0..<4, using: &random) == 0 {
          try write.delete(current)
        } else {
          try write.update(current, with: Self.event(&random, isComplete: false), .merge)
        }
      }
    }
  }

  /// The answers of all figures, for rollups said to be in one state.
  private func answers(_ reach: RollupState.Reach, hasDyadTotals: Bool) throws -> [String] {
    let reader = try database.reader
    let state = RollupState(reach: reach, hasDyadTotals: hasDyadTotals)
    let parser = ListParser(names: StoredNames(reader))
    func question(_ query: String) throws -> EventQuestion {
      let list = try query.withByteView { try parser.parse($0, Events.resource, relations: [], cursors: CursorSeal(key: "k")) }
      let names = query.split(separator: "&").map { String($0.prefix { $0 != "=" }) }
      return EventQuestion(list: list, filters: Set(names), rollups: state)
    }
    var answers: [String] = []
    func ask(_ name: String, _ figures: Figures) throws {
      let buffer = ByteBuffer()
      _ = try figures.write(FigurePage(limit: 10_000), .json, over: reader, to: buffer) { "" }
      answers.append("\(name): \(buffer.string)")
    }
    let all = Grouping.all(of: Events.resource)
    func groups(_ names: String...) -> [Grouping] { names.compactMap { name in all.first { $0.column.name == name } } }
    let form = Series.Form(isFilled: false, isCumulative: false)
    let metrics = TimelineFigures.Metric.allCases
    let filters = [
      "", "country=USA", "type=visit&country__in=FRA,USA", "start_date__gte=2024-01-01&start_date__lt=2024-12-01",
      "from=2024-01-15&to=2024-12-30",
      "start_date__gte=2023-12-31&start_date__lte=2024-02-29&type=talks",
    ]
    for filter in filters {
      for bucket in [Bucket.day, .week, .month, .quarter, .year] {
        for group in [[], groups("type"), groups("country", "type"), groups("country")] {
          try ask("\(filter) \(bucket) \(group.count)", TimelineFigures.rows(of: try question(filter), by: bucket, group, metrics, form))
        }
      }
      try ask("map \(filter)", MapFigures.byCountry(try question(filter)))
    }
    for field in ["type", "country", "status", "quad_class", "importance", "date_approximate", "mode"] {
      try ask(field, BreakdownFigures.rows(of: try question(""), by: groups(field), top: nil, showsOther: false))
    }
    for (column, isDescending) in [(0, true), (0, false), (1, true), (3, false), (5, true)] {
      let dyads = DyadRows(try question(""))
      try ask("dyads \(column)", DyadFigures.strongest(dyads, sortedBy: column, isDescending: isDescending))
      try ask("of PRK \(column)", DyadFigures.strongest(dyads.of("PRK"), sortedBy: column, isDescending: isDescending))
    }
    for bucket in [Bucket.month, .year] {
      try ask("RUS PRK \(bucket)", DyadFigures.rows(of: ["RUS", "PRK"], try question(""), by: bucket, form))
    }
    for (centre, nodes) in [("PRK", 3), (nil, 4), (nil, 50)] as [(String?, Int)] {
      let buffer = ByteBuffer()
      let network = NetworkFigures(DyadRows(try question("")), centre: centre, depth: 2, maxNodes: nodes)
      _ = try network.write(FigurePage(limit: 1_000), .json, over: reader, to: buffer) { "" }
      answers.append("network \(centre ?? "") \(nodes): \(buffer.string)")
    }
    let today = try #require(CalendarDate(iso: "2024-02-10"))
    try ask("summary", SummaryFigures.rows(of: 60, upTo: today, rollups: state))
    return answers
  }

  private func number(_ name: String) throws -> Int64 {
    try database.reader.integer("SELECT value FROM register_state WHERE name = \(name)") ?? -1
  }

  @Test(arguments: 0..<3)
  func `figures are exact at any change number that the rollups have reached`(seed: Int) async throws {
    var random = SeededNumbers("tail \(seed)")
    var compared = 0
    for _ in 0..<8 {
      for _ in 0..<Int.random(in: 1...3, using: &random) { try await write(&random) }
      let (from, last) = (try number("rollups_seq"), try number("seq"))
      // On to some number between, perhaps the last, in the middle of a transaction's changes.
      let to = Int64.random(in: from...last, using: &random)
      try await database.write { try Rollups.advance(from: from, to: to, $0.connection) }
      let isExact = to == last
      #expect(try RollupState(database.reader).reach == (isExact ? .exact : .lagging))
      let counted = try answers(.useless, hasDyadTotals: false)
      for hasTotals in [true, false] {
        let stored = try answers(isExact ? .exact : .lagging, hasDyadTotals: hasTotals)
        for (one, other) in zip(stored, counted) { #expect(one == other, "\(from) to \(to) of \(last)") }
        compared += stored.count
      }
      if isExact { #expect(try RollupCheck.faults(database.reader) + RollupCheck.faultsOfLarge(database.reader) == []) }
    }
    #expect(compared > 2_000)
    try await database.catchUp()
    #expect(try RollupState(database.reader).reach == .exact)
  }

  @Test func `what lags too far is not read`() async throws {
    try await database.write { _ = try Write($0).create(Self.event()) }
    try database.change("UPDATE register_state SET value = value + 200000 WHERE name = 'seq'")
    #expect(try RollupState(database.reader).reach == .useless)
    try database.change("DELETE FROM register_state WHERE name = 'rollups_seq'")
    #expect(try RollupState(database.reader).reach == .useless)
  }

  private static func event() -> Draft {
    var random = SeededNumbers("one")
    return event(&random)
  }

  @Test func `a slice takes a part of what is left, and gathers before it takes any while others write`() async throws {
    let rollups = Rollups(log: Log(nil))
    try await database.write { transaction in
      var random = SeededNumbers("slices")
      let write = Write(transaction)
      for _ in 0..<1_500 { try write.create(Self.event(&random)) }
    }
    let seq = try number("seq")
    #expect(rollups.isDue(at: seq, isQuiet: false) && rollups.isDue(at: seq, isQuiet: true))
    let first = try await database.write { try rollups.follow($0.connection, upTo: seq, isQuiet: false, atMost: 1_000) }
    #expect(first > 0 && first < seq)
    #expect(try number("rollups_seq") == seq - first)
    try await database.catchUp()
    let later = Rollups(log: Log(nil))
    // A new program does not know how far the last one came before it has asked.
    #expect(try await database.write { try later.follow($0.connection, upTo: seq, isQuiet: true, atMost: 1_000) } == 0)
    #expect(
      !later.isDue(at: seq, isQuiet: true) && !later.isDue(at: seq + 999, isQuiet: false) && later.isDue(at: seq + 1_000, isQuiet: false))
  }

  @Test func `what figures have read is taken in by the next write, however little`() async throws {
    let rollups = Rollups(log: Log(nil))
    try await database.catchUp()
    let seq = try number("seq")
    #expect(try await database.write { try rollups.follow($0.connection, upTo: seq, isQuiet: true, atMost: 1_000) } == 0)
    try await database.write { _ = try Write($0).create(Self.event()) }
    #expect(!rollups.isDue(at: seq + 1, isQuiet: false))
    rollups.noteAsked()
    #expect(rollups.isDue(at: seq + 1, isQuiet: false))
    #expect(try await database.write { try rollups.follow($0.connection, upTo: seq + 1, isQuiet: false, atMost: 1_000) } == 0)
    #expect(try RollupState(database.reader).reach == .exact)
    // Once: nobody has asked since.
    #expect(!rollups.isDue(at: seq + 2, isQuiet: false))
  }

  @Test func `rollups that are distrusted are empty and start again, and answer meanwhile`() async throws {
    var random = SeededNumbers("distrust")
    for _ in 0..<10 { try await write(&random) }
    try await database.catchUp()
    try database.change("UPDATE event_days SET count = count + 1")
    #expect(try RollupCheck.faults(database.reader) == ["event_days"])
    try await database.write { try Rollups.distrust($0.connection) }
    #expect(try database.reader.integer("SELECT count(*) FROM event_days" as SQLFragment) == 0)
    #expect(try number("rollups_seq") == 0)
    #expect(try answers(.lagging, hasDyadTotals: true) == answers(.useless, hasDyadTotals: false))
    try await database.catchUp()
    #expect(try answers(.exact, hasDyadTotals: true) == answers(.useless, hasDyadTotals: false))
    #expect(try RollupCheck.faults(database.reader).isEmpty)
  }
}
