internal import CZlib

/// Compresses a stream as gzip (RFC 1952), piece by piece; used again after each `finish`.
///
/// It holds 256 KB: keep few of them. `@safe`: the C stream lives exactly as long as this object.
@safe
package final class Deflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private static let pieceBytes = 1 << 14

  /// - Parameter level: 1 (fast) to 9 (small); 0 stores. Other values are taken as the nearest.
  package init(level: Int = 6) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status = unsafe deflateInit2_(
      stream, Int32(min(max(level, 0), 9)), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    // Like every allocation in Swift: without memory there is no way on.
    precondition(status == Z_OK, "no memory to compress")
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Takes bytes and appends the compressed ones that are ready.
  package func write(_ bytes: UnsafeRawBufferPointer, into buffer: ByteBuffer) {
    var start = 0
    // zlib counts in 32 bits.
    while start < bytes.count {
      let end = min(bytes.count, start + 1 << 30)
      unsafe run(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), Z_NO_FLUSH, into: buffer)
      start = end
    }
  }

  /// Ends the stream and makes ready for the next.
  package func finish(into buffer: ByteBuffer) {
    unsafe run(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, into: buffer)
    reset()
  }

  /// Drops a stream that was not finished and makes ready for the next.
  package func reset() { unsafe deflateReset(stream) }

  private func run(_ bytes: UnsafeRawBufferPointer, _ mode: Int32, into buffer: ByteBuffer) {
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.assumingMemoryBound(to: UInt8.self).baseAddress)
    unsafe stream.pointee.avail_in = UInt32(bytes.count)
    repeat {
      unsafe buffer.appendUninitialized(Self.pieceBytes) { room in
        unsafe stream.pointee.next_out = room.assumingMemoryBound(to: UInt8.self).baseAddress
        unsafe stream.pointee.avail_out = UInt32(room.count)
        unsafe deflate(stream, mode)
        return unsafe room.count - Int(stream.pointee.avail_out)
      }
      // Room that was not used up means that nothing is left to write.
    } while unsafe stream.pointee.avail_out == 0
  }
}

/// Appends bytes compressed as one gzip member.
package func gzip(_ bytes: UnsafeRawBufferPointer, into buffer: ByteBuffer, level: Int = 6) {
  let deflater = Deflater(level: level)
  unsafe deflater.write(bytes, into: buffer)
  deflater.finish(into: buffer)
}
