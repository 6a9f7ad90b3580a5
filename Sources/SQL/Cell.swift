public import Formats

// `@inlinable` and `public`, because every column of every row is read in another module, and with `package` this compiler leaves a call there.

/// One column of one row, or one parameter: a number, or bytes that lie somewhere else.
///
/// The bytes belong to whoever made the cell (a statement's current row, a `Values`) and hold as long as that says.
@safe
public struct Cell {
  public enum Kind: UInt8, Sendable {
    case null, integer, real, text
  }

  public let kind: Kind
  @usableFromInline let size: Int32
  @usableFromInline let bits: Int64
  @usableFromInline let start: UnsafePointer<UInt8>?
  @usableFromInline let moment: ByteLifetime.Moment

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

  @inlinable @inline(__always)
  public init(integer: Int64) { unsafe self.init(kind: .integer, bits: integer, start: nil, size: 0) }

  @inlinable @inline(__always)
  public init(real: Double) { unsafe self.init(kind: .real, bits: Int64(bitPattern: real.bitPattern), start: nil, size: 0) }

  /// UTF-8 bytes; at most 2 GiB, which is also SQLite's limit.
  ///
  /// - Parameter moment: how long its owner keeps them.
  @inlinable @inline(__always)
  public init(text start: UnsafePointer<UInt8>?, count: Int32, _ moment: ByteLifetime.Moment = .endless) {
    unsafe self.init(kind: .text, bits: 0, start: start, size: count, moment)
  }

  /// A text that lies in `bytes`; at most 2 GiB.
  @inlinable @inline(__always)
  public init(text bytes: ByteView) {
    unsafe self.init(
      kind: .text, bits: 0, start: bytes.unsafeBytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
      size: Int32(truncatingIfNeeded: bytes.count), bytes.moment)
  }

  @inlinable @inline(__always)
  public var isNull: Bool { kind == .null }

  /// The number; 0 for anything that is not an integer.
  @inlinable @inline(__always)
  public var integer: Int64 { kind == .integer ? bits : 0 }

  /// The number as a double, whichever way it is stored; 0 for text and null.
  @inlinable @inline(__always)
  public var real: Double {
    switch kind {
    case .real: Double(bitPattern: UInt64(bitPattern: bits))
    case .integer: Double(bits)
    default: 0
    }
  }

  /// The bytes of a text; empty for anything else.
  @inlinable @inline(__always)
  public var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: Int(size)) }

  /// The UTF-8 of a text; empty for anything else. Holds as long as the cell's owner says.
  @inlinable @inline(__always)
  public var utf8: ByteView { unsafe ByteView(UnsafeRawBufferPointer(start: start, count: Int(size)), moment) }

  /// A copy as text.
  public var string: String { utf8.string }
}

/// The current row of a statement: its cells hold until the next step.
@safe
public struct Row {
  @usableFromInline let cells: UnsafeBufferPointer<Cell>

  public init(_ cells: UnsafeBufferPointer<Cell>) { unsafe self.cells = cells }

  public var count: Int { unsafe cells.count }

  @inlinable @inline(__always)
  public subscript(column: Int) -> Cell { unsafe cells[column] }
}

extension [Cell] {
  /// Gives `body` the cells as a row, which holds during the call.
  public func withRow<Result>(_ body: (Row) throws -> Result) rethrows -> Result {
    try unsafe withUnsafeBufferPointer { try unsafe body(Row($0)) }
  }
}
