/// The lifetime of an owner's bytes. An owner has one, passes its moment to the views it makes, and calls `end` when those bytes become
/// invalid.
///
/// Debug builds count these endings and stop the program when a view is used too late. In release builds it has no size and no effect.
///
/// `@unchecked Sendable` holds because only the user of the owner counts, and an owner is used by one thread at a time.
@frozen
public struct ByteLifetime: @unchecked Sendable {
  #if DEBUG
    @usableFromInline let counter = Counter()

    @usableFromInline
    final class Counter {
      @usableFromInline var endings = 0

      @usableFromInline
      init() {}
    }
  #endif

  /// Starts the first moment.
  @inlinable @inline(__always)
  public init() {}

  /// The current moment, for views made until the next `end`.
  @inlinable @inline(__always)
  public var moment: Moment { Moment(self) }

  /// Ends the current moment: the bytes given out so far are invalid.
  @inlinable @inline(__always)
  public func end() {
    #if DEBUG
      counter.endings &+= 1
    #endif
  }

  /// The time between two calls of `end`.
  @frozen
  public struct Moment: @unchecked Sendable {
    #if DEBUG
      @usableFromInline let counter: Counter?
      @usableFromInline let endings: Int
    #endif

    @inlinable @inline(__always)
    init(_ lifetime: ByteLifetime) {
      #if DEBUG
        counter = lifetime.counter
        endings = lifetime.counter.endings
      #endif
    }

    @inlinable @inline(__always)
    init() {
      #if DEBUG
        counter = nil
        endings = 0
      #endif
    }

    /// The moment of bytes that stay valid, or whose lifetime is not checked.
    @inlinable @inline(__always)
    public static var endless: Moment { Moment() }

    /// Whether the bytes given out in this moment are still valid; always true in release builds.
    @inlinable @inline(__always)
    var isNow: Bool {
      #if DEBUG
        counter == nil || counter?.endings == endings
      #else
        true
      #endif
    }
  }
}
