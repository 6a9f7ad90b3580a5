/// One token of a filter expression and its position.
package struct FilterToken: Equatable {
  /// The token's class and text.
  package enum Kind: Equatable {
    /// A field, a keyword or a value, written without quotes.
    case word(String)
    /// A value in quotes.
    case quoted(String)
    /// `=`, `!=`, `<`, `<=`, `>`, `>=`, `~`, or any other run of these characters.
    case symbol(String)
    /// `(`, `)`, `,` and the end of the expression.
    case open, close, comma, end
  }

  /// The token's class, with its text for words, quoted values and symbols.
  package let kind: Kind
  /// The token's first character in the expression, counted from 1.
  package let column: Int

  /// Whether the token is this keyword, case ignored.
  func isKeyword(_ keyword: String) -> Bool {
    if case .word(let word) = kind { word.uppercased() == keyword } else { false }
  }

  /// The text of a word or a quoted value, unquoted; empty for other tokens.
  package var text: String {
    switch kind {
    case .word(let text), .quoted(let text): text
    default: ""
    }
  }

  /// The token for error messages, in quotes and at most 40 characters.
  package var shown: String {
    switch kind {
    case .word(let text), .quoted(let text), .symbol(let text): "\"\(text.prefix(40))\""
    case .open: "\"(\""
    case .close: "\")\""
    case .comma: "\",\""
    case .end: "the end"
    }
  }
}

/// Splits a filter expression into tokens. Every character belongs to one; the only error is an unclosed quote.
struct FilterLexer {
  struct Unclosed: Error { let column: Int }

  private let text: [Character]
  private var position = 0

  /// Starts at the first character.
  ///
  /// - Parameter text: the expression after query decoding.
  package init(_ text: String) { self.text = Array(text) }

  /// The tokens of an expression; the last is always `.end`.
  ///
  /// - Throws: `Unclosed` with the column of a quote that is never closed.
  package static func tokens(of text: String) throws(Unclosed) -> [FilterToken] {
    var lexer = FilterLexer(text)
    var tokens: [FilterToken] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private mutating func next() throws(Unclosed) -> FilterToken {
    while position < text.count, text[position].isWhitespace { position += 1 }
    let column = position + 1
    guard position < text.count else { return FilterToken(kind: .end, column: column) }
    switch text[position] {
    case "(": return single(.open)
    case ")": return single(.close)
    case ",": return single(.comma)
    case "'", "\"": return FilterToken(kind: .quoted(try quoted()), column: column)
    case let character where Self.isSymbol(character): return FilterToken(kind: .symbol(run(while: Self.isSymbol)), column: column)
    default: return FilterToken(kind: .word(run(while: Self.isWord)), column: column)
    }
  }

  private mutating func single(_ kind: FilterToken.Kind) -> FilterToken {
    position += 1
    return FilterToken(kind: kind, column: position)
  }

  private mutating func run(while belongs: (Character) -> Bool) -> String {
    let start = position
    while position < text.count, belongs(text[position]) { position += 1 }
    return String(text[start..<position])
  }

  /// Reads a quoted value; a quote inside is doubled, as in SQL.
  private mutating func quoted() throws(Unclosed) -> String {
    let (quote, start) = (text[position], position)
    var value = ""
    position += 1
    while position < text.count {
      let character = text[position]
      position += 1
      guard character == quote else {
        value.append(character)
        continue
      }
      guard position < text.count, text[position] == quote else { return value }
      value.append(quote)
      position += 1
    }
    throw Unclosed(column: start + 1)
  }

  private static func isSymbol(_ character: Character) -> Bool { "=!<>~".contains(character) }

  private static func isWord(_ character: Character) -> Bool { !character.isWhitespace && !"(),'\"=!<>~".contains(character) }
}
