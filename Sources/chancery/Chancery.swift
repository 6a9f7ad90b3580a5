import FoundationEssentials
import Glibc
import SQLite

/// The program: finds the command and turns its result into an exit code (0 success, 1 failure, 2 usage, 3 some rows refused).
@main
enum Chancery {
  static let version = "0.1.0"

  static func main() async {
    signal(SIGPIPE, SIG_IGN)
    do {
      let arguments = try CommandLineArguments(Array(CommandLine.arguments.dropFirst()))
      leave(try await run(arguments))
    } catch let error as UsageError {
      say("chancery: \(error)\nTry 'chancery help'.")
      leave(2)
    } catch let refusal as any Error & CustomStringConvertible {
      say("chancery: \(refusal)")
      leave(1)
    } catch {
      say("chancery: \(error)")
      leave(1)
    }
  }

  /// Exits at once: work that still runs, as after a failed start, must not see `exit` tear down the libraries.
  private static func leave(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
  }

  private static func run(_ arguments: CommandLineArguments) async throws -> Int32 {
    let environment = ProcessInfo.processInfo.environment
    switch arguments.command {
    case "serve": return try await Serve(try ConfigurationReader(flags: arguments.flags, environment: environment).configuration).run()
    case "migrate": return try Migrate(arguments, environment).run()
    case "import": return try ImportFiles(arguments, environment).run()
    case "demo": return try ImportFiles.demo(arguments, environment)
    case "config": return try ShowConfiguration(arguments, environment).run()
    case "openapi": return try ShowDocument(arguments).run()
    case "healthcheck": return try HealthCheck(arguments, environment).run()
    case "version":
      print("chancery \(version)")
      return 0
    case "help":
      print(help)
      return 0
    case let other:
      throw UsageError("there is no command \"\(other)\"")
    }
  }

  /// Writes to standard error: messages for people, not for pipes.
  static func say(_ text: String) { try? FileHandleOutput.standardError(text + "\n") }

  static let help = """
    chancery: a register of diplomatic engagement

      chancery serve [--listen 127.0.0.1:8080] [--database data/chancery.db] [--demo]
      chancery migrate [status | up | check]
      chancery import FILE… [--profile P] [--resource R] [--mode upsert|insert|skip_existing]
                            [--on-error abort|continue] [--max-errors N] [--create-missing stakeholders]
                            [--interstate true] [--group false] [--source S] [--dry-run] [--json]
      chancery demo            loads the demo register into the running server
      chancery config [show | check]
      chancery openapi         prints the OpenAPI document, as /openapi.json serves it
      chancery healthcheck     asks the running server whether it is alive
      chancery version

    Settings: flags over CHANCERY_… variables over config/chancery.json5 over defaults; `config show` lists them all.
    Exit codes: 0 done, 1 failure, 2 usage or configuration, 3 some rows refused.
    """
}

enum FileHandleOutput {
  static func standardError(_ text: String) throws {
    var text = text
    text.withUTF8 { bytes in _ = unsafe write(2, bytes.baseAddress, bytes.count) }
  }
}
