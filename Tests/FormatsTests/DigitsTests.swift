import Formats
import Testing

@Suite struct DigitsTests {
  @Test(
    arguments: [0, 1, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 99_999, 100_000, 12_345_678_901, .max, -1, -10, -12_345, .min] as [Int64])
  func `a whole number is written as the standard library writes it`(value: Int64) {
    #expect(written { $0.append(integer: value) } == String(value))
  }

  @Test func `every length of random numbers is written right`() {
    var random = Seeded("digits")
    for _ in 0..<20_000 {
      let value = Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random)
      #expect(written { $0.append(integer: value) } == String(value))
    }
  }

  @Test func `a fixed width is filled with zeros, and digits above it are left out`() {
    #expect(written { $0.append(decimal: 7, width: 4) } == "0007")
    #expect(written { $0.append(decimal: 7, width: 1) } == "7")
    #expect(written { $0.append(decimal: 12_345, width: 3) } == "345")
    #expect(written { $0.append(decimal: 5, width: 0) } == "")
  }
}
