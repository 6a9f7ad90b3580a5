internal import Locks

/// The progress of an import, for requests while it runs.
final class ImportProgress: Sendable {
  struct Snapshot: Sendable {
    var counts = ImportCounts()
    /// Percent of the file.
    var percent = 0.0
    var isQueued = true
  }

  private struct State {
    var snapshot = Snapshot()
    var isCancelled = false
  }

  private let state = Locked(State())

  var snapshot: Snapshot { state.withLock { $0.snapshot } }
  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  func start() { state.withLock { $0.snapshot.isQueued = false } }

  func note(_ counts: ImportCounts, at position: Int, of size: Int) {
    state.withLock {
      $0.snapshot.counts = counts
      $0.snapshot.percent = size == 0 ? 100 : (1_000 * Double(position) / Double(size)).rounded() / 10
    }
  }

  /// Ends the import at the next rows.
  func cancel() { state.withLock { $0.isCancelled = true } }
}
