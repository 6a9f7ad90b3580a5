internal import Formats
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
    /// When a step was last announced, Unix milliseconds.
    var announced: Int64 = 0
  }

  /// The shortest time between two announced steps, in milliseconds.
  private static let stepMilliseconds: Int64 = 250

  /// Counts the steps worth telling; closed at the end of the import.
  let steps = Watermark(0)
  private let state = Locked(State())

  var snapshot: Snapshot { state.withLock { $0.snapshot } }
  var isCancelled: Bool { state.withLock { $0.isCancelled } }

  func start() {
    state.withLock { $0.snapshot.isQueued = false }
    steps.step()
  }

  func note(_ counts: ImportCounts, at position: Int, of size: Int) {
    let now = Timestamp.now()
    let isDue = state.withLock { state -> Bool in
      state.snapshot.counts = counts
      state.snapshot.percent = size == 0 ? 100 : (1_000 * Double(position) / Double(size)).rounded() / 10
      // The clock may have been set back.
      guard !(0..<Self.stepMilliseconds).contains(now - state.announced) else { return false }
      state.announced = now
      return true
    }
    if isDue { steps.step() }
  }

  /// Waits for the end.
  func reachEnd() async { await steps.reach(.max) }

  /// Announces the end; the record has the final counts.
  func end() { steps.close() }

  /// Ends the import at the next rows.
  func cancel() { state.withLock { $0.isCancelled = true } }
}
