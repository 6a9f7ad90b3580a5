internal import Formats
internal import HTTP

/// Where in a question a fault lies: a parameter, and in an expression its character, from 1.
package struct QueryPlace {
  package let parameter: String
  package var column: Int?

  package init(_ parameter: String, column: Int? = nil) {
    self.parameter = parameter
    self.column = column
  }
}

/// The faults of one question, collected so that all are told at once.
package final class QueryFaults {
  private(set) var all: [Problem.Fault] = []
  private static let most = 100

  package var isEmpty: Bool { all.isEmpty }

  package func clear() { all.removeAll() }

  package func add(_ place: QueryPlace, _ code: String, _ detail: String, allowed: [String] = []) {
    guard all.count < Self.most else { return }
    let parameter = String(place.parameter.prefix(100))
    let location = place.column.map { Problem.Location.expression(parameter: parameter, column: $0) } ?? .parameter(parameter)
    all.append(.init(location, code: code, detail: place.column.map { "column \($0): \(detail)" } ?? detail, allowed: allowed))
  }

  /// `; did you mean "outcomes"?` where a name is near, else nothing. Never the word itself, which is taken elsewhere then.
  package static func hint(_ word: String, _ names: [String]) -> String {
    nearest(word, in: names.filter { $0 != word }).map(hint(naming:)) ?? ""
  }

  package static func hint(naming name: String) -> String { "; did you mean \"\(name)\"?" }
}
