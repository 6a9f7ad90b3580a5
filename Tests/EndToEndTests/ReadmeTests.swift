import TestSupport
import Testing

/// What the README shows is run as it stands, against a server with the demo register.
@Suite struct ReadmeTests {
  @Test func `every curl line of the README runs as printed and is answered with 2xx`() throws {
    let readme = try #require(contents(of: repositoryRoot() + "/README.md").map { String(decoding: $0, as: UTF8.self) })
    let lines = commands(readme)
    #expect(lines.count >= 10)
    let server = try RunningServer("--demo")
    // The lines say the port that the program has by default; curl is led to the one of this server.
    let settings = """
      fail
      silent
      show-error
      max-time = 30
      connect-to = "localhost:8080:127.0.0.1:\(server.port)"
      connect-to = "127.0.0.1:8080:127.0.0.1:\(server.port)"
      write-out = "\\n%{http_code}"

      """
    try server.folder.write(".curlrc", Array(settings.utf8))
    for line in lines {
      let shell = try Program(
        "/bin/bash", ["-c", line], folder: server.folder.path, errors: server.folder.path + "/curl.log",
        environment: ["CURL_HOME": server.folder.path])
      #expect(try shell.waitForEnd(seconds: 40) == 0, "\(line)\n\(shell.printed)")
      #expect(shell.printed.suffix(4).hasPrefix("\n2"), "\(line)\n\(shell.printed)")
      // A question that is shown has an answer.
      let answer = (try? JSON(Array(shell.printed.dropLast(4).utf8))) ?? .null
      if answer.has("items") { #expect(!answer["items"].elements.isEmpty, "\(line)") }
    }
  }

  @Test func `the commands of a text are the lines of its sh and console blocks that start with curl`() {
    let text = """
      ```sh
      curl a \\
        -H b
      ls
      ```
      curl no
      ```json
      curl no
      ```
      ```console
      $ curl c
      ```
      """
    #expect(commands(text) == ["curl a \\\n  -H b", "curl c"])
  }

  private func commands(_ text: String) -> [String] {
    var commands: [String] = []
    var isShell = false
    var isContinued = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isShell = line == "```sh" || line == "```console"
        continue
      }
      let command = line.hasPrefix("$ ") ? line.dropFirst(2) : line
      if isContinued {
        commands[commands.count - 1] += "\n" + line
      } else if isShell, command.hasPrefix("curl ") {
        commands.append(String(command))
      } else {
        continue
      }
      isContinued = line.hasSuffix("\\")
    }
    return commands
  }
}
