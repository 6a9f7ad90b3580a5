/// A piece of SQL with its bound values: a whole statement, or a part of one.
///
/// Built by interpolation. A value is bound, never written into the text; a fragment brings its own values; names that the program
/// declares are interpolated as `raw`:
///
///     "SELECT id FROM \(raw: table) WHERE country = \(country) AND \(condition)"
///
/// Placeholders are unnumbered: each stands for the next value, so fragments compose by concatenation.
package struct SQLFragment: Sendable, Equatable {
  /// The SQL, with `?` for each value and each parameter.
  package private(set) var text: String
  /// The bound values, in the order of their `?`.
  package private(set) var values: [SQLValue] = []
  /// The parameters of an `SQLTemplate`, in the order of the text.
  private(set) var parameters: [Parameter] = []

  /// A value supplied at each run of a template.
  struct Parameter: Sendable, Equatable {
    let name: String
    /// Byte offset of its `?` in the text.
    var place: Int
  }

  /// - Parameter text: SQL made of names the program declares, never of client input; binds nothing.
  package init(raw text: String = "") { self.text = text }

  /// Whether the text is empty.
  package var isEmpty: Bool { text.isEmpty }

  // MARK: Piece by piece

  /// Reserves room, so that a long statement is not copied while it grows.
  package mutating func reserve(bytes: Int, values count: Int = 0) {
    text.reserveCapacity(bytes)
    values.reserveCapacity(count)
  }

  /// Appends another fragment with its values and parameters.
  package mutating func append(_ other: SQLFragment) {
    for parameter in other.parameters { parameters.append(Parameter(name: parameter.name, place: parameter.place + text.utf8.count)) }
    text += other.text
    values += other.values
  }

  /// Appends SQL made of names the program declares; binds nothing.
  package mutating func append(raw sql: String) { text += sql }

  /// Appends a `?` and binds its value.
  package mutating func bind(_ value: some SQLConvertible) {
    text += "?"
    values.append(value.sqlValue)
  }

  /// Appends and binds one `?` per cell, separated by commas.
  package mutating func bindAll(_ row: Values) {
    for index in 0..<row.count {
      if index > 0 { text += ", " }
      bind(row[index])
    }
  }

  /// Replaces every occurrence of `sql` with `other`; neither contains `?`. Not for a template's fragment: its offsets would shift.
  package mutating func replace(raw sql: String, with other: String) { text = text.replacing(sql, with: other) }

  mutating func append(parameter name: String) {
    parameters.append(Parameter(name: name, place: text.utf8.count))
    text += "?"
  }
}

extension SQLFragment: ExpressibleByStringInterpolation {
  /// SQL written in the source; binds nothing.
  package init(stringLiteral text: String) { self.text = text }

  /// An interpolated literal, with its values bound.
  package init(stringInterpolation pieces: StringInterpolation) { self = pieces.fragment }

  /// Builds a fragment from a literal: what a `\(…)` does depends on the type in it.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var fragment = SQLFragment()

    /// Reserves room for the literal and 8 bytes for each interpolation.
    package init(literalCapacity: Int, interpolationCount: Int) {
      fragment.reserve(bytes: literalCapacity + interpolationCount * 8)
    }

    /// Appends SQL written in the source.
    package mutating func appendLiteral(_ sql: String) { fragment.append(raw: sql) }

    /// Binds a value.
    package mutating func appendInterpolation(_ value: some SQLConvertible) { fragment.bind(value) }

    /// Binds each value, separated by commas: for `IN (…)` and `VALUES (…)`.
    package mutating func appendInterpolation(_ list: [some SQLConvertible]) {
      for (position, value) in list.enumerated() {
        if position > 0 { fragment.append(raw: ", ") }
        fragment.bind(value)
      }
    }

    /// Binds each cell of a row, separated by commas.
    package mutating func appendInterpolation(_ row: Values) { fragment.bindAll(row) }

    /// Appends a fragment with its values.
    package mutating func appendInterpolation(_ other: SQLFragment) { fragment.append(other) }

    /// Writes a declared name, or SQL that the program made, into the text.
    package mutating func appendInterpolation(raw sql: String) { fragment.append(raw: sql) }

    /// A value supplied at each run (`SQLTemplate`); a repeated name is the same value.
    package mutating func appendInterpolation(parameter name: String) { fragment.append(parameter: name) }
  }
}

extension DefaultStringInterpolation {
  /// A warning, since a plain string would lose the values. Not `unavailable`: the compiler would then pick the general overload, which
  /// prints the struct.
  @available(*, deprecated, message: "the values of a fragment are lost in a string: interpolate it into an SQLFragment")
  package mutating func appendInterpolation(_ fragment: SQLFragment) { appendInterpolation(fragment.text) }
}

extension Sequence<SQLFragment> {
  /// Concatenates the fragments with `separator` between them; values keep their order.
  package func joined(separator: String) -> SQLFragment {
    var joined = SQLFragment()
    var isFirst = true
    for fragment in self {
      if !isFirst { joined.append(raw: separator) }
      isFirst = false
      joined.append(fragment)
    }
    return joined
  }
}
