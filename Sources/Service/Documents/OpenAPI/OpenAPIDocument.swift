internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import Store

/// The register's OpenAPI 3.1 document, made from the routes and declarations that answer requests.
enum OpenAPIDocument {
  /// Writes the document of these routes.
  static func write(_ entries: [RouteEntry], to buffer: ByteBuffer) {
    let writer = JSONValueWriter(buffer)
    buffer.append("{\"openapi\":\"3.1.0\",\"info\":")
    writer.write(info)
    buffer.append(",\"servers\":")
    writer.write([["url": "/", "description": "This server."]])
    buffer.append(",\"tags\":")
    writer.write(tags(of: entries))
    buffer.append(",\"paths\":")
    writer.write(paths(entries))
    buffer.append(",\"components\":")
    writeComponents(writer)
    buffer.append("}")
  }

  private static let info: JSONValue = [
    "title": "Chancery", "version": "1",
    "summary": "A register of diplomatic engagement.",
    "description":
      "What happened, who is involved and what they want, what may follow, and what should be done. Unknown parameters, fields and words are refused, never ignored.",
  ]

  private static func tags(of entries: [RouteEntry]) -> JSONValue {
    let docs = Dictionary(Catalogue.shared.all.map { ($0.tag, $0.doc) }, uniquingKeysWith: { first, _ in first })
    return .array(
      unique(entries.map { $0.operation().tag }).map { tag in
        let name: JSONValue = ["name": .string(tag)]
        return docs[tag].map { name.adding(["description": .string($0)]) } ?? name
      })
  }

  /// Without duplicates, in order of first appearance.
  private static func unique(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { seen.insert($0).inserted }
  }

  // MARK: Paths

  private static func paths(_ entries: [RouteEntry]) -> JSONValue {
    let byPath = Dictionary(grouping: entries, by: \.path)
    return .object(
      unique(entries.map(\.path)).map { path in
        .init(
          name: path,
          value: .object(
            (byPath[path] ?? []).map { .init(name: "\($0.method.name)".lowercased(), value: describe($0.operation())) }))
      })
  }

  private static func describe(_ operation: Operation) -> JSONValue {
    var value: JSONValue = [
      "operationId": .string(operation.id), "summary": .string(operation.summary), "tags": [.string(operation.tag)],
    ]
    if !operation.parameters.isEmpty { value = value.adding(["parameters": .array(operation.parameters.map(describe))]) }
    if let body = operation.body {
      value = value.adding(["requestBody": ["required": true, "description": .string(body.doc), "content": content(body.content)]])
    }
    let answers = operation.answers.map { JSONValue.Member(name: String($0.status), value: describe($0)) }
    let problems = (ProblemAnswers.anywhere + operation.problems).sorted().map { status in
      JSONValue.Member(name: String(status), value: ProblemAnswers.shared(status))
    }
    return value.adding(["responses": .object(answers + problems)])
  }

  private static func describe(_ parameter: Parameter) -> JSONValue {
    guard let name = parameter.sharedAs else { return whole(parameter) }
    return .shared(.parameters, name, whole(parameter))
  }

  private static func whole(_ parameter: Parameter) -> JSONValue {
    var value: JSONValue = ["name": .string(parameter.name), "in": .string(parameter.place.rawValue)]
    if parameter.isRequired { value = value.adding(["required": true]) }
    value = value.adding(["description": .string(parameter.doc)])
    if parameter.place == .query { value = value.adding(["style": "form", "explode": .bool(parameter.isSpread)]) }
    value = value.adding(["schema": parameter.schema])
    return parameter.example.map { value.adding(["example": $0]) } ?? value
  }

  private static func describe(_ answer: Answer) -> JSONValue {
    var value: JSONValue = ["description": .string(answer.doc)]
    if !answer.headers.isEmpty { value = value.adding(["headers": headers(answer.headers)]) }
    return answer.content.isEmpty ? value : value.adding(["content": content(answer.content)])
  }

  static func headers(_ headers: [AnswerHeader]) -> JSONValue {
    .object(
      headers.map { header in
        let value: JSONValue = ["description": .string(header.doc), "schema": header.schema]
        return .init(name: header.rawValue, value: .shared(.headers, header.rawValue.replacing("-", with: ""), value))
      })
  }

  static func content(_ content: [Content]) -> JSONValue {
    .object(
      content.map { form in
        let value: JSONValue = ["schema": form.schema]
        return .init(name: form.mediaType, value: form.example.map { value.adding(["example": $0]) } ?? value)
      })
  }

  // MARK: Shared parts

  /// Writes the parts that were referred to, and those they refer to in turn.
  private static func writeComponents(_ writer: JSONValueWriter) {
    var written: [JSONValue.Component.Kind: [JSONValue.Member]] = [:]
    var waiting = writer.takeWaiting()
    // Written aside first, since each part may refer to others.
    while !waiting.isEmpty {
      for component in waiting {
        let text = writer.aside { $0.write(component.value()) }
        written[component.kind, default: []].append(.init(name: component.name, value: .raw(text)))
      }
      waiting = writer.takeWaiting()
    }
    writer.write(
      .object(
        JSONValue.Component.Kind.allCases.compactMap { kind in
          written[kind].map { .init(name: kind.rawValue, value: .object($0.sorted { $0.name < $1.name })) }
        }))
  }
}
