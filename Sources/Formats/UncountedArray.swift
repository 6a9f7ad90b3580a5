/// Objects by number, read without reference counting: counting what is looked at for every field of every row took a fifth of the time of
/// reading a file.
@safe @frozen
public struct UncountedArray<Element: AnyObject & Sendable>: Sendable {
  // Keeps the objects alive for the unmanaged references.
  @usableFromInline let elements: [Element]
  @usableFromInline let bare: [Unmanaged<Element>]

  /// Wraps objects in order of their numbers.
  ///
  /// - Parameter elements: retained for the life of this value.
  @inlinable
  public init(_ elements: [Element]) {
    self.elements = elements
    unsafe bare = unsafe elements.map { unsafe Unmanaged.passUnretained($0) }
  }

  /// The number of objects.
  @inlinable @inline(__always)
  public var count: Int { elements.count }

  /// Calls `body` with the object of this number, without reference counting; traps for a number out of range.
  @inlinable @inline(__always)
  public func with<Result>(_ number: Int, _ body: (Element) -> Result) -> Result {
    unsafe bare[number]._withUnsafeGuaranteedRef { body($0) }
  }
}
