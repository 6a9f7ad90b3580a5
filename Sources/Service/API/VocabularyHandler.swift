internal import Formats
internal import HTTP
internal import Records

/// GET of vocabularies: the words that fields accept.
struct VocabularyHandler {
  let answering: Answering

  func all(_ call: Call) throws -> Plan { try answering.give(Self.list, call) }

  private static let list = FixedAnswer { buffer in
    let items = Vocabularies.shared.all.map { vocabulary -> JSONValue in
      [
        "name": .string(vocabulary.name), "count": .integer(Int64(vocabulary.words.count)),
        "url": .string("/v1/vocabularies/\(vocabulary.name)"),
      ]
    }
    JSONValueWriter(buffer).write(list: items)
  }

  func one(_ call: Call) throws -> Plan {
    try call.checkParameters()
    let name = call.request.captured("name")
    guard let vocabulary = Vocabularies.shared[name] else {
      let hint = nearest(name, in: Vocabularies.shared.all.map(\.name)).map { "did you mean \($0)?" }
      throw Problem(
        status: 404, code: "not_found", title: "Not found", detail: "there is no vocabulary \"\(name.prefix(100))\"",
        hint: hint ?? "GET /v1/vocabularies lists them")
    }
    ListFrame.append(array: vocabulary.json, to: call.response.body)
    return answering.respond(tag: vocabulary.etag, call)
  }
}
