import Formats
import SQL
import SQLite
import TestSupport
import Testing

/// What an import does for speed must not be seen: indexes that are left out until its end, participants that are stored together.
@Suite struct ImportBulkTests {
  private func line(_ number: Int, day: String = "2024-03-01", _ participants: String...) -> String {
    let parties = participants.map { "{\"stakeholder\":\"\($0)\",\"role\":\"participant\"}" }.joined(separator: ",")
    return """
      {"source":"t","external_id":"\(number)","title":"Event \(number)","type":"talks","start_date":"\(day)","country":"FRA",\
      "participants":[\(parties)]}
      """
  }

  private func names(_ server: RunningServer, _ query: String) throws -> [String] {
    try server.walk("/v1/events?\(query)&limit=1000").compactMap { $0["external_id"].text }.sorted()
  }

  @Test(arguments: ["abort", "continue"])
  func `a row that says something else of an event made in the same file is what is found`(onError: String) throws {
    let server = try RunningServer()
    let file = [line(1, "RUS", "PRK"), line(2, "RUS", "CHN"), line(1, "FRA", "PRK"), line(2, day: "2025-07-01", "RUS", "CHN")]
    let answer = try server.importFile("/events?on_error=\(onError)", file.joined(separator: "\n"))
    expectImport(answer, 200, "done", ["read": 4, "created": 2, "updated": 2])
    #expect(try names(server, "participant=RUS") == ["2"])
    #expect(try names(server, "participant=FRA") == ["1"])
    #expect(try names(server, "dyad=FRA,PRK") == ["1"])
    #expect(try names(server, "dyad=RUS,PRK").isEmpty)
    #expect(try names(server, "participant=CHN&start_date__gte=2025-01-01") == ["2"])
    #expect(try names(server, "participant=CHN&sort=-start_date") == ["2"])
    #expect(try server.terminate() == 0)
    #expect(try participations(server) == ["CHN 2025-07-01", "FRA 2024-03-01", "PRK 2024-03-01", "RUS 2025-07-01"])
  }

  private func participations(_ server: RunningServer) throws -> [String] {
    try rows(server, "SELECT stakeholder || ' ' || start_date FROM event_participants ORDER BY 1")
  }

  private func rows(_ server: RunningServer, _ sql: String) throws -> [String] {
    let connection = try SQLiteConnection(path: server.database, role: .reader, cacheKiB: 1_024, mapMiB: 0)
    var rows: [String] = []
    try connection.query(SQLFragment(raw: sql)) { row in
      rows.append(row[0].string)
      return true
    }
    return rows
  }

  private static let indexes = "SELECT name || sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
  private static let deferred = "SELECT name FROM deferred_indexes"

  @Test(arguments: ["abort", "continue"])
  func `indexes that a large first import leaves out are there at its end, and hold what they must`(onError: String) throws {
    let server = try RunningServer("--import-bulk-bytes", "0")
    let before = try rows(server, Self.indexes)
    let file = (1...2_000).map { line($0, $0 % 2 == 0 ? "RUS" : "CHN", "PRK") } + ["{"]
    let answer = try server.importFile("/events?on_error=\(onError)", file.joined(separator: "\n"))
    let isIn = onError == "continue"
    let counts = isIn ? ["read": 2_001, "created": 2_000, "rejected": 1] : ["read": 2_001, "skipped": 2_000, "rejected": 1]
    expectImport(answer, isIn ? 200 : 422, isIn ? "done" : "refused", counts)
    #expect(try rows(server, Self.indexes) == before)
    #expect(try rows(server, Self.deferred).isEmpty)
    let good = try server.importFile("/events?on_error=\(onError)", file.dropLast().joined(separator: "\n"))
    expectImport(good, 200, "done", ["read": 2_000, isIn ? "unchanged" : "created": 2_000])
    #expect(try names(server, "country=FRA&type=talks&sort=-start_date").count == 2_000)
    #expect(try rows(server, Self.indexes) == before)
    #expect(try rows(server, "PRAGMA integrity_check") == ["ok"])
  }

  @Test func `indexes that kill -9 kept from being made are made at the next start`() throws {
    let server = try RunningServer("--import-bulk-bytes", "0")
    let before = try rows(server, Self.indexes)
    let file = Array((1...40_000).map { line($0, "RUS", "PRK") }.joined(separator: "\n").utf8)
    _ = try server.importFile("/events?on_error=continue", file, ["Prefer": "respond-async"])
    let end = monotonicSeconds() + 60
    while try rows(server, Self.deferred).isEmpty, monotonicSeconds() < end {}
    try server.kill()
    #expect(try !rows(server, Self.deferred).isEmpty)
    #expect(try rows(server, Self.indexes).count < before.count)
    try server.start()
    let later = monotonicSeconds() + 60
    while try !rows(server, Self.deferred).isEmpty, monotonicSeconds() < later {}
    #expect(try rows(server, Self.indexes) == before)
    #expect(try server.get("/v1/imports").items.first?["state"] == "interrupted")
  }

  @Test func `an index that cannot be made is told of and tried again, while the register serves`() throws {
    let server = try RunningServer()
    #expect(try server.terminate() == 0)
    let connection = try SQLiteConnection(path: server.database, role: .writer, cacheKiB: 1_024, mapMiB: 0)
    try connection.run("INSERT INTO deferred_indexes VALUES ('events_later', 'CREATE INDEX events_later ON nothing (nowhere)')")
    try server.start()
    let end = monotonicSeconds() + 30
    while !server.log.contains("cannot be built now"), monotonicSeconds() < end {}
    #expect(server.log.contains("cannot be built now"))
    for onError in ["abort", "continue"] {
      expectImport(
        try server.importFile("/events?on_error=\(onError)", line(onError == "abort" ? 1 : 2, "RUS", "PRK")), 200, "done",
        ["read": 1, "created": 1])
    }
    #expect(try server.event(["title": "By hand"]).status == 201)
    #expect(try rows(server, Self.deferred) == ["events_later"])
    try connection.run("UPDATE deferred_indexes SET sql = 'CREATE INDEX events_later ON events (city)'")
    expectImport(try server.importFile("/events?on_error=continue", line(3, "RUS")), 200, "done", ["read": 1, "created": 1])
    #expect(try rows(server, Self.deferred).isEmpty)
    #expect(try rows(server, Self.indexes).contains { $0.hasPrefix("events_later") })
  }
}
