internal import Records

/// Rows that travel together from the reading of a file to the writing of its records. Used again.
final class RowBatch {
  /// So many rows, or so many bytes of the file, travel together: memory is a few batches, whatever the file.
  static let maxRows = 512
  static let maxBytes = 1 << 20

  private(set) var rows: [ImportRow] = []
  private var spare: [String: [ImportRow]] = [:]
  private var bytes = 0
  /// Where the last row ends in the file.
  private(set) var position = 0
  /// What ends the reading of the file behind these rows: its end, or why it cannot be read on.
  var end: Result<Void, any Error>?

  var isFull: Bool { rows.count >= Self.maxRows || bytes >= Self.maxBytes }

  /// Empty again; the rows are kept for later, the last used first, so that few of them grow with a wide row.
  func reset() {
    for row in rows { spare[row.draft.resource.name, default: []].append(row) }
    rows.removeAll(keepingCapacity: true)
    bytes = 0
    end = nil
  }

  /// An empty row, which `append` takes when it is filled.
  func room(for resource: Resource) -> ImportRow {
    guard let row = spare[resource.name]?.popLast() else { return ImportRow(resource) }
    row.reset()
    return row
  }

  func append(_ row: ImportRow) {
    rows.append(row)
    bytes += row.bytes.count
    position = row.bytes.upperBound
  }
}
