package import Formats
internal import Locks

/// A body that is answered again and again: written once, shared by all loops, and compressed once.
package final class StoredBody: @unchecked Sendable {
  // Sendable holds because nobody writes to `plain` or to a coded form once it is here.
  /// The bytes, as they are before any coding. Not to be written to.
  package let plain: ByteBuffer
  private let coded = Locked<ByteBuffer?>(nil)

  /// - Parameter body: is copied.
  package init(_ body: ByteBuffer) {
    plain = ByteBuffer(capacity: body.count)
    plain.append(body)
  }

  package var count: Int { plain.count }

  /// The body in the one coding that the server has; `code` makes it for who asks first.
  package func coded(by code: (_ body: ByteBuffer, _ coded: ByteBuffer) -> Void) -> ByteBuffer {
    if let known = coded.withLock({ Handed($0) }).buffer { return known }
    // Outside the lock: two may do it at the same time, and both forms are the same.
    let buffer = ByteBuffer(capacity: plain.count / 4)
    code(plain, buffer)
    let handed = Handed(buffer)
    coded.withLock { $0 = handed.buffer }
    return buffer
  }

  /// Takes a buffer across the lock, which only lets through what may be sent.
  private struct Handed: @unchecked Sendable {
    let buffer: ByteBuffer?
    init(_ buffer: ByteBuffer?) { self.buffer = buffer }
  }
}
