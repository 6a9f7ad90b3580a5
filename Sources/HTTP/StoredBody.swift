package import Formats
internal import Locks

/// A body answered again and again: written once, shared by all loops, compressed once.
package final class StoredBody: @unchecked Sendable {
  // Sendable holds because nobody writes to `plain` or to a coded form once it is here.
  /// The bytes before any coding. Read-only.
  package let plain: ByteBuffer
  private let coded = Locked<ByteBuffer?>(nil)

  /// - Parameter body: copied.
  package init(_ body: ByteBuffer) {
    plain = ByteBuffer(capacity: body.count)
    plain.append(body)
  }

  /// The length before any coding, in bytes.
  package var count: Int { plain.count }

  /// The gzipped body, the server's only coding; the first caller makes it with `code`.
  package func coded(by code: (_ body: ByteBuffer, _ coded: ByteBuffer) -> Void) -> ByteBuffer {
    if let known = coded.withLock({ Handed($0) }).buffer { return known }
    // Outside the lock: two callers may code at the same time, with the same result.
    let buffer = ByteBuffer(capacity: plain.count / 4)
    code(plain, buffer)
    let handed = Handed(buffer)
    coded.withLock { $0 = handed.buffer }
    return buffer
  }

  /// Carries a buffer through the lock, which accepts Sendable values only.
  private struct Handed: @unchecked Sendable {
    let buffer: ByteBuffer?
    init(_ buffer: ByteBuffer?) { self.buffer = buffer }
  }
}
