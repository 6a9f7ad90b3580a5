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

  private struct State {
    /// Number of the index file: a reader of an earlier one reopens it.
    var generation = 0
    var isScheduled = false
    var isClosed = false
  }

  private let database: any Database
  private let file: any DerivedFile
  private let configuration: SearchConfiguration
  private let identity: String
  private let log: Log
  private let queue = DispatchQueue(label: "chancery.indexer", qos: .utility)
  /// The change number up to which the index is filled.
  private let filled = Watermark(0)
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
  package var seq: Int64 { filled.value }
  var generation: Int { state.withLock { $0.generation } }

  /// Opens or creates the index in the background and follows the register's commits.
  package func start() {
    database.commits.observe { @Sendable [weak self] _ in self?.schedule() }
    queue.async { @Sendable in self.run() }
  }

  /// Finishes the current step, then stops; waiting searches get `false`.
  package func close() {
    state.withLock { $0.isClosed = true }
    filled.close()
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
    guard filled.value < seq else { return true }
    queue.async { @Sendable in self.run() }
    return await filled.reach(seq, within: configuration.waitMilliseconds) >= seq
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
        filled.advance(to: filler.seq)
      }
      failures = 0
    } catch { recover(from: error) }
  }

  private func open() throws -> IndexFiller {
    if let filler { return filler }
    let made = try IndexFiller(
      index: file.makeWriter(), register: file.makeSource(), .shared, configuration, identity: identity, lastSeq: database.lastSeq)
    filler = made
    filled.advance(to: made.seq)
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
    log.failure("search", "the search index is rebuilt: \(why)")
    filler = nil
    file.remove()
    filled.restart(at: 0)
    state.withLock { $0.generation += 1 }
  }
}
