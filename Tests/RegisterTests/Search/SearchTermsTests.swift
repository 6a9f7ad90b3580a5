import Records
import Service
import Store
import TestSupport
import Testing

/// What `q` asks for, as typed terms and as the engine's expression.
@Suite struct SearchTermsTests {
  private func terms(_ text: String, _ limits: SearchLimits = .init()) throws -> SearchTerms { try SearchTerms(text, limits) }

  /// `a|b & c -d`, prefixes with `*`.
  private func shown(_ terms: SearchTerms) -> String {
    let word = { (term: SearchTerms.Term) in term.text + (term.isPrefix ? "*" : "") }
    let wanted = terms.wanted.map { $0.map(word).joined(separator: "|") }.joined(separator: " & ")
    return wanted + terms.excluded.map { " -\(word($0))" }.joined()
  }

  private func refusal(_ text: String, _ limits: SearchLimits = .init()) -> String? {
    do {
      _ = try terms(text, limits)
      return nil
    } catch { return (error as? SearchTerms.Refusal)?.code }
  }

  @Test(
    arguments: [
      ("summit", "summit"), ("  two   words ", "two & words"), ("two AND words", "two & words"), ("\"a phrase\"", "a phrase"),
      ("\u{201C}a phrase\u{201D}", "a phrase"), ("\u{201E}a phrase\u{201C}", "a phrase"), ("sanction*", "sanction*"),
      ("\"sanctions rel\"*", "sanctions rel*"), ("ship OR boat", "ship|boat"), ("ship OR boat OR raft port", "ship|boat|raft & port"),
      ("sanctions -talks", "sanctions -talks"), ("sanctions NOT talks", "sanctions -talks"), ("a -\"b c\" -d*x", "?"),
      ("sanctions -\"no relief\" -talk*", "sanctions -no relief -talk*"), ("\"OR\"", "OR"), ("\"NOT\" x", "NOT & x"),
      ("and or not", "and & or & not"),
      ("word -- !", "word"), ("title:summit", "title:summit"), ("o'neill", "o'neill"), ("e\u{301}t\u{E9}", "\u{E9}t\u{E9}"),
    ] as [(String, String)])
  func `words, phrases, prefixes, exclusions and alternatives`(text: String, meaning: String) throws {
    guard meaning != "?" else { return #expect(refusal(text) == "bad_prefix") }
    #expect(try shown(terms(text)) == meaning)
  }

  @Test(
    arguments: [
      ("", "nothing_to_search"), (" ! ? ", "nothing_to_search"), ("-only", "nothing_to_search"), ("NOT only", "nothing_to_search"),
      ("\"\"", "nothing_to_search"), ("\"open", "open_quote"), ("a \u{201C}b", "open_quote"), ("a*", "short_prefix"), ("*", "short_prefix"),
      ("w*rd", "bad_prefix"), ("OR a", "bad_or"), ("a OR", "bad_or"), ("a OR OR b", "bad_or"), ("a OR -b", "bad_or"), ("a NOT", "bad_not"),
    ] as [(String, String)])
  func `what asks for nothing or cannot be understood is refused with a code`(text: String, code: String) {
    #expect(refusal(text) == code)
  }

  @Test func `limits hold at, under and over them`() throws {
    var limits = SearchLimits()
    (limits.maxQueryBytes, limits.maxTerms, limits.minPrefixBytes) = (20, 3, 4)
    #expect(refusal(String(repeating: "a", count: 20), limits) == nil)
    #expect(refusal(String(repeating: "a", count: 21), limits) == "too_long")
    #expect(refusal(String(repeating: "é", count: 10), limits) == nil)
    #expect(refusal(String(repeating: "é", count: 11), limits) == "too_long")
    #expect(refusal("a b c", limits) == nil)
    // What the engine takes apart counts as it does there.
    for text in ["a b c d", "a.b.c.d", "\"a b c d\"", "a b -c -d"] { #expect(refusal(text, limits) == "too_many", "\(text)") }
    #expect(refusal("abcd*", limits) == nil)
    #expect(refusal("abc*", limits) == "short_prefix")
    // Of a phrase, the last word is the prefix.
    #expect(refusal("\"abcd ab\"*", limits) == "short_prefix")
  }

  @Test(
    arguments: [
      ("a b", #"("a") AND ("b")"#), ("a OR b c", #"("a" OR "b") AND ("c")"#), ("ab* -c", #"(("ab" *)) NOT ("c")"#),
      ("a -b -\"c d\"", #"(("a")) NOT ("b" OR "c d")"#),
    ] as [(String, String)])
  func `the expression quotes every term`(text: String, expression: String) throws {
    #expect(try terms(text).expression == expression)
  }

  @Test func `nothing of the engine's syntax gets out of its quotes`() throws {
    var random = SeededNumbers("search terms")
    let pieces = ["\"", "*", "-", "(", ")", ":", "^", "NEAR(", "AND", "OR", "NOT", "word", "ab", " ", "é", "日本", "🙂", "'", "+", "{"]
    var taken = 0
    for _ in 0..<1_000 {
      let text = (0..<Int.random(in: 1...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      guard let terms = try? terms(text) else { continue }
      taken += 1
      // Without what stands in quotes (a doubled quote is one inside) only our own words are left.
      let outside = terms.expression.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 0 }
      let rest = outside.map { String($0.element) }.joined().replacing("AND", with: "").replacing("OR", with: "").replacing("NOT", with: "")
      #expect(rest.allSatisfy { " ()*".contains($0) }, "\(text): \(terms.expression)")
    }
    #expect(taken > 100)
  }
}
