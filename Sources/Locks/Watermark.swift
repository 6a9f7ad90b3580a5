internal import Dispatch
internal import Synchronization

/// A number that only grows, such as the last committed change number, and everyone who waits for it.
///
/// Waiting holds no thread. `advance` resumes the waiters it satisfies and never blocks.
package final class Watermark: Sendable {
  private struct Waiter {
    let number: Int
    let goal: Int64
    let deadline: DispatchTime
    let continuation: CheckedContinuation<Void, Never>
  }

  private struct State {
    var waiters: [Waiter] = []
    var lastNumber = 0
    /// When the next sweep for expired waiters is due; `nil` without one.
    var alarm: DispatchTime?
    var observers: [@Sendable (Int64) -> Void] = []
    var isClosed = false
  }

  /// Ends the patience of waiters; one for all watermarks, since a sweep is short.
  private static let clock = DispatchQueue(label: "chancery.watermarks")

  private let mark: Atomic<Int64>
  private let state = Locked(State())

  /// A watermark at `value`.
  package init(_ value: Int64) { mark = Atomic(value) }

  /// The number reached so far.
  package var value: Int64 { mark.load(ordering: .acquiring) }

  /// Calls `body` with the number after each `advance`, on the caller's thread: it must not block.
  package func observe(_ body: @escaping @Sendable (Int64) -> Void) { state.withLock { $0.observers.append(body) } }

  /// Raises the number and resumes whoever waited for it; a lower one changes nothing.
  package func advance(to value: Int64) {
    guard mark.max(value, ordering: .acquiringAndReleasing).oldValue < value else { return }
    let observers = state.withLock { $0.observers }
    resume { $0.goal <= value }
    for observer in observers { observer(value) }
  }

  /// Raises the number by one.
  package func step() { advance(to: value + 1) }

  /// Falls back to `value` because what was reached has been lost; waiters go on waiting.
  package func restart(at value: Int64) { mark.store(value, ordering: .releasing) }

  /// Resumes all waiters; later ones do not wait.
  package func close() {
    state.withLock { $0.isClosed = true }
    resume { _ in true }
  }

  /// Waits until the number is at least `goal`, the watermark is closed, the task is cancelled or the time is over.
  ///
  /// - Parameter milliseconds: the longest wait; `nil` sets no bound.
  /// - Returns: the number by then, below `goal` if it was not reached.
  @discardableResult
  package func reach(_ goal: Int64, within milliseconds: Int? = nil) async -> Int64 {
    guard value < goal else { return value }
    let deadline = milliseconds.map { DispatchTime.now() + .milliseconds($0) } ?? .distantFuture
    let number = state.withLock {
      $0.lastNumber += 1
      return $0.lastNumber
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mustWait = state.withLock { state -> Bool in
          // Checked under the lock, where `advance`, `close` and the cancellation handler look for waiters afterwards.
          guard value < goal, !state.isClosed, !Task.isCancelled else { return false }
          state.waiters.append(Waiter(number: number, goal: goal, deadline: deadline, continuation: continuation))
          setAlarm(deadline, &state)
          return true
        }
        if !mustWait { continuation.resume() }
      }
    } onCancel: {
      resume { $0.number == number }
    }
    return value
  }

  /// Resumes the waiters that meet a condition.
  private func resume(where condition: (Waiter) -> Bool) {
    let met = state.withLock { state -> [Waiter] in
      guard state.waiters.contains(where: condition) else { return [] }
      let met = state.waiters.filter(condition)
      state.waiters.removeAll(where: condition)
      return met
    }
    for waiter in met { waiter.continuation.resume() }
  }

  /// Schedules a sweep no later than `deadline`: one timer for many waiters, or each satisfied one would leave its own behind.
  private func setAlarm(_ deadline: DispatchTime, _ state: inout State) {
    guard deadline != .distantFuture, state.alarm.map({ deadline < $0 }) ?? true else { return }
    state.alarm = deadline
    Self.clock.asyncAfter(deadline: deadline) { @Sendable [weak self] in self?.sweep() }
  }

  private func sweep() {
    let now = DispatchTime.now()
    resume { $0.deadline <= now }
    state.withLock { state in
      state.alarm = nil
      if let next = state.waiters.map(\.deadline).min() { setAlarm(next, &state) }
    }
  }
}
