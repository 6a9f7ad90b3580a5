import Dispatch
import Locks
import SQL
import SQLite
import TestSupport
import Testing

/// Readers that a test holds and counts.
private final class HeldReaders: LongReaders {
  let paused = Locked<(@Sendable () -> Void)?>(nil)
  let pauses = Watermark(0)
  let resumes = Watermark(0)
  let ended = Watermark(0)

  func pause(whenQuiet body: @escaping @Sendable () -> Void) {
    paused.withLock { $0 = body }
    pauses.step()
  }
  func resume() { resumes.step() }
  func endOldest() -> Bool {
    ended.step()
    return true
  }
  func becomeQuiet() { paused.withLock { $0 }?() }
}

@Suite struct WriterTests {
  /// Longer than the pool of a busy machine leaves a task waiting for its first step.
  private static func patient(_ configuration: inout SQLiteDatabase.Configuration) { configuration.writeWaitMilliseconds = 600_000 }

  /// Begins a write that holds the writer until `release` is signalled, and waits until it runs.
  private func hold(_ scratch: Scratch, _ release: DispatchSemaphore) async -> Task<Void, any Error> {
    let began = Watermark(0)
    let task = Task {
      try await scratch.database.write(.unlimited) { transaction in
        began.step()
        try Scratch.insert("held", transaction)
        release.wait()
      }
    }
    await began.reach(1)
    return task
  }

  @Test func `a write that comes while another runs shares its commit, after it`() async throws {
    let scratch = try Scratch(Self.patient)
    let release = DispatchSemaphore(value: 0)
    let held = await hold(scratch, release)
    let late = Task { try await scratch.note("late") }
    let refused = Task { try await scratch.note("refused", thenThrow: true) }
    // Both are queued once their tasks have run up to their suspension; the turn itself says whether they were taken along.
    while scratch.database.waitingWrites < 2 { await Task.yield() }
    release.signal()
    try await held.value
    #expect(try await late.value > 1)
    await #expect(throws: Scratch.Refused.self) { try await refused.value }
    let turns = scratch.database.turns
    #expect(turns.count == 1)
    #expect(turns.last?.writes == 3 && turns.last?.lateWrites == 2 && turns.last?.changes == 2)
    #expect(try scratch.seqs() == [1, 2])
  }

  @Test func `a write that is undone takes none of the late ones with it`() async throws {
    let scratch = try Scratch(Self.patient)
    let (began, release) = (Watermark(0), DispatchSemaphore(value: 0))
    let undone = Task {
      try await scratch.database.write(.unlimited) { transaction in
        began.step()
        try Scratch.insert("undone", transaction)
        release.wait()
        throw Scratch.Refused()
      }
    }
    await began.reach(1)
    let late = Task { try await scratch.note("late") }
    while scratch.database.waitingWrites < 1 { await Task.yield() }
    release.signal()
    await #expect(throws: Scratch.Refused.self) { try await undone.value }
    #expect(try await late.value == 1)
    #expect(try scratch.seqs() == [1])
  }

  @Test func `a write that has waited too long is refused, a step of something longer is not`() async throws {
    let scratch = try Scratch { $0.writeWaitMilliseconds = 20 }
    let release = DispatchSemaphore(value: 0)
    let held = await hold(scratch, release)
    let patient = Task { try await scratch.database.write(.unlimited) { try Scratch.insert("patient", $0) } }
    await #expect { _ = try await scratch.note("hurried") } throws: { ($0 as? SQLError)?.kind == .unavailable }
    release.signal()
    try await held.value
    #expect(try await patient.value == 2)
    #expect(try scratch.seqs() == [1, 2])
  }

  @Test func `turns are remembered up to a thousand, the latest last`() async throws {
    let scratch = try Scratch()
    for number in 1...1_005 { _ = try await scratch.note("\(number)") }
    let turns = scratch.database.turns
    #expect(turns.count == 1_000)
    #expect(turns.allSatisfy { $0.writes == 1 && $0.lateWrites == 0 && $0.changes == 1 && $0.committed > 0 && $0.endedAt > 0 })
    #expect(zip(turns, turns.dropFirst()).allSatisfy { $0.endedAt <= $1.endedAt })
  }

  // MARK: The log

  private static func small(_ configuration: inout SQLiteDatabase.Configuration) {
    (configuration.checkpointKiB, configuration.logKiB, configuration.maxLogKiB) = (64, 64, 256)
  }

  /// Writes about this many pages to the log.
  private func fill(_ scratch: Scratch, pages: Int) async throws {
    for _ in 0..<pages / 4 {
      _ = try await scratch.database.write { transaction in
        try Scratch.insert(String(repeating: "\(transaction.nextID())", count: 600), transaction)
      }
    }
  }

  @Test func `the log starts over while nobody reads`() async throws {
    let scratch = try Scratch(Self.small)
    try await fill(scratch, pages: 2_000)
    #expect(scratch.database.turns.map(\.logPages).max() ?? 0 < 64)
  }

  @Test func `a reader that stays holds questions back until it goes, and loses its own when the log is too long`() async throws {
    let scratch = try Scratch(Self.small)
    let readers = HeldReaders()
    scratch.database.add(readers)
    let reader = try scratch.database.makeReader()
    try reader.execute(SQLTemplate("BEGIN"), Values())
    #expect(try reader.integer(SQLTemplate("SELECT count(*) FROM notes")) == 0)
    // Above twice the usual length, but not at its most.
    while readers.pauses.value == 0 { try await fill(scratch, pages: 8) }
    #expect(readers.resumes.value == 0)
    while readers.ended.value == 0 { try await fill(scratch, pages: 40) }
    #expect(scratch.database.turns.last?.logPages ?? 0 > 64)
    // The questions end, but this reader (another program) does not: questions begin again all the same.
    readers.becomeQuiet()
    try await fill(scratch, pages: 8)
    #expect(readers.resumes.value == 1)
    try reader.execute(SQLTemplate("COMMIT"), Values())
    let longest = scratch.database.turns.last?.logPages ?? 0
    while scratch.database.turns.last?.logPages ?? 0 >= longest { try await fill(scratch, pages: 8) }
    #expect(scratch.database.turns.last?.logPages ?? 0 < 64)
  }

  /// Writes until questions are held back because `reader` stays on its state.
  private func fillUntilHeld(_ scratch: Scratch, _ readers: HeldReaders, _ reader: any Connection) async throws {
    try reader.execute(SQLTemplate("BEGIN"), Values())
    #expect(try reader.integer(SQLTemplate("SELECT count(*) FROM notes")) == 0)
    while readers.pauses.value == 0 { try await fill(scratch, pages: 8) }
    #expect(readers.resumes.value == 0)
  }

  @Test func `questions begin again once those that ran have ended, though nobody writes any more`() async throws {
    let scratch = try Scratch(Self.small)
    let readers = HeldReaders()
    scratch.database.add(readers)
    let reader = try scratch.database.makeReader()
    try await fillUntilHeld(scratch, readers, reader)
    readers.becomeQuiet()
    #expect(await readers.resumes.reach(1, within: 60_000) == 1)
    try reader.execute(SQLTemplate("COMMIT"), Values())
  }

  @Test func `questions begin again when the log has become short by itself`() async throws {
    let scratch = try Scratch(Self.small)
    let readers = HeldReaders()
    scratch.database.add(readers)
    let reader = try scratch.database.makeReader()
    try await fillUntilHeld(scratch, readers, reader)
    // The reader goes, and the questions that ran do not end.
    try reader.execute(SQLTemplate("COMMIT"), Values())
    while scratch.database.turns.last?.logPages ?? 0 > 32 { try await fill(scratch, pages: 8) }
    // By the next turn, not only once the writer is idle.
    try await fill(scratch, pages: 8)
    #expect(readers.resumes.value == 1)
  }
}
