/// One row of CSV: ranges of fields in a run of bytes. Valid during the call of `emit`.
///
/// `@safe`: only `CSVReader` makes fields, and they lie inside the row's bytes.
@safe
package struct CSVRow {
  /// The physical line that the row starts on, counted from 1.
  package let line: Int
  /// The row's byte offset in the stream.
  package let offset: Int
  /// Why the row could not be read; `nil` for a good row. A row with a fault has no fields.
  package let fault: RecordFault?
  private let bytes: UnsafeRawBufferPointer
  private let unescaped: UnsafeRawBufferPointer
  private let fields: UnsafeBufferPointer<Field>
  private let moment: ByteLifetime.Moment

  /// A field's range in twelve bytes, because a wide row has many.
  struct Field: Sendable {
    private var start: Int32
    private var end: Int32
    let isQuoted: Bool
    /// Whether the field had doubled quotes; its text is then in `unescaped`.
    let isUnescaped: Bool

    @inline(__always)
    init(_ range: Range<Int>, isQuoted: Bool, isUnescaped: Bool) {
      start = Int32(truncatingIfNeeded: range.lowerBound)
      end = Int32(truncatingIfNeeded: range.upperBound)
      self.isQuoted = isQuoted
      self.isUnescaped = isUnescaped
    }

    @inline(__always)
    var range: Range<Int> {
      get { Int(start)..<Int(end) }
      set { self = Field(newValue, isQuoted: isQuoted, isUnescaped: isUnescaped) }
    }
  }

  /// - Parameter moment: ends with the call of `emit`.
  init(
    line: Int, offset: Int, bytes: UnsafeRawBufferPointer, unescaped: UnsafeRawBufferPointer, fields: UnsafeBufferPointer<Field>,
    _ moment: ByteLifetime.Moment
  ) {
    self.moment = moment
    self.line = line
    self.offset = offset
    unsafe self.bytes = unsafe bytes
    unsafe self.unescaped = unsafe unescaped
    unsafe self.fields = unsafe fields
    fault = nil
  }

  init(fault: RecordFault, offset: Int) {
    moment = .endless
    line = fault.line
    self.offset = offset
    self.fault = fault
    unsafe bytes = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    unsafe unescaped = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    unsafe fields = unsafe UnsafeBufferPointer(start: nil, count: 0)
  }

  /// The row's length in bytes without its line end; 0 for a fault.
  package var length: Int { unsafe bytes.count }

  /// The number of fields.
  package var count: Int { unsafe fields.count }

  /// A field's bytes, unquoted, doubled quotes made single; traps for an index that the row lacks.
  package subscript(index: Int) -> ByteView {
    precondition(index >= 0 && index < count)
    let field = unsafe fields[index]
    let source = unsafe field.isUnescaped ? unescaped : bytes
    return unsafe ByteView(UnsafeRawBufferPointer(rebasing: source[field.range]), moment)
  }

  /// Whether a field was written in quotes: `""` may mean empty text where an empty cell means no value.
  package func isQuoted(_ index: Int) -> Bool {
    precondition(index >= 0 && index < count)
    return unsafe fields[index].isQuoted
  }

  /// A field as `String`; bytes that are not UTF-8 become U+FFFD.
  package func string(_ index: Int) -> String { self[index].string }
}
