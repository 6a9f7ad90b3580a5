/// By how much a row of a rollup changes: 32 bytes, so that hundreds of thousands can wait in memory.
package struct RollupChange {
  /// Three numbers of 21 bits, in the order of the table's key: words by their number, and months since year 0.
  package private(set) var key: UInt64 = 0
  /// Events more or fewer, and how many of them are of quad class 1 or 2, of 3 or 4, and have a Goldstein value.
  package var count: Int32
  package var cooperative: Int32 = 0
  package var conflictual: Int32 = 0
  package var goldsteinCount: Int32 = 0
  /// The sum of the Goldstein values, in ten-thousandths.
  package var goldstein: Int64 = 0

  private static let bits: UInt64 = 21

  package init(count: Int32) { self.count = count }

  package var first: Int { Int(key >> (2 * Self.bits)) }
  package var second: Int { Int(key >> Self.bits & (1 << Self.bits - 1)) }
  package var third: Int { Int(key & (1 << Self.bits - 1)) }

  /// Names the row; each number is below 2^21.
  package mutating func setKey(_ first: Int, _ second: Int, _ third: Int) {
    key = UInt64(first) << (2 * Self.bits) | UInt64(second) << Self.bits | UInt64(third)
  }

  /// The same change of another row.
  package func of(_ first: Int, _ second: Int, _ third: Int) -> RollupChange {
    var change = self
    change.setKey(first, second, third)
    return change
  }

  /// Whether the row stays as it is.
  package var isNothing: Bool { count == 0 && cooperative == 0 && conflictual == 0 && goldsteinCount == 0 && goldstein == 0 }

  /// Takes in another change of the same row.
  package mutating func add(_ other: RollupChange) {
    count &+= other.count
    cooperative &+= other.cooperative
    conflictual &+= other.conflictual
    goldsteinCount &+= other.goldsteinCount
    goldstein &+= other.goldstein
  }

  /// Sorts changes by their rows and makes one of those of the same row; what changes nothing goes.
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
