package import Records

/// Rows that the reader hands to the writer together. Reused.
package final class RowBatch {
  /// The most rows per batch: memory is a few batches, however large the file.
  package static let maxRows = 512
  /// A batch is full from this many bytes of the file on.
  package static let maxBytes = 1 << 20

  /// The rows, in the file's order.
  package private(set) var rows: [ImportRow] = []
  private var spare: [String: [ImportRow]] = [:]
  private var bytes = 0
  /// The offset in the file after the last row.
  package private(set) var position = 0
  /// Set on the last batch: the file's end, or the error that stopped the reading.
  package var end: Result<Void, any Error>?

  /// Whether the batch must be handed over.
  package var isFull: Bool { rows.count >= Self.maxRows || bytes >= Self.maxBytes }

  /// Empties the batch. Its rows are reused, the last used first, so that few of them grow with a wide row.
  package func reset() {
    for row in rows { spare[row.draft.resource.name, default: []].append(row) }
    rows.removeAll(keepingCapacity: true)
    bytes = 0
    end = nil
  }

  /// An empty row, which `append` adds when it is filled.
  package func room(for resource: Resource) -> ImportRow {
    guard let row = spare[resource.name]?.popLast() else { return ImportRow(resource) }
    row.reset()
    return row
  }

  /// Adds a filled row and moves `position` after it.
  package func append(_ row: ImportRow) {
    rows.append(row)
    bytes += row.bytes.count
    position = row.bytes.upperBound
  }
}
