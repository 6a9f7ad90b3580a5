internal import Dispatch
internal import Formats
package import Records
internal import SQL
internal import Synchronization

/// Reads a spooled file on a queue of its own: splits, parses and validates while the writer writes the rows before.
package final class ImportReader: RowReceiver, @unchecked Sendable {
  // Sendable holds because a batch is with one side at a time: the two semaphores hand it over.

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
  /// A row whose length the next row's start tells.
  private var held: ImportRow?

  package init(_ options: ImportOptions, _ spool: Spool, maxRowBytes: Int) {
    self.options = options
    self.spool = spool
    self.maxRowBytes = maxRowBytes
  }

  package func start() {
    for _ in batches { free.signal() }
    queue.async { @Sendable in self.run() }
  }

  /// Ends the reading; batches that are ready are of no use any more.
  package func stop() {
    isStopped.store(true, ordering: .releasing)
    free.signal()
  }

  // MARK: For who writes

  /// Waits for the next rows. Give them back before asking for more; after one with an `end` there are none.
  package func next() -> RowBatch {
    full.wait()
    defer { reading = (reading + 1) % batches.count }
    return batches[reading]
  }

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
      try unsafe piece.withBytes { try unsafe rows.feed($0) }
    }
    try rows.finish()
    if let held { append(held, upTo: position) }
  }

  package func room(for resource: Resource) -> ImportRow { batches[filling].room(for: resource) }

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

  /// All that needs no look-up, so that the writer has as little to do as can be.
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
    // What a new record lacks is no fault of a row that only changes one.
    draft.complete()
    row.faultsWhenNew = draft.faults
    draft.faults.removeAll(keepingCapacity: true)
  }

  private struct Stopped: Error {}
}
