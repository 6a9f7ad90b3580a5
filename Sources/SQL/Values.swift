package import Formats

/// A row that owns its bytes: what is bound to a statement, and what a draft of a record is made of.
///
/// Text lies in one arena, so a row costs no allocation per column, and one that is used again costs none at all.
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

  package init(count: Int = 0) { reset(count: count) }

  package var count: Int { slots.count }

  /// Back to `count` nulls; the room is kept.
  package func reset(count: Int = 0) {
    arena.clear(keeping: 1 << 16)
    guard slots.count == count else {
      slots.removeAll(keepingCapacity: true)
      return slots.append(contentsOf: repeatElement(Slot(), count: count))
    }
    // As many as before, which is so for every row of a file: nothing is appended one by one.
    unsafe slots.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: Slot()) }
  }

  // MARK: Reading

  /// The cell at `index`; its bytes hold until this row is written to.
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

  /// Whether both cells say the same; an integer equals the real of its value.
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

  package func set(_ index: Int, integer: Int64) { slots[index] = Slot(kind: .integer, bits: integer) }

  package func set(_ index: Int, real: Double) {
    slots[index] = Slot(kind: .real, bits: Int64(bitPattern: real.bitPattern))
  }

  package func setNull(_ index: Int) { slots[index] = Slot() }

  package func set(_ index: Int, text: UnsafeRawBufferPointer) {
    set(index) { unsafe $0.append(text) }
  }

  package func set(_ index: Int, text: ByteView) {
    set(index) { $0.append(text) }
  }

  package func set(_ index: Int, text: String) {
    set(index) { $0.append(text) }
  }

  /// Sets a text that `write` appends to the arena.
  package func set(_ index: Int, _ write: (ByteBuffer) -> Void) {
    let start = arena.count
    write(arena)
    slots[index] = Slot(kind: .text, size: Int32(clamping: arena.count - start), bits: Int64(start))
  }

  /// Copies a cell, bytes and all.
  package func set(_ index: Int, _ cell: Cell) {
    switch cell.kind {
    case .null: setNull(index)
    case .integer: set(index, integer: cell.integer)
    case .real: set(index, real: cell.real)
    case .text: set(index, text: cell.utf8)
    }
  }

  package func append(integer: Int64) { slots.append(Slot(kind: .integer, bits: integer)) }

  package func append(real: Double) { slots.append(Slot(kind: .real, bits: Int64(bitPattern: real.bitPattern))) }

  package func append(text: UnsafeRawBufferPointer) {
    slots.append(Slot())
    unsafe set(slots.count - 1, text: text)
  }

  package func append(text: ByteView) {
    slots.append(Slot())
    set(slots.count - 1, text: text)
  }

  package func append(text: String) {
    slots.append(Slot())
    set(slots.count - 1, text: text)
  }

  package func append(_ cell: Cell) {
    slots.append(Slot())
    set(slots.count - 1, cell)
  }
}
