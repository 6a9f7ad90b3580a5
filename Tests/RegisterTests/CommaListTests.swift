import Records
import Service
import Testing

@Suite struct CommaListTests {
  private func texts(_ list: String) -> [String] { CommaList.items(of: list).map(\.text) }

  @Test func `values without quotes end at commas`() {
    #expect(texts("a,b") == ["a", "b"])
    #expect(texts("a") == ["a"])
    #expect(texts("a,") == ["a", ""])
    #expect(texts(",") == ["", ""])
    #expect(texts("") == [""])
    #expect(texts("Zoë, 日本") == ["Zoë", " 日本"])
  }

  @Test func `values in quotes may hold commas and doubled quotes`() {
    #expect(texts(#""Talks, then a summit",b"#) == ["Talks, then a summit", "b"])
    #expect(texts(#"a,"b,c""#) == ["a", "b,c"])
    #expect(texts(#""say ""yes"", now""#) == [#"say "yes", now"#])
    #expect(texts(#""""#) == [""])
    #expect(texts(#""a","b""#) == ["a", "b"])
  }

  @Test func `a quote that does not enclose a whole value is a letter`() {
    #expect(texts(#""Peace" talks,b"#) == [#""Peace" talks"#, "b"])
    #expect(texts(#"5" gun"#) == [#"5" gun"#])
    #expect(texts(#""never closed, b"#) == [#""never closed"#, " b"])
    #expect(texts(#"a,"b"#) == ["a", #""b"#])
  }

  @Test func `how a value was sent is kept`() {
    let items = CommaList.items(of: #""a, b",c"#)
    #expect(items.map(\.written) == [#""a, b""#, "c"])
    #expect(items.map(\.isQuoted) == [true, false])
  }
}
