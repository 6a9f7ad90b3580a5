internal import Glibc

/// Splits a stream into lines (NDJSON). LF or CRLF ends a line, the last needs no end, blank lines are skipped.
///
/// Only a line that crosses two pieces of the stream is copied.
package struct LineSplitter: Sendable {
  private let maxLineBytes: Int
  private var carry: [UInt8] = []
  private var line = 1
  /// Bytes of the stream before this piece, and before this line.
  private var consumed = 0
  private var lineStart = 0
  /// Whether the rest of a line that was too long is being skipped.
  private var isSkipping = false
  private let lifetime = ByteLifetime()

  /// Starts before the first byte of a stream.
  ///
  /// - Parameter maxLineBytes: the longest line, without its end; a longer one is a `line_too_long` fault.
  package init(maxLineBytes: Int) { self.maxLineBytes = max(maxLineBytes, 0) }

  /// Reads the next bytes of the stream and emits each completed line, which is valid during the call of `emit`.
  package mutating func feed<Failure: Error>(_ bytes: ByteView, _ emit: (StreamRecord) throws(Failure) -> Void) throws(Failure) {
    let bytes = unsafe bytes.unsafeBytes
    var start = 0
    while start < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
      guard let base = rest.baseAddress, let found = unsafe memchr(base, Int32(UInt8(ascii: "\n")), rest.count) else {
        try unsafe keep(rest, emit)
        break
      }
      let length = unsafe UnsafeRawPointer(found) - base
      try unsafe endLine(UnsafeRawBufferPointer(rebasing: rest[..<length]), emit)
      start &+= length &+ 1
      lineStart = consumed &+ start
    }
    consumed &+= bytes.count
  }

  /// Ends the stream and emits the last line if it had no end.
  package mutating func finish<Failure: Error>(_ emit: (StreamRecord) throws(Failure) -> Void) throws(Failure) {
    try unsafe endLine(UnsafeRawBufferPointer(start: nil, count: 0), emit)
  }

  private mutating func keep<Failure: Error>(
    _ piece: UnsafeRawBufferPointer, _ emit: (StreamRecord) throws(Failure) -> Void
  ) throws(Failure) {
    if isSkipping { return }
    // A final CR is not part of the line if LF follows.
    let isCR = unsafe piece.last == UInt8(ascii: "\r")
    if carry.count &+ piece.count &- (isCR ? 1 : 0) > maxLineBytes {
      carry.removeAll()
      isSkipping = true
      return try emit(tooLong)
    }
    unsafe carry.append(contentsOf: piece)
  }

  private mutating func endLine<Failure: Error>(
    _ piece: UnsafeRawBufferPointer, _ emit: (StreamRecord) throws(Failure) -> Void
  ) throws(Failure) {
    if !isSkipping {
      if carry.isEmpty {
        try unsafe give(piece, emit)
      } else {
        unsafe carry.append(contentsOf: piece)
        try unsafe carry.withUnsafeBufferPointer { bytes throws(Failure) in try unsafe give(UnsafeRawBufferPointer(bytes), emit) }
      }
    }
    carry.removeAll(keepingCapacity: carry.capacity <= 1 << 20)
    isSkipping = false
    line += 1
  }

  private func give<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ emit: (StreamRecord) throws(Failure) -> Void
  ) throws(Failure) {
    let end = unsafe bytes.last == UInt8(ascii: "\r") ? bytes.count &- 1 : bytes.count
    if end > maxLineBytes { return try emit(tooLong) }
    if unsafe isBlank(bytes) { return }
    defer { lifetime.end() }
    try unsafe emit(StreamRecord(line: line, offset: lineStart, bytes: UnsafeRawBufferPointer(rebasing: bytes[..<end]), lifetime.moment))
  }

  private func isBlank(_ bytes: UnsafeRawBufferPointer) -> Bool {
    for index in 0..<bytes.count {
      guard unsafe bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0D else { return false }
    }
    return true
  }

  private var tooLong: StreamRecord {
    StreamRecord(
      fault: RecordFault("line_too_long", "a line has at most \(maxLineBytes) bytes", line: line), offset: lineStart)
  }
}
