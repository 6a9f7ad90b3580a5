/// A statement that is made once and kept for good, with parameters that get their values at each run.
///
/// An object, so that a connection finds what it has prepared by identity: no text is compared on the way of a request.
///
///     static let find = SQLTemplate("SELECT body FROM answers WHERE key = \(parameter: "key") AND at > \(parameter: "after")")
///     try connection.text(find, with: key, moment)
///
/// Its values come as arguments, or in a `Values` row where many runs follow one another. They stand in the order in which the text names
/// the parameters first, or in the order of `taking`. A template that contradicts itself refuses to run (`SQLError.Kind.misuse`).
package final class SQLTemplate: Sendable {
  /// The SQL, with `?1`, `?2` … where the parameters stand.
  package let text: String
  /// How many values a run takes.
  package let valueCount: Int
  /// What contradicts itself.
  package let fault: String?

  /// - Parameters:
  ///   - names: the values of a run, in their order; without it, the parameters in the order in which the text names them first.
  ///   - unused: those of `names` that the text does not name: a row that is bound whole may hold more than this statement wants.
  ///   - sql: names every other parameter at least once, and binds no value.
  package init(taking names: [String]? = nil, unused: Set<String> = [], _ sql: SQLFragment) {
    var order = names ?? []
    if names == nil { for parameter in sql.parameters where !order.contains(parameter.name) { order.append(parameter.name) } }
    (text, fault) = Self.number(sql, order, unused)
    valueCount = order.count
  }

  /// Writes each parameter's number behind its `?`.
  private static func number(_ sql: SQLFragment, _ order: [String], _ unused: Set<String>) -> (text: String, fault: String?) {
    let numbers = Dictionary(order.enumerated().map { ($1, $0 + 1) }, uniquingKeysWith: { first, _ in first })
    guard numbers.count == order.count else { return (sql.text, "two values have one name") }
    guard sql.values.isEmpty else { return (sql.text, "a template binds a value: it needs a parameter") }
    let named = Set(sql.parameters.map(\.name))
    if let name = order.first(where: { named.contains($0) == unused.contains($0) }) {
      return (sql.text, named.contains(name) ? "the unused value \"\(name)\" is named" : "nothing names the value \"\(name)\"")
    }
    var text = ""
    var rest = sql.text.utf8[...]
    for parameter in sql.parameters {
      guard let number = numbers[parameter.name] else { return (sql.text, "no value is called \"\(parameter.name)\"") }
      let end = sql.text.utf8.index(sql.text.utf8.startIndex, offsetBy: parameter.place + 1)
      text += "\(Substring(rest[..<end]))\(number)"
      rest = rest[end...]
    }
    return (text + Substring(rest), nil)
  }
}
