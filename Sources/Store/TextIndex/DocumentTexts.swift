internal import Formats
internal import Records
internal import SQL

/// The searchable texts of several documents, in one reused arena.
final class DocumentTexts {
  /// One document: a range of slices. Valid until `clear`.
  struct Document {
    /// Its number in the index.
    package let number: Int64
    fileprivate let first: Int
    fileprivate let count: Int
  }

  private struct Slice {
    let start: Int
    /// -1 for a null field.
    let count: Int
  }

  private let arena = ByteBuffer(capacity: 65_536)
  private var slices: [Slice] = []
  private let width: Int

  /// - Parameter width: number of text columns of the index.
  package init(width: Int) { self.width = width }

  /// Size of the held texts in bytes.
  package var bytes: Int { arena.count }

  /// Forgets all documents; keeps up to 1 MiB of memory.
  package func clear() {
    arena.clear(keeping: 1 << 20)
    slices.removeAll(keepingCapacity: true)
  }

  /// Adds a document with the texts of a row.
  ///
  /// - Parameters:
  ///   - first: position of the first text in the row; the others follow in the order of `part.columns`.
  ///   - number: its number in the index.
  /// - Throws: an error of the JSON parser for a damaged list.
  package func add(_ part: SearchLayout.Part, _ row: Row, first: Int, number: Int64) throws -> Document {
    let document = Document(number: number, first: slices.count, count: part.columns.count)
    for (position, column) in part.columns.enumerated() { try add(row[first + position], column) }
    return document
  }

  private func add(_ cell: Cell, _ column: Column) throws {
    guard !cell.isNull else { return slices.append(Slice(start: 0, count: -1)) }
    let start = arena.count
    if column.kind == .list {
      // A JSON array of names: index their text without JSON escapes.
      try JSONParser.reading(cell.utf8) { list in
        list.forEachElement { element in
          if arena.count > start { arena.append(0x0A) }
          arena.append(element.utf8)
        }
      }
    } else {
      arena.append(cell.utf8)
    }
    slices.append(Slice(start: start, count: arena.count - start))
  }

  /// Fills `values` with a document for `insert` or `remove`: its number, then one text or null per column of the index.
  package func bind(_ document: Document, to values: Values) {
    values.reset()
    values.append(integer: document.number)
    arena.withView { bytes in
      for position in 0..<width {
        guard position < document.count, slices[document.first + position].count >= 0 else {
          values.append(.null)
          continue
        }
        let slice = slices[document.first + position]
        values.append(text: bytes[slice.start..<slice.start + slice.count])
      }
    }
  }

  /// The text of the first column, which names the record; `nil` if it is null.
  package func name(_ document: Document) -> String? {
    let slice = slices[document.first]
    guard slice.count >= 0 else { return nil }
    return arena.withView { $0[slice.start..<slice.start + slice.count].string }
  }

  /// Whether both documents of one resource have the same texts.
  package func isSame(_ one: Document, _ other: Document) -> Bool {
    arena.withView { bytes in
      (0..<one.count).allSatisfy { position in
        let (left, right) = (slices[one.first + position], slices[other.first + position])
        guard left.count == right.count, left.count > 0 else { return left.count == right.count }
        return bytes[left.start..<left.start + left.count] == bytes[right.start..<right.start + right.count]
      }
    }
  }
}
