import HTTP
import Records
import SQL
import Store
import Testing

/// Typed conditions of paths, operators and words, with a table of names in the place of a register.
@Suite struct ConditionReaderTests {
  /// Who and what there is.
  private struct KnownNames: RecordNames {
    func record(_ mention: String, in resources: [String]) -> (resource: Resource, id: Int64)? {
      mention == "gdelt/77" && resources.contains("events") ? (Catalogue.shared.required("events"), 77) : nil
    }

    func handle(_ mention: String, of column: Column) -> String? {
      let known = column.targets == ["stakeholders"] ? ["RUS", "PRK", "FRA"] : ["mediation", "transparency"]
      return known.contains(mention) ? mention : nil
    }

    func handles(of resource: Resource, atMost limit: Int) -> [String] { Array(["mediation", "transparency"].prefix(limit)) }

    func handle(resembling mention: String, of resource: Resource) -> String? { ["prk", "North Korea"].contains(mention) ? "PRK" : nil }
  }

  private let faults = QueryFaults()

  private func reader(_ limits: QueryLimits = .init()) -> ConditionReader {
    let reader = ConditionReader(names: KnownNames(), limits: limits, isSearchOn: true, faults: faults)
    reader.begin()
    return reader
  }

  /// What a condition means: `path operator values`, with `>` behind a step forward and `<` behind one back.
  private func meaning(
    _ path: String, _ op: Operator, _ words: [String], of resource: String = "events", column: Int? = nil, by reader: ConditionReader? = nil
  ) throws -> String? {
    let place = QueryPlace(path, column: column)
    let words = words.map { ConditionReader.Word(text: $0, place: place) }
    return try (reader ?? self.reader()).read(path, op, words, of: Catalogue.shared.required(resource), at: place).map(shown)
  }

  private func shown(_ filter: Filter) -> String {
    switch filter {
    case .all(let parts): "(\(parts.map(shown).joined(separator: " AND ")))"
    case .any(let parts): "(\(parts.map(shown).joined(separator: " OR ")))"
    case .not(let inner): "NOT \(shown(inner))"
    case .participation(let codes): "participant \(codes.joined(separator: "|"))"
    case .acting(let actors): "acting \(actors.map { "\($0.code):\($0.role ?? "")" }.joined(separator: "|"))"
    case .condition(let condition): shown(condition)
    case .box: "box"
    }
  }

  private func shown(_ condition: Filter.Condition) -> String {
    let hop =
      switch condition.hop {
      case .forward(let column, _)?: "\(column.name)>"
      case .backward(let relation)?: "\(relation.name)<"
      case nil: ""
      }
    let part = condition.part.map { ".\($0.name)" } ?? ""
    let values = (0..<condition.values.count).map { place in
      let value = condition.values[place]
      return switch value.kind {
      case .integer: "\(value.integer)"
      case .real: "\(value.real)"
      default: value.string
      }
    }
    return "\(hop)\(condition.column.name)\(part) \(condition.op.rawValue) \(values.joined(separator: "|"))"
  }

  // MARK: Values

  @Test(
    arguments: [
      ("importance", .eq, "3", "importance eq 3"), ("goldstein", .gt, "-1.50", "goldstein gt -1.5"),
      ("type", .eq, "visit", "type eq visit"),
      ("date_approximate", .eq, "true", "date_approximate eq 1"), ("title", .eq, "A visit", "title eq A visit"),
      ("title", .contains, "KIM É", "title contains kim e"), ("title", .prefix, "Zoe\u{308}", "title prefix Zo\u{EB}"),
      ("city", .null, "true", "city null 1"), ("city", .null, "false", "city null 0"), ("tags", .has, "a", "tags has a"),
      ("created_at", .gte, "2024-06-18T12:00:00Z", "created_at gte 1718712000000"), ("latitude", .lte, "39", "latitude lte 39.0"),
      ("parent_id", .eq, "evt_0000000000000", "parent_id eq 0"), ("parent_id", .eq, "gdelt/77", "parent_id eq 77"),
      ("id", .eq, "gdelt/77", "id eq 77"),
    ] as [(String, Operator, String, String)])
  func `a value has the type of its field`(path: String, op: Operator, value: String, expected: String) throws {
    #expect(try meaning(path, op, [value]) == expected)
    #expect(faults.isEmpty)
  }

  @Test func `several values of an equality are one of them, or none`() throws {
    #expect(try meaning("importance", .eq, ["1", "2"]) == "importance in 1|2")
    #expect(try meaning("importance", .ne, ["1", "2"]) == "importance nin 1|2")
    #expect(try meaning("importance", .nin, ["1"]) == "importance nin 1")
  }

  @Test func `what lies in a part of a region lies in the region`() throws {
    let europe = try #require(try meaning("region", .eq, ["150"]))
    #expect(europe.hasPrefix("region in 150|") && europe.split(separator: "|").contains("155"))
  }

  @Test(
    arguments: [
      (.gte, ["2024-06"], "2024-06-01"), (.gt, ["2024-06"], "2024-06-30"), (.lt, ["2024-06"], "2024-06-01"),
      (.lte, ["2024-06"], "2024-06-30"),
      (.lte, ["2024"], "2024-12-31"), (.between, ["2024-01", "2024-02"], "2024-01-01|2024-02-29"), (.eq, ["2024-06-18"], "2024-06-18"),
    ] as [(Operator, [String], String)])
  func `a month or a year says its first day or its last, as the comparison needs`(op: Operator, words: [String], days: String) throws {
    #expect(try meaning("start_date", op, words) == "start_date \(op.rawValue) \(days)")
  }

  @Test func `only what is asked of the very moment depends on it`() throws {
    let reader = reader()
    _ = try meaning("start_date", .gte, ["now-90d"], by: reader)
    #expect(!reader.isMomentary)
    _ = try meaning("created_at", .gte, ["now-1h"], by: reader)
    #expect(reader.isMomentary && faults.isEmpty)
    reader.begin()
    #expect(!reader.isMomentary)
  }

  // MARK: Paths

  @Test(
    arguments: [
      ("participants.role", "host", "events", "participants.role eq host"),
      ("outcomes.status", "open", "events", "outcomes<status eq open"),
      ("event.country", "PRK", "outcomes", "event>country eq PRK"), ("parent_id.type", "visit", "events", "parent_id>type eq visit"),
    ] as [(String, String, String, String)])
  func `a path is a field, a part of it, or one step to another record`(path: String, value: String, resource: String, expected: String)
    throws
  {
    #expect(try meaning(path, .eq, [value], of: resource) == expected)
    #expect(faults.isEmpty)
  }

  @Test func `a relation is there or is not`() throws {
    #expect(try meaning("outcomes", .null, ["true"]) == "NOT outcomes<id null 0")
    #expect(try meaning("outcomes", .null, ["false"]) == "outcomes<id null 0")
    #expect(try meaning("outcomes", .eq, ["x"]) == nil)
    #expect(faults.all.map(\.code) == ["no_field"] && faults.all[0].allowed.contains("outcomes.status"))
  }

  @Test func `a participant is any of several, none, or in a role`() throws {
    #expect(try meaning("participant", .eq, ["RUS", "PRK"]) == "participant RUS|PRK")
    #expect(try meaning("participant", .ne, ["RUS"]) == "NOT participant RUS")
    #expect(try meaning("participant", .eq, ["FRA:host", "RUS"]) == "(participant FRA|RUS AND acting FRA:host|RUS:)")
    #expect(try meaning("participant", .nin, ["FRA:host"]) == "NOT acting FRA:host")
    #expect(faults.isEmpty)
  }

  // MARK: What is refused

  @Test(
    arguments: [
      ("typ", .eq, ["visit"], "unknown_parameter"), ("outcomes.statu", .eq, ["open"], "unknown_parameter"),
      ("participants.rol", .eq, ["host"], "unknown_parameter"), ("title.x", .eq, ["a"], "unknown_parameter"),
      ("type", .eq, ["vissit"], "not_a_word"), ("importance", .eq, ["x"], "malformed_value"), ("importance", .eq, ["9"], "out_of_range"),
      ("date_approximate", .eq, ["yes"], "malformed_value"), ("city", .null, ["maybe"], "malformed_value"),
      ("date_approximate", .gt, ["true"], "operator_not_allowed"), ("participants", .eq, ["x"], "operator_not_allowed"),
      ("participant", .gt, ["RUS"], "operator_not_allowed"), ("participant", .eq, ["XXX"], "unknown_stakeholder"),
      ("participant", .eq, ["RUS:hosst"], "not_a_word"), ("parent_id", .eq, ["gdelt/78"], "unknown_reference"),
      ("start_date", .eq, ["2024-06"], "imprecise_date"), ("start_date", .between, ["2024-06-18"], "malformed_value"),
      ("start_date", .between, ["2024-06-18", "2024-06-17"], "reversed_range"), ("goldstein", .between, ["2", "-2"], "reversed_range"),
      ("importance", .gt, ["1", "2"], "malformed_value"),
    ] as [(String, Operator, [String], String)])
  func `what cannot be meant is told with its code, and is no condition`(path: String, op: Operator, words: [String], code: String) throws {
    #expect(try meaning(path, op, words) == nil)
    #expect(faults.all.map(\.code) == [code], "\(faults.all)")
    #expect(faults.all.first?.location == .parameter(path))
  }

  @Test func `in an expression a fault has its column, and an unknown name is a field`() throws {
    #expect(try meaning("typ", .eq, ["visit"], column: 7) == nil)
    let fault = try #require(faults.all.first)
    #expect(fault.code == "unknown_field" && fault.location == .expression(parameter: "typ", column: 7))
    #expect(fault.detail.hasPrefix("column 7: ") && fault.detail.contains("did you mean \"type\"?"))
  }

  @Test(
    arguments: [
      ("participant", "prk", "did you mean PRK?"), ("participant", "North Korea", "did you mean PRK?"),
      ("participant", "nobody", "a code such as PRK"),
      ("type", "vissit", "did you mean \"visit\"?"), ("titel", "x", "did you mean \"title\"?"),
    ] as [(String, String, String)])
  func `a refusal says what may have been meant`(path: String, value: String, hint: String) throws {
    _ = try meaning(path, .eq, [value])
    #expect(try #require(faults.all.first).detail.contains(hint))
  }

  @Test func `a strategy that is none is refused with the nearest, or with all`() throws {
    #expect(try meaning("strategy", .eq, ["mediation"], of: "recommendations") == "strategy eq mediation")
    _ = try meaning("strategy", .eq, ["mediatoin"], of: "recommendations")
    #expect(try #require(faults.all.last).detail.contains("did you mean \"mediation\"?"))
    _ = try meaning("strategy", .eq, ["zzzzzzzzzz"], of: "recommendations")
    #expect(faults.all.last?.allowed == ["mediation", "transparency"])
  }

  @Test func `faults of all conditions are told together`() throws {
    let reader = reader()
    for (path, words) in [("typ", ["a"]), ("type", ["vissit", "sumit"]), ("importance", ["3"]), ("importance", ["x"])] {
      _ = try meaning(path, .eq, words, by: reader)
    }
    #expect(faults.all.map(\.code) == ["unknown_parameter", "not_a_word", "not_a_word", "malformed_value"])
  }

  @Test func `a question has as many conditions and values as its limits say, and begins anew with each`() throws {
    var limits = QueryLimits()
    (limits.conditions, limits.values) = (2, 3)
    let reader = reader(limits)
    #expect(try meaning("importance", .eq, ["1", "2"], by: reader) != nil)
    #expect(try meaning("importance", .eq, ["3"], by: reader) != nil)
    #expect(try meaning("importance", .eq, [], by: reader) == nil)
    reader.begin()
    #expect(try meaning("importance", .eq, ["1", "2", "3", "4"], by: reader) == nil)
    #expect(faults.all.map(\.code) == ["too_many", "too_many"])
  }
}
