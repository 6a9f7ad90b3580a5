/// A statement made once and kept for good; its parameters get their values at each run.
///
/// A class, so that a connection finds the prepared statement by identity: a request compares no text.
///
///     static let find = SQLTemplate("SELECT body FROM answers WHERE key = \(parameter: "key") AND at > \(parameter: "after")")
///     try connection.text(find, with: key, moment)
///
/// Values are passed as arguments, or in a reused `Values` row for many runs in sequence. Their order is that of each parameter's first
/// occurrence, or of `taking`. A template that contradicts itself throws `SQLError.Kind.misuse` when run.
package final class SQLTemplate: Sendable {
  /// The SQL, with `?1`, `?2` … for the parameters.
  package let text: String
  /// Number of values a run takes.
  package let valueCount: Int
  /// The contradiction, for the error; `nil` for a valid template.
  package let fault: String?

  /// - Parameters:
  ///   - names: the parameters in the order of a run's values; by default in the order of their first occurrence.
  ///   - unused: those of `names` that the text leaves out: a row bound whole may hold more than the statement needs.
  ///   - sql: names every other parameter at least once and binds no value.
  package init(taking names: [String]? = nil, unused: Set<String> = [], _ sql: SQLFragment) {
    var order = names ?? []
    if names == nil { for parameter in sql.parameters where !order.contains(parameter.name) { order.append(parameter.name) } }
    (text, fault) = Self.number(sql, order, unused)
    valueCount = order.count
  }

  /// Writes each parameter's number after its `?`.
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
