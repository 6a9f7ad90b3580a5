import Dispatch
import Formats
import FoundationEssentials
import HTTP
import HTTPServer
import Service
import Store
import Synchronization
import TestSupport
import chancery

/// A register of a test's own, asked in the test's own process: a request's bytes in, an answer's bytes out.
///
/// Behind it are the program's own register and the server's own decoder, exchange and encoder; only socket and process are missing
/// (`MemoryServer`). It has the interface of `RunningServer`, and with `CHANCERY_TESTS=live` in the environment it is one: the same tests
/// then ask a running program over a socket.
final class RegisterTester: RegisterClient, @unchecked Sendable {
  // Sendable holds because only `whileClosed` changes it, which a test calls while nobody else asks.

  private static let isLive = ProcessInfo.processInfo.environment["CHANCERY_TESTS"] == "live"

  private let folder: TemporaryFolder
  private let flags: [String]
  private let lines = MemoryLog()
  /// `nil` only while it is closed.
  private var house: House?

  private enum House {
    case inProcess(MemoryServer, OpenRegister)
    case live(RunningServer)
  }

  /// - Parameters:
  ///   - flags: those of `chancery serve`, such as `--demo`.
  ///   - folder: where the database lies, as `register.db`; a new one in memory otherwise.
  init(_ flags: String..., folder: TemporaryFolder? = nil) throws {
    self.flags = flags
    self.folder = try folder ?? TemporaryFolder(inMemory: true)
    house = try Self.open(flags, self.folder, lines)
  }

  deinit { close() }

  /// The path of the database.
  var database: String { folder.path + "/register.db" }

  /// The lines of the log; not those of answers.
  var log: String { if case .live(let server) = house { server.log } else { lines.lines.joined(separator: "\n") } }

  var authority: String { if case .live(let server) = house { server.authority } else { "127.0.0.1" } }

  /// Sends bytes over a connection of their own, blocks until it ends, and reads its first answer.
  func exchange(_ bytes: [UInt8], hasBody: Bool) throws -> Answer {
    switch house {
    case .live(let server)?: return try server.exchange(bytes, hasBody: hasBody)
    case .inProcess(let server, _)?:
      var reader = AnswerReader(server.serve(bytes))
      return Answer(raw: try reader.read(hasBody: hasBody))
    case nil: throw ConnectionClosed()
    }
  }

  /// Closes the register, runs `body` with the path of its database, and opens it again.
  func whileClosed(_ body: (String) throws -> Void) throws {
    close()
    try body(database)
    house = try Self.open(flags, folder, lines)
  }

  private static func open(_ flags: [String], _ folder: TemporaryFolder, _ log: MemoryLog) throws -> House {
    guard !isLive else { return .live(try RunningServer(flags: flags, folder: folder)) }
    let flags = flags + ["--database", folder.path + "/register.db", "--log-access", "false"]
    let opened = try waitFor { try await OpenRegister(flags: flags, log: Log(log)) }
    let server = try MemoryServer(configuration: opened.serving, log: log) { try RegisterResponder(opened.register) }
    try waitFor { await opened.register.settle() }
    return .inProcess(server, opened)
  }

  private func close() {
    switch house {
    case .live(let server)?: _ = try? server.terminate()
    case .inProcess(let server, let opened)?:
      server.stop()
      try? waitFor { await opened.close() }
    case nil: break
    }
    house = nil
  }
}

/// Runs asynchronous work on a thread of its own and blocks until it is done.
///
/// Tests block the threads of Swift's own pool, which are as many as the machine has cores: what they wait for must not need one.
private func waitFor<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) throws -> Result {
  let (outcome, thread) = (Outcome<Result>(), OwnThread())
  let isDone = DispatchSemaphore(value: 0)
  Task(executorPreference: thread) {
    do { outcome.value = .success(try await work()) } catch { outcome.value = .failure(error) }
    isDone.signal()
  }
  withExtendedLifetime(thread) { isDone.wait() }
  guard let value = outcome.value else { throw CancellationError() }
  return try value.get()
}

private final class Outcome<Value: Sendable>: @unchecked Sendable {
  // Sendable holds because it is read only after the semaphore says that it was written.
  var value: Result<Value, any Error>?
}

private final class OwnThread: TaskExecutor {
  private let queue = DispatchQueue(label: "chancery.tester")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { @Sendable in unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
