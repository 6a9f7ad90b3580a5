/// Makes 63-bit keys in order of time: 41 bits of milliseconds since 2020, 10 bits of node, 12 bits of sequence.
///
/// A value without a clock: the caller says what time it is. The keys last until September 2089.
package struct SnowflakeGenerator: Sendable {
  /// 2020-01-01T00:00:00Z in Unix milliseconds.
  package static let epochMilliseconds: Int64 = 1_577_836_800_000
  private static let sequenceBits: Int64 = 12
  private static let nodeBits: Int64 = 10
  private static let lastTick: Int64 = 1 << (41 + sequenceBits) - 1

  private let node: Int64
  /// Milliseconds and sequence of the last key, side by side: when a millisecond is used up, the next one is borrowed by the carry.
  private var tick: Int64

  /// - Parameters:
  ///   - node: 0 to 1023; higher bits are dropped.
  ///   - last: a key after which all new ones must come (the greatest that is stored), whatever the clock says.
  package init(node: Int, after last: Int64 = 0) {
    self.node = Int64(truncatingIfNeeded: node) & (1 << Self.nodeBits - 1)
    tick = Self.tick(of: last)
  }

  /// The next key: greater than all before, even when the clock steps back or 4,096 keys a millisecond are not enough.
  ///
  /// - Parameter nowMilliseconds: Unix milliseconds; times before 2020 count as 2020, times after 2089 as 2089.
  package mutating func next(nowMilliseconds: Int64) -> Int64 {
    let (elapsed, underflow) = nowMilliseconds.subtractingReportingOverflow(Self.epochMilliseconds)
    let latest = Self.lastTick >> Self.sequenceBits
    let milliseconds = underflow ? 0 : min(max(elapsed, 0), latest)
    precondition(tick < Self.lastTick, "the 41 bits of milliseconds are used up")
    tick = max(milliseconds << Self.sequenceBits, tick + 1)
    return (tick >> Self.sequenceBits) << (Self.nodeBits + Self.sequenceBits) | node << Self.sequenceBits
      | tick & (1 << Self.sequenceBits - 1)
  }

  /// When a key was made, in Unix milliseconds (a little later when milliseconds were borrowed).
  package static func milliseconds(of id: Int64) -> Int64 {
    (id & .max) >> (nodeBits + sequenceBits) + epochMilliseconds
  }

  private static func tick(of id: Int64) -> Int64 {
    ((id & .max) >> (nodeBits + sequenceBits)) << sequenceBits | id & (1 << sequenceBits - 1)
  }
}
