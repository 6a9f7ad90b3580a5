/// Makes time-ordered 63-bit keys: 41 bits of milliseconds since 2020, 10 bits of node, 12 bits of sequence.
///
/// It has no clock: the caller passes the time. The keys last until September 2089.
package struct SnowflakeGenerator: Sendable {
  /// 2020-01-01T00:00:00Z in Unix milliseconds.
  package static let epochMilliseconds: Int64 = 1_577_836_800_000
  private static let sequenceBits: Int64 = 12
  private static let nodeBits: Int64 = 10
  private static let lastTick: Int64 = 1 << (41 + sequenceBits) - 1

  private let node: Int64
  /// Milliseconds and sequence of the last key in one number: when a millisecond's keys are used up, the carry borrows the next one.
  private var tick: Int64

  /// A generator for one node; two running ones need different nodes.
  ///
  /// - Parameters:
  ///   - node: 0 to 1023; higher bits are dropped.
  ///   - last: the greatest stored key; all new keys are greater, whatever the clock says.
  package init(node: Int, after last: Int64 = 0) {
    self.node = Int64(truncatingIfNeeded: node) & (1 << Self.nodeBits - 1)
    tick = Self.tick(of: last)
  }

  /// The next key: greater than all before, even if the clock steps back or a millisecond needs more than 4,096 keys.
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

  /// The time at which a key was made, Unix milliseconds; slightly later if milliseconds were borrowed.
  package static func milliseconds(of id: Int64) -> Int64 {
    (id & .max) >> (nodeBits + sequenceBits) + epochMilliseconds
  }

  private static func tick(of id: Int64) -> Int64 {
    ((id & .max) >> (nodeBits + sequenceBits)) << sequenceBits | id & (1 << sequenceBits - 1)
  }
}
