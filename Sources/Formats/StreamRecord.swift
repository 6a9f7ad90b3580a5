/// One record of a stream: its bytes, or the reason why it has none.
///
/// All readers of records have the same shape: `feed` takes the next bytes of the stream, however they are cut, and gives the
/// records that are complete; `finish` gives what is left. An error thrown by the receiver ends the reading: the reader is of no
/// use after it. `@safe`: reading `bytes` is marked at the use.
@safe
package struct StreamRecord {
  /// The line that the record starts on, counted from 1.
  package let line: Int
  /// Where the record starts in the stream, in bytes.
  package let offset: Int
  /// The record without its separators; valid during the call only. Empty when there is a fault.
  package let bytes: UnsafeRawBufferPointer
  package let fault: RecordFault?
  private let moment: ByteLifetime.Moment

  /// The record without its separators; holds during the call that gives it. Empty when there is a fault.
  package var utf8: ByteView { unsafe ByteView(bytes, moment) }

  /// - Parameter moment: ends with the call that gives the record.
  init(line: Int, offset: Int, bytes: UnsafeRawBufferPointer, _ moment: ByteLifetime.Moment) {
    self.moment = moment
    self.line = line
    self.offset = offset
    unsafe self.bytes = unsafe bytes
    fault = nil
  }

  init(fault: RecordFault, offset: Int) {
    moment = .endless
    line = fault.line
    self.offset = offset
    unsafe bytes = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    self.fault = fault
  }
}

/// Why a record of a stream was refused.
package struct RecordFault: Error, Equatable, Sendable {
  /// E.g. `line_too_long`, `bare_quote`, `trailing_bytes`.
  package let code: String
  package let detail: String
  /// The line that the record starts on, counted from 1.
  package let line: Int
  /// For CSV the number of the field in its row, counted from 1.
  package let column: Int?
  /// Whether the rest of the stream cannot be read; otherwise reading goes on with the next record.
  package let endsStream: Bool

  init(_ code: String, _ detail: String, line: Int, column: Int? = nil, endsStream: Bool = false) {
    self.code = code
    self.detail = detail
    self.line = line
    self.column = column
    self.endsStream = endsStream
  }
}
