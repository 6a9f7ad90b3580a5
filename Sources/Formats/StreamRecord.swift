/// One record of a stream: its bytes, or a fault.
///
/// All record readers have the same shape: `feed` reads the next bytes of the stream, in pieces of any size, and emits each completed
/// record; `finish` emits the rest. After an error thrown by `emit` the reader is unusable.
package struct StreamRecord {
  /// The line that the record starts on, counted from 1.
  package let line: Int
  /// The record's byte offset in the stream.
  package let offset: Int
  /// The record without its separators, valid during the call of `emit`; empty for a fault.
  package let bytes: ByteView
  /// Why the record could not be read; `nil` for a good record.
  package let fault: RecordFault?

  /// - Parameter moment: ends with the call of `emit`.
  init(line: Int, offset: Int, bytes: UnsafeRawBufferPointer, _ moment: ByteLifetime.Moment) {
    self.line = line
    self.offset = offset
    unsafe self.bytes = ByteView(bytes, moment)
    fault = nil
  }

  init(fault: RecordFault, offset: Int) {
    line = fault.line
    self.offset = offset
    bytes = .empty
    self.fault = fault
  }
}

/// Why a record of a stream was refused.
package struct RecordFault: Error, Equatable, Sendable {
  /// E.g. `line_too_long`, `bare_quote`, `trailing_bytes`.
  package let code: String
  /// A sentence for people.
  package let detail: String
  /// The line that the record starts on, counted from 1.
  package let line: Int
  /// The number of the field in a CSV row, counted from 1; `nil` for other formats.
  package let column: Int?
  /// Whether the rest of the stream is unreadable; otherwise reading continues with the next record.
  package let endsStream: Bool

  init(_ code: String, _ detail: String, line: Int, column: Int? = nil, endsStream: Bool = false) {
    self.code = code
    self.detail = detail
    self.line = line
    self.column = column
    self.endsStream = endsStream
  }
}
