/// A piece of SQL with its values: a whole statement, or a part that another one takes in.
///
/// It is made by interpolation. A value is bound, never written into the text; a fragment brings its own values with it; names that the
/// program declares are interpolated as `raw`:
///
///     "SELECT id FROM \(raw: table) WHERE country = \(country) AND \(condition)"
///
/// Placeholders have no numbers of their own: each stands for the next value, so fragments compose by putting one behind the other.
package struct SQLFragment: Sendable, Equatable {
  /// The SQL, with `?` where a value or a parameter stands.
  package private(set) var text: String
  /// What is bound, in the order of the text.
  package private(set) var values: [SQLValue] = []
  /// Parameters of a template: see `SQLTemplate`.
  private(set) var parameters: [Parameter] = []

  /// A value that comes with each run of a template.
  struct Parameter: Sendable, Equatable {
    let name: String
    /// Where its `?` stands, in bytes from the beginning of the text.
    var place: Int
  }

  /// - Parameter text: SQL of declared names; it binds nothing.
  package init(raw text: String = "") { self.text = text }

  package var isEmpty: Bool { text.isEmpty }

  // MARK: Piece by piece

  /// Makes room, so that a long statement that is put together from pieces is not copied as it grows.
  package mutating func reserve(bytes: Int, values count: Int = 0) {
    text.reserveCapacity(bytes)
    values.reserveCapacity(count)
  }

  package mutating func append(_ other: SQLFragment) {
    for parameter in other.parameters { parameters.append(Parameter(name: parameter.name, place: parameter.place + text.utf8.count)) }
    text += other.text
    values += other.values
  }

  /// Adds SQL of declared names, which binds nothing.
  package mutating func append(raw sql: String) { text += sql }

  /// Adds a placeholder and its value.
  package mutating func bind(_ value: some SQLConvertible) {
    text += "?"
    values.append(value.sqlValue)
  }

  /// Adds a placeholder for each cell of a row, with commas between them.
  package mutating func bindAll(_ row: Values) {
    for index in 0..<row.count {
      if index > 0 { text += ", " }
      bind(row[index])
    }
  }

  /// Writes other SQL wherever some stands; neither binds anything. Not for the fragment of a template.
  package mutating func replace(raw sql: String, with other: String) { text = text.replacing(sql, with: other) }

  mutating func append(parameter name: String) {
    parameters.append(Parameter(name: name, place: text.utf8.count))
    text += "?"
  }
}

extension SQLFragment: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self.text = text }

  package init(stringInterpolation pieces: StringInterpolation) { self = pieces.fragment }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var fragment = SQLFragment()

    package init(literalCapacity: Int, interpolationCount: Int) {
      fragment.reserve(bytes: literalCapacity + interpolationCount * 8)
    }

    package mutating func appendLiteral(_ sql: String) { fragment.append(raw: sql) }

    /// Binds a value.
    package mutating func appendInterpolation(_ value: some SQLConvertible) { fragment.bind(value) }

    /// Binds each of some values, with commas between them: what stands in `IN (…)` or `VALUES (…)`.
    package mutating func appendInterpolation(_ list: [some SQLConvertible]) {
      for (position, value) in list.enumerated() {
        if position > 0 { fragment.append(raw: ", ") }
        fragment.bind(value)
      }
    }

    /// Binds each cell of a row, with commas between them.
    package mutating func appendInterpolation(_ row: Values) { fragment.bindAll(row) }

    /// Takes in a fragment with its values.
    package mutating func appendInterpolation(_ other: SQLFragment) { fragment.append(other) }

    /// Writes a declared name, or SQL that the program has made, into the text.
    package mutating func appendInterpolation(raw sql: String) { fragment.append(raw: sql) }

    /// A value that comes with each run (`SQLTemplate`); the same name twice is the same value.
    package mutating func appendInterpolation(parameter name: String) { fragment.append(parameter: name) }
  }
}

extension DefaultStringInterpolation {
  // Not `unavailable`: then the compiler takes the general form, which writes the fragment out as a value of a program.
  @available(*, deprecated, message: "the values of a fragment are lost in a string: interpolate it into an SQLFragment")
  package mutating func appendInterpolation(_ fragment: SQLFragment) { appendInterpolation(fragment.text) }
}

extension Sequence<SQLFragment> {
  /// All of them with `separator` between, values in their order.
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
