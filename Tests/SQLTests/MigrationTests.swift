import SQL
import Testing

@Suite struct MigrationTests {
  private static func step(_ number: Int, _ sql: String = "SELECT 1") throws -> Migration {
    try #require(Migration(file: "000\(number)_step\(number).sql", sql: sql))
  }

  private func applied(_ steps: [Migration]) -> [(number: Int, name: String, checksum: String)] {
    steps.map { ($0.number, $0.name, $0.checksum) }
  }

  @Test func `a migration has a number, a name and a checksum of its text`() throws {
    let step = try Self.step(7)
    #expect(step.number == 7 && step.name == "step7")
    #expect(step.checksum.count == 16)
    #expect(try step.checksum == Self.step(8).checksum)
    #expect(try step.checksum != Self.step(7, "SELECT 2").checksum)
    // FNV-1a of nothing and of "a", as its authors publish them.
    #expect(try Self.step(1, "").checksum == "cbf29ce484222325")
    #expect(try Self.step(1, "a").checksum == "af63dc4c8601ec8c")
    for name in ["1_x.sql", "0001x.sql", "0001_x.txt", "x.sql", ""] { #expect(Migration(file: name, sql: "") == nil, "\(name)") }
  }

  @Test func `what is applied and what is known are compared before anything is touched`() throws {
    let (one, two, three) = (try Self.step(1), try Self.step(2), try Self.step(3))
    #expect(try Migration.compare(applied: [], known: [one, two]) == .pending([1, 2]))
    #expect(try Migration.compare(applied: applied([one]), known: [one, two, three]) == .pending([2, 3]))
    #expect(try Migration.compare(applied: applied([one, two]), known: [one, two]) == .current)
    #expect(try Migration.compare(applied: [], known: []) == .current)
    #expect(throws: MigrationRefusal.newer(database: 3, program: 2)) {
      try Migration.compare(applied: applied([one, two, three]), known: [one, two])
    }
    #expect(throws: MigrationRefusal.changed(number: 1, name: "step1")) {
      try Migration.compare(applied: applied([Self.step(1, "other"), two]), known: [one, two])
    }
    #expect(throws: MigrationRefusal.missing(number: 2, name: "step2")) {
      try Migration.compare(applied: applied([one, two, three]), known: [one, three])
    }
    #expect(throws: MigrationRefusal.outOfOrder(number: 2, name: "step2")) {
      try Migration.compare(applied: applied([one, three]), known: [one, two, three])
    }
  }
}
