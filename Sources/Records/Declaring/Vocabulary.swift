internal import Assets
package import Formats

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
  /// Words by what else they are called, folded.
  private let labels: [String: String]

  /// - Parameters:
  ///   - parents: the wider word of each that has one.
  ///   - labels: names and foreign codes of the words, to suggest the word that is meant; the first of a label counts.
  package init(name: String, words: [String], json: [UInt8], parents: [String: String] = [:], labels: [(label: String, word: String)] = [])
  {
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
    self.labels = Dictionary(labels.map { (Self.folded($0.label), $0.word) }, uniquingKeysWith: { first, _ in first })
  }

  /// The word that somebody means by `text`: its name (`South Korea`), a code of another system (`KR`), or a word that is spelt nearly so.
  package func meant(by text: String) -> String? { labels[Self.folded(text)] ?? nearest(text, in: words) }

  private static func folded(_ text: String) -> String {
    let buffer = ByteBuffer(capacity: text.utf8.count)
    text.withByteView { appendFolded($0, to: buffer) }
    return buffer.string
  }

  package func parts(of word: String) -> [String] { parts[word] ?? [] }

  package func contains(_ word: ByteView) -> Bool { index[word] != nil }

  package func number(of word: ByteView) -> Int? { index[word] }
}

/// All vocabularies: the closed ones of the domain, and the code tables (countries, regions, CAMEO) as lists.
package struct Vocabularies: Sendable {
  package let all: [Vocabulary]
  private let byName: [String: Vocabulary]

  package static let shared = Vocabularies()

  package subscript(name: String) -> Vocabulary? { byName[name] }

  /// A vocabulary that a declaration names.
  package func required(_ name: String) -> Vocabulary { byName[name].required("vocabulary \(name)") }

  private init() {
    all =
      Self.closedLists() + [
        ReferenceTables.shared.countryVocabulary, ReferenceTables.shared.regionVocabulary, ReferenceTables.shared.cameoVocabulary,
      ]
    byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static let path = "data/vocabularies.json"

  /// The embedded file: an object of lists, each an array of objects with a `value`.
  private static func reading<Result>(_ body: (JSONNode) -> Result) -> Result {
    let read = try? JSONParser.reading(Assets.requiredFile(path), maxDepth: 16) { body($0) }
    return read.required("\(path): JSON")
  }

  private static func closedLists() -> [Vocabulary] {
    reading { root in
      var lists: [Vocabulary] = []
      root.eachMember { key, list in
        let name = key.string
        let json = ByteBuffer()
        list.append(to: json)
        let labels = values(of: list, name) { entry, word in entry["name"].map { (label: $0.string, word: word) } }.compactMap { $0 }
        lists.append(Vocabulary(name: name, words: values(of: list, name) { $1 }, json: json.array, labels: labels))
      }
      return lists
    }
  }

  /// Makes something of each entry of a closed list and its value.
  package static func entries<Result>(of name: String, _ make: (JSONNode, String) -> Result) -> [Result] {
    reading { root in values(of: root[name].required("vocabulary \(name)"), name, make) }
  }

  private static func values<Result>(of list: JSONNode, _ name: String, _ make: (JSONNode, String) -> Result) -> [Result] {
    var made: [Result] = []
    list.forEachElement { entry in
      let value = entry["value"].required("\(path): \(name): value")
      made.append(make(entry, value.kind == .string ? value.string : String(value.integer)))
    }
    return made
  }
}
