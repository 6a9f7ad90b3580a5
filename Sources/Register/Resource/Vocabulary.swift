internal import Assets
internal import Formats

/// A closed list of words that a field may hold, as `GET /v1/vocabularies/{name}` shows it.
package final class Vocabulary: Sendable {
  package let name: String
  package let words: [String]
  /// The whole list as a JSON array of objects, each with `value`, `name` and what else is known of it.
  package let json: [UInt8]
  /// A hash of the list: it changes with the program, not with the register.
  package let etag: String
  private let index: ByteIndex
  /// Of words that stand for others: those that lie in each (M49 region 150, Europe, has 039, 151, 154 and 155), at any depth.
  private let parts: [String: [String]]

  /// - Parameter parents: the wider word of each that has one.
  init(name: String, words: [String], json: [UInt8], parents: [String: String] = [:]) {
    self.name = name
    self.words = words
    self.json = json
    etag = Base64URL.encode(Hash.tag(json, key: Array("vocabulary".utf8)))
    index = ByteIndex(words)
    var parts: [String: [String]] = [:]
    for word in words {
      var wider = parents[word]
      while let parent = wider {
        parts[parent, default: []].append(word)
        wider = parents[parent]
      }
    }
    self.parts = parts
  }

  func parts(of word: String) -> [String] { parts[word] ?? [] }

  package func contains(_ word: UnsafeRawBufferPointer) -> Bool { unsafe index[word] != nil }

  package func number(of word: UnsafeRawBufferPointer) -> Int? { unsafe index[word] }
}

/// All vocabularies: the closed ones of the domain, and the code tables (countries, regions, CAMEO) as lists.
package struct Vocabularies: Sendable {
  package let all: [Vocabulary]
  private let byName: [String: Vocabulary]

  package static let shared = Vocabularies()

  package subscript(name: String) -> Vocabulary? { byName[name] }

  private init() {
    all =
      Self.closedLists() + [
        ReferenceTables.shared.countryVocabulary, ReferenceTables.shared.regionVocabulary, ReferenceTables.shared.cameoVocabulary,
      ]
    byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// `vocabularies.json`: an object of lists.
  private static func closedLists() -> [Vocabulary] {
    let parser = JSONParser(maxDepth: 16)
    guard let bytes = unsafe Assets.bytes("data/vocabularies.json"), let root = try? unsafe parser.parse(bytes) else { return [] }
    var lists: [Vocabulary] = []
    unsafe root.forEachMember { key, list in
      let json = ByteBuffer()
      list.append(to: json)
      var words: [String] = []
      list.forEachElement { entry in
        guard let value = entry["value"] else { return }
        words.append(value.kind == .string ? value.string : String(value.integer))
      }
      lists.append(Vocabulary(name: unsafe String(decoding: key, as: UTF8.self), words: words, json: json.array))
    }
    return lists
  }
}
