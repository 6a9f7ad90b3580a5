import Records
import TestSupport
import Testing

/// The grammar of `filter=`: what a text says as a tree, and where it stops making sense.
@Suite struct FilterParserTests {
  /// The tree of a text, each condition as `path operator values`, joined as they are nested; `nil` when one was refused.
  private func tree(
    _ text: String, maxDepth: Int = 32, refusing refused: String? = nil, _ note: (FilterParser.Written) -> Void = { _ in }
  ) throws -> String? {
    var written: [FilterParser.Written] = []
    let filter = try FilterParser.parse(text, maxDepth: maxDepth) { condition in
      written.append(condition)
      guard condition.path != refused else { return nil }
      let values = condition.values.map(\.text).joined(separator: "|")
      // A leaf that can hold a text: what a condition means is not the parser's to say.
      return .participation(["\(condition.path) \(condition.op.rawValue) \(values)"])
    }
    written.forEach(note)
    return filter.map(shown)
  }

  private func shown(_ filter: Filter) -> String {
    switch filter {
    case .all(let parts): "(\(parts.map(shown).joined(separator: " AND ")))"
    case .any(let parts): "(\(parts.map(shown).joined(separator: " OR ")))"
    case .not(let inner): "NOT \(shown(inner))"
    case .participation(let texts): texts.joined()
    default: "?"
    }
  }

  private func fault(_ text: String, maxDepth: Int = 32) -> FilterParser.Fault? {
    do {
      _ = try tree(text, maxDepth: maxDepth)
      return nil
    } catch { return error as? FilterParser.Fault }
  }

  // MARK: What is understood

  @Test(
    arguments: [
      ("type=visit", "type eq visit"), ("type != visit", "type ne visit"), ("importance<3", "importance lt 3"),
      ("importance <= 3", "importance lte 3"), ("importance> 3", "importance gt 3"), ("importance >=3", "importance gte 3"),
      ("title~Kim", "title contains Kim"), ("participants.role = host", "participants.role eq host"),
      ("outcomes.status = open", "outcomes.status eq open"), ("start_date >= now-90d", "start_date gte now-90d"),
    ] as [(String, String)])
  func `a comparison is a path, a sign and a value, with or without blanks`(text: String, meaning: String) throws {
    #expect(try tree(text) == meaning)
  }

  @Test(
    arguments: [
      ("type IN (visit)", "type in visit"), ("type in(visit,summit , talks)", "type in visit|summit|talks"),
      ("type NOT IN (visit, summit)", "type nin visit|summit"), ("a BETWEEN 1 AND 2", "a between 1|2"),
      ("a between '1' and '2'", "a between 1|2"), ("a IS NULL", "a null true"), ("a is not null", "a null false"),
      ("a BETWEEN 1 AND 2 AND b=3", "(a between 1|2 AND b eq 3)"),
    ] as [(String, String)])
  func `lists, ranges and null are words, in any case`(text: String, meaning: String) throws { #expect(try tree(text) == meaning) }

  @Test(
    arguments: [
      ("title = 'Kim Jong Un'", "title eq Kim Jong Un"), (#"title = "Kim Jong Un""#, "title eq Kim Jong Un"),
      ("title = 'it''s'", "title eq it's"), (#"title = "a ""b"" c""#, #"title eq a "b" c"#), (#"title = 'a "b"'"#, #"title eq a "b""#),
      ("title = ''", "title eq "), ("title = 'AND'", "title eq AND"), ("title IN ('a,b', c)", "title in a,b|c"),
      ("title = 'é 日本 🙂'", "title eq é 日本 🙂"), ("title = '('", "title eq ("),
    ] as [(String, String)])
  func `a value in quotes is what stands between them, with a doubled quote for one`(text: String, meaning: String) throws {
    #expect(try tree(text) == meaning)
  }

  @Test(
    arguments: [
      ("a=1 AND b=2", "(a eq 1 AND b eq 2)"), ("a=1 OR b=2 OR c=3", "(a eq 1 OR b eq 2 OR c eq 3)"), ("NOT a=1", "NOT a eq 1"),
      ("not not a=1", "NOT NOT a eq 1"), ("(a=1)", "a eq 1"), ("((a=1))", "a eq 1"),
      ("(a=1 OR b=2) AND c=3", "((a eq 1 OR b eq 2) AND c eq 3)"),
      ("a=1 AND (b=2 OR c=3)", "(a eq 1 AND (b eq 2 OR c eq 3))"), ("NOT a=1 AND b=2", "(NOT a eq 1 AND b eq 2)"),
      ("NOT (a=1 AND b=2)", "NOT (a eq 1 AND b eq 2)"), ("(a=1)and(b=2)", "(a eq 1 AND b eq 2)"),
      (" \n a=1\tAND\r\nb=2 ", "(a eq 1 AND b eq 2)"), ("(a=1 AND b=2) AND c=3", "((a eq 1 AND b eq 2) AND c eq 3)"),
    ] as [(String, String)])
  func `conditions are joined by AND, OR and NOT as the parentheses say`(text: String, meaning: String) throws {
    #expect(try tree(text) == meaning)
  }

  @Test func `a condition knows the column of its path, and its values theirs, counted in characters`() throws {
    var columns: [[Int]] = []
    _ = try tree("title = 'é' AND NOT type IN (visit, 'sum mit')") { columns.append([$0.column] + $0.values.map(\.column)) }
    #expect(columns == [[1, 9], [21, 30, 37]])
  }

  @Test func `one refused condition refuses the whole, and the others are read for their faults`() throws {
    var paths: [String] = []
    #expect(try tree("a=1 AND (b=2 OR NOT c=3)", refusing: "b") { paths.append($0.path) } == nil)
    #expect(paths == ["a", "b", "c"])
  }

  private struct Stop: Error {}

  @Test func `what the reader of conditions throws comes through`() {
    #expect(throws: Stop.self) { try FilterParser.parse("a=1", maxDepth: 1) { _ in throw Stop() } }
  }

  // MARK: What is not

  @Test(
    arguments: [
      ("", 1, "a field"), ("  ", 3, "a field"), ("type", 5, "BETWEEN or IS NULL"), ("type visit", 6, "BETWEEN or IS NULL"),
      ("type =", 7, "a value"), ("= visit", 1, "a field"), ("'type' = visit", 1, "a field"), ("AND", 1, "a field"),
      ("a=1 AND", 8, "a field"),
      ("a=1 AND OR b=2", 9, "a field"), ("a = AND", 5, "a value"), ("a = NULL", 5, "a value"), ("a=1)", 4, "the end"), ("(a=1", 5, "\")\""),
      ("()", 2, "a field"), ("a = (1)", 5, "a value"), ("a IN 1", 6, "the values"), ("a IN ()", 7, "a value"),
      ("a IN (1 2)", 9, "\",\" or"),
      ("a IN (1,)", 9, "a value"), ("a IN (1", 8, "\",\" or"), ("a BETWEEN 1", 12, "AND and the upper"),
      ("a BETWEEN 1 OR 2", 13, "AND and the upper"), ("a BETWEEN 1 AND", 16, "a value"), ("a IS 1", 6, "NULL"), ("a IS NOT 1", 10, "NULL"),
      ("a NOT = 1", 7, "IN"), ("a NOT NULL", 7, "IN"), ("NOT", 4, "a field"), ("title = 'é' x", 13, "the end"), ("a=1, b=2", 4, "the end"),
    ] as [(String, Int, String)])
  func `what is not of the grammar is told with its column and what was expected`(text: String, column: Int, expected: String) throws {
    let fault = try #require(self.fault(text), "\(text)")
    #expect(fault.code == "malformed_filter" && fault.column == column, "\(text): \(fault)")
    #expect(fault.detail.hasPrefix("expected ") && fault.detail.contains(expected), "\(fault.detail)")
  }

  @Test(
    arguments: [
      ("title = Kim Jong", "quote values that contain spaces"), ("a=1 ADN b=2", "did you mean \"AND\"?"),
      ("type BETWEN 1 AND 2", "did you mean \"BETWEEN\"?"),
    ] as [(String, String)])
  func `a fault says what may have been meant`(text: String, hint: String) throws {
    #expect(try #require(self.fault(text)).detail.contains(hint))
  }

  @Test(arguments: [("==", "="), ("<>", "!="), ("=<", "<="), ("=>", ">="), ("=~", "~"), ("!", "!=")])
  func `an operator of other languages is refused with ours`(theirs: String, ours: String) throws {
    let fault = try #require(self.fault("type \(theirs) visit"))
    #expect(fault.code == "unknown_operator" && fault.column == 6)
    #expect(fault.detail.hasSuffix("did you mean \(ours)?"))
    #expect(fault.allowed == ["=", "!=", "<", "<=", ">", ">=", "~"])
  }

  @Test(arguments: [("a = 'x", 5), ("a = \"x", 5), ("a = 'x''", 5), ("a IN ('b', 'c)", 12), ("'", 1)])
  func `a quote that is never closed is told where it opens`(text: String, column: Int) throws {
    let fault = try #require(self.fault(text))
    #expect(fault.code == "unclosed_quote" && fault.column == column)
  }

  @Test(arguments: [("a=1 AND b=2 OR c=3", 13), ("a=1 OR b=2 AND c=3", 12), ("(a=1 OR b=2 AND c=3)", 13)])
  func `AND and OR side by side are refused, since readers differ about them`(text: String, column: Int) throws {
    let fault = try #require(self.fault(text))
    #expect(fault.code == "mixed_and_or" && fault.column == column)
  }

  @Test func `parentheses and NOT may lie within each other as deep as the limit says`() throws {
    #expect(try tree("((a=1))", maxDepth: 2) == "a eq 1")
    #expect(try tree("NOT (a=1)", maxDepth: 2) == "NOT a eq 1")
    for (text, column) in [("(((a=1)))", 4), ("NOT NOT NOT a=1", 13), ("NOT ((a=1))", 7)] {
      let fault = try #require(self.fault(text, maxDepth: 2), "\(text)")
      #expect(fault.code == "too_deep" && fault.column == column, "\(text): \(fault)")
    }
  }

  // MARK: Anything

  /// A tree in the form of `shown`, and a text that says it.
  private func random(_ depth: Int, _ random: inout SeededNumbers) -> (meaning: String, text: String) {
    guard depth > 0, Int.random(in: 0..<4, using: &random) > 0 else { return leaf(&random) }
    if Int.random(in: 0..<4, using: &random) == 0 {
      let inner = self.random(depth - 1, &random)
      return ("NOT \(inner.meaning)", "not \(inner.meaning.hasPrefix("(") ? inner.text : "(\(inner.text))")")
    }
    let joint = Bool.random(using: &random) ? "AND" : "OR"
    let parts = (0..<Int.random(in: 2...4, using: &random)).map { _ in self.random(depth - 1, &random) }
    return ("(\(parts.map(\.meaning).joined(separator: " \(joint) ")))", "(\(parts.map(\.text).joined(separator: " \(joint) ")))")
  }

  private func leaf(_ random: inout SeededNumbers) -> (meaning: String, text: String) {
    let value = ["x", "it's", "a b", "(", "AND", "é\"", ""].randomElement(using: &random) ?? ""
    let quoted = "'\(value.replacing("'", with: "''"))'"
    return [
      ("a eq \(value)", "a=\(quoted)"), ("b.c in \(value)|2", "b.c IN (\(quoted), 2)"),
      ("d between 1|\(value)", "d BETWEEN 1 AND \(quoted)"),
      ("e null false", "e IS NOT NULL"), ("f contains \(value)", "f ~ \(quoted)"),
    ].randomElement(using: &random) ?? ("", "")
  }

  @Test func `any tree that is written as text is read as itself`() throws {
    var numbers = SeededNumbers("filter trees")
    for _ in 0..<300 {
      let (meaning, text) = random(4, &numbers)
      #expect(try tree(text) == meaning, "\(text)")
    }
  }

  @Test func `no text makes anything but a tree or a fault that lies within it`() {
    var numbers = SeededNumbers("filter garbage")
    let pieces = [
      "a", "=", "!=", "<", "(", ")", ",", "'", "\"", "AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN", " ", "~", "é", "🙂", "1",
    ]
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0...14, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined(
        separator: " ")
      do { _ = try tree(text) } catch let fault as FilterParser.Fault {
        #expect((1...text.count + 1).contains(fault.column), "\(text): \(fault)")
      } catch { Issue.record("\(text): \(error)") }
    }
  }
}
