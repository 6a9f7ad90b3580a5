/// The difference to add to one row of a rollup: 32 bytes, so that hundreds of thousands fit in memory.
package struct RollupChange {
  /// The row: three numbers of 21 bits in the order of the table's key. Words are numbered; months count from year 0.
  package private(set) var key: UInt64 = 0
  /// The number of events added; like all sums here, negative if events are removed.
  package var count: Int32
  /// Events of quad class 1 or 2.
  package var cooperative: Int32 = 0
  /// Events of quad class 3 or 4.
  package var conflictual: Int32 = 0
  /// Events with a Goldstein value.
  package var goldsteinCount: Int32 = 0
  /// The sum of the Goldstein values, in billionths.
  package var goldstein: Int64 = 0

  private static let bits: UInt64 = 21

  /// A change of `count` events, with all other sums 0.
  package init(count: Int32) { self.count = count }

  /// The key's first number: a country, or the first stakeholder of a dyad. 0 for a shorter key, which is right-aligned.
  package var first: Int { Int(key >> (2 * Self.bits)) }
  /// The key's second number: a month, or the second stakeholder of a dyad.
  package var second: Int { Int(key >> Self.bits & (1 << Self.bits - 1)) }
  /// The key's third number: an event type, or the month of a dyad.
  package var third: Int { Int(key & (1 << Self.bits - 1)) }

  /// Sets the row; each number must be below 2^21.
  package mutating func setKey(_ first: Int, _ second: Int, _ third: Int) {
    key = UInt64(first) << (2 * Self.bits) | UInt64(second) << Self.bits | UInt64(third)
  }

  /// The same change for another row.
  package func of(_ first: Int, _ second: Int, _ third: Int) -> RollupChange {
    var change = self
    change.setKey(first, second, third)
    return change
  }

  /// Whether adding it changes nothing.
  package var isNothing: Bool { count == 0 && cooperative == 0 && conflictual == 0 && goldsteinCount == 0 && goldstein == 0 }

  /// Adds another change of the same row; wraps on overflow.
  package mutating func add(_ other: RollupChange) {
    count &+= other.count
    cooperative &+= other.cooperative
    conflictual &+= other.conflictual
    goldsteinCount &+= other.goldsteinCount
    goldstein &+= other.goldstein
  }

  /// Sorts changes by row, merges those of the same row and drops empty ones.
  package static func addUp(_ changes: inout [RollupChange]) {
    changes.sort { $0.key < $1.key }
    var kept = 0
    for index in changes.indices {
      if kept > 0, changes[kept - 1].key == changes[index].key {
        changes[kept - 1].add(changes[index])
      } else {
        if kept > 0, changes[kept - 1].isNothing { kept -= 1 }
        changes[kept] = changes[index]
        kept += 1
      }
    }
    if kept > 0, changes[kept - 1].isNothing { kept -= 1 }
    changes.removeSubrange(kept...)
  }
}
