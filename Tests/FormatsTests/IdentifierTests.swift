import Formats
import Testing

@Suite struct IdentifierTests {
  @Test(
    arguments: [
      (0, "evt_0000000000000"), (1, "evt_0000000000001"), (31, "evt_000000000000z"), (32, "evt_0000000000010"), (.max, "evt_7zzzzzzzzzzzz"),
    ] as [(Int64, String)])
  func `a key is written as thirteen characters and read back`(key: Int64, text: String) {
    #expect(written { $0.append(id: key, prefix: "evt") } == text)
    #expect(Identifier.parse(text, prefix: "evt") == key)
  }

  @Test func `random keys make the round trip and sort as their numbers do`() {
    var random = Seeded("identifiers")
    var all: [(Int64, String)] = []
    for _ in 0..<5_000 {
      let key = Int64(bitPattern: random.next() >> 1)
      let text = written { $0.append(id: key, prefix: "src") }
      #expect(Identifier.parse(text, prefix: "src") == key)
      all.append((key, text))
    }
    #expect(all.sorted { $0.0 < $1.0 }.map(\.1) == all.map(\.1).sorted())
  }

  @Test func `either case is read, i and l as 1, o as 0`() {
    #expect(Identifier.parse("evt_0HK3V9Q2M7X8A", prefix: "evt") == Identifier.parse("evt_0hk3v9q2m7x8a", prefix: "evt"))
    #expect(Identifier.parse("evt_oOiIlL0000000", prefix: "evt") == Identifier.parse("evt_0011110000000", prefix: "evt"))
  }

  @Test(arguments: [
    "", "evt", "evt_", "evt_000000000000", "evt_00000000000000", "evt-0000000000000", "Evt_0000000000000", "stk_0000000000000",
    "evt_8000000000000", "evt_zzzzzzzzzzzzz", "evt_000000000000u", "evt_00000000000-0", "evt_00000000000 0", "evt_00000000000é",
    "0000000000000",
    " evt_0000000000000", "evt_000000000000[", "evt_000000000000@",
  ])
  func `any other form is no identifier`(text: String) {
    #expect(Identifier.parse(text, prefix: "evt") == nil)
  }

  @Test func `the prefix of a well-formed identifier is told`() {
    #expect(Identifier.prefix(of: "evt_0hk3v9q2m7x8a") == "evt")
    #expect(Identifier.prefix(of: "abcdefgh_0hk3v9q2m7x8a") == "abcdefgh")
    for text in ["abcdefghi_0hk3v9q2m7x8a", "_0hk3v9q2m7x8a", "EVT_0hk3v9q2m7x8a", "evt_0hk3v9q2m7x8", "evt_8hk3v9q2m7x8a", "", "evt"] {
      #expect(Identifier.prefix(of: text) == nil, "\(text)")
    }
  }
}

@Suite struct SnowflakeGeneratorTests {
  private let now: Int64 = 1_718_703_000_123

  @Test func `a key carries its time, its node and its sequence`() {
    var keys = SnowflakeGenerator(node: 5)
    let first = keys.next(nowMilliseconds: now)
    #expect(SnowflakeGenerator.milliseconds(of: first) == now)
    #expect(first >> 12 & 1_023 == 5)
    #expect(first & 4_095 == 0)
    #expect(keys.next(nowMilliseconds: now) == first + 1)
  }

  @Test func `keys grow when the clock steps back, and when a millisecond is used up`() {
    var keys = SnowflakeGenerator(node: 1_023)
    var last: Int64 = -1
    for step in 0..<20_000 {
      let key = keys.next(nowMilliseconds: now - Int64(step % 7))
      #expect(key > last)
      #expect(key >> 12 & 1_023 == 1_023)
      last = key
    }
    #expect(SnowflakeGenerator.milliseconds(of: last) == now + 20_000 / 4_096)
  }

  @Test func `a generator goes on behind the greatest stored key`() {
    var before = SnowflakeGenerator(node: 3)
    let stored = before.next(nowMilliseconds: now)
    var after = SnowflakeGenerator(node: 3, after: stored)
    #expect(after.next(nowMilliseconds: now - 60_000) == stored + 1)
  }

  @Test(arguments: [Int64.min, -1, 0, SnowflakeGenerator.epochMilliseconds - 1])
  func `a clock before 2020 counts as 2020`(now: Int64) {
    var keys = SnowflakeGenerator(node: 0)
    #expect(SnowflakeGenerator.milliseconds(of: keys.next(nowMilliseconds: now)) == SnowflakeGenerator.epochMilliseconds)
  }

  @Test func `a clock after 2089 still gives a positive key`() {
    var keys = SnowflakeGenerator(node: 1_023)
    #expect(keys.next(nowMilliseconds: .max) > 0)
  }
}
