import SQL
import SQLite
import TestSupport
import Testing

/// Sums and means of reals, rounded once, where they are shown.
@Suite struct ExactSumTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private func make(_ values: [JSON], _ more: JSON = [:]) throws -> [String] {
    try values.map { value in
      try server.event(
        more.with([
          "start_date": "2024-06-18", "country": "PRK", "goldstein": value,
          "participants": [["stakeholder": "PRK"], ["stakeholder": "RUS"]],
        ])
      ).id
    }
  }

  /// What each figure says of the sum and the mean: of the rollups, and of the events themselves.
  private func figures() throws -> [String: [JSON]] {
    var told: [String: [JSON]] = [:]
    let aggregate = try server.get("/v1/events/aggregate?metric=sum:goldstein,avg:goldstein").items[0]
    told["aggregate"] = [aggregate["sum_goldstein"], aggregate["avg_goldstein"]]
    for (path, isSummed) in [
      ("timeline?metric=sum_goldstein,mean_goldstein", true), ("timeline?bucket=day&metric=sum_goldstein,mean_goldstein", true),
      ("timeline?bucket=year&cumulative=true&metric=sum_goldstein,mean_goldstein", true),
      ("timeline?group_by=country&metric=sum_goldstein,mean_goldstein", true), ("breakdown?field=status", false),
      ("breakdown?field=type", false),
      ("dyads?of=RUS", true), ("dyads/PRK/RUS?bucket=month", true), ("network?stakeholder=RUS", true), ("map?limit=10", true),
    ] {
      for narrowed in ["", "&version__gte=1"] {
        let items = try server.get("/v1/analytics/\(path)\(narrowed)").items
        #expect(items.count == 1, "\(path)\(narrowed)")
        told[path + narrowed] = (isSummed ? [items[0]["sum_goldstein"]] : []) + [items[0]["mean_goldstein"]]
      }
    }
    return told
  }

  /// Both views of sums, as another program reads them.
  private func views() throws -> [JSON] {
    let connection = try SQLiteConnection(path: server.database, role: .reader, cacheKiB: 1_024, mapMiB: 0)
    try connection.run("PRAGMA trusted_schema=ON")
    var told: [JSON] = []
    for view in ["v_dyads", "v_timeline"] {
      try connection.query("SELECT sum_goldstein, mean_goldstein FROM \(raw: view)") { row in
        told += (0..<2).map { row[$0].isNull ? .null : .real(row[$0].real) }
        return true
      }
    }
    return told
  }

  private func expect(_ sum: Double?, _ mean: Double?, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (question, told) in try figures() {
      #expect(told.map(\.number) == (told.count == 2 ? [sum, mean] : [mean]), "\(question)", sourceLocation: sourceLocation)
    }
    #expect(try views().map(\.number) == [sum, mean, sum, mean], sourceLocation: sourceLocation)
  }

  @Test(
    arguments: [
      (Array(repeating: 1.00004, count: 30), 30.0012, 1.0), (Array(repeating: -0.00001, count: 40), -0.0004, -0.0),
      ([0.1, 0.2, 0.3, -0.6], 0, 0), ([9.999999999, 0.000000001], 10, 5), (Array(repeating: 0.00006, count: 7), 0.00042, 0.0001),
    ] as [([Double], Double, Double)])
  func `values with many decimals are added up before anything is rounded`(values: [Double], sum: Double, mean: Double) throws {
    let told = try make(values.map { .real($0) })
    #expect(told.count == values.count)
    for (question, found) in try figures() where question != "aggregate" {
      #expect(found.map(\.number) == (found.count == 2 ? [sum, mean] : [mean]), "\(question)")
    }
    #expect(try views().map(\.number) == [sum, mean, sum, mean])
    #expect(try figures()["aggregate"]?[0].number == sum)
  }

  @Test func `what is taken away leaves the sum of the rest, to its last decimal`() throws {
    let ids = try make(Array(repeating: 2.00006, count: 9) + [nil, 0.25])
    #expect(try server.delete("/v1/events/\(ids[0])").status == 204)
    #expect(try server.patch("/v1/events/\(ids[1])", ["goldstein": -2.5])["version"] == 2)
    #expect(try server.patch("/v1/events/\(ids[2])", ["goldstein": 0])["version"] == 2)
    // 6 × 2.00006 - 2.5 + 0 + 0.25
    for (question, told) in try figures() where question != "aggregate" {
      #expect(told.map(\.number) == (told.count == 2 ? [9.75036, 1.0834] : [1.0834]), "\(question)")
    }
    for id in ids.dropFirst() where id != ids[9] { #expect(try server.delete("/v1/events/\(id)").status == 204) }
    try expect(nil, nil)
  }

  @Test func `any real is added up like that, and a mean is of the exact sum`() throws {
    for tone in [0.0000004, 0.0000005] { _ = try server.event(["tone": .real(tone), "latitude": 0, "longitude": .real(tone)]) }
    let row = try server.get("/v1/events/aggregate?metric=sum:tone,avg:tone,sum:longitude,avg:longitude").items[0]
    // 0.0000009 and 0.00000045: of the rounded sum the mean would be 0.0000005, and so 0.000001.
    for field in ["tone", "longitude"] {
      #expect(row["sum_\(field)"].number == 0.000001 && row["avg_\(field)"].number == 0, "\(row)")
    }
  }

  // MARK: Having

  @Test func `several conditions hold together, and what is null is not equal to anything`() throws {
    _ = try make([1.5, 2.5], ["type": "visit"])
    _ = try make([nil], ["type": "vote"])
    _ = try make([-4, nil], ["type": "threat"])
    for (having, types) in [
      ("sum:goldstein__ne:4", ["threat", "vote"]), ("sum:goldstein__eq:4", ["visit"]), ("avg:goldstein__ne:2", ["threat", "vote"]),
      ("max:end_date__ne:2024-06-18", ["threat", "visit", "vote"]), ("min:start_date__ne:2024-06-18", []),
      ("sum:goldstein__ne:4,count__gte:2", ["threat"]), ("count__gte:2,avg:goldstein__gt:0,max:goldstein__lte:2.5", ["visit"]),
      ("count__gt:0,count__lt:2", ["vote"]), ("sum:goldstein__gte:-4", ["threat", "visit"]), ("sum:goldstein__lt:0", ["threat"]),
    ] as [(String, [String])] {
      let found = try server.get("/v1/events/aggregate?group_by=type&having=\(having)")
      #expect(found.items.compactMap { $0["type"].text }.sorted() == types, "\(having): \(found.text)")
    }
  }

  @Test(
    arguments: [
      ("count__ge:1", "unknown_operator"), ("count__in:1", "unknown_operator"), ("count__null:true", "unknown_operator"),
      ("cont__gte:1", "not_a_word"), ("avg:title__gte:1", "not_a_word"), ("count__gte:0x10", "malformed_value"),
      ("count__gte:inf", "malformed_value"), ("count__gte:nan", "malformed_value"), ("count__gte:1e999", "malformed_value"),
      ("count__gte:", "malformed_value"), ("count_gte:1", "malformed_value"), ("count__gte:1,", "malformed_value"),
      ("max:start_date__gte:2024-13-01", "malformed_value"), ("count__gte:1,count__gte:1", "repeated_value"),
    ] as [(String, String)])
  func `a condition that is none is refused by what is wrong with it`(having: String, code: String) throws {
    let answer = try server.get("/v1/events/aggregate?group_by=type&having=\(having)")
    #expect(answer.status == 400 && answer.codes == [code] && answer.pointers == ["having"], "\(answer.text)")
  }
}
