import SQL
import SQLite
import TestSupport
import Testing

/// What is overdue: past its day, not done, and wanted by both sides.
@Suite struct OverdueTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private func words(_ vocabulary: String) throws -> [String] {
    try server.get("/v1/vocabularies/\(vocabulary)").items.compactMap { $0["value"].text }
  }

  private func references(_ query: String) throws -> Set<String> {
    Set(try server.walk("/v1/recommendations?\(query)").compactMap { $0["reference"].text })
  }

  private func number(_ sql: SQLFragment) throws -> Int64? {
    let connection = try SQLiteConnection(path: server.database, role: .reader, cacheKiB: 1_024, mapMiB: 0)
    try connection.run("PRAGMA trusted_schema=ON")
    return try connection.integer(sql)
  }

  @Test func `of every position and implementation, wherever it is asked`() throws {
    let (positions, states) = (try words("position"), try words("implementation"))
    try #require(positions.count > 3 && states.count > 3)
    var expected: Set<String> = []
    for (day, isPast) in [("2020-01-01", true), ("2999-01-01", false), (nil, false)] as [(String?, Bool)] {
      for position in positions {
        for state in states {
          let reference = "\(position)-\(state)-\(day ?? "never")".replacing("_", with: "-")
          let made = try server.make(
            "recommendations",
            [
              "reference": .string(reference), "title": "R", "strategy": "transparency", "position": .string(position),
              "implementation": .string(state), "due_on": day.map { .string($0) } ?? .null,
            ])
          let isOpen = !["implemented", "cancelled", "closed_unmet"].contains(state) && !["rejected", "withdrawn"].contains(position)
          #expect(made["overdue"] == .bool(isPast && isOpen), "\(reference)")
          #expect(made.etag.contains("overdue") == (isPast && isOpen), "\(reference)")
          if isPast && isOpen { expected.insert(reference) }
        }
      }
    }
    let all = positions.count * states.count * 3
    for query in [
      "overdue=true", "overdue__ne=false", "overdue__in=true", "filter=overdue=true", "filter=\(escaped("NOT overdue = false"))",
      "overdue=true&as_of=2999-12-30T00:00:00Z&due_on__lt=2021-01-01",
    ] { #expect(try references("\(query)&limit=100") == expected, "\(query)") }
    #expect(try references("overdue=false&limit=100").count == all - expected.count)
    #expect(try server.get("/v1/strategies?recommendations.overdue=true").items.map { $0["code"] } == ["transparency"])
    let groups = try server.get("/v1/recommendations/aggregate?group_by=overdue").items
    #expect(
      Set(groups) == [
        ["overdue": true, "count": .integer(Int64(expected.count))], ["overdue": false, "count": .integer(Int64(all - expected.count))],
      ])
    let inGroups = try server.get("/v1/recommendations/aggregate?group_by=position&overdue=true").items
    #expect(Set(inGroups.compactMap { $0["position"].text }) == Set(positions).subtracting(["rejected", "withdrawn"]))
    let summary = try server.get("/v1/analytics/summary").items.first { $0["figure"] == "overdue_recommendations" }
    #expect(summary?["count"].integer == expected.count)
    #expect(try number("SELECT sum(overdue) FROM v_recommendations") == Int64(expected.count))
    #expect(try number("SELECT count(*) FROM v_recommendations WHERE overdue AND position IN ('rejected', 'withdrawn')") == 0)
  }

  @Test func `a recommendation that is withdrawn or taken up again changes with its position`() throws {
    let path = "/v1/recommendations/R-1"
    _ = try server.make(
      "recommendations", ["reference": "R-1", "title": "R", "strategy": "transparency", "due_on": "2020-01-01"])
    for position in ["withdrawn", "supported", "rejected", "noted"] {
      let isOverdue = ["supported", "noted"].contains(position)
      #expect(try server.patch(path, ["position": .string(position)])["overdue"] == .bool(isOverdue), "\(position)")
      #expect(try server.get(path)["overdue"] == .bool(isOverdue), "\(position)")
      #expect(try references("overdue=true") == (isOverdue ? ["R-1"] : []), "\(position)")
      #expect(try number("SELECT sum(overdue) FROM v_recommendations") == (isOverdue ? 1 : 0), "\(position)")
      let csv = table(try server.get("/v1/recommendations.csv?fields=overdue").text)
      #expect(csv == [["overdue"], ["\(isOverdue)"]], "\(position)")
    }
  }
}
