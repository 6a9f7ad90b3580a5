import Service
import Store
import TestSupport
import Testing

/// Changes of rollup rows, added up before they are stored.
@Suite struct RollupChangeTests {
  private func change(_ key: (Int, Int, Int), count: Int32 = 1, goldstein: Int64? = nil) -> RollupChange {
    var change = RollupChange(count: count)
    change.setKey(key.0, key.1, key.2)
    if let goldstein { (change.goldsteinCount, change.goldstein) = (count, goldstein) }
    return change
  }

  /// Everything that a change says.
  private func numbers(_ change: RollupChange) -> [Int64] {
    [
      Int64(change.first), Int64(change.second), Int64(change.third), Int64(change.count), Int64(change.cooperative),
      Int64(change.conflictual), Int64(change.goldsteinCount), change.goldstein,
    ]
  }

  @Test func `a key gives back its three numbers, up to two million each, and sorts as they do`() {
    let most = 1 << 21 - 1
    let keys = [(0, 0, 0), (0, 0, most), (0, 1, 0), (0, most, most), (1, 0, 0), (most, 0, 0), (most, most, most)]
    let changes = keys.map { change($0) }
    for (key, change) in zip(keys, changes) { #expect([change.first, change.second, change.third] == [key.0, key.1, key.2]) }
    for (one, other) in zip(changes, changes.dropFirst()) { #expect(one.key < other.key) }
    let moved = change((1, 2, 3), count: 4, goldstein: 5).of(6, 7, 8)
    #expect(numbers(moved) == [6, 7, 8, 4, 0, 0, 4, 5])
  }

  @Test func `changes of one row become one, and rows come in the order of their keys`() {
    var changes = [change((2, 0, 0), goldstein: 10), change((1, 0, 0)), change((2, 0, 0), goldstein: -30), change((1, 0, 1))]
    RollupChange.addUp(&changes)
    #expect(changes.map(numbers) == [[1, 0, 0, 1, 0, 0, 0, 0], [1, 0, 1, 1, 0, 0, 0, 0], [2, 0, 0, 2, 0, 0, 2, -20]])
  }

  @Test func `what is taken away and added unchanged leaves nothing, wherever it stands`() {
    for rest in [[], [change((0, 0, 0))], [change((9, 9, 9))], [change((0, 0, 0)), change((9, 9, 9))]] {
      var changes = rest + [change((5, 0, 0), goldstein: 7), change((5, 0, 0), count: -1, goldstein: -7)]
      RollupChange.addUp(&changes)
      #expect(changes.map(numbers) == rest.map(numbers))
    }
    var none: [RollupChange] = []
    RollupChange.addUp(&none)
    #expect(none.isEmpty)
  }

  @Test func `an event that only changes its value keeps the row, with no count`() {
    var changes = [change((1, 1, 1), count: -1, goldstein: -20_000), change((1, 1, 1), count: 1, goldstein: 50_000)]
    RollupChange.addUp(&changes)
    #expect(changes.map(numbers) == [[1, 1, 1, 0, 0, 0, 0, 30_000]])
  }

  @Test func `any changes add up to what a dictionary says, however often they are added up between`() {
    var random = SeededNumbers("rollup changes")
    for _ in 0..<200 {
      var (changes, expected): ([RollupChange], [[Int64]: [Int64]]) = ([], [:])
      for _ in 0..<Int.random(in: 0...60, using: &random) {
        var change = change((Int.random(in: 0...2, using: &random), Int.random(in: 0...2, using: &random), 0), count: 0)
        change.count = Int32.random(in: -1...1, using: &random)
        change.cooperative = Int32.random(in: -1...1, using: &random)
        change.conflictual = Int32.random(in: -1...1, using: &random)
        change.goldsteinCount = Int32.random(in: -1...1, using: &random)
        change.goldstein = Int64.random(in: -2...2, using: &random)
        changes.append(change)
        let said = numbers(change)
        expected[Array(said[..<3]), default: [0, 0, 0, 0, 0]] = zip(expected[Array(said[..<3])] ?? [0, 0, 0, 0, 0], said[3...]).map(+)
        if Int.random(in: 0..<10, using: &random) == 0 { RollupChange.addUp(&changes) }
      }
      RollupChange.addUp(&changes)
      let rows = expected.filter { $0.value.contains { $0 != 0 } }.map { $0.key + $0.value }
      #expect(changes.map(numbers) == rows.sorted { $0.lexicographicallyPrecedes($1) })
      #expect(changes.allSatisfy { !$0.isNothing })
    }
  }
}
