/// By how much a row of a rollup changes: 32 bytes, so that hundreds of thousands can wait in memory.
struct RollupChange {
  /// Three numbers of 21 bits, in the order of the table's key: words by their number, and months since year 0.
  private(set) var key: UInt64 = 0
  var count: Int32
  var cooperative: Int32 = 0
  var conflictual: Int32 = 0
  var goldsteinCount: Int32 = 0
  /// In ten-thousandths.
  var goldstein: Int64 = 0

  private static let bits: UInt64 = 21

  init(count: Int32) { self.count = count }

  var first: Int { Int(key >> (2 * Self.bits)) }
  var second: Int { Int(key >> Self.bits & (1 << Self.bits - 1)) }
  var third: Int { Int(key & (1 << Self.bits - 1)) }

  mutating func setKey(_ first: Int, _ second: Int, _ third: Int) {
    key = UInt64(first) << (2 * Self.bits) | UInt64(second) << Self.bits | UInt64(third)
  }

  /// The same change of another row.
  func of(_ first: Int, _ second: Int, _ third: Int) -> RollupChange {
    var change = self
    change.setKey(first, second, third)
    return change
  }

  var isNothing: Bool { count == 0 && cooperative == 0 && conflictual == 0 && goldsteinCount == 0 && goldstein == 0 }

  mutating func add(_ other: RollupChange) {
    count &+= other.count
    cooperative &+= other.cooperative
    conflictual &+= other.conflictual
    goldsteinCount &+= other.goldsteinCount
    goldstein &+= other.goldstein
  }

  /// Sorts changes by their rows and makes one of those of the same row; what changes nothing goes.
  static func addUp(_ changes: inout [RollupChange]) {
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
