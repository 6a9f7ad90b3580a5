/// One column of one row, or one parameter: a number, or bytes that lie somewhere else.
///
/// The bytes belong to whoever made the cell (a statement's current row, a `Values`) and hold as long as that says.
@safe
package struct Cell {
  package enum Kind: UInt8, Sendable {
    case null, integer, real, text
  }

  package let kind: Kind
  private let size: Int32
  private let bits: Int64
  private let start: UnsafePointer<UInt8>?

  package static var null: Cell { unsafe Cell(kind: .null, bits: 0, start: nil, size: 0) }

  private init(kind: Kind, bits: Int64, start: UnsafePointer<UInt8>?, size: Int32) {
    self.kind = kind
    self.bits = bits
    unsafe self.start = start
    self.size = size
  }

  @inline(__always)
  package init(integer: Int64) { unsafe self.init(kind: .integer, bits: integer, start: nil, size: 0) }

  @inline(__always)
  package init(real: Double) { unsafe self.init(kind: .real, bits: Int64(bitPattern: real.bitPattern), start: nil, size: 0) }

  /// UTF-8 bytes; at most 2 GiB, which is also SQLite's limit.
  @inline(__always)
  package init(text start: UnsafePointer<UInt8>?, count: Int32) {
    unsafe self.init(kind: .text, bits: 0, start: start, size: count)
  }

  @inline(__always) package var isNull: Bool { kind == .null }

  /// The number; 0 for anything that is not an integer.
  @inline(__always) package var integer: Int64 { kind == .integer ? bits : 0 }

  /// The number as a double, whichever way it is stored; 0 for text and null.
  @inline(__always)
  package var real: Double {
    switch kind {
    case .real: Double(bitPattern: UInt64(bitPattern: bits))
    case .integer: Double(bits)
    default: 0
    }
  }

  /// The bytes of a text; empty for anything else.
  @inline(__always)
  package var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: Int(size)) }

  /// A copy as text.
  package var string: String { unsafe String(decoding: bytes, as: UTF8.self) }
}

/// The current row of a statement: its cells hold until the next step.
@safe
package struct Row {
  private let cells: UnsafeBufferPointer<Cell>

  package init(_ cells: UnsafeBufferPointer<Cell>) { unsafe self.cells = cells }

  package var count: Int { unsafe cells.count }

  @inline(__always)
  package subscript(column: Int) -> Cell { unsafe cells[column] }
}
