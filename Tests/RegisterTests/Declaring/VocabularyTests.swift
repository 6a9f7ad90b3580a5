import Formats
import Records
import SQL
import TestSupport
import Testing

/// Closed lists of words, and what a word that is none may mean.
@Suite struct VocabularyTests {
  private let seas = Vocabulary(
    name: "seas", words: ["atlantic", "north", "baltic", "pacific", "gulf"], json: Array("[1]".utf8),
    parents: ["north": "atlantic", "baltic": "north", "gulf": "baltic"],
    labels: [("Ostsee", "baltic"), ("Ostsee", "north"), ("Stiller Ozean", "pacific")])

  @Test func `a word has its number, and only as it is written`() {
    for (number, word) in seas.words.enumerated() {
      word.withByteView { #expect(seas.number(of: $0) == number && seas.contains($0)) }
    }
    for word in ["Baltic", "balti", "baltics", ""] {
      word.withByteView { #expect(seas.number(of: $0) == nil && !seas.contains($0), "\(word)") }
    }
  }

  @Test func `a word has all that lies in it, at any depth, and never itself`() {
    #expect(seas.parts(of: "atlantic") == ["north", "baltic", "gulf"])
    #expect(seas.parts(of: "north") == ["baltic", "gulf"] && seas.parts(of: "gulf").isEmpty && seas.parts(of: "x").isEmpty)
    let regions = Vocabularies.shared.required("region")
    #expect(Set(regions.parts(of: "150")).isSuperset(of: ["039", "151", "154", "155"]))
    for word in regions.words {
      #expect(!regions.parts(of: word).contains(word) && regions.parts(of: word).allSatisfy(regions.words.contains))
    }
  }

  @Test(
    arguments: [
      ("ostsee", "baltic"), ("OSTSEE", "baltic"), ("Östsee", "baltic"), ("stiller ozean", "pacific"), ("balitc", "baltic"),
      ("pacifc", "pacific"),
      ("Stiler Ozean", "pacific"), ("Ostse", "baltic"), ("x", nil), ("", nil), ("indian", nil), ("Mittelmeer", nil),
    ] as [(String, String?)])
  func `what is meant is told by its label, a code of elsewhere or a like spelling of either`(text: String, word: String?) {
    #expect(seas.meant(by: text) == word)
  }

  @Test(arguments: [
    ("country", "Russia", "RUS"), ("country", "KR", "KOR"), ("country", "Rusia", "RUS"), ("country", "north korea", "PRK"),
    ("region", "Europe", "150"),
    ("region", "Europ", "150"), ("country", "Frnace", "FRA"), ("event_type", "vist", "visit"),
  ])
  func `a country or region that is misspelled is offered by its word`(vocabulary: String, text: String, word: String) {
    #expect(Vocabularies.shared.required(vocabulary).meant(by: text) == word)
  }

  @Test func `a list's tag is of what it says`() {
    let other = Vocabulary(name: "seas", words: seas.words, json: Array("[2]".utf8))
    let same = Vocabulary(name: "waters", words: [], json: Array("[1]".utf8))
    #expect(seas.etag != other.etag && seas.etag == same.etag && !seas.etag.isEmpty)
  }

  @Test func `each list is there once, and its JSON names its words in order`() throws {
    let all = Vocabularies.shared.all
    #expect(Set(all.map(\.name)).count == all.count && all.count > 20)
    for vocabulary in all {
      let values = try JSON(vocabulary.json).elements.map { $0["value"].text ?? $0["value"].integer.map(String.init) }
      #expect(values == vocabulary.words && Set(vocabulary.words).count == vocabulary.words.count, "\(vocabulary.name)")
      #expect(Vocabularies.shared[vocabulary.name] === vocabulary)
    }
    #expect(Vocabularies.shared["nothing"] == nil)
  }
}

/// Words by number, in the order in which they come.
@Suite struct WordNumbersTests {
  private func number(_ word: String, _ words: WordNumbers) -> Int {
    word.withByteView { words.number($0) }
  }

  private func has(_ word: String, _ words: WordNumbers) -> Bool {
    word.withByteView { words.contains($0) }
  }

  private func word(_ number: Int, _ words: WordNumbers) -> String { words[number].string }

  @Test func `a word keeps its number while many others come, the empty one too`() {
    var random = SeededNumbers("word numbers")
    let (words, letters) = (WordNumbers(), Array("abé"))
    var known: [String] = []
    for _ in 0..<3_000 {
      let next = String((0..<Int.random(in: 0...6, using: &random)).map { _ in letters[Int.random(in: 0..<3, using: &random)] })
      #expect(has(next, words) == known.contains(next))
      let found = number(next, words)
      if let place = known.firstIndex(of: next) { #expect(found == place) } else { #expect(found == known.count); known.append(next) }
    }
    #expect(words.count == known.count && words.count > 500)
    for (place, text) in known.enumerated() { #expect(word(place, words) == text) }
  }

  @Test func `their order is that of their bytes, both ways`() {
    let (words, all) = (WordNumbers(), ["b", "", "ab", "é", "a", "B", "\u{1F642}"])
    for text in all { _ = number(text, words) }
    let (ranks, numbers) = words.order()
    #expect(numbers.map { all[$0] } == ["", "B", "a", "ab", "b", "é", "\u{1F642}"])
    #expect(numbers.indices.allSatisfy { ranks[numbers[$0]] == $0 })
  }

  @Test func `after they are forgotten the first has number 0 again`() {
    let words = WordNumbers()
    for text in 0..<200 { _ = number("\(text)", words) }
    words.clear()
    #expect(words.count == 0 && !has("7", words) && words.order().numbers.isEmpty)
    #expect(number("7", words) == 0 && number("8", words) == 1 && word(0, words) == "7")
    WordNumbers().clear()
  }
}

/// How records refer to each other, from the declarations.
@Suite struct RelationTests {
  @Test func `each relation is in its place, of one owner, and named once there`() {
    for (number, relation) in Relation.all.enumerated() {
      #expect(relation.number == number)
      #expect(Catalogue.shared[relation.resource] != nil && Catalogue.shared[relation.owner] != nil)
    }
    for resource in Catalogue.shared.all {
      let own = Relation.all(of: resource)
      #expect(own.allSatisfy { $0.owner == resource.name } && Set(own.map(\.name)).count == own.count, "\(resource.name)")
    }
  }

  @Test(arguments: [
    ("events", "outcomes", "number", "event"), ("events", "perspectives", "id", "target"),
    ("stakeholders", "perspectives", "handle", "stakeholder"),
    ("stakeholders", "events", "handle", "participation"), ("stakeholders", "stakeholders", "number", "parent_id"),
    ("events", "events", "number", "parent_id"), ("outcomes", "recommendations", "id", "links"),
    ("strategies", "recommendations", "handle", "strategy"),
    ("recommendations", "commitments", "number", "recommendation"),
  ])
  func `a relation is found as its field refers`(owner: String, name: String, key: String, way: String) throws {
    let relation = try #require(Relation.all(of: Catalogue.shared.required(owner)).first { $0.name == name })
    #expect("\(relation.key)" == key)
    switch relation.way {
    case .column(let column): #expect(column == way)
    case .links: #expect(way == "links")
    case .participation: #expect(way == "participation")
    }
  }

  @Test func `an id is parsed by its prefix, and a handle must not have its form`() {
    for resource in Catalogue.shared.all {
      let text = resource.text(of: 77)
      let parsed = text.withByteView { Catalogue.shared.parse(id: $0) }
      #expect(parsed?.resource === resource && parsed?.id == 77, "\(text)")
      #expect(text.withByteView { Catalogue.isID($0) })
    }
    for text in ["evt_000000000000", "evt_00000000000000", "EVT_0000000000000", "evt-0000000000000", "evt_000000000000u", "", "xyz"] {
      #expect(text.withByteView { Catalogue.shared.parse(id: $0) } == nil, "\(text)")
    }
  }
}
