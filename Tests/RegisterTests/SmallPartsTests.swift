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

/// Stored objects as JSON has them (RFC 8259 §4): the order of members says nothing.
@Suite struct StoredObjectTests {
  private func isSame(_ one: String?, _ other: String?) -> Bool {
    let values = Values()
    for text in [one, other] { if let text { values.append(text: text) } else { values.append(.null) } }
    defer { withExtendedLifetime(values) {} }
    return MergePatch.isSame(values[0], values[1])
  }

  @Test(
    arguments: [
      (#"{"a":1,"b":[1,2]}"#, #"{ "b" : [1, 2], "a" : 1 }"#, true), (#"{"a":{"x":1,"y":2}}"#, #"{"a":{"y":2,"x":1}}"#, true),
      (#"{"a":[1,2]}"#, #"{"a":[2,1]}"#, false), (#"{"a":1}"#, #"{"a":1,"b":null}"#, false), (#"{"a":null}"#, #"{"b":null}"#, false),
      (#"{"a":"1"}"#, #"{"a":1}"#, false), (#"{"a":true}"#, #"{"a":false}"#, false), (#"{"a":[]}"#, #"{"a":{}}"#, false),
      (#"{"a":"\u00e9"}"#, #"{"a":"é"}"#, true), ("{}", "{}", true), (nil, nil, true), ("{}", nil, false), (nil, "{}", false),
      ("{", "{", false),
    ] as [(String?, String?, Bool)])
  func `two are the same if they say the same`(one: String?, other: String?, same: Bool) {
    #expect(isSame(one, other) == same)
    #expect(isSame(other, one) == same)
  }

  @Test func `a patch of what is stored broken is refused, so that nothing of it is lost`() throws {
    let (target, patch, merged) = (ByteBuffer(), ByteBuffer(), ByteBuffer())
    target.append("{\"a\":")
    patch.append("{\"b\":1}")
    #expect(throws: JSONError.self) {
      try JSONParser.reading(patch.bytes, maxDepth: 8) { try MergePatch.apply($0, to: target.bytes, into: merged) }
    }
    #expect(merged.isEmpty)
  }
}

@Suite struct ListFrameTests {
  private func text(_ write: (ByteBuffer) -> Void) -> String {
    let buffer = ByteBuffer()
    write(buffer)
    return buffer.string
  }

  @Test func `a list has its rows and its next page, which is null at the end`() {
    let rows = { (buffer: ByteBuffer) in
      ListFrame.begin(buffer)
      buffer.append("{\"a\":1}")
    }
    #expect(
      text {
        rows($0); ListFrame.end($0)
      } == #"{"items":[{"a":1}],"next_cursor":null}"#)
    #expect(
      text {
        rows($0); ListFrame.end($0, cursor: "x\"")
      } == #"{"items":[{"a":1}],"next_cursor":"x\""}"#)
    #expect(
      text {
        rows($0); ListFrame.endRows($0, cursor: nil); $0.append(",\"count\":1}")
      } == #"{"items":[{"a":1}],"next_cursor":null,"count":1}"#)
  }

  @Test func `rows that are an array are a list, and a list of one is its row`() {
    #expect(text { ListFrame.append(array: Array("[1,2]".utf8), to: $0) } == #"{"items":[1,2],"next_cursor":null}"#)
    #expect(text { ListFrame.append(array: Array("[]".utf8), to: $0) } == #"{"items":[],"next_cursor":null}"#)
    let list = ByteBuffer()
    ListFrame.append(array: Array("[{\"a\":[1]}]".utf8), to: list)
    #expect(text { ListFrame.appendOnly(of: list, to: $0) } == #"{"a":[1]}"#)
  }

  @Test func `only what has a place comes as a map, and figures never do`() {
    #expect(ListFormat.forms(of: Catalogue.shared.required("events")).contains(.geojson))
    #expect(Catalogue.shared.all.filter { ListFormat.forms(of: $0).contains(.geojson) }.map(\.name) == ["events"])
    #expect(!ListFormat.ofFigures.contains(.geojson))
    #expect(Set(ListFormat.allCases.map { "\($0.contentType)" }).count == 4)
    // A cache tells two forms of a question apart by the length of their names.
    #expect(Set(ListFormat.allCases.map(\.rawValue.utf8.count)).count == 4)
  }
}
