internal import Dispatch
internal import Formats
package import HTTP
internal import Locks
package import SQL

/// Keeps the full-text index up to date with the register: wakes after commits, indexes the changes, resumes waiting searches.
///
/// Writes never wait for it. An index that is damaged, missing or of another version is rebuilt in the background.
package final class Indexer: @unchecked Sendable {
  // Sendable holds because everything but `state` is touched on `queue` alone.

  private struct Waiter {
    let number: Int
    let seq: Int64
    let continuation: CheckedContinuation<Bool, Never>
  }

  private struct State {
    var seq: Int64 = 0
    /// Number of the index file: a reader of an earlier one reopens it.
    var generation = 0
    var waiters: [Waiter] = []
    var waiterNumber = 0
    var isScheduled = false
    var isClosed = false
  }

  private let database: any Database
  private let file: any DerivedFile
  private let configuration: SearchConfiguration
  private let identity: String
  private let log: Log
  private let queue = DispatchQueue(label: "chancery.indexer", qos: .utility)
  /// Runs the timeouts of waiting searches; `queue` may be busy then.
  private let clock = DispatchQueue(label: "chancery.indexer.clock")
  private let state = Locked(State())
  private var filler: IndexFiller?
  private var failures = 0

  /// Does nothing before `start`.
  ///
  /// - Parameter identity: identifies this register; an index with another one is rebuilt.
  package init(_ database: any Database, _ file: any DerivedFile, _ configuration: SearchConfiguration, identity: String, _ log: Log) {
    self.database = database
    self.file = file
    self.configuration = configuration
    self.identity = identity
    self.log = log
  }

  /// The change number up to which the index is filled.
  package var seq: Int64 { state.withLock { $0.seq } }
  var generation: Int { state.withLock { $0.generation } }

  /// Opens or creates the index in the background and follows the register's commits.
  package func start() {
    database.observeCommits { @Sendable [weak self] _ in self?.schedule() }
    queue.async { @Sendable in self.run() }
  }

  /// Finishes the current step, then stops; waiting searches get `false`.
  package func close() {
    let waiters = state.withLock { state -> [Waiter] in
      state.isClosed = true
      defer { state.waiters.removeAll() }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume(returning: false) }
    queue.sync { filler = nil }
  }

  /// Deletes and rebuilds the index, if it still has this generation.
  func rebuild(_ generation: Int) {
    queue.async { @Sendable in
      // Several searches may report the same damage: rebuild once.
      guard self.generation == generation else { return }
      self.reset("a search met a damaged index")
      self.run()
    }
  }

  /// Waits until the index is filled up to a change number.
  ///
  /// - Returns: whether it is; `false` after `waitMilliseconds` (`search.wait`), or when closed.
  package func reach(_ seq: Int64) async -> Bool {
    guard self.seq < seq else { return true }
    return await withCheckedContinuation { continuation in
      let number = state.withLock { state -> Int? in
        guard state.seq < seq, !state.isClosed else { return nil }
        state.waiterNumber += 1
        state.waiters.append(Waiter(number: state.waiterNumber, seq: seq, continuation: continuation))
        return state.waiterNumber
      }
      guard let number else { return continuation.resume(returning: self.seq >= seq) }
      queue.async { @Sendable in self.run() }
      clock.asyncAfter(deadline: .now() + .milliseconds(configuration.waitMilliseconds)) { @Sendable in self.giveUp(number) }
    }
  }

  private func giveUp(_ number: Int) {
    let waiter = state.withLock { state -> Waiter? in
      guard let position = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
      return state.waiters.remove(at: position)
    }
    waiter?.continuation.resume(returning: false)
  }

  /// Schedules a run shortly after a commit, so that many small commits make one step.
  private func schedule(milliseconds: Int? = nil) {
    let isFirst = state.withLock { state -> Bool in
      defer { state.isScheduled = true }
      return !state.isScheduled && !state.isClosed
    }
    guard isFirst else { return }
    queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds ?? configuration.gatherMilliseconds)) { @Sendable in self.run() }
  }

  // MARK: On the queue

  /// Fills the index up to the register's last change number.
  private func run() {
    state.withLock { $0.isScheduled = false }
    do {
      let filler = try open()
      let target = database.lastSeq
      while filler.seq < target, !state.withLock({ $0.isClosed }) {
        try filler.advance(to: min(target, filler.seq + Int64(configuration.batch)))
        publish(filler.seq)
      }
      failures = 0
    } catch { recover(from: error) }
  }

  private func open() throws -> IndexFiller {
    if let filler { return filler }
    let made = try IndexFiller(
      index: file.makeWriter(), register: file.makeSource(), .shared, configuration, identity: identity, lastSeq: database.lastSeq)
    filler = made
    publish(made.seq)
    return made
  }

  /// Retries later with backoff of up to a minute; a damaged or mismatched index is deleted and rebuilt.
  private func recover(from error: any Error) {
    failures += 1
    let isDamaged = (error as? SQLError)?.kind == .damaged || error is IndexFiller.Mismatch
    if isDamaged { reset("\(error)") } else { log.failure("search", "the search index cannot be filled: \(error)") }
    filler = nil
    guard !state.withLock({ $0.isClosed }) else { return }
    schedule(milliseconds: isDamaged && failures == 1 ? 1 : min(1_000 << min(failures, 6), 60_000))
  }

  private func reset(_ why: String) {
    log.failure("search", "the search index is made anew: \(why)")
    filler = nil
    file.remove()
    state.withLock { state in
      state.seq = 0
      state.generation += 1
    }
  }

  private func publish(_ seq: Int64) {
    let reached = state.withLock { state -> [Waiter] in
      state.seq = seq
      guard !state.waiters.isEmpty else { return [] }
      let reached = state.waiters.filter { $0.seq <= seq }
      state.waiters.removeAll { $0.seq <= seq }
      return reached
    }
    for waiter in reached { waiter.continuation.resume(returning: true) }
  }
}
