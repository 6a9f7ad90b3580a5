import Glibc
import TestSupport
import Testing

@Suite struct ConfigurationTests {
  let server: RunningServer

  init() throws { server = try RunningServer() }

  /// Key to value, as `config show --json` prints them; the address is the test's own.
  private func settings(_ file: String? = nil) throws -> [String: String] {
    let shown =
      try file.map { try server.command("config", "show", "--json", "--config", $0) } ?? server.command("config", "show", "--json")
    #expect(shown.code == 0, "\(shown.output)")
    let lines = try shown.output.split(separator: "\n").map { try JSON(Array($0.utf8)) }
    return Dictionary(uniqueKeysWithValues: lines.map { ($0["key"].text ?? "", $0["value"].text ?? "") })
  }

  @Test func `the annotated configuration names every setting, at its default`() throws {
    let file = try #require(contents(of: repositoryRoot() + "/config/chancery.json5").map { String(decoding: $0, as: UTF8.self) })
    let lines = file.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let text = line.drop { $0 == " " }
      return text.hasPrefix("//") && !text.hasPrefix("// ") ? String(text.dropFirst(2)) : String(line)
    }
    let uncommented = try server.folder.write("all.json5", Array(lines.joined(separator: "\n").utf8))
    let defaults = try settings()
    #expect(defaults.count > 30)
    #expect(try settings(uncommented) == defaults)
    let named = lines.filter { $0.contains(":") && !$0.contains("{") && !$0.drop(while: { $0 == " " }).hasPrefix("//") }
    #expect(named.count == defaults.count)
  }

  @Test func `a key, a variable and a flag that do not exist are refused with the nearest`() throws {
    let file = try server.folder.write("bad.json5", Array("{ http: { liten: '127.0.0.1:1' } }".utf8))
    #expect(try server.command("config", "check", "--config", file).code == 2)
    #expect(try server.command("config", "check", "--liste", "127.0.0.1:1").code == 2)
    #expect(try server.command("config", "check", "--synchronous", "sometimes").code == 2)
    #expect(try server.command("config", "check", "--synchronous", "NORMAL").code == 0)
  }

  @Test func `a file that is there and cannot be read is not taken for one that is missing`() throws {
    try #require(unsafe mkdir(server.folder.path + "/config", 0o700) == 0)
    #expect(try server.command("config", "check").code == 0)
    // Root may read every file, but no folder as one.
    try #require(unsafe mkdir(server.folder.path + "/config/chancery.json5", 0o700) == 0)
    #expect(try server.command("config", "check").code == 2)
  }

  @Test func `a value that is refused is told with its key, and what serve refuses check refuses`() throws {
    func refusal(_ text: String) throws -> String {
      let file = try server.folder.write("refused.json5", Array(text.utf8))
      #expect(try server.command("config", "check", "--config", file).code == 2, "\(text)")
      return contents(of: server.folder.path + "/command.log").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    #expect(try refusal("{http: {header_timeout: '10'}}").contains("http.header_timeout: \"10\" is not"))
    #expect(try refusal("[]").contains("expected an object"))
    #expect(try server.command("config", "check", "--listen", "0.0.0.0:8285").code == 2)
  }

  @Test func `a start that fails for its address makes no database`() throws {
    let answer = try server.command("serve", "--listen", "127.0.0.1:\(server.port)", "--database", "\(server.folder.path)/other/c.db")
    #expect(answer.code == 1)
    #expect(contents(of: server.folder.path + "/other/c.db") == nil)
  }

  @Test func `an absolute target says by itself whom it is for`() throws {
    func ask(_ target: String, _ host: String) throws -> Int {
      try RawClient(port: server.port).request("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n").status
    }
    #expect(try ask("http://localhost/v1", "evil.example") == 200)
    #expect(try ask("http://evil.example/v1", "localhost") == 421)
    #expect(try ask("http://localhost@evil.example/v1", "localhost") == 421)
    #expect(try ask("/v1", "evil.example") == 421)
  }

  @Test func `an address that others can reach is refused while there are no keys`() throws {
    #expect(try server.command("serve", "--listen", "0.0.0.0:0", "--database", "other.db").code == 2)
  }
}
