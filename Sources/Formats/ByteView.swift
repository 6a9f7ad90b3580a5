internal import CSimdjson
public import Glibc

// `@inlinable` and `public`, like `ByteBuffer`: every cell of every row goes through it.

/// A view of bytes in a buffer, a row, a parsed document or the program itself. Copying a view copies no bytes.
///
/// It is valid until its owner clears, moves or frees the bytes; each function that returns a view documents when. Debug builds, and so
/// the tests, stop at the first use of an invalid view. Release builds check bounds only. Not `Sendable`, like its owners.
@safe @frozen
public struct ByteView {
  // @safe: every access is bounded by `count`, and debug builds check the owner's promise (`ByteLifetime`).
  @usableFromInline let start: UnsafeRawPointer
  /// The number of bytes.
  public let count: Int
  /// The owner's moment when the view was made.
  public let moment: ByteLifetime.Moment

  /// A view of `bytes`; the caller guarantees that they stay valid until the moment ends.
  @inlinable @inline(__always)
  public init(_ bytes: UnsafeRawBufferPointer, _ moment: ByteLifetime.Moment) {
    unsafe start = unsafe bytes.baseAddress ?? Self.nowhere
    count = bytes.count
    self.moment = moment
  }

  /// A view of `bytes` whose lifetime only the caller checks.
  @inlinable @inline(__always)
  public init(_ bytes: UnsafeRawBufferPointer) { unsafe self.init(bytes, .endless) }

  /// A part of `whole`; the caller has checked the bounds.
  @inlinable @inline(__always)
  init(_ whole: ByteView, from offset: Int, count: Int) {
    unsafe start = unsafe whole.start + offset
    self.count = count
    moment = whole.moment
  }

  /// The UTF-8 of a literal, always valid.
  @inlinable @inline(__always)
  public init(_ text: StaticString) { unsafe self.init(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)) }

  /// No bytes.
  @inlinable @inline(__always)
  public static var empty: ByteView { ByteView("") }

  @inlinable @inline(__always)
  static var nowhere: UnsafeRawPointer { unsafe UnsafeRawPointer(("" as StaticString).utf8Start) }

  /// Stops a debug build if the view is no longer valid.
  @inlinable @inline(__always)
  func check() {
    #if DEBUG
      precondition(moment.isNow, "these bytes are gone: their owner has cleared, moved or freed them since")
    #endif
  }

  /// The bytes for C functions, valid as long as the view.
  @inlinable @inline(__always)
  public var unsafeBytes: UnsafeRawBufferPointer {
    check()
    return unsafe UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Calls `body` with the bytes as a bounds-checked span.
  @inlinable @inline(__always)
  public func withSpan<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    let bytes = unsafe unsafeBytes.assumingMemoryBound(to: UInt8.self)
    return try unsafe body(bytes.span)
  }
}

// MARK: Reading

extension ByteView {
  /// Whether there are no bytes.
  @inlinable @inline(__always)
  public var isEmpty: Bool { count == 0 }

  /// The byte at `index`; traps unless 0 ≤ `index` < `count`.
  @inlinable @inline(__always)
  public subscript(index: Int) -> UInt8 {
    check()
    // One comparison suffices: a negative index is a large unsigned one.
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "there is no byte there")
    return unsafe start.load(fromByteOffset: index, as: UInt8.self)
  }

  /// The first byte; `nil` if there is none.
  @inlinable @inline(__always)
  public var first: UInt8? { count > 0 ? self[0] : nil }

  /// The last byte; `nil` if there is none.
  @inlinable @inline(__always)
  public var last: UInt8? { count > 0 ? self[count &- 1] : nil }

  /// The eight bytes from `index` on as a little-endian word, for loops of eight bytes a step; traps if there are fewer.
  @inlinable @inline(__always)
  public func word(at index: Int) -> UInt64 {
    check()
    precondition(index >= 0 && index <= count &- 8, "there are no eight bytes there")
    return unsafe UInt64(littleEndian: start.loadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// The index of the first `byte` at or after `start`; `nil` if there is none.
  @inlinable
  public func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
    check()
    precondition(start >= 0 && start <= count, "the search begins outside")
    guard let found = unsafe memchr(self.start + start, Int32(byte), count &- start) else { return nil }
    return unsafe UnsafeRawPointer(found) - self.start
  }

  /// The index of the last `byte`; `nil` if there is none.
  @inlinable
  public func lastIndex(of byte: UInt8) -> Int? {
    check()
    var index = count &- 1
    while index >= 0, unsafe start.load(fromByteOffset: index, as: UInt8.self) != byte { index &-= 1 }
    return index < 0 ? nil : index
  }

  /// Whether the bytes begin with those of `prefix`.
  @inlinable
  public func starts(with prefix: ByteView) -> Bool { count >= prefix.count && ByteView(self, from: 0, count: prefix.count) == prefix }

  /// Whether the bytes begin with a literal's UTF-8.
  @inlinable
  public func starts(with prefix: StaticString) -> Bool { starts(with: ByteView(prefix)) }

  /// Whether the bytes end with a literal's UTF-8.
  @inlinable
  public func ends(with suffix: StaticString) -> Bool {
    let suffix = ByteView(suffix)
    return count >= suffix.count && ByteView(self, from: count &- suffix.count, count: suffix.count) == suffix
  }

  /// Whether all bytes are below 128.
  @inlinable
  public var isASCII: Bool {
    check()
    var index = 0
    while index &+ 8 <= count {
      guard unsafe start.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0 else { return false }
      index &+= 8
    }
    while index < count {
      guard unsafe start.load(fromByteOffset: index, as: UInt8.self) < 0x80 else { return false }
      index &+= 1
    }
    return true
  }

  /// Whether the bytes are valid UTF-8 (Unicode 3.9, D92: no surrogates, nothing overlong).
  public var isValidUTF8: Bool {
    check()
    return unsafe count == 0 || csimdjson_valid_utf8(start.assumingMemoryBound(to: UInt8.self), count) != 0
  }
}

// MARK: Comparing

extension ByteView: Hashable {
  /// Whether both views hold the same bytes.
  @inlinable @inline(__always)
  public static func == (left: ByteView, right: ByteView) -> Bool {
    left.check()
    right.check()
    return unsafe left.count == right.count && memcmp(left.start, right.start, left.count) == 0
  }

  /// Whether the bytes are a literal's UTF-8.
  @inlinable @inline(__always)
  public static func == (left: ByteView, right: StaticString) -> Bool { left == ByteView(right) }

  /// Whether the bytes are a text's UTF-8; compared byte by byte, without the normalization of `String`'s `==`.
  @inlinable
  public func equals(_ text: String) -> Bool { text.withByteView { self == $0 } }

  /// Whether the bytes equal an array's.
  @inlinable
  public static func == (left: ByteView, right: [UInt8]) -> Bool { right.withByteView { left == $0 } }

  /// Whether the bytes come before `other`'s in byte order (SQLite's BINARY): a prefix comes before what it begins.
  @inlinable
  public func lexicographicallyPrecedes(_ other: ByteView) -> Bool {
    check()
    other.check()
    let order = unsafe memcmp(start, other.start, Swift.min(count, other.count))
    return order == 0 ? count < other.count : order < 0
  }

  /// Hashes the bytes: equal bytes hash equally, wherever they lie.
  @inlinable
  public func hash(into hasher: inout Hasher) { unsafe hasher.combine(bytes: unsafeBytes) }

  /// A fast hash of the bytes (FNV-1a, 64 bits): for short words and tables in memory. It has no key, so colliding words are easy to make.
  @inlinable
  public var fnv1a: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in self { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }

  /// Whether the bytes equal `text`, ignoring the case of ASCII letters.
  @inlinable
  public func equalsIgnoringCase(_ text: StaticString) -> Bool {
    let text = ByteView(text)
    guard count == text.count else { return false }
    var index = 0
    while index < count {
      guard Self.lowercased(self[index]) == Self.lowercased(text[index]) else { return false }
      index &+= 1
    }
    return true
  }

  @inlinable @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

// MARK: Parts

extension ByteView {
  /// The bytes of `range`, indexed from 0; traps if it exceeds `count`.
  @inlinable @inline(__always)
  public subscript(range: Range<Int>) -> ByteView {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "the range leads outside")
    return ByteView(self, from: range.lowerBound, count: range.count)
  }

  /// The first `range.upperBound` bytes; traps if there are fewer.
  @inlinable @inline(__always)
  public subscript(range: PartialRangeUpTo<Int>) -> ByteView { self[0..<range.upperBound] }

  /// The bytes from `range.lowerBound` on, indexed from 0; traps if that is above `count`.
  @inlinable @inline(__always)
  public subscript(range: PartialRangeFrom<Int>) -> ByteView { self[range.lowerBound..<count] }

  /// The bytes of `range`, both ends included, indexed from 0; traps if it exceeds `count`.
  @inlinable @inline(__always)
  public subscript(range: ClosedRange<Int>) -> ByteView { self[range.lowerBound..<range.upperBound &+ 1] }

  /// The first `length` bytes, or all if there are fewer.
  @inlinable @inline(__always)
  public func prefix(_ length: Int) -> ByteView { self[0..<Swift.min(length, count)] }

  /// All but the first `length` bytes; empty if there are fewer.
  @inlinable @inline(__always)
  public func dropFirst(_ length: Int = 1) -> ByteView { self[Swift.min(length, count)..<count] }

  /// All but the last `length` bytes; empty if there are fewer.
  @inlinable @inline(__always)
  public func dropLast(_ length: Int = 1) -> ByteView { self[0..<Swift.max(count &- length, 0)] }

  /// The parts between `separator`s.
  ///
  /// - Parameter omittingEmptySubsequences: omits empty parts.
  @inlinable
  public func split(separator: UInt8, omittingEmptySubsequences: Bool = true) -> [ByteView] {
    var parts: [ByteView] = []
    var start = 0
    while true {
      let end = firstIndex(of: separator, from: start) ?? count
      if end > start || !omittingEmptySubsequences { parts.append(self[start..<end]) }
      guard end < count else { return parts }
      start = end &+ 1
    }
  }
}

extension ByteView: Sequence {
  /// Iterates over the bytes in order.
  @frozen
  public struct Iterator: IteratorProtocol {
    @usableFromInline let view: ByteView
    @usableFromInline var index = 0

    @inlinable @inline(__always)
    init(_ view: ByteView) { self.view = view }

    /// The next byte; `nil` after the last.
    @inlinable @inline(__always)
    public mutating func next() -> UInt8? {
      guard index < view.count else { return nil }
      defer { index &+= 1 }
      return view[index]
    }
  }

  /// Starts at the first byte.
  @inlinable @inline(__always)
  public func makeIterator() -> Iterator { Iterator(self) }

  /// The exact number of bytes.
  @inlinable
  public var underestimatedCount: Int { count }
}

// MARK: Copies

extension ByteView {
  /// A copy as text; bytes that are not UTF-8 become U+FFFD.
  @inlinable
  public var string: String { unsafe String(decoding: unsafeBytes, as: UTF8.self) }

  /// A copy as an array.
  @inlinable
  public var array: [UInt8] { unsafe Array(unsafeBytes) }
}

extension String {
  /// Calls `body` with the text's UTF-8; the view is valid during the call.
  @inlinable
  public func withByteView<Result>(_ body: (ByteView) throws -> Result) rethrows -> Result {
    let lifetime = ByteLifetime()
    defer { lifetime.end() }
    // Native strings, nearly all of ours, are not copied.
    var text = self
    return try text.withUTF8 { try unsafe body(ByteView(UnsafeRawBufferPointer($0), lifetime.moment)) }
  }
}

extension [UInt8] {
  /// Calls `body` with the bytes; the view is valid during the call.
  @inlinable
  public func withByteView<Result>(_ body: (ByteView) throws -> Result) rethrows -> Result {
    let lifetime = ByteLifetime()
    defer { lifetime.end() }
    return try unsafe withUnsafeBytes { try unsafe body(ByteView($0, lifetime.moment)) }
  }
}
