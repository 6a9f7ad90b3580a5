internal import Formats
package import HTTP

/// The place of a fault in a query: a parameter, and for an expression the character in it.
package struct QueryPlace {
  /// The parameter's name as sent.
  package let parameter: String
  /// The character of a `filter` expression, from 1; `nil` for other parameters.
  package var column: Int?

  /// A whole parameter, or one character of the expression in it.
  package init(_ parameter: String, column: Int? = nil) {
    self.parameter = parameter
    self.column = column
  }
}

/// Collects the faults of one query, so that one answer reports all of them.
package final class QueryFaults {
  /// In the order found, at most 100.
  package private(set) var all: [Problem.Fault] = []
  private static let most = 100

  /// No faults yet.
  package init() {}

  /// Whether the query has no fault so far.
  package var isEmpty: Bool { all.isEmpty }

  /// Forgets all faults, for the next query.
  package func clear() { all.removeAll() }

  /// Adds one fault; dropped when 100 are there.
  ///
  /// - Parameters:
  ///   - code: stable, for programs: `not_a_word`.
  ///   - detail: a sentence; the column is put in front of it.
  ///   - allowed: valid alternatives; empty where `detail` names one.
  package func add(_ place: QueryPlace, _ code: String, _ detail: String, allowed: [String] = []) {
    guard all.count < Self.most else { return }
    let parameter = String(place.parameter.prefix(100))
    let location = place.column.map { Problem.Location.expression(parameter: parameter, column: $0) } ?? .parameter(parameter)
    all.append(.init(location, code: code, detail: place.column.map { "column \($0): \(detail)" } ?? detail, allowed: allowed))
  }

  /// `; did you mean "outcomes"?` with the nearest name, else empty. Never the word itself, which is then valid elsewhere only.
  package static func hint(_ word: String, _ names: [String]) -> String {
    nearest(word, in: names.filter { $0 != word }).map(hint(naming:)) ?? ""
  }

  /// `; did you mean "name"?`, to append to a sentence.
  package static func hint(naming name: String) -> String { "; did you mean \"\(name)\"?" }
}

// MARK: Values of parameters

// One code and one sentence for each fault, in all parsers.
extension QueryFaults {
  /// Reads a whole number within a range; `nil` after a fault.
  package func number(_ name: String, _ value: String, in range: ClosedRange<Int>) -> Int? {
    if let number = Int(value), range.contains(number) { return number }
    let wanted = "expected a whole number from \(range.lowerBound) to \(range.upperBound)"
    add(QueryPlace(name), "out_of_range", "\(wanted), not \"\(value.prefix(40))\"")
    return nil
  }

  /// Reads `true` or `false`; anything else adds a fault and reads as `false`.
  package func flag(_ name: String, _ value: String) -> Bool {
    if let flag = Bool(value) { return flag }
    add(QueryPlace(name), "malformed_value", "expected true or false, not \"\(value.prefix(40))\"", allowed: ["true", "false"])
    return false
  }

  /// Reads one of a few words; `nil` after a fault.
  package func word(_ name: String, _ value: String, of words: [String]) -> String? {
    if words.contains(value) { return value }
    add(QueryPlace(name), "not_a_word", "\"\(value.prefix(100))\" is not accepted here\(Self.hint(value, words))", allowed: words)
    return nil
  }

  /// Adds `unknown_operator`, with the nearest operator and all of them.
  package func unknownOperator(_ name: String, _ word: String, _ known: [String]) {
    add(QueryPlace(name), "unknown_operator", "there is no operator \"\(word.prefix(40))\"\(Self.hint(word, known))", allowed: known)
  }

  /// Checks that each word is known and given once; adds a fault for each that is not.
  ///
  /// - Parameter most: the greatest number of words; `nil` for no limit.
  package func check(words: [Substring], _ name: String, of known: [String], most: Int?) {
    var seen: Set<Substring> = []
    for word in words {
      if seen.insert(word).inserted { _ = self.word(name, String(word), of: known) } else { repeatedValue(name, String(word)) }
    }
    if let most, words.count > most { add(QueryPlace(name), "too_many", "at most \(most) are accepted") }
  }

  /// Reads text of 1 to `max` Unicode scalars without control characters; `nil` after a fault.
  package func text(_ name: String, _ value: String, max: Int) -> String? {
    let scalars = value.unicodeScalars
    if (1...max).contains(scalars.count), scalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) { return value }
    add(QueryPlace(name), "malformed_value", "expected 1 to \(max) characters without control characters")
    return nil
  }

  /// Adds `repeated_value`: one value is given twice in a list.
  package func repeatedValue(_ name: String, _ value: String) {
    add(QueryPlace(name), "repeated_value", "\"\(value.prefix(100))\" is given twice")
  }

  /// The hint for a parameter that is not known: the nearest name, or how the form of an answer is asked for.
  static func hint(parameter name: String, _ names: [String]) -> String {
    guard name.lowercased() != "format" else { return "; the format is a suffix of the path, as in /v1/events.csv" }
    return hint(name, names)
  }

  /// Adds `unknown_parameter`, with the nearest valid name or all of them.
  ///
  /// - Parameter names: the valid parameters; empty for a path that takes none.
  package func unknown(_ name: String, _ names: [String]) {
    guard !names.isEmpty else { return add(QueryPlace(name), "unknown_parameter", "this path takes no parameters") }
    let hint = Self.hint(parameter: name, names)
    add(
      QueryPlace(name), "unknown_parameter", "there is no parameter \"\(name.prefix(100))\" here\(hint)", allowed: hint.isEmpty ? names : []
    )
  }

  /// Adds `repeated_parameter`: a parameter is given twice.
  package func repeated(_ name: String) {
    add(QueryPlace(name), "repeated_parameter", "the parameter is given twice; separate several values by commas")
  }

  /// Adds `empty_parameter`: a parameter has no value.
  package func empty(_ name: String) { add(QueryPlace(name), "empty_parameter", "the parameter has no value") }

  /// Adds `bad_cursor`: the cursor is malformed, forged or of another query.
  package func badCursor() {
    add(
      QueryPlace("cursor"), "bad_cursor", "the cursor belongs to another query: filters and sort must stay as they were on the first page")
  }
}
