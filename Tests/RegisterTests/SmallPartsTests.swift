import Formats
import Records
import SQL
import Service
import TestSupport
import Testing

@Suite struct LikelihoodBandTests {
  @Test(
    arguments: [
      (0.001, "almost_no_chance"), (0.0499, "almost_no_chance"), (0.05, "very_unlikely"), (0.1999, "very_unlikely"), (0.20, "unlikely"),
      (0.4499, "unlikely"), (0.45, "roughly_even"), (0.5499, "roughly_even"), (0.55, "likely"), (0.7999, "likely"), (0.80, "very_likely"),
      (0.9499, "very_likely"), (0.95, "almost_certain"), (0.999, "almost_certain"),
    ])
  func `a band has its lower edge and not its upper one`(probability: Double, word: String) {
    #expect(LikelihoodBand.of(probability).word == word)
  }

  @Test func `the midpoints are those of the domain, and lie in their bands`() {
    #expect(LikelihoodBand.all.map(\.midpoint) == [0.03, 0.125, 0.325, 0.50, 0.675, 0.875, 0.97])
    for band in LikelihoodBand.all { #expect(LikelihoodBand.of(band.midpoint).word == band.word) }
    #expect(Vocabularies.shared["likelihood"]?.words == LikelihoodBand.all.map(\.word))
  }
}

@Suite struct ByteIndexTests {
  @Test func `a word is found by its number, and nothing else is found`() {
    var random = SeededNumbers("ByteIndex")
    let letters = Array("abc_")
    let words = Set(
      (0..<400).map { _ in String((0..<Int.random(in: 0...6, using: &random)).map { _ in letters[Int.random(in: 0..<4, using: &random)] }) }
    )
    let all = words.sorted()
    let index = ByteIndex(all)
    for (number, word) in all.enumerated() { #expect(index[word] == number) }
    for word in all.map({ $0 + "x" }) + all.map({ String($0.dropFirst()) }) + ["A", "\u{0}"] {
      #expect(index[word] == all.firstIndex(of: word), "\(word)")
    }
    #expect(ByteIndex([])[""] == nil && ByteIndex([])["a"] == nil && ByteIndex([""])[""] == 0)
  }
}

/// RFC 7396, appendix A, where target and patch are objects: inside a field that is kept as it is.
@Suite struct MergePatchTests {
  @Test(
    arguments: [
      (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
      (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
      (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#), (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
      (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#), (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
      (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
      ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ])
  func `a merge patch does what the RFC shows`(target: String, patch: String, result: String) throws {
    let resource = try #require(Catalogue.shared["events"])
    let current = Draft(resource)
    DraftReader().setJSON("extra", in: current) { $0.append(target) }
    let change = Draft(resource)
    let body = ByteBuffer()
    body.append("{\"extra\":\(patch)}")
    try body.withView { bytes in
      try JSONParser.reading(bytes, maxDepth: 64) { DraftReader().read($0, into: change, merging: current) }
    }
    #expect(change.faults.isEmpty)
    let number = resource.number("extra")
    #expect(try JSON(Array(change[number].string.utf8)) == JSON(Array(result.utf8)))
  }
}
