/// How long the bytes of an owner hold. An owner has one, gives its moment to the views that it makes, and says when the bytes given out are gone.
///
/// Debug builds count these endings, so that a view that is looked at too late stops the program; in release it is nothing, and takes no room.
///
/// `@unchecked Sendable` holds because it is counted by whoever uses the owner, and an owner is used by one thread at a time.
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

  @inlinable @inline(__always)
  public init() {}

  /// Now: what is given out until the next ending.
  @inlinable @inline(__always)
  public var moment: Moment { Moment(self) }

  /// Says that the bytes given out so far are gone.
  @inlinable @inline(__always)
  public func end() {
    #if DEBUG
      counter.endings &+= 1
    #endif
  }

  /// The time between two endings.
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

    /// Of bytes that are never gone, or that nobody watches.
    @inlinable @inline(__always)
    public static var endless: Moment { Moment() }

    /// Whether the bytes given out then still hold; release builds do not know.
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
