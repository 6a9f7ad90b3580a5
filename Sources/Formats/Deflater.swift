internal import CZlib

/// Compresses a stream as gzip (RFC 1952) in pieces; reusable after each `finish`.
///
/// It takes 256 KB: keep few of them. `@safe`: the C stream lives exactly as long as this object.
@safe
package final class Deflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private static let pieceBytes = 1 << 14

  /// Ready for the first stream.
  ///
  /// - Parameter level: 1 (fast) to 9 (small); 0 stores. Other values are clamped.
  package init(level: Int = 6) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status = unsafe deflateInit2_(
      stream, Int32(min(max(level, 0), 9)), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    // Like every allocation in Swift, running out of memory ends the program.
    precondition(status == Z_OK, "no memory to compress")
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Compresses bytes and appends the output that is ready to `buffer`.
  package func write(_ bytes: ByteView, into buffer: ByteBuffer) {
    var start = 0
    // zlib counts in 32 bits.
    while start < bytes.count {
      let end = min(bytes.count, start + 1 << 30)
      run(bytes[start..<end], Z_NO_FLUSH, into: buffer)
      start = end
    }
  }

  /// Appends the rest of the stream and prepares for the next one.
  package func finish(into buffer: ByteBuffer) {
    run(.empty, Z_FINISH, into: buffer)
    reset()
  }

  /// Discards an unfinished stream and prepares for the next one.
  package func reset() { unsafe deflateReset(stream) }

  private func run(_ bytes: ByteView, _ mode: Int32, into buffer: ByteBuffer) {
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.unsafeBytes.assumingMemoryBound(to: UInt8.self).baseAddress)
    unsafe stream.pointee.avail_in = UInt32(bytes.count)
    repeat {
      unsafe buffer.appendUninitialized(Self.pieceBytes) { room in
        unsafe stream.pointee.next_out = room.assumingMemoryBound(to: UInt8.self).baseAddress
        unsafe stream.pointee.avail_out = UInt32(room.count)
        unsafe deflate(stream, mode)
        return unsafe room.count - Int(stream.pointee.avail_out)
      }
      // Unused room means that there is no more output.
    } while unsafe stream.pointee.avail_out == 0
  }
}

/// Appends `bytes` compressed as one gzip stream (RFC 1952); `level` is 1 (fast) to 9 (small).
package func gzip(_ bytes: ByteView, into buffer: ByteBuffer, level: Int = 6) {
  let deflater = Deflater(level: level)
  deflater.write(bytes, into: buffer)
  deflater.finish(into: buffer)
}
