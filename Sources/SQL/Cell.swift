public import Formats

// `@inlinable` and `public`, because every column of every row is read in another module: with `package` this compiler emits a call.

/// One column of one row, or one parameter: a number, or a view of bytes it does not own.
///
/// The maker of the cell (a statement's current row, a `Values`) owns the bytes and defines how long they are valid.
@safe
public struct Cell {
  /// SQLite's storage classes (https://www.sqlite.org/datatype3.html §2); a BLOB is read as text.
  public enum Kind: UInt8, Sendable {
    case null, integer, real, text
  }

  /// Which accessor holds the value: `integer`, `real` or `utf8`.
  public let kind: Kind
  @usableFromInline let size: Int32
  @usableFromInline let bits: Int64
  @usableFromInline let start: UnsafePointer<UInt8>?
  @usableFromInline let moment: ByteLifetime.Moment

  /// SQL NULL.
  @inlinable @inline(__always)
  public static var null: Cell { unsafe Cell(kind: .null, bits: 0, start: nil, size: 0) }

  @inlinable @inline(__always)
  init(kind: Kind, bits: Int64, start: UnsafePointer<UInt8>?, size: Int32, _ moment: ByteLifetime.Moment = .endless) {
    self.kind = kind
    self.bits = bits
    unsafe self.start = start
    self.size = size
    self.moment = moment
  }

  /// A 64-bit signed integer.
  @inlinable @inline(__always)
  public init(integer: Int64) { unsafe self.init(kind: .integer, bits: integer, start: nil, size: 0) }

  /// An IEEE 754 double.
  @inlinable @inline(__always)
  public init(real: Double) { unsafe self.init(kind: .real, bits: Int64(bitPattern: real.bitPattern), start: nil, size: 0) }

  /// UTF-8 bytes; at most 2 GiB, which is also SQLite's limit.
  ///
  /// - Parameter moment: how long the owner keeps the bytes.
  @inlinable @inline(__always)
  public init(text start: UnsafePointer<UInt8>?, count: Int32, _ moment: ByteLifetime.Moment = .endless) {
    unsafe self.init(kind: .text, bits: 0, start: start, size: count, moment)
  }

  /// A text viewed in `bytes`, without a copy; at most 2 GiB.
  @inlinable @inline(__always)
  public init(text bytes: ByteView) {
    unsafe self.init(
      kind: .text, bits: 0, start: bytes.unsafeBytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
      size: Int32(truncatingIfNeeded: bytes.count), bytes.moment)
  }

  /// Whether the cell is SQL NULL; an empty text is not.
  @inlinable @inline(__always)
  public var isNull: Bool { kind == .null }

  /// The integer; 0 for any other kind.
  @inlinable @inline(__always)
  public var integer: Int64 { kind == .integer ? bits : 0 }

  /// The integer or real as a double; 0 for text and null.
  @inlinable @inline(__always)
  public var real: Double {
    switch kind {
    case .real: Double(bitPattern: UInt64(bitPattern: bits))
    case .integer: Double(bits)
    default: 0
    }
  }

  /// The UTF-8 of a text; empty for any other kind. Valid as long as the owner keeps the bytes.
  @inlinable @inline(__always)
  public var utf8: ByteView { unsafe ByteView(UnsafeRawBufferPointer(start: start, count: Int(size)), moment) }

  /// A copy of the text; empty for any other kind.
  public var string: String { utf8.string }
}

/// The current row of a statement; its cells are valid until the next step.
@safe
public struct Row {
  @usableFromInline let cells: UnsafeBufferPointer<Cell>

  /// - Parameter cells: one per column; must outlive the row.
  public init(_ cells: UnsafeBufferPointer<Cell>) { unsafe self.cells = cells }

  /// Number of columns.
  public var count: Int { unsafe cells.count }

  /// The cell of a result column, from 0; `column` must be below `count`.
  @inlinable @inline(__always)
  public subscript(column: Int) -> Cell { unsafe cells[column] }
}

extension [Cell] {
  /// Calls `body` with the cells as a row, valid during the call.
  public func withRow<Result>(_ body: (Row) throws -> Result) rethrows -> Result {
    try unsafe withUnsafeBufferPointer { try unsafe body(Row($0)) }
  }
}
