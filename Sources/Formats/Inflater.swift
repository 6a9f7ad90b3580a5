internal import CZlib

/// Why compressed bytes were refused.
package enum InflateError: Error, Equatable, Sendable {
  /// The stream ends before its compressed data does.
  case truncated
  /// Something follows the compressed data.
  case trailingBytes
  /// zlib's reason.
  case corrupt(String)
  /// More than the allowed number of bytes came out.
  case tooLarge(maxBytes: Int)
  /// More bytes came out for each one that went in than is allowed: a bomb.
  case ratio(maxRatio: Int)
  case outOfMemory
}

/// Decompresses a stream (gzip RFC 1952, zlib RFC 1950, raw deflate RFC 1951) in pieces of at most 64 KiB, within limits of size
/// and ratio. Several gzip members one after the other are one stream.
///
/// After an error it is of no use. `@safe`: the C stream and the piece of output live exactly as long as this object.
@safe
package final class Inflater {
  package enum Format: Sendable { case gzip, zlib, raw }

  private static let pieceBytes = 1 << 16
  /// Below this much output the ratio is not looked at: a few bytes of zeros compress well and do no harm.
  private static let ratioFloor = 1 << 16

  private let stream: UnsafeMutablePointer<z_stream>
  private let piece: UnsafeMutableRawBufferPointer
  private let format: Format
  private let maxBytes: Int
  private let maxRatio: Int
  private var failure: InflateError?
  /// Of the piece of output.
  private let lifetime = ByteLifetime()
  /// The compressed data has ended; for gzip another member may follow.
  private var isAtEnd = false
  private var members = 0
  /// Compressed bytes taken so far.
  package private(set) var bytesIn = 0
  /// Bytes given so far.
  package private(set) var bytesOut = 0

  /// - Parameters:
  ///   - maxBytes: how many bytes may come out altogether.
  ///   - maxRatio: how many bytes may come out for each one that goes in, once more than 64 KiB have. Deflate reaches 1,032.
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

  /// Takes compressed bytes and appends what comes out, which is bounded by `maxBytes` and the ratio only.
  package func feed(_ bytes: UnsafeRawBufferPointer, into buffer: ByteBuffer) throws(InflateError) {
    if let failure = unsafe run(bytes, { unsafe buffer.append($0) }) { throw failure }
  }

  /// Takes compressed bytes and gives what comes out in pieces of at most 64 KiB, valid during the call.
  ///
  /// - Throws: `InflateError`, or what `emit` throws.
  package func feed(_ bytes: UnsafeRawBufferPointer, _ emit: (UnsafeRawBufferPointer) throws -> Void) throws {
    if let failure = try unsafe run(bytes, emit) { throw failure }
  }

  /// Takes compressed bytes and appends what comes out, which is bounded by `maxBytes` and the ratio only.
  package func feed(_ bytes: ByteView, into buffer: ByteBuffer) throws(InflateError) { try unsafe feed(bytes.unsafeBytes, into: buffer) }

  /// Takes compressed bytes and gives what comes out in pieces of at most 64 KiB, which hold during the call.
  ///
  /// - Throws: `InflateError`, or what `emit` throws.
  package func feed(_ bytes: ByteView, _ emit: (ByteView) throws -> Void) throws {
    let failure = try unsafe run(bytes.unsafeBytes) { piece in
      defer { lifetime.end() }
      try unsafe emit(ByteView(piece, lifetime.moment))
    }
    if let failure { throw failure }
  }

  /// The stream has ended: `truncated` if the compressed data has not.
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

  /// Goes on with the next gzip member; anything else behind the end is an error.
  private func startMember() -> InflateError? {
    guard format == .gzip, let next = unsafe stream.pointee.next_in, unsafe next.pointee == 0x1F else { return .trailingBytes }
    members += 1
    isAtEnd = false
    return unsafe inflateReset(stream) == Z_OK ? nil : .outOfMemory
  }

  private var corrupt: InflateError {
    // A header that is none, behind a complete member, is what follows the data.
    if unsafe members > 0 && stream.pointee.total_out == 0 && stream.pointee.total_in <= 2 { return .trailingBytes }
    guard let message = unsafe stream.pointee.msg else { return .corrupt("the compressed data is damaged") }
    return unsafe .corrupt(String(cString: message))
  }
}
