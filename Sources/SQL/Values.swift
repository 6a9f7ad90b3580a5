package import Formats

/// A row that owns its bytes: the values bound to a statement, or those of a record's draft.
///
/// Text lies in one arena: no allocation per column, and none at all when the row is reused.
@safe
package final class Values {
  private struct Slot {
    var kind: Cell.Kind = .null
    var size: Int32 = 0
    /// The integer, the double's bits, or the text's offset in the arena.
    var bits: Int64 = 0
  }

  private var slots: [Slot] = []
  private let arena = ByteBuffer(capacity: 512)

  /// A row of `count` nulls.
  package init(count: Int = 0) { reset(count: count) }

  /// Number of columns.
  package var count: Int { slots.count }

  /// Resets the row to `count` nulls and keeps its capacity.
  package func reset(count: Int = 0) {
    arena.clear(keeping: 1 << 16)
    guard slots.count == count else {
      slots.removeAll(keepingCapacity: true)
      return slots.append(contentsOf: repeatElement(Slot(), count: count))
    }
    // The same count, as for every row of a file: overwrite instead of appending one by one.
    unsafe slots.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: Slot()) }
  }

  // MARK: Reading

  /// The cell at `index`, from 0; its bytes are valid until the row is changed.
  package subscript(index: Int) -> Cell {
    let slot = slots[index]
    switch slot.kind {
    case .null: return .null
    case .integer: return Cell(integer: slot.bits)
    case .real: return Cell(real: Double(bitPattern: UInt64(bitPattern: slot.bits)))
    case .text:
      return Cell(text: arena.bytes[Int(slot.bits)..<Int(slot.bits) + Int(slot.size)])
    }
  }

  /// Whether both cells hold the same value; an integer equals a real of the same value, NULL equals NULL.
  package func equals(_ index: Int, _ other: Cell) -> Bool {
    let cell = self[index]
    switch (cell.kind, other.kind) {
    case (.null, .null): return true
    case (.integer, .integer): return cell.integer == other.integer
    case (.integer, .real), (.real, .integer), (.real, .real): return cell.real == other.real
    case (.text, .text):
      return cell.utf8 == other.utf8
    default: return false
    }
  }

  // MARK: Writing

  /// Sets a column, from 0, to an integer.
  package func set(_ index: Int, integer: Int64) { slots[index] = Slot(kind: .integer, bits: integer) }

  /// Sets a column, from 0, to a double.
  package func set(_ index: Int, real: Double) {
    slots[index] = Slot(kind: .real, bits: Int64(bitPattern: real.bitPattern))
  }

  /// Sets a column, from 0, to NULL.
  package func setNull(_ index: Int) { slots[index] = Slot() }

  /// Sets a column, from 0, to a copy of UTF-8 bytes.
  package func set(_ index: Int, text: ByteView) {
    set(index) { $0.append(text) }
  }

  /// Sets a column, from 0, to a text.
  package func set(_ index: Int, text: String) {
    set(index) { $0.append(text) }
  }

  /// Sets a column to the text that `write` appends to the buffer.
  package func set(_ index: Int, _ write: (ByteBuffer) -> Void) {
    let start = arena.count
    write(arena)
    slots[index] = Slot(kind: .text, size: Int32(clamping: arena.count - start), bits: Int64(start))
  }

  /// Sets a column to a copy of a cell, bytes included.
  package func set(_ index: Int, _ cell: Cell) {
    switch cell.kind {
    case .null: setNull(index)
    case .integer: set(index, integer: cell.integer)
    case .real: set(index, real: cell.real)
    case .text: set(index, text: cell.utf8)
    }
  }

  /// Appends an integer column.
  package func append(integer: Int64) { slots.append(Slot(kind: .integer, bits: integer)) }

  /// Appends a column with a double.
  package func append(real: Double) { slots.append(Slot(kind: .real, bits: Int64(bitPattern: real.bitPattern))) }

  /// Appends a copy of UTF-8 bytes.
  package func append(text: ByteView) {
    slots.append(Slot())
    set(slots.count - 1, text: text)
  }

  /// Appends a text column.
  package func append(text: String) {
    slots.append(Slot())
    set(slots.count - 1, text: text)
  }

  /// Appends a copy of a cell, bytes included.
  package func append(_ cell: Cell) {
    slots.append(Slot())
    set(slots.count - 1, cell)
  }
}
