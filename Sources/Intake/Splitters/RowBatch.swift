package import Records

/// Rows that travel together from the reading of a file to the writing of its records. Used again.
package final class RowBatch {
  /// So many rows, or so many bytes of the file, travel together: memory is a few batches, whatever the file.
  package static let maxRows = 512
  package static let maxBytes = 1 << 20

  package private(set) var rows: [ImportRow] = []
  private var spare: [String: [ImportRow]] = [:]
  private var bytes = 0
  /// Where the last row ends in the file.
  package private(set) var position = 0
  /// What ends the reading of the file behind these rows: its end, or why it cannot be read on.
  package var end: Result<Void, any Error>?

  package var isFull: Bool { rows.count >= Self.maxRows || bytes >= Self.maxBytes }

  /// Empty again; the rows are kept for later, the last used first, so that few of them grow with a wide row.
  package func reset() {
    for row in rows { spare[row.draft.resource.name, default: []].append(row) }
    rows.removeAll(keepingCapacity: true)
    bytes = 0
    end = nil
  }

  /// An empty row, which `append` takes when it is filled.
  package func room(for resource: Resource) -> ImportRow {
    guard let row = spare[resource.name]?.popLast() else { return ImportRow(resource) }
    row.reset()
    return row
  }

  package func append(_ row: ImportRow) {
    rows.append(row)
    bytes += row.bytes.count
    position = row.bytes.upperBound
  }
}
