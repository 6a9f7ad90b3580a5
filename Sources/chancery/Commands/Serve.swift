import CEpoll
import Dispatch
import FoundationEssentials
import Glibc
import HTTP
import HTTPServer
import SQLite
import Service

/// `chancery serve`: opens the database, migrates it, and serves until SIGTERM, SIGINT or SIGHUP (a closed terminal).
struct Serve {
  private var configuration: Configuration

  init(_ configuration: Configuration) throws {
    guard configuration.isLoopback else {
      throw UsageError(
        "\(configuration.authority) can be reached from other machines, and there are no API keys yet: listen on 127.0.0.1, behind a proxy with authentication"
      )
    }
    self.configuration = configuration
    if configuration.server.loops == 0 { self.configuration.server.loops = max(1, ProcessInfo.processInfo.activeProcessorCount) }
  }

  func run() async throws -> Int32 {
    var serving = configuration.server
    serving.maxConnections = Self.connections(amid: raiseDescriptorLimit(), serving.maxConnections)
    keepMemorySmall()
    // Large sorts spill to the database's disk, not to the system's small temporary one.
    unsafe setenv("SQLITE_TMPDIR", OpenRegister.folder(of: configuration.database.path), 0)
    let log = LineWriter(descriptor: STDERR_FILENO)
    // Bind first: a start that fails for its address leaves the database alone. Clients that connect from here on wait.
    let server = Server(configuration: serving, log: log)
    try server.bind()
    let opened = try await OpenRegister(configuration, log: Log(log))
    let signals = stop(server, on: [SIGTERM, SIGINT, SIGHUP])
    greet(port: server.boundPort, opened.demo)
    // In the background: with millions of events it takes a minute.
    let settling = Task { await opened.register.settle() }
    try await server.run { _ in try RegisterResponder(opened.register) }
    await settling.value
    signals.forEach { $0.cancel() }
    await opened.close()
    return 0
  }

  /// Makes glibc return memory: an import's threads free what others allocate, a sort frees megabytes at a time, and memory held in one
  /// thread's arena is useless to the others. An import of 1,000,000 rows peaked at 157 MB without this and at 122 MB with it.
  private func keepMemorySmall() {
    // A thread keeps its arena as long as it runs.
    _ = mallopt(M_ARENA_MAX, Int32(clamping: max(2, ProcessInfo.processInfo.activeProcessorCount)))
    // Once set, it no longer grows with the largest freed block (up to 32 MiB), and larger blocks are returned at once.
    _ = mallopt(M_MMAP_THRESHOLD, 1 << 20)
    _ = mallopt(M_TRIM_THRESHOLD, 1 << 20)
  }

  /// Installs handlers that only ask the server to stop; requests in flight finish. Returns once signals are seen: the sources are set up
  /// on their own queue, and an earlier signal would be lost.
  private func stop(_ server: Server, on numbers: [Int32]) -> [any DispatchSourceSignal] {
    let isReady = DispatchGroup()
    defer { isReady.wait() }
    // `nohup` ignores SIGHUP on purpose.
    return numbers.filter { $0 != SIGHUP || !isIgnored($0) }.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { @Sendable in server.stop() }
      isReady.enter()
      source.setRegistrationHandler { @Sendable in isReady.leave() }
      source.resume()
      return source
    }
  }

  private func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private func greet(port: Int, _ demo: Int?) {
    var shown = configuration
    shown.server.port = port
    let address = shown.authority
    if let demo { print("The demo register is loaded: \(demo) records.") }
    print(
      """
      Chancery \(Chancery.version) listens on http://\(address), database \(configuration.database.path). Try:
        curl '\(address)/v1/events?participant=PRK&type=visit,summit&sort=-start_date&limit=5'
        curl '\(address)/v1/stakeholders/PRK'
        curl '\(address)/v1/outcomes?include=assessments&limit=1'
      """)
    // Flush for readers that wait for these lines on a pipe.
    fflush(nil)
  }

  /// Raises the limit of descriptors, one per connection, as far as the system allows.
  ///
  /// - Returns: the new limit.
  private func raiseDescriptorLimit() -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
    limit.rlim_cur = limit.rlim_max
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
  }

  /// The database, the index, imports and the log need descriptors too: idle clients must not use up the last ones.
  private static func connections(amid descriptors: Int, _ wanted: Int) -> Int {
    let room = max(descriptors - ownDescriptors, descriptors / 4)
    guard room < wanted else { return wanted }
    Chancery.say("chancery: the system allows \(descriptors) open files, so at most \(room) connections are accepted, not \(wanted)")
    return room
  }

  private static let ownDescriptors = 128
}
