internal import Formats
internal import HTTP
internal import Records

/// GET of the lists of words that fields may hold.
struct VocabularyHandler {
  let answering: Answering

  func all(_ request: Request, _ response: Response) throws -> Plan { try answering.give(Self.list, request, response) }

  private static let list = FixedAnswer { buffer in
    let items = Vocabularies.shared.all.map { vocabulary -> JSONValue in
      [
        "name": .string(vocabulary.name), "count": .integer(Int64(vocabulary.words.count)),
        "url": .string("/v1/vocabularies/\(vocabulary.name)"),
      ]
    }
    JSONValueWriter(buffer).write(list: items)
  }

  func one(_ request: Request, _ response: Response) throws -> Plan {
    try request.refuseParameters()
    let name = request.captured("name")
    guard let vocabulary = Vocabularies.shared[name] else {
      let hint = nearest(name, in: Vocabularies.shared.all.map(\.name)).map { "did you mean \($0)?" }
      throw Problem(
        status: 404, code: "not_found", title: "There is no such vocabulary", detail: name, hint: hint ?? "GET /v1/vocabularies lists them")
    }
    // An array already.
    response.body.append("{\"items\":")
    response.body.append(vocabulary.json)
    response.body.append(",\"next_cursor\":null}")
    return answering.respond(tag: vocabulary.etag, request, response)
  }
}
