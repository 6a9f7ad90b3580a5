internal import Dispatch
internal import Locks
internal import SQL

/// Moves the write-ahead log into the file between the writer's turns, and keeps it short. Used on the writer's queue.
///
/// A checkpoint cannot be cut short, so it runs often: whenever the log has grown by a window. The log starts over only when all of it is
/// in the file and no reader is on an earlier state. Where readers always are, the log is truncated, with a little patience; where one
/// stays, no further question begins until those that run have ended; and where the log has become too long, the oldest is ended.
@safe
final class LogKeeper: @unchecked Sendable {
  // Sendable holds because everything but `readers` and `pause`, which synchronise themselves, is used on `queue` only.

  struct Limits: Sendable {
    /// Pages by which the log grows between two checkpoints.
    var window: Int32 = 4_096
    /// Pages above twice which the log is truncated.
    var usual: Int32 = 16_384
    /// Pages above which the oldest question is ended.
    var most: Int32 = 262_144
    /// How long a truncation waits for readers, milliseconds.
    var patienceMilliseconds: Int32 = 20
    /// The time between two attempts while a reader stays, milliseconds: each costs the writer its patience.
    var retryMilliseconds: UInt64 = 250
  }

  private struct Pause {
    var number = 0
    /// Whether questions are held back.
    var isOn = false
    /// Groups of readers that have not become quiet yet.
    var loud = 0
  }

  private let connection: SQLiteConnection
  private let limits: Limits
  private let queue: DispatchQueue
  private let counter: UnsafeMutablePointer<Int32>
  /// Pages that the last checkpoint found in the log.
  private var copied: Int32 = 0
  /// When a truncation may be tried again, monotonic nanoseconds.
  private var nextAttempt: UInt64 = 0
  private let readers = Locked<[any LongReaders]>([])
  private let pause = Locked(Pause())

  /// - Parameter queue: the writer's.
  init(_ connection: SQLiteConnection, _ limits: Limits, on queue: DispatchQueue) {
    self.connection = connection
    self.limits = limits
    self.queue = queue
    unsafe counter = .allocate(capacity: 1)
    unsafe counter.initialize(to: 0)
    unsafe connection.countLogPages(into: counter)
  }

  deinit { unsafe counter.deallocate() }

  /// Pages in the log after the last commit.
  var pages: Int32 { unsafe counter.pointee }

  /// Lets the keeper hold back questions of these readers; safe from any thread.
  func add(_ readers: any LongReaders) { self.readers.withLock { $0.append(readers) } }

  /// Does what is due after a turn, and when held questions have ended.
  func keep() {
    if pages < copied { copied = 0 }
    if pages - copied >= limits.window {
      connection.checkpoint(.passive)
      copied = pages
    }
    guard pages > 2 * limits.usual else { return resumeQuestions() }
    let isQuiet = pause.withLock { $0.isOn && $0.loud == 0 }
    guard isQuiet || monotonicNanoseconds() >= nextAttempt else { return }
    let isShort = truncate(patience: limits.patienceMilliseconds)
    nextAttempt = monotonicNanoseconds() + limits.retryMilliseconds * 1_000_000
    guard !isShort else { return }
    if isQuiet { return resumeQuestions() }
    if pages > limits.most { for readers in readers.withLock({ $0 }) { _ = readers.endOldest() } }
    holdQuestions()
  }

  /// Moves all of the log into the file and empties it; held questions may then begin.
  ///
  /// - Parameter milliseconds: how long to wait for readers.
  /// - Returns: whether it is empty; not while a reader is on an earlier state.
  func truncate(patience milliseconds: Int32) -> Bool {
    guard connection.checkpoint(.truncate, patience: milliseconds) else { return false }
    unsafe counter.pointee = 0
    copied = 0
    resumeQuestions()
    return true
  }

  private func holdQuestions() {
    let all = readers.withLock { $0 }
    let number = pause.withLock { pause -> Int? in
      guard !pause.isOn, !all.isEmpty else { return nil }
      pause.number += 1
      pause.isOn = true
      pause.loud = all.count
      return pause.number
    }
    guard let number else { return }
    for readers in all {
      readers.pause { [weak self] in self?.becameQuiet(number) }
    }
  }

  /// One group of readers has ended its questions. Nobody may write any more, so the writer's next turn must not be waited for.
  private func becameQuiet(_ number: Int) {
    let areAll = pause.withLock { pause -> Bool in
      guard pause.isOn, pause.number == number else { return false }
      pause.loud -= 1
      return pause.loud == 0
    }
    if areAll { queue.async { @Sendable [weak self] in self?.keep() } }
  }

  /// Lets questions begin again: the log is short, or they were not what holds it (another program that reads the file is).
  private func resumeQuestions() {
    let wasOn = pause.withLock { pause in
      defer { pause.isOn = false }
      return pause.isOn
    }
    guard wasOn else { return }
    for readers in readers.withLock({ $0 }) { readers.resume() }
  }
}
