import TestSupport
import Testing

/// Commands of the program against a running server.
@Suite struct CommandTests {
  let server: RunningServer

  init() throws { server = try RunningServer() }

  private static let good = eventLines(1...3)
  /// Two rows of five lines can be taken.
  private static let faulty = [
    eventLine(4), "{}", eventLine(5), "", eventLine(6).replacing("2024-06-18", with: "18/06/2024"),
  ].joined(separator: "\n")

  @Test func `chancery import exits with 0, or with 3 when rows were refused`() throws {
    let good = try server.folder.write("good.ndjson", Array(Self.good.utf8))
    let bad = try server.folder.write("bad.ndjson", Array(Self.faulty.utf8))
    let packed = try server.folder.write("packed.ndjson.gz", gzipped(Array(Self.good.utf8)))
    let first = try server.command("import", good, "--resource", "events")
    #expect(first.code == 0)
    #expect(first.output.contains("3 created"))
    let json = try server.command("import", packed, "--resource", "events", "--json")
    #expect(json.code == 0)
    #expect(try JSON(Array(json.output.utf8))["counts"]["unchanged"] == 3)
    let refused = try server.command("import", bad, "--resource", "events", "--on-error", "continue")
    #expect(refused.code == 3)
    #expect(refused.output.contains("line 5") && refused.output.contains("start_date"))
    #expect(try server.command("import", good, bad, "--resource", "events", "--dry-run").code == 3)
    #expect(try server.command("import").code == 2)
    #expect(try server.command("import", "nothing.ndjson").code == 2)
    #expect(try server.command("import", good, "--resorce", "events").code == 2)
    try server.kill()
    #expect(try server.command("import", good, "--resource", "events").code == 1)
  }

  @Test func `chancery demo loads the demo register once`() throws {
    #expect(try server.command("demo").code == 0)
    let seq = try server.get("/v1/events?limit=1000").items
    #expect(!seq.isEmpty)
    let again = try server.command("demo")
    #expect(again.code == 0)
    #expect(again.output.contains("0 created") && again.output.contains("0 updated"))
    #expect(try server.get("/v1/events?limit=1000").items == seq)
  }

  @Test func `chancery openapi prints the document as it is served`() throws {
    let printed = try server.command("openapi")
    #expect(printed.code == 0)
    #expect(printed.output == (try server.get("/openapi.json").text) + "\n")
  }
}
