internal import Assets
package import Formats

/// A closed list of words for fields, served at `GET /v1/vocabularies/{name}`.
package final class Vocabulary: Sendable {
  /// Path segment of `/v1/vocabularies/{name}`, and the name that `.word` fields give.
  package let name: String
  /// All words; a word's number is its index.
  package let words: [String]
  /// The list as a JSON array of objects, each with `value`, `name` and further members.
  package let json: [UInt8]
  /// A hash of `json`: it changes with the program's version, not with the register.
  package let etag: String
  private let index: ByteIndex
  /// Narrower words by wider word, at any depth (M49 region 150, Europe, has 039, 151, 154 and 155).
  private let parts: [String: [String]]
  /// Words by folded label.
  private let labels: [String: String]

  /// Makes a vocabulary and its indexes.
  ///
  /// - Parameters:
  ///   - parents: the wider word of each word that has one.
  ///   - labels: names and foreign codes of the words, for suggestions; of equal labels the first counts.
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

  /// The word to suggest for `text`: by name (`South Korea`), by a code of another system (`KR`), or by a similar spelling of either; `nil`
  /// if none is near.
  package func meant(by text: String) -> String? {
    let label = Self.folded(text)
    return labels[label] ?? nearest(text, in: words) ?? nearest(label, in: labels.keys.sorted()).flatMap { labels[$0] }
  }

  private static func folded(_ text: String) -> String {
    let buffer = ByteBuffer(capacity: text.utf8.count)
    text.withByteView { appendFolded($0, to: buffer) }
    return buffer.string
  }

  /// The narrower words of a word, at any depth; empty for a word that has none.
  package func parts(of word: String) -> [String] { parts[word] ?? [] }

  /// Whether this is a word of the list; case counts.
  package func contains(_ word: ByteView) -> Bool { index[word] != nil }

  /// The index of a word in `words`; `nil` if it is not in the list.
  package func number(of word: ByteView) -> Int? { index[word] }
}

/// All vocabularies: the domain's closed lists and the code tables (countries, regions, CAMEO).
package struct Vocabularies: Sendable {
  /// All vocabularies: the closed lists first, then countries, regions and CAMEO.
  package let all: [Vocabulary]
  private let byName: [String: Vocabulary]

  /// The vocabularies of the program, read once from the embedded files.
  package static let shared = Vocabularies()

  /// The vocabulary of this name; `nil` if there is none.
  package subscript(name: String) -> Vocabulary? { byName[name] }

  /// The vocabulary that a declaration names; ends the program if there is none.
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
    let read = try? JSONParser.reading(Assets.required(path), maxDepth: 16) { body($0) }
    return read.required("\(path): JSON")
  }

  private static func closedLists() -> [Vocabulary] {
    reading { root in
      var lists: [Vocabulary] = []
      root.forEachMember { key, list in
        let name = key.string
        let json = ByteBuffer()
        list.append(to: json)
        let labels = values(of: list, name) { entry, word in entry["name"].map { (label: $0.string, word: word) } }.compactMap { $0 }
        lists.append(Vocabulary(name: name, words: values(of: list, name) { $1 }, json: json.array, labels: labels))
      }
      return lists
    }
  }

  /// Maps each entry of a closed list, given as its JSON object and its `value`, in order.
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
