/// One row of CSV: its fields as places in a run of bytes. Valid during the call that gives it.
///
/// `@safe`: fields are only made by `CSVReader`, inside the bytes that the row holds.
@safe
package struct CSVRow {
  /// The physical line that the row starts on, counted from 1.
  package let line: Int
  /// Where the row starts in the stream, in bytes.
  package let offset: Int
  /// Why the row could not be read; it has no fields then.
  package let fault: RecordFault?
  private let bytes: UnsafeRawBufferPointer
  private let unescaped: UnsafeRawBufferPointer
  private let fields: UnsafeBufferPointer<Field>
  private let moment: ByteLifetime.Moment

  /// A field's place: twelve bytes, of which a wide row has many.
  struct Field: Sendable {
    private var start: Int32
    private var end: Int32
    let isQuoted: Bool
    /// The field had doubled quotes: its text is in the second run of bytes.
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

  /// - Parameter moment: ends with the call that gives the row.
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

  /// How many bytes of the stream the row has, its line end left out; 0 for a fault.
  package var length: Int { unsafe bytes.count }

  /// How many fields there are.
  package var count: Int { unsafe fields.count }

  /// A field's bytes, without the quotes around it and with doubled quotes made single.
  package subscript(index: Int) -> UnsafeRawBufferPointer {
    precondition(index >= 0 && index < count)
    let field = unsafe fields[index]
    let source = unsafe field.isUnescaped ? unescaped : bytes
    return unsafe UnsafeRawBufferPointer(rebasing: source[field.range])
  }

  /// A field's bytes, without the quotes around it and with doubled quotes made single.
  @inline(__always)
  package func cell(_ index: Int) -> ByteView { unsafe ByteView(self[index], moment) }

  /// Whether a field was written in quotes: `""` is an empty text where nothing at all may be no value.
  package func isQuoted(_ index: Int) -> Bool {
    precondition(index >= 0 && index < count)
    return unsafe fields[index].isQuoted
  }

  /// A field as `String`.
  package func string(_ index: Int) -> String { unsafe String(decoding: self[index], as: UTF8.self) }
}
