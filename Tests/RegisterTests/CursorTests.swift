import Records
import SQL
import Service
import TestSupport
import Testing

@Suite struct CursorTests {
  private let seal = CursorSeal(key: "a secret")
  private let shape = Array("events\u{1}sort\u{2}title".utf8)

  private func keys() -> Values {
    let keys = Values()
    keys.append(text: "Zoë, \"日本\"")
    keys.append(.null)
    keys.append(real: -0.1)
    keys.append(integer: .min)
    keys.append(text: "")
    return keys
  }

  @Test func `a cursor gives back the keys that it was made of`() throws {
    let keys = keys()
    let opened = try #require(seal.open(seal.seal(keys, shape: shape), shape: shape))
    #expect(opened.count == 5)
    #expect((0..<5).allSatisfy { opened.equals($0, keys[$0]) && opened[$0].kind == keys[$0].kind })
  }

  @Test func `a cursor of another query or another register is none`() {
    let cursor = seal.seal(keys(), shape: shape)
    #expect(seal.open(cursor, shape: shape + [0x61]) == nil)
    #expect(seal.open(cursor, shape: Array(shape.dropLast())) == nil)
    #expect(CursorSeal(key: "another").open(cursor, shape: shape) == nil)
  }

  @Test func `no byte of a cursor can be changed, removed or added`() {
    let cursor = Array(seal.seal(keys(), shape: shape))
    for place in cursor.indices.dropLast() {
      var forged = cursor
      forged[place] = forged[place] == "A" ? "B" : "A"
      #expect(seal.open(String(forged), shape: shape) == nil, "\(place)")
      forged = cursor
      forged.remove(at: place)
      #expect(seal.open(String(forged), shape: shape) == nil, "without \(place)")
    }
    for text in ["", "A", "!", String(repeating: "A", count: 5_000), String(cursor) + "AAAA"] {
      #expect(seal.open(text, shape: shape) == nil)
    }
  }

  @Test func `what belongs to the query cannot be moved into the keys`() {
    // The tag is over both: the same bytes divided elsewhere are another cursor.
    let key = Values()
    key.append(text: "x")
    let cursor = seal.seal(key, shape: Array("ab".utf8))
    #expect(seal.open(cursor, shape: Array("a".utf8)) == nil)
    #expect(seal.open(cursor, shape: Array("abt".utf8)) == nil)
  }
}
