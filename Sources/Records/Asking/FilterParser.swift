/// Parses `filter=` into a typed tree: conditions joined by AND, OR, NOT and parentheses.
///
///     expression = term { AND term } | term { OR term }          mixed only with parentheses
///     term       = NOT term | "(" expression ")" | condition
///     condition  = path ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" ) value
///                | path [NOT] IN "(" value { "," value } ")" | path BETWEEN value AND value | path IS [NOT] NULL
///
/// Keywords ignore case; a value is a bare word or quoted. `ConditionReader` checks paths and values.
package struct FilterParser {
  /// The first syntax error of an expression.
  package struct Fault: Error {
    /// The character of the error, counted from 1.
    package let column: Int
    /// Stable: `malformed_filter`, `unknown_operator`, `unclosed_quote`, `mixed_and_or` or `too_deep`.
    package let code: String
    /// What was expected and what was found, for people.
    package let detail: String
    /// The valid alternatives, where they are few.
    package var allowed: [String] = []
  }

  /// A condition before its types are checked.
  package struct Written {
    /// The path as written: `country`, `participants.role`, `event.country`.
    package let path: String
    /// The operator that the symbol or keyword stands for.
    package let op: Operator
    /// One for most operators, two for `BETWEEN`, any number for `IN`; the word `true` or `false` for `IS NULL`.
    package let values: [FilterToken]
    /// The first character of the path, counted from 1.
    package let column: Int
  }

  private let tokens: [FilterToken]
  private let maxDepth: Int
  private let read: (Written) throws -> Filter?
  private var position = 0

  private static let symbols: [(String, Operator)] = [
    ("=", .eq), ("!=", .ne), ("<", .lt), ("<=", .lte), (">", .gt), (">=", .gte), ("~", .contains),
  ]
  private static let afterPath = "=, !=, <, <=, >, >=, ~, IN, NOT IN, BETWEEN or IS NULL"
  private static let keywords: Set<String> = ["AND", "OR", "NOT", "IN", "IS", "NULL", "BETWEEN"]

  /// Parses an expression.
  ///
  /// - Parameter read: types a written condition; returns `nil` after it has reported a fault of its own.
  /// - Returns: `nil` when `read` refused a condition.
  /// - Throws: `Fault` for a syntax error or nesting deeper than `maxDepth`; whatever `read` throws.
  package static func parse(_ text: String, maxDepth: Int, _ read: @escaping (Written) throws -> Filter?) throws -> Filter? {
    do {
      var parser = FilterParser(tokens: try FilterLexer.tokens(of: text), maxDepth: maxDepth, read: read)
      let filter = try parser.expression(depth: 0)
      guard case .end = parser.token.kind else { throw parser.expected("AND, OR or the end") }
      return filter
    } catch let error as FilterLexer.Unclosed {
      throw Fault(column: error.column, code: "unclosed_quote", detail: "the quote that opens here is not closed")
    }
  }

  private init(tokens: [FilterToken], maxDepth: Int, read: @escaping (Written) throws -> Filter?) {
    self.tokens = tokens
    self.maxDepth = maxDepth
    self.read = read
  }

  // MARK: Grammar

  private mutating func expression(depth: Int) throws -> Filter? {
    var parts = [try term(depth: depth)]
    var joint: String?
    while let word = ["AND", "OR"].first(where: { token.isKeyword($0) }) {
      guard joint == nil || joint == word else {
        throw Fault(
          column: token.column, code: "mixed_and_or",
          detail: "AND and OR side by side need parentheses: (a OR b) AND c is not a OR (b AND c)")
      }
      joint = word
      advance()
      parts.append(try term(depth: depth))
    }
    let filters = parts.compactMap { $0 }
    guard filters.count == parts.count else { return nil }
    return filters.count == 1 ? filters[0] : joint == "OR" ? .any(filters) : .all(filters)
  }

  private mutating func term(depth: Int) throws -> Filter? {
    guard depth <= maxDepth else {
      throw Fault(column: token.column, code: "too_deep", detail: "at most \(maxDepth) parentheses and NOTs may be nested")
    }
    if token.isKeyword("NOT") {
      advance()
      return try term(depth: depth + 1).map { .not($0) }
    }
    guard case .open = token.kind else { return try condition() }
    advance()
    let inner = try expression(depth: depth + 1)
    guard case .close = token.kind else { throw expected("AND, OR or \")\"") }
    advance()
    return inner
  }

  private mutating func condition() throws -> Filter? {
    let start = token
    guard case .word(let path) = start.kind, !Self.keywords.contains(path.uppercased()) else { throw expected("a field, NOT or \"(\"") }
    advance()
    let (op, values) = try comparison()
    return try read(Written(path: path, op: op, values: values, column: start.column))
  }

  /// Parses the operator and the values after a path.
  private mutating func comparison() throws -> (Operator, [FilterToken]) {
    if case .symbol(let symbol) = token.kind {
      let op = try known(symbol)
      advance()
      return (op, [try value()])
    }
    if token.isKeyword("IS") { return try null() }
    let isNegated = token.isKeyword("NOT")
    if isNegated { advance() }
    if token.isKeyword("IN") { return (isNegated ? .nin : .in, try list()) }
    guard !isNegated, token.isKeyword("BETWEEN") else { throw expected(isNegated ? "IN" : Self.afterPath) }
    return (.between, try range())
  }

  private func known(_ symbol: String) throws -> Operator {
    if let op = Self.symbols.first(where: { $0.0 == symbol })?.1 { return op }
    let meant = ["==": "=", "<>": "!=", "=<": "<=", "=>": ">=", "=~": "~", "!": "!="][symbol].map { "; did you mean \($0)?" } ?? ""
    throw Fault(
      column: token.column, code: "unknown_operator", detail: "there is no operator \(token.shown)\(meant)",
      allowed: Self.symbols.map(\.0))
  }

  private mutating func null() throws -> (Operator, [FilterToken]) {
    let column = token.column
    advance()
    let isNegated = token.isKeyword("NOT")
    if isNegated { advance() }
    guard token.isKeyword("NULL") else { throw expected(isNegated ? "NULL" : "NULL or NOT NULL") }
    advance()
    return (.null, [FilterToken(kind: .word(isNegated ? "false" : "true"), column: column)])
  }

  private mutating func list() throws -> [FilterToken] {
    advance()
    guard case .open = token.kind else { throw expected("\"(\" and the values") }
    var values: [FilterToken] = []
    repeat {
      advance()
      values.append(try value())
    } while token.kind == .comma
    guard case .close = token.kind else { throw expected("\",\" or \")\"") }
    advance()
    return values
  }

  private mutating func range() throws -> [FilterToken] {
    advance()
    let lower = try value()
    guard token.isKeyword("AND") else { throw expected("AND and the upper value") }
    advance()
    return [lower, try value()]
  }

  private mutating func value() throws -> FilterToken {
    let token = token
    switch token.kind {
    case .word(let word) where !Self.keywords.contains(word.uppercased()): break
    case .quoted: break
    default: throw expected("a value; quote it if it is a keyword or contains spaces")
    }
    advance()
    return token
  }

  // MARK: Tokens

  /// The current token; the last one is `.end`, and `advance` stops there.
  private var token: FilterToken { tokens[position] }

  private mutating func advance() { position = min(position + 1, tokens.count - 1) }

  private func expected(_ what: String) -> Fault {
    let isAfterValue = position > 0 && (what.hasPrefix("AND") || what.hasPrefix("\",\""))
    var hint = ""
    if case .word(let word) = token.kind {
      let meant = QueryFaults.hint(word, Self.keywords.sorted())
      hint = meant.isEmpty && isAfterValue ? "; quote values that contain spaces" : meant
    }
    return Fault(column: token.column, code: "malformed_filter", detail: "expected \(what), not \(token.shown)\(hint)")
  }
}
