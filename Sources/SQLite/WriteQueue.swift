internal import Dispatch
internal import Locks
internal import SQL

/// A queued write.
protocol PendingWrite: Sendable {
  /// Runs inside the transaction; an error undoes only this write.
  func perform(in transaction: any WriteTransaction) throws
  /// Resumes the caller after the commit; with `failure` if the commit or this write failed.
  func answer(_ failure: (any Error)?)
}

/// The writes that wait for the writer, first in, first out. One that has waited longer than it may leaves with an error.
final class WriteQueue: Sendable {
  struct Entry: Sendable {
    let write: any PendingWrite
    /// Monotonic nanoseconds.
    let submitted: UInt64
    /// When it gives up, in monotonic nanoseconds; `.max` never.
    let deadline: UInt64

    var isPatient: Bool { deadline == .max }
  }

  private struct State {
    var entries: [Entry] = []
    var isScheduled = false
    var isClosed = false
    /// Whether a sweep for writes that give up is due.
    var hasAlarm = false

    mutating func removeFirst(_ most: Int) -> [Entry] {
      guard entries.count > most else {
        defer { entries.removeAll(keepingCapacity: true) }
        return entries
      }
      defer { entries.removeFirst(most) }
      return Array(entries.prefix(most))
    }
  }

  private let most: Int
  private let patience: UInt64
  private let state = Locked(State())
  /// Its own queue: the writer's may be held by the very transaction that others wait for.
  private let clock = DispatchQueue(label: "chancery.writer.clock")

  /// - Parameters:
  ///   - most: writes that may wait; one more is refused.
  ///   - milliseconds: how long a write with limited patience waits.
  init(most: Int, patience milliseconds: Int) {
    self.most = most
    patience = UInt64(milliseconds) * 1_000_000
  }

  var isEmpty: Bool { state.withLock { $0.entries.isEmpty } }
  var count: Int { state.withLock { $0.entries.count } }

  /// Queues a write.
  ///
  /// - Returns: whether it was taken (not when too many wait, or after `close`), and whether the writer must be called.
  func submit(_ write: any PendingWrite, _ patience: WritePatience) -> (isTaken: Bool, mustCall: Bool) {
    let now = monotonicNanoseconds()
    let deadline: UInt64 = patience == .limited ? now + self.patience : .max
    return state.withLock { state in
      guard !state.isClosed, state.entries.count < most else { return (false, false) }
      state.entries.append(Entry(write: write, submitted: now, deadline: deadline))
      setAlarm(&state)
      defer { state.isScheduled = true }
      return (true, !state.isScheduled)
    }
  }

  /// Takes up to `most` writes; with none left, the next `submit` calls the writer again.
  func take(_ most: Int) -> [Entry] {
    state.withLock { state in
      guard !state.entries.isEmpty else {
        state.isScheduled = false
        return []
      }
      return state.removeFirst(most)
    }
  }

  /// Takes up to `most` writes for which somebody waits, up to the first step of something longer.
  func takeHurried(_ most: Int) -> [Entry] {
    state.withLock { state in
      let hurried = state.entries.firstIndex { $0.isPatient } ?? state.entries.count
      return state.removeFirst(min(most, hurried))
    }
  }

  /// Refuses writes from now on.
  func close() { state.withLock { $0.isClosed = true } }

  // MARK: Patience

  private func setAlarm(_ state: inout State) {
    guard !state.hasAlarm, let first = state.entries.map(\.deadline).min(), first < .max else { return }
    state.hasAlarm = true
    clock.asyncAfter(deadline: DispatchTime(uptimeNanoseconds: first)) { @Sendable [weak self] in self?.sweep() }
  }

  private func sweep() {
    let now = monotonicNanoseconds()
    let late = state.withLock { state -> [Entry] in
      let late = state.entries.filter { $0.deadline <= now }
      if !late.isEmpty { state.entries.removeAll { $0.deadline <= now } }
      state.hasAlarm = false
      setAlarm(&state)
      return late
    }
    let failure = SQLError(.unavailable, "the write could not begin within \(patience / 1_000_000) ms")
    for entry in late { entry.write.answer(failure) }
  }
}
