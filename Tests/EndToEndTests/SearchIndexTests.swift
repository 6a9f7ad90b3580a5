import SQL
import SQLite
import TestSupport
import Testing

/// The file of the full-text index, through the ends of the program.
@Suite struct SearchIndexTests {
  @Test func `the index goes on after kill -9, and is made anew when it is missing, damaged or of another register`() throws {
    let server = try RunningServer()
    let rows = (0..<500).map { eventLine($0, title: "Row \($0)") }
    expectImport(try server.importFile("/events", rows.joined(separator: "\n")), 200, "done", ["read": 500, "created": 500])
    func check(_ word: String) throws {
      #expect(try server.get("/v1/events?q=row&count=exact&limit=1")["count"].integer == 500)
      _ = try server.event(["title": .string(word)])
      #expect(try server.get("/v1/events?q=\(word)").items.map { $0["title"] } == [.string(word)])
    }
    try check("before")
    try server.kill()
    try server.start()
    try check("killed")
    let files = ["register.db-search", "register.db-search-wal", "register.db-search-shm"]
    #expect(try server.terminate() == 0)
    for name in files { server.folder.remove(name) }
    try server.start()
    try check("missing")
    #expect(try server.terminate() == 0)
    for name in files.dropFirst() { server.folder.remove(name) }
    try server.folder.write(files[0], Array("This is no database at all, but a page of somebody's diary.\n".utf8))
    try server.start()
    try check("diary")
    #expect(try server.terminate() == 0)
    let index = try SQLiteConnection(path: server.database + "-search", role: .writer, cacheKiB: 1_024, mapMiB: 0)
    try index.run("UPDATE state SET value = 'another' WHERE name = 'fingerprint'")
    try server.start()
    try check("another")
    #expect(try server.terminate() == 0)
  }
}
