internal import CZlib

/// Why compressed bytes were refused.
package enum InflateError: Error, Equatable, Sendable {
  /// The stream ends before the compressed data is complete.
  case truncated
  /// Further bytes follow the compressed data.
  case trailingBytes
  /// The data is damaged; zlib's message.
  case corrupt(String)
  /// The output exceeds the limit, in bytes.
  case tooLarge(maxBytes: Int)
  /// The output exceeds the allowed multiple of the input: a decompression bomb.
  case ratio(maxRatio: Int)
  /// zlib could not allocate its state.
  case outOfMemory
}

/// Decompresses a stream (gzip RFC 1952, zlib RFC 1950, raw deflate RFC 1951) in pieces of at most 64 KiB, within limits on size and
/// ratio. Consecutive gzip members form one stream.
///
/// It is unusable after an error. `@safe`: the C stream and the piece of output live exactly as long as this object.
@safe
package final class Inflater {
  /// The container of the compressed data: RFC 1952, RFC 1950 or none (RFC 1951).
  package enum Format: Sendable { case gzip, zlib, raw }

  private static let pieceBytes = 1 << 16
  /// The ratio is not checked below this much output: a few zero bytes compress well and do no harm.
  private static let ratioFloor = 1 << 16

  private let stream: UnsafeMutablePointer<z_stream>
  private let piece: UnsafeMutableRawBufferPointer
  private let format: Format
  private let maxBytes: Int
  private let maxRatio: Int
  private var failure: InflateError?
  /// The lifetime of `piece`.
  private let lifetime = ByteLifetime()
  /// Whether the compressed data has ended; another gzip member may follow.
  private var isAtEnd = false
  private var members = 0
  /// Compressed bytes read so far.
  package private(set) var bytesIn = 0
  /// Decompressed bytes emitted so far.
  package private(set) var bytesOut = 0

  /// Ready for the first bytes of one stream.
  ///
  /// - Parameters:
  ///   - maxBytes: the most output bytes in total.
  ///   - maxRatio: the most output bytes per input byte, checked from 64 KiB of output on. Deflate reaches 1,032.
  package init(format: Format, maxBytes: Int, maxRatio: Int) {
    self.format = format
    self.maxBytes = maxBytes
    self.maxRatio = min(max(maxRatio, 1), 1 << 20)
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    unsafe piece = .allocate(byteCount: Self.pieceBytes, alignment: 16)
    let windowBits: Int32 =
      switch format {
      case .gzip: 15 + 16
      case .zlib: 15
      case .raw: -15
      }
    if unsafe inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) != Z_OK { failure = .outOfMemory }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe piece.deallocate()
  }

  /// Decompresses bytes and appends the output, bounded only by `maxBytes` and the ratio.
  ///
  /// - Throws: `InflateError`; the same again on each later call.
  package func feed(_ bytes: ByteView, into buffer: ByteBuffer) throws(InflateError) {
    if let failure = unsafe run(bytes.unsafeBytes, { unsafe buffer.append($0) }) { throw failure }
  }

  /// Decompresses bytes and emits the output in pieces of at most 64 KiB, valid during the call of `emit`.
  ///
  /// - Throws: `InflateError`, or what `emit` throws.
  package func feed(_ bytes: ByteView, _ emit: (ByteView) throws -> Void) throws {
    let failure = try unsafe run(bytes.unsafeBytes) { piece in
      defer { lifetime.end() }
      try unsafe emit(ByteView(piece, lifetime.moment))
    }
    if let failure { throw failure }
  }

  /// Ends the stream; throws `truncated` if the compressed data is incomplete, and any earlier error again.
  package func finish() throws(InflateError) {
    if let failure { throw failure }
    guard isAtEnd else { throw .truncated }
  }

  private func run<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ emit: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> InflateError? {
    var start = 0
    // zlib counts in 32 bits.
    while start < bytes.count, failure == nil {
      let end = min(bytes.count, start + 1 << 30)
      failure = try unsafe runSlice(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), emit)
      start = end
    }
    return failure
  }

  private func runSlice<Failure: Error>(
    _ bytes: UnsafeRawBufferPointer, _ emit: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> InflateError? {
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
    unsafe stream.pointee.avail_in = UInt32(bytes.count)
    while true {
      if isAtEnd {
        if unsafe stream.pointee.avail_in == 0 { return nil }
        if let failure = startMember() { return failure }
      }
      let status = inflatePiece()
      let produced = unsafe Self.pieceBytes - Int(stream.pointee.avail_out)
      if let failure = excess(adding: produced) { return failure }
      if produced > 0 { try unsafe emit(UnsafeRawBufferPointer(rebasing: piece[..<produced])) }
      switch status {
      case Z_STREAM_END: isAtEnd = true
      case Z_OK: break
      // No progress is possible: the input is used up.
      case Z_BUF_ERROR: return nil
      case Z_MEM_ERROR: return .outOfMemory
      default: return corrupt
      }
    }
  }

  private func inflatePiece() -> Int32 {
    unsafe stream.pointee.next_out = piece.assumingMemoryBound(to: UInt8.self).baseAddress
    unsafe stream.pointee.avail_out = UInt32(Self.pieceBytes)
    let before = unsafe stream.pointee.avail_in
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    unsafe bytesIn += Int(before - stream.pointee.avail_in)
    return status
  }

  private func excess(adding produced: Int) -> InflateError? {
    bytesOut += produced
    if bytesOut > maxBytes { return .tooLarge(maxBytes: maxBytes) }
    if bytesOut > Self.ratioFloor, bytesOut / maxRatio > bytesIn { return .ratio(maxRatio: maxRatio) }
    return nil
  }

  /// Starts the next gzip member; any other byte after the end is an error.
  private func startMember() -> InflateError? {
    guard format == .gzip, let next = unsafe stream.pointee.next_in, unsafe next.pointee == 0x1F else { return .trailingBytes }
    members += 1
    isAtEnd = false
    return unsafe inflateReset(stream) == Z_OK ? nil : .outOfMemory
  }

  private var corrupt: InflateError {
    // An invalid header after a complete member counts as trailing bytes.
    if unsafe members > 0 && stream.pointee.total_out == 0 && stream.pointee.total_in <= 2 { return .trailingBytes }
    guard let message = unsafe stream.pointee.msg else { return .corrupt("the compressed data is damaged") }
    return unsafe .corrupt(String(cString: message))
  }
}
