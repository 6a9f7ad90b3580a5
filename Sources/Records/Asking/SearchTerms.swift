internal import Formats

/// The parsed `q`: words (all of them), `"a phrase"`, `prefix*`, `-excluded`, `one OR other`.
///
/// The engine's own syntax never gets through: terms are always quoted.
package struct SearchTerms: Sendable, Equatable {
  /// Groups joined by AND; the terms of a group are alternatives (OR).
  package let wanted: [[Term]]
  /// Terms that must not occur in the record.
  package let excluded: [Term]

  /// Why a `q` is refused: a stable code and a sentence.
  package struct Refusal: Error, Equatable {
    /// Stable: `too_long`, `too_many`, `bad_or`, `bad_not`, `bad_prefix`, `short_prefix`, `open_quote`, `nothing_to_search`.
    package let code: String
    /// A sentence for people.
    package let detail: String

    /// A refusal with a stable code and a sentence.
    package init(code: String, detail: String) {
      self.code = code
      self.detail = detail
    }
  }

  /// A word or a phrase, NFC.
  package struct Term: Sendable, Equatable {
    /// The word or phrase, NFC, without quotes, `-` and `*`.
    package fileprivate(set) var text: String
    /// Whether the last word is a prefix (`sanction*`).
    package fileprivate(set) var isPrefix = false
    fileprivate var isExcluded = false
    fileprivate var isQuoted = false
  }

  /// Parses a `q`, normalized to NFC.
  ///
  /// - Throws: `Refusal` for a syntax error, for nothing to search, or for more than the limits allow.
  package init(_ text: String, _ limits: SearchLimits) throws(Refusal) {
    guard text.utf8.count <= limits.maxQueryBytes else {
      throw Refusal(code: "too_long", detail: "q has \(text.utf8.count) bytes; at most \(limits.maxQueryBytes) are accepted")
    }
    var scanner = Scanner(text)
    var wanted: [[Term]] = []
    var excluded: [Term] = []
    var words = 0
    var isAlternative = false
    while let item = try scanner.next() {
      switch item {
      case .or:
        guard !wanted.isEmpty, !isAlternative else { throw Self.danglingOr }
        isAlternative = true
      case .term(let term):
        words += term.text.wordCount
        if term.isExcluded {
          guard !isAlternative else { throw Refusal(code: "bad_or", detail: "OR needs a word on each side that is not excluded") }
          excluded.append(term)
        } else if isAlternative {
          wanted[wanted.count - 1].append(term)
        } else {
          wanted.append([term])
        }
        isAlternative = false
        guard !term.isPrefix || term.text.lastWordBytes >= limits.minPrefixBytes else {
          throw Refusal(code: "short_prefix", detail: "a prefix needs at least \(limits.minPrefixBytes) bytes before its *")
        }
      }
    }
    guard !isAlternative else { throw Self.danglingOr }
    guard words <= limits.maxTerms else {
      throw Refusal(code: "too_many", detail: "q has \(words) words; at most \(limits.maxTerms) are accepted")
    }
    // A term without letters or digits is not in the index and is dropped.
    wanted = wanted.map { $0.filter { $0.text.wordCount > 0 } }.filter { !$0.isEmpty }
    excluded.removeAll { $0.text.wordCount == 0 }
    guard !wanted.isEmpty else {
      let what = excluded.isEmpty ? "q contains no letters or digits" : "q contains only excluded words"
      throw Refusal(code: "nothing_to_search", detail: what)
    }
    (self.wanted, self.excluded) = (wanted, excluded)
  }

  /// The error detail for `q` where search is off.
  package static let isOff = "this register has no search index: search.enabled is false in its configuration"

  private static let danglingNot = Refusal(
    code: "bad_not", detail: "NOT must stand before a word to exclude; to search for the word, quote it")
  private static let danglingOr = Refusal(code: "bad_or", detail: "OR must stand between two words; to search for the word, quote it")

  // MARK: Scanning

  private enum Item {
    case or
    case term(Term)
  }

  /// Splits a `q` into terms.
  private struct Scanner {
    private let text: [Unicode.Scalar]
    private var position = 0

    /// Stored text is NFC; query text need not be.
    init(_ text: String) {
      let composed = ByteBuffer(capacity: text.utf8.count + 16)
      text.withByteView { normalizedNFC($0, into: composed) }
      self.text = Array(composed.string.unicodeScalars)
    }

    mutating func next() throws(Refusal) -> Item? {
      var isAfterNot = false
      while true {
        skipSpace()
        guard let first = peek() else {
          guard !isAfterNot else { throw SearchTerms.danglingNot }
          return nil
        }
        let isMinus = first == "-"
        if isMinus { position += 1 }
        var term = peek()?.isQuote == true ? try phrase() : try word()
        term.isExcluded = isMinus || isAfterNot
        guard !term.isExcluded, !term.isQuoted, !term.isPrefix else { return .term(term) }
        switch term.text {
        case "AND": continue
        case "OR": return .or
        case "NOT": isAfterNot = true
        default: return .term(term)
        }
      }
    }

    private func peek() -> Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func skipSpace() { while peek()?.properties.isWhitespace == true { position += 1 } }

    private mutating func phrase() throws(Refusal) -> Term {
      position += 1
      var term = Term(text: "", isQuoted: true)
      while let scalar = peek(), !scalar.isQuote {
        term.text.unicodeScalars.append(scalar)
        position += 1
      }
      guard peek() != nil else { throw Refusal(code: "open_quote", detail: "a quote is not closed") }
      position += 1
      if peek() == "*" {
        term.isPrefix = true
        position += 1
      }
      return term
    }

    private mutating func word() throws(Refusal) -> Term {
      var term = Term(text: "")
      while let scalar = peek(), !scalar.isQuote, !scalar.properties.isWhitespace {
        term.text.unicodeScalars.append(scalar)
        position += 1
      }
      if term.text.unicodeScalars.last == "*" {
        term.text.unicodeScalars.removeLast()
        term.isPrefix = true
      }
      guard !term.text.unicodeScalars.contains("*") else {
        throw Refusal(code: "bad_prefix", detail: "* is allowed only at the end of a word, as in sanction*")
      }
      return term
    }
  }
}

extension Unicode.Scalar {
  /// Straight double quotes and their typographic forms.
  fileprivate var isQuote: Bool { self == "\"" || self == "\u{201C}" || self == "\u{201D}" || self == "\u{201E}" }

  /// Whether the engine's tokenizer counts the scalar as part of a word.
  fileprivate var isInWord: Bool {
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber, .letterNumber, .otherNumber,
      .privateUse:
      true
    default: false
    }
  }
}

extension String {
  /// The number of runs of letters and digits.
  fileprivate var wordCount: Int {
    var count = 0
    var wasInWord = false
    for scalar in unicodeScalars {
      if scalar.isInWord, !wasInWord { count += 1 }
      wasInWord = scalar.isInWord
    }
    return count
  }

  /// UTF-8 length of the last run of letters and digits.
  fileprivate var lastWordBytes: Int {
    unicodeScalars.reversed().drop { !$0.isInWord }.prefix { $0.isInWord }.reduce(0) { $0 + String($1).utf8.count }
  }
}
