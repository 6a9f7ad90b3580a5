import Formats
import SQL
import Testing

@Suite struct ValuesTests {
  @Test func `a row gives back what was set, and keeps texts apart`() {
    let values = Values(count: 5)
    values.set(0, integer: .min)
    values.set(1, real: -0.0)
    values.set(2, text: "Zoë \u{0} 日本")
    values.set(3, text: "")
    #expect((0..<5).map { values[$0].kind } == [.integer, .real, .text, .text, .null])
    #expect(values[0].integer == .min)
    #expect(values[1].real.sign == .minus)
    #expect(values[2].string == "Zoë \u{0} 日本")
    #expect(values[3].string.isEmpty && !values[3].isNull)
    #expect(values[4].isNull)
    values.set(2, text: "another")
    values.append(integer: 7)
    values.append(text: "more")
    #expect(values.count == 7)
    #expect(values[2].string == "another" && values[6].string == "more" && values[5].integer == 7)
  }

  @Test func `a cell of another kind is nothing, and an integer is a real too`() {
    #expect(Cell(integer: 3).real == 3)
    #expect(Cell(real: 3.5).integer == 0)
    #expect(Cell.null.real == 0)
    #expect(Cell(integer: 3).string.isEmpty)
  }

  @Test func `a row that is used again has nothing of the row before`() {
    let values = Values(count: 2)
    values.set(0, text: "left over")
    values.reset(count: 3)
    #expect(values.count == 3)
    #expect((0..<3).allSatisfy { values[$0].isNull })
  }

  @Test func `cells are copied with their bytes`() {
    let one = Values(count: 1)
    one.set(0, text: "text")
    let other = Values(count: 1)
    other.set(0, one[0])
    other.append(one[0])
    one.reset(count: 1)
    one.set(0, text: "gone")
    #expect(other[0].string == "text" && other[1].string == "text")
  }

  @Test func `what is compared is the value, not how it is stored`() {
    let values = Values(count: 4)
    values.set(0, integer: 2)
    values.set(1, real: 2)
    values.set(2, text: "2")
    #expect(values.equals(0, values[1]) && values.equals(1, values[0]))
    #expect(!values.equals(0, values[2]) && !values.equals(2, values[3]) && values.equals(3, .null))
    let other = Values(count: 2)
    other.set(0, text: "2")
    other.set(1, text: "2\u{0}")
    #expect(values.equals(2, other[0]) && !values.equals(2, other[1]))
  }
}
