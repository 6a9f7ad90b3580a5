internal import Glibc

/// A growing byte buffer for the hot path: one reservation, then stores without a check per byte.
///
/// The functions that every field of every row goes through are `@inlinable` and `public`: with `package` this compiler leaves a call in
/// the other module.
///
/// A class, so that it is reused (`clear` keeps its capacity) without copies. Not `Sendable`: it belongs to one loop, or is handed over
/// whole.
@safe
public final class ByteBuffer {
  @safe @usableFromInline
  struct Fields {
    @usableFromInline var base: UnsafeMutablePointer<UInt8>
    @usableFromInline var count: Int
    @usableFromInline var capacity: Int
  }

  // Behind a constant pointer: each access to a `var` of a class is checked for exclusivity at run time, which cost more than the stores.
  @usableFromInline let fields: UnsafeMutablePointer<Fields>
  @usableFromInline let lifetime = ByteLifetime()

  @inlinable @inline(__always)
  var base: UnsafeMutablePointer<UInt8> {
    get { unsafe fields.pointee.base }
    set { unsafe fields.pointee.base = newValue }
  }

  /// The number of bytes written.
  @inlinable @inline(__always)
  public internal(set) var count: Int {
    get { unsafe fields.pointee.count }
    set { unsafe fields.pointee.count = newValue }
  }

  /// The capacity in bytes before the next growth.
  @inlinable @inline(__always)
  public internal(set) var capacity: Int {
    get { unsafe fields.pointee.capacity }
    set { unsafe fields.pointee.capacity = newValue }
  }

  /// An empty buffer.
  ///
  /// - Parameter capacity: bytes reserved at once; at least 16.
  package init(capacity: Int = 256) {
    let room = max(capacity, 16)
    unsafe fields = .allocate(capacity: 1)
    unsafe fields.initialize(to: Fields(base: .allocate(capacity: room), count: 0, capacity: room))
  }

  deinit {
    lifetime.end()
    unsafe base.deallocate()
    unsafe fields.deallocate()
  }

  /// Whether nothing has been written since the last `clear`.
  package var isEmpty: Bool { count == 0 }

  /// Reserves room for `bytes` more.
  @inlinable @inline(__always)
  public func reserve(_ bytes: Int) {
    if count &+ bytes > capacity { grow(bytes) }
  }

  @usableFromInline @inline(never)
  func grow(_ bytes: Int) {
    lifetime.end()
    let wanted = max(capacity * 2, count + bytes)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    unsafe larger.update(from: base, count: count)
    unsafe base.deallocate()
    unsafe base = larger
    capacity = wanted
  }

  /// Drops the bytes and keeps the capacity, up to `keeping` bytes.
  package func clear(keeping: Int = .max) {
    lifetime.end()
    count = 0
    guard capacity > keeping else { return }
    unsafe base.deallocate()
    capacity = max(keeping, 16)
    unsafe base = .allocate(capacity: capacity)
  }

  /// Drops the first `bytes` and moves the rest to the front.
  package func removeFirst(_ bytes: Int) {
    lifetime.end()
    let dropped = min(max(bytes, 0), count)
    unsafe memmove(base, base + dropped, count - dropped)
    count -= dropped
  }

  /// Shortens the content to `bytes`; does nothing if it is shorter.
  package func truncate(to bytes: Int) { count = min(max(bytes, 0), count) }

  /// Appends one byte.
  @inlinable @inline(__always)
  public func append(_ byte: UInt8) {
    reserve(1)
    unsafe base[count] = byte
    count &+= 1
  }

  /// Appends a literal's UTF-8.
  @inlinable @inline(__always)
  public func append(_ text: StaticString) {
    unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends a copy of the bytes, which must not be this buffer's own: it moves when it grows.
  @inlinable @inline(__always)
  func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, bytes.count > 0 else { return }
    reserve(bytes.count)
    unsafe UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: bytes.count)
    count &+= bytes.count
  }

  /// Appends a copy of the bytes, which must not be this buffer's own: it moves when it grows.
  @inlinable @inline(__always)
  public func append(_ bytes: ByteView) {
    reserve(bytes.count)
    unsafe append(bytes.unsafeBytes)
  }

  /// The number of bytes that must be readable from the source of `appendShort`, and the most it appends.
  public static let shortRoom = 32

  /// Appends at most 32 bytes with four stores and no call: made for the many short texts of a row.
  ///
  /// - Parameter start: `shortRoom` bytes must be readable from there.
  @inlinable @inline(__always)
  public func appendShort(_ start: UnsafeRawPointer, count: Int) {
    reserve(32)
    let target = unsafe UnsafeMutableRawPointer(base + self.count)
    unsafe target.storeBytes(of: start.loadUnaligned(as: UInt64.self), as: UInt64.self)
    unsafe target.storeBytes(of: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self), toByteOffset: 8, as: UInt64.self)
    unsafe target.storeBytes(of: start.loadUnaligned(fromByteOffset: 16, as: UInt64.self), toByteOffset: 16, as: UInt64.self)
    unsafe target.storeBytes(of: start.loadUnaligned(fromByteOffset: 24, as: UInt64.self), toByteOffset: 24, as: UInt64.self)
    self.count &+= count
  }

  /// Appends `count` bytes of `padded`, which must have `shortRoom` more bytes after them; a short text needs no call.
  @inlinable @inline(__always)
  public func append(_ padded: [UInt8], from start: Int, count: Int) {
    precondition(start >= 0 && count >= 0 && start &+ count &+ Self.shortRoom <= padded.count, "the bytes are not padded")
    unsafe padded.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      if count <= Self.shortRoom {
        unsafe appendShort(base + start, count: count)
      } else {
        unsafe append(UnsafeRawBufferPointer(start: base + start, count: count))
      }
    }
  }

  /// Appends a copy of the bytes.
  package func append(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe append($0) } }

  /// Appends a copy of the bytes.
  package func append(_ bytes: Span<UInt8>) { unsafe bytes.withUnsafeBytes { unsafe append($0) } }

  /// Appends a copy of another buffer's bytes; this buffer itself is allowed.
  package func append(_ other: ByteBuffer) {
    // Reserve before reading the bytes: a buffer appended to itself moves when it grows.
    reserve(other.count)
    unsafe append(other.rawBytes)
  }

  /// Appends a text's UTF-8.
  package func append(_ text: String) {
    var text = text
    text.withUTF8 { unsafe append(UnsafeRawBufferPointer($0)) }
  }

  /// Up to 32 bytes, kept without an allocation.
  package struct Short {
    fileprivate var bytes: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    fileprivate var count = 0

    /// No bytes.
    package init() {}
  }

  /// Appends the kept bytes, with four stores and no call.
  package func append(_ short: Short) {
    unsafe withUnsafeBytes(of: short.bytes) { bytes in
      if let start = bytes.baseAddress { unsafe appendShort(start, count: short.count) }
    }
  }

  /// A copy of the bytes from `start` on; empty if these are more than 32.
  package func short(from start: Int) -> Short {
    var short = Short()
    guard start >= 0, start <= count, count - start <= Self.shortRoom else { return short }
    short.count = count - start
    unsafe withUnsafeMutableBytes(of: &short.bytes) { unsafe $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: rawBytes[start...])) }
    return short
  }

  /// Lets `body` write up to `room` bytes at the end and return how many it wrote (`recv`, `inflate`).
  package func appendUninitialized(_ room: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
    reserve(room)
    let written = unsafe body(UnsafeMutableRawBufferPointer(start: base + count, count: room))
    count += min(max(written, 0), room)
  }

  /// A view of the written bytes, valid until the buffer is cleared, grows, loses bytes in front, or is freed. It may be freed right after
  /// its last use: take `withView` there.
  @inlinable @inline(__always)
  public var bytes: ByteView { unsafe ByteView(UnsafeRawBufferPointer(start: base, count: count), lifetime.moment) }

  /// Calls `body` with a view of the written bytes and keeps the buffer alive during the call.
  @inlinable @inline(__always)
  public func withView<Result, Failure: Error>(_ body: (ByteView) throws(Failure) -> Result) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// Calls `body` with the bytes and, unlike `rawBytes`, keeps the buffer alive during the call.
  @inline(__always)
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try unsafe body(rawBytes)
  }

  /// The bytes, valid until the next write, and only while something else keeps the buffer alive: it may be freed right after its last
  /// use. Take `withBytes` there.
  var rawBytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

  /// Calls `body` with the bytes as a bounds-checked span.
  package func withSpan<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    let bytes = unsafe UnsafeBufferPointer(start: base, count: count)
    return try unsafe body(bytes.span)
  }

  /// A copy as an array.
  package var array: [UInt8] { unsafe Array(rawBytes) }

  /// A copy as text; bytes that are not UTF-8 become U+FFFD.
  package var string: String { unsafe String(decoding: rawBytes, as: UTF8.self) }

  /// The byte at `index`; traps unless 0 ≤ `index` < `count`.
  @inline(__always)
  package subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count)
    return unsafe base[index]
  }
}
