internal import Dispatch
package import Formats
package import Records
internal import SQL
internal import Synchronization

/// Reads a spooled file on its own queue: splits, parses and validates rows while the writer stores those before.
package final class ImportReader: RowReceiver, @unchecked Sendable {
  // Sendable holds because one side at a time owns a batch; the two semaphores hand it over.

  private static let pieceBytes = 1 << 18

  private let options: ImportOptions
  private let spool: Spool
  private let maxRowBytes: Int
  private let queue = DispatchQueue(label: "chancery.import", qos: .userInitiated)
  private let batches = (0..<4).map { _ in RowBatch() }
  private let free = DispatchSemaphore(value: 0)
  private let full = DispatchSemaphore(value: 0)
  private let isStopped = Atomic(false)
  private var filling = 0
  private var reading = 0
  /// A row whose length is known only when the next row starts.
  private var held: ImportRow?

  /// - Parameters:
  ///   - spool: the whole file; nobody may write to it any longer.
  ///   - maxRowBytes: the longest row, in bytes; a longer one is refused.
  package init(_ options: ImportOptions, _ spool: Spool, maxRowBytes: Int) {
    self.options = options
    self.spool = spool
    self.maxRowBytes = maxRowBytes
  }

  /// Starts reading. Call once, before `next`.
  package func start() {
    for _ in batches { free.signal() }
    queue.async { @Sendable in self.run() }
  }

  /// Ends the reading; batches that are ready are dropped.
  package func stop() {
    isStopped.store(true, ordering: .releasing)
    free.signal()
  }

  // MARK: For the writer

  /// Blocks until rows are ready. Give each batch back before asking for the next; a batch with an `end` is the last.
  package func next() -> RowBatch {
    full.wait()
    defer { reading = (reading + 1) % batches.count }
    return batches[reading]
  }

  /// Returns the batch that `next` gave, so that the reader can fill it again.
  package func giveBack() { free.signal() }

  // MARK: On the queue

  private func run() {
    free.wait()
    var end: Result<Void, any Error> = .success(())
    do { try read() } catch { end = .failure(error) }
    batches[filling].end = end
    full.signal()
  }

  private func read() throws {
    let rows = RowStream(options, maxRowBytes: maxRowBytes, self)
    let piece = ByteBuffer(capacity: Self.pieceBytes)
    var position = 0
    while true {
      piece.clear()
      try spool.read(into: piece, from: position, atMost: Self.pieceBytes)
      guard !piece.isEmpty else { break }
      position += piece.count
      try piece.withView { try rows.feed($0) }
    }
    try rows.finish()
    if let held { append(held, upTo: position) }
  }

  /// An empty row of the batch that is being filled.
  package func room(for resource: Resource) -> ImportRow { batches[filling].room(for: resource) }

  /// Adds a row to the batch; a full batch waits for the writer. Throws to stop the stream once `stop` was called.
  package func take(_ row: ImportRow, at offset: Int, length: Int?) throws {
    if let held {
      append(held, upTo: offset)
      self.held = nil
      if batches[filling].isFull { try handOver() }
    }
    row.bytes = offset..<offset + (length ?? 0)
    prepare(row)
    guard length != nil else { return held = row }
    append(row, upTo: row.bytes.upperBound)
    if batches[filling].isFull { try handOver() }
  }

  private func append(_ row: ImportRow, upTo end: Int) {
    row.bytes = row.bytes.lowerBound..<max(end, row.bytes.lowerBound)
    batches[filling].append(row)
  }

  private func handOver() throws {
    full.signal()
    free.wait()
    guard !isStopped.load(ordering: .acquiring) else { throw Stopped() }
    filling = (filling + 1) % batches.count
    batches[filling].reset()
  }

  /// Does everything that needs no look-up, to keep the writer's share small.
  private func prepare(_ row: ImportRow) {
    let draft = row.draft
    let standard = draft.resource.standard
    if let source = options.profile.source ?? options.source, draft[standard.source].isNull, !draft[standard.externalID].isNull {
      draft.values.set(standard.source, text: source)
      _ = draft.markGiven(standard.source)
    }
    guard draft.faults.isEmpty else { return }
    row.givenID = draft.isGiven(StandardColumns.idNumber) ? draft.id : nil
    draft.forgetReadOnly()
    // A row that only updates a record may lack what a new record needs.
    draft.complete()
    row.faultsWhenNew = draft.faults
    draft.faults.removeAll(keepingCapacity: true)
  }

  private struct Stopped: Error {}
}
