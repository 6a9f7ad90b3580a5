internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import Store

/// `/docs`: all routes with parameters, bodies and answers on one page, from the same operations as `/openapi.json`.
enum DocsPage {
  /// Writes the page of these routes.
  static func write(_ entries: [RouteEntry], _ html: HTMLWriter) {
    let described = entries.map { (entry: $0, operation: $0.operation()) }
    let tags = described.reduce(into: [String]()) { if !$0.contains($1.operation.tag) { $0.append($1.operation.tag) } }
    html.page("Chancery: the HTTP API") {
      html.element("p") {
        html.text("Unknown parameters, fields and words are refused, never ignored. The complete description for programs: ")
        html.element("a", ["href": "/openapi.json"], text: "/openapi.json")
        html.text("; the meaning of each error: ")
        html.element("a", ["href": "/problems"], text: "/problems")
        html.text(".")
      }
      html.element("nav") {
        html.element("ul") {
          for tag in tags { html.element("li") { html.element("a", ["href": "#" + anchor(tag)], text: tag) } }
        }
      }
      for tag in tags {
        html.element("h2", ["id": anchor(tag)], text: tag)
        if let resource = Catalogue.shared.all.first(where: { $0.tag == tag }) { about(resource, html) }
        for (entry, operation) in described where operation.tag == tag { route(entry, operation, html) }
      }
    }
  }

  private static func anchor(_ tag: String) -> String { tag.lowercased().replacing(" ", with: "-") }

  private static func about(_ resource: Resource, _ html: HTMLWriter) {
    html.element("p", text: resource.doc)
    html.element("details") {
      html.element("summary", text: "Fields, and the conditions that a list supports on each")
      html.element("div") {
        html.table(
          ["Field", "Description", "Conditions"],
          resource.columns.map { column in
            let operators = column.isFilterable ? Operator.allowed(for: column).map { $0 == .eq ? "=" : "__\($0.rawValue)" } : []
            return [column.name, [note(column), column.field.doc].joined(separator: " "), operators.joined(separator: " ")]
          })
      }
    }
  }

  private static func note(_ column: Column) -> String {
    var words: [String] = []
    if column.isRequired { words.append("required") }
    if column.isReadOnly { words.append("set by the register") }
    if let vocabulary = column.vocabulary { words.append("a word from \(vocabulary.name)") }
    return words.isEmpty ? "" : "(\(words.joined(separator: ", ")))"
  }

  private static func route(_ entry: RouteEntry, _ operation: Operation, _ html: HTMLWriter) {
    html.element("details", ["id": operation.id]) {
      html.element("summary") {
        html.element("span", ["class": "method"], text: "\(entry.method.name)")
        html.element("code", text: entry.path)
        html.element("span", ["class": "faint"], text: " " + operation.summary)
      }
      html.element("div") {
        parameters(operation, html)
        html.element("h3", text: "Example")
        html.element("pre", text: curl(entry, operation))
        answers(operation, html)
      }
    }
  }

  private static func parameters(_ operation: Operation, _ html: HTMLWriter) {
    guard !operation.parameters.isEmpty else { return }
    html.element("h3", text: "Parameters")
    html.table(
      ["Name", "Where", "What"],
      operation.parameters.map { parameter in
        let place = parameter.place.rawValue + (parameter.isRequired ? ", required" : "")
        return [parameter.isSpread ? "field__op" : parameter.name, place, parameter.doc]
      })
  }

  private static func answers(_ operation: Operation, _ html: HTMLWriter) {
    html.element("h3", text: "Answers")
    let answers = operation.answers.map { answer in
      [String(answer.status), answer.doc, answer.content.map(\.mediaType).joined(separator: ", ")]
    }
    let problems = operation.problems.map { [String($0), ProblemAnswers.doc($0), ProblemAnswers.content.mediaType] }
    html.table(["Status", "What", "Form"], answers + problems)
  }

  // MARK: Examples

  /// The request as a shell command.
  private static func curl(_ entry: RouteEntry, _ operation: Operation) -> String {
    var path = entry.path
    for parameter in operation.parameters where parameter.place == .path {
      path = path.replacing("{\(parameter.name)}", with: parameter.example.map(plain) ?? parameter.name)
    }
    let query = operation.parameters.first { $0.place == .query && $0.example != nil && entry.method == .get }
    let question = query.map { "?\($0.name)=\($0.example.map(plain) ?? "")" } ?? ""
    let method = entry.method == .get ? "" : "-X \(entry.method.name) "
    guard let content = operation.body?.content.first(where: { $0.example != nil }) else {
      return "curl \(method)'localhost:8080\(path)\(question)'"
    }
    let body = content.example.map(bytes) ?? ""
    return "curl \(method)localhost:8080\(path) -H 'Content-Type: \(content.mediaType)' \\\n  --data-binary '\(body)'"
  }

  /// The body as sent: a file is text already.
  private static func bytes(_ value: JSONValue) -> String {
    if case .string(let text) = value { text } else { JSONValueWriter.text(of: value) }
  }

  private static func plain(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .array(let elements): elements.map(plain).joined(separator: ",")
    default: JSONValueWriter.text(of: value)
    }
  }
}
