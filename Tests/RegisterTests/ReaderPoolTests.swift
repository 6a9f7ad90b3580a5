import Dispatch
import HTTP
import Records
import SQL
import Service
import Store
import Synchronization
import Testing

/// Who reads next, with readers that do nothing by themselves.
@Suite struct ReaderPoolTests {
  /// A connection that nobody asks; who interrupts it opens the door.
  private final class Nothing: Connection {
    let door: Door?
    init(_ door: Door? = nil) { self.door = door }
    func query(_ sql: SQLTemplate, _ values: Values, _ row: (Row) throws -> Bool) throws -> Int { 0 }
    func execute(_ sql: SQLTemplate, _ values: Values) throws -> Int { 0 }
    func query(_ statement: SQLFragment, _ row: (Row) throws -> Bool) throws -> Int { 0 }
    func execute(_ statement: SQLFragment) throws -> Int { 0 }
    func inSnapshot<Result>(_ body: () throws -> Result) throws -> Result { try body() }
    func setDeadline(milliseconds: Int?) {}
    func interrupt() { door?.open() }
  }

  /// A door that a question stands before until it is opened.
  private final class Door: Sendable {
    private let opened = DispatchSemaphore(value: 0)
    private let isReached = Atomic(false)

    func open() { opened.signal() }

    func pass() {
      isReached.store(true, ordering: .releasing)
      opened.wait()
    }

    var wasReached: Bool { isReached.load(ordering: .acquiring) }

    func waitForSomeone() async { while !wasReached { await Task.yield() } }
  }

  private static let long = 600_000

  private func pool(maxWaiting: Int) -> ReaderPool<Int> {
    ReaderPool(count: 1, maxWaiting: maxWaiting, make: { $0 ?? 0 }, connection: { _ in Nothing() })
  }

  private func refusal<Result>(_ body: () async throws -> Result) async -> Problem? {
    do { _ = try await body() } catch { return error as? Problem }
    return nil
  }

  @Test func `a question whose turn comes too late is refused and not run`() async throws {
    let (pool, door, late) = (pool(maxWaiting: 8), Door(), Door())
    async let first: Void = pool.read(within: Self.long) { _ in door.pass() }
    await door.waitForSomeone()
    let began = ContinuousClock.now
    let second = Task { await refusal { try await pool.read(within: 1) { _ in late.pass() } } }
    while began.duration(to: .now) < .milliseconds(20) { await Task.yield() }
    door.open()
    try await first
    let problem = await second.value
    #expect(problem?.status == 503 && problem?.code == "busy" && problem?.retryAfterSeconds != nil)
    #expect(!late.wasReached)
    // The reader goes on.
    #expect(try await pool.read(within: Self.long) { _ in 3 } == 3)
  }

  @Test func `who goes while waiting makes room at once, and who goes while read ends the reading`() async throws {
    let (door, never) = (Door(), Door())
    let pool = ReaderPool<Int>(count: 1, maxWaiting: 1, make: { $0 ?? 0 }, connection: { _ in Nothing(door) })
    let first = Task {
      do {
        try await pool.read(within: Self.long) { _ in
          door.pass()
          throw SQLError(.interrupted, "by the test")
        }
      } catch { return error is ConnectionClosed }
      return false
    }
    await door.waitForSomeone()
    let second = Task {
      do { try await pool.read(within: Self.long) { _ in never.pass() } } catch { return error is ConnectionClosed }
      return false
    }
    second.cancel()
    #expect(await second.value)
    // There is place for one only.
    let third = Task { try await pool.read(within: Self.long) { _ in 3 } }
    first.cancel()
    #expect(await first.value)
    #expect(try await third.value == 3)
    #expect(!never.wasReached)
    let late = Task {
      while !Task.isCancelled { await Task.yield() }
      do { try await pool.read(within: Self.long) { _ in never.pass() } } catch { return error is ConnectionClosed }
      return false
    }
    late.cancel()
    #expect(await late.value && !never.wasReached)
  }

  @Test func `more than may wait are refused at once, and streams pass by`() async throws {
    let (pool, door) = (pool(maxWaiting: 0), Door())
    async let first: Void = pool.read(within: Self.long) { _ in door.pass() }
    await door.waitForSomeone()
    #expect(await refusal { try await pool.read(within: Self.long) { _ in } }?.code == "busy")
    for page in 0..<3 { #expect(try await pool.read(as: .stream, within: Self.long) { _ in page } == page) }
    door.open()
    try await first
    #expect(try await pool.read(within: Self.long) { _ in 3 } == 3)
  }

  @Test func `a slow stream leaves the other readers to questions`() async throws {
    let (pool, door) = (pool(maxWaiting: 0), Door())
    async let first: Void = pool.read(as: .stream, within: Self.long) { _ in door.pass() }
    await door.waitForSomeone()
    #expect(try await pool.read(within: Self.long) { _ in 3 } == 3)
    // A second stream takes the reader that is free.
    #expect(try await pool.read(as: .stream, within: Self.long) { _ in 4 } == 4)
    door.open()
    try await first
  }

  @Test func `a pause lets what runs end, holds back the others, and starts them all afterwards`() async throws {
    let (pool, door, quiet) = (pool(maxWaiting: 8), Door(), Door())
    async let first: Void = pool.read(within: Self.long) { _ in door.pass() }
    await door.waitForSomeone()
    pool.pause { quiet.open() }
    let later = Door()
    async let question = pool.read(within: Self.long) { _ in
      later.open()
      return 1
    }
    async let stream = pool.read(as: .stream, within: Self.long) { _ in 2 }
    door.open()
    try await first
    // The pause's call comes once nothing runs; nothing has begun by then.
    quiet.pass()
    pool.resume()
    #expect(try await question + stream == 3)
  }

  @Test func `a pause of an idle pool is quiet at once`() async throws {
    let (pool, quiet) = (pool(maxWaiting: 8), Door())
    pool.pause { quiet.open() }
    quiet.pass()
    pool.resume()
    #expect(try await pool.read(within: Self.long) { _ in 3 } == 3)
  }

  @Test func `the question that has run longest can be ended for the writer`() async throws {
    let door = Door()
    let pool = ReaderPool<Int>(count: 2, maxWaiting: 8, make: { $0 ?? 0 }, connection: { _ in Nothing(door) })
    #expect(!pool.endOldest())
    let oldest = Task {
      await refusal {
        try await pool.read(within: Self.long) { _ in
          door.pass()
          throw SQLError(.interrupted, "")
        }
      }
    }
    await door.waitForSomeone()
    #expect(pool.endOldest())
    let problem = await oldest.value
    #expect(problem?.status == 503 && problem?.code == "log_full" && problem?.retryAfterSeconds != nil)
    #expect(try await pool.read(within: Self.long) { _ in 3 } == 3)
  }
}
