internal import Formats
internal import Records
internal import SQL

/// The searchable texts of some documents, in one arena that is used again.
final class DocumentTexts {
  /// One document's texts: which slices are its own.
  struct Document {
    package let number: Int64
    fileprivate let first: Int
    fileprivate let count: Int
  }

  private struct Slice {
    let start: Int
    /// -1 where the field is empty.
    let count: Int
  }

  private let arena = ByteBuffer(capacity: 65_536)
  private var slices: [Slice] = []
  private let width: Int

  package init(width: Int) { self.width = width }

  package var bytes: Int { arena.count }

  package func clear() {
    arena.clear(keeping: 1 << 20)
    slices.removeAll(keepingCapacity: true)
  }

  /// Takes the texts of a row, from `first` on.
  package func add(_ part: SearchLayout.Part, _ row: Row, first: Int, number: Int64) throws -> Document {
    let document = Document(number: number, first: slices.count, count: part.columns.count)
    for (position, column) in part.columns.enumerated() { try add(row[first + position], column) }
    return document
  }

  private func add(_ cell: Cell, _ column: Column) throws {
    guard !cell.isNull else { return slices.append(Slice(start: 0, count: -1)) }
    let start = arena.count
    if column.kind == .list {
      // Names in a JSON array: their text, not its escapes.
      try unsafe JSONParser.reading(cell.bytes) { list in
        list.forEachElement { element in
          if arena.count > start { arena.append(0x0A) }
          unsafe arena.append(element.text)
        }
      }
    } else {
      unsafe arena.append(cell.bytes)
    }
    slices.append(Slice(start: start, count: arena.count - start))
  }

  /// Binds a document: its number, then a text for each column of the index.
  package func bind(_ document: Document, to values: Values) {
    values.reset()
    values.append(integer: document.number)
    unsafe arena.withBytes { bytes in
      for position in 0..<width {
        guard position < document.count, slices[document.first + position].count >= 0 else {
          values.append(.null)
          continue
        }
        let slice = slices[document.first + position]
        unsafe values.append(text: UnsafeRawBufferPointer(rebasing: bytes[slice.start..<slice.start + slice.count]))
      }
    }
  }

  /// The text of the first column: what names the record.
  package func name(_ document: Document) -> String? {
    let slice = slices[document.first]
    guard slice.count >= 0 else { return nil }
    return unsafe arena.withBytes { unsafe String(decoding: $0[slice.start..<slice.start + slice.count], as: UTF8.self) }
  }

  /// Whether both say the same.
  package func isSame(_ one: Document, _ other: Document) -> Bool {
    unsafe arena.withBytes { bytes in
      (0..<one.count).allSatisfy { position in
        let (left, right) = (slices[one.first + position], slices[other.first + position])
        guard left.count == right.count, left.count > 0 else { return left.count == right.count }
        return unsafe bytes[left.start..<left.start + left.count].elementsEqual(bytes[right.start..<right.start + right.count])
      }
    }
  }
}
