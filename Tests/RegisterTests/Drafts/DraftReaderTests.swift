import Formats
import Records
import SQL
import TestSupport
import Testing

/// Records on their way in, from JSON and from cells of a table, without a server.
@Suite struct DraftReaderTests {
  private let reader = DraftReader()

  private func draft(_ json: String, of resource: String = "events", merging current: Draft? = nil, ignoring: [StaticString] = []) throws
    -> Draft
  {
    let draft = Draft(Catalogue.shared.required(resource))
    let body = ByteBuffer()
    body.append(json)
    try body.withView { bytes in
      try JSONParser.reading(bytes) { reader.read($0, into: draft, merging: current, ignoring: ignoring) }
    }
    return draft
  }

  /// One cell of a table.
  private func cell(_ field: String, _ text: String, of resource: String = "events") -> Draft {
    let draft = Draft(Catalogue.shared.required(resource))
    reader.set(field, text: text, in: draft)
    return draft
  }

  private func faults(_ draft: Draft) -> [String] { draft.faults.map { "\($0.path.pointer) \($0.code)" } }

  private func text(_ draft: Draft, _ field: String) -> String? {
    let value = draft[draft.resource.number(field)]
    return value.isNull ? nil : value.string
  }

  private func json(_ draft: Draft, _ field: String) throws -> JSON { try JSON(Array(#require(text(draft, field)).utf8)) }

  // MARK: JSON

  @Test func `each kind of field takes its own value`() throws {
    let draft = try draft(
      """
      {"title":"A visit","type":"visit","importance":4.0,"goldstein":-2.5,"date_approximate":true,"start_date":"2024-06-18",
       "tags":["a","b"],"extra":{"k":[1,null]},"url":"https://x.org/a","participants":[{"role":"host","stakeholder":"RUS"}]}
      """)
    #expect(draft.faults.isEmpty)
    #expect(text(draft, "title") == "A visit" && text(draft, "type") == "visit" && text(draft, "start_date") == "2024-06-18")
    #expect(draft[draft.resource.number("importance")].integer == 4)
    #expect(draft[draft.resource.number("goldstein")].real == -2.5)
    #expect(draft[draft.resource.number("date_approximate")].integer == 1)
    #expect(try json(draft, "tags") == ["a", "b"])
    #expect(try json(draft, "extra") == ["k": [1, nil]])
    // In the order of the declaration, whatever the sender's.
    #expect(text(draft, "participants") == #"[{"stakeholder":"RUS","role":"host"}]"#)
  }

  @Test func `what was said is told apart from what was not, be it null`() throws {
    let draft = try draft(#"{"title":"T","city":null,"tags":null,"extra":null}"#)
    for field in ["title", "city", "tags", "extra"] { #expect(draft.isGiven(draft.resource.number(field)), "\(field)") }
    for field in ["type", "place", "participants"] { #expect(!draft.isGiven(draft.resource.number(field)), "\(field)") }
    #expect(text(draft, "city") == nil && text(draft, "place") == nil)
    // Nested fields are never null: they are empty.
    #expect(text(draft, "tags") == "[]" && text(draft, "extra") == "{}")
  }

  @Test(
    arguments: [
      (#"{"title":5}"#, "/title wrong_type"), (#"{"title":"   "}"#, "/title empty"), (#"{"title":"a\u0001b"}"#, "/title control_character"),
      (#"{"type":"vissit"}"#, "/type not_a_word"), (#"{"type":42}"#, "/type wrong_type"),
      (#"{"importance":9}"#, "/importance out_of_range"),
      (#"{"importance":4.5}"#, "/importance wrong_type"), (#"{"importance":"4"}"#, "/importance wrong_type"),
      (#"{"latitude":91}"#, "/latitude out_of_range"), (#"{"latitude":true}"#, "/latitude wrong_type"),
      (#"{"date_approximate":1}"#, "/date_approximate wrong_type"), (#"{"start_date":20240618}"#, "/start_date wrong_type"),
      (#"{"url":"ftp://x"}"#, "/url bad_url"), (#"{"tags":"a"}"#, "/tags wrong_type"), (#"{"extra":[]}"#, "/extra wrong_type"),
      (#"{"participants":{}}"#, "/participants wrong_type"), (#"{"participants":["RUS"]}"#, "/participants/0 wrong_type"),
      (#"{"participants":[{"stakeholder":"RUS"},{"role":"host"}]}"#, "/participants/1/stakeholder required"),
      (#"{"participants":[{"stakeholder":"RUS","role":"hosst"}]}"#, "/participants/0/role not_a_word"),
      (#"{"participants":[{"stakeholder":"RUS","rol":"host"}]}"#, "/participants/0/rol unknown_field"),
      (#"{"typ":"visit"}"#, "/typ unknown_field"), (#"{"a/b~c":1}"#, "/a~1b~0c unknown_field"), ("[]", " wrong_type"),
      (#""a""#, " wrong_type"), ("null", " wrong_type"),
    ] as [(String, String)])
  func `what cannot be taken is told by its place and a stable code`(json: String, fault: String) throws {
    #expect(faults(try draft(json)) == [fault])
  }

  @Test func `all faults are told at once, each element's for itself`() throws {
    let draft = try draft(#"{"title":5,"typ":1,"tags":["a","",3,"b"],"importance":0,"participants":[{"role":"x"},{"stakeholder":"PRK"}]}"#)
    #expect(
      Set(faults(draft)) == [
        "/title wrong_type", "/typ unknown_field", "/tags/1 empty", "/tags/2 wrong_type", "/importance out_of_range",
        "/participants/0/role not_a_word", "/participants/0/stakeholder required",
      ])
  }

  @Test func `a fault names what may have been meant, and the words that there are`() throws {
    let word = try #require(try draft(#"{"status":"concludet"}"#).faults.first)
    #expect(word.detail.contains("did you mean \"concluded\"?") && word.allowed.contains("planned"))
    let field = try #require(try draft(#"{"titel":"T"}"#).faults.first)
    #expect(field.detail.contains("title"))
    let code = try #require(try draft(#"{"cameo_code":42}"#).faults.first)
    #expect(code.detail.contains("\"042\" and not 42"))
  }

  @Test(arguments: [("title", 300), ("city", 200)])
  func `a text is as long as its field allows, counted in characters as Unicode has them`(field: String, most: Int) throws {
    for letter in ["a", "é", "日", "🙂"] {
      let longest = try draft(#"{"\#(field)":"\#(String(repeating: letter, count: most))"}"#)
      #expect(longest.faults.isEmpty, "\(letter)")
      #expect(faults(try draft(#"{"\#(field)":"\#(String(repeating: letter, count: most + 1))"}"#)) == ["/\(field) too_long"], "\(letter)")
    }
  }

  @Test func `text is stored in one form, however it was typed`() throws {
    let composed = try draft(#"{"title":"Zo\u0065\u0308 Café"}"#)
    #expect(try #require(text(composed, "title")).unicodeScalars.elementsEqual("Zoë Café".unicodeScalars))
  }

  @Test(
    arguments: [
      ("2024-06-18", "2024-06-18", "2024-06-18", "day", false), ("2024-06", "2024-06-01", "2024-06-30", "month", false),
      ("2024", "2024-01-01", "2024-12-31", "year", false), ("2024-02~", "2024-02-01", "2024-02-29", "month", true),
      ("2024-06-18/2024-06-21", "2024-06-18", "2024-06-21", "days", false),
    ] as [(String, String, String, String, Bool)])
  func `a date says its first day, and its period what it is exact to`(
    written: String, first: String, last: String, precision: String, isApproximate: Bool
  ) throws {
    let draft = try draft(#"{"start_date":"\#(written)"}"#)
    let period = try #require(draft.period)
    #expect(draft.faults.isEmpty && text(draft, "start_date") == first)
    #expect("\(period.start)" == first && "\(period.end)" == last && period.approximate == isApproximate)
    #expect(period.precision.rawValue == precision)
  }

  @Test func `an id is one of the record's own kind`() throws {
    let id = ByteBuffer()
    id.append(id: 77, prefix: "evt")
    let known = try draft(#"{"id":"\#(id.string)"}"#)
    #expect(known.faults.isEmpty && known.id == 77)
    for wrong in [#""sth_0000000000001""#, #""77""#, "77"] { #expect(try draft(#"{"id":\#(wrong)}"#).faults.count == 1, "\(wrong)") }
  }

  @Test func `members of the envelope are not the record's`() throws {
    #expect(try draft(#"{"resource":"events","title":"T"}"#, ignoring: ["resource"]).faults.isEmpty)
    #expect(faults(try draft(#"{"resource":"events","title":"T"}"#)) == ["/resource unknown_field"])
  }

  @Test func `a list holds as much as it may, and one that is too long is not read`() throws {
    let party = { (number: Int) in #"{"stakeholder":"S\#(number)"}"# }
    let most = try draft(#"{"participants":[\#((0..<64).map(party).joined(separator: ","))]}"#)
    #expect(most.faults.isEmpty)
    let over = try draft(#"{"participants":[\#((0..<65).map(party).joined(separator: ","))]}"#)
    #expect(over.faults.map(\.path.pointer) == ["/participants"] && over.faults.count == 1)
  }

  @Test func `a draft that is used again forgets the record before`() throws {
    let draft = try draft(#"{"title":5,"start_date":"2024-06","participants":[{"stakeholder":"RUS"}]}"#)
    draft.reset()
    #expect(draft.faults.isEmpty && draft.period == nil && text(draft, "participants") == nil)
    #expect(!draft.isGiven(draft.resource.number("title")))
  }

  // MARK: Merge patches

  @Test func `a merge patch changes members of an object, takes out null ones, and leaves the rest`() throws {
    let current = try draft(#"{"extra":{"a":1,"b":{"c":2,"d":3},"e":[1,2]},"tags":["x"]}"#)
    let change = try draft(#"{"extra":{"a":null,"b":{"c":4},"f":true,"e":[9]}}"#, merging: current)
    #expect(change.faults.isEmpty)
    #expect(try json(change, "extra") == ["b": ["c": 4, "d": 3], "e": [9], "f": true])
    // Arrays are replaced, and what is not named is not touched.
    #expect(try json(draft(#"{"tags":["y"]}"#, merging: current), "tags") == ["y"])
    #expect(!change.isGiven(change.resource.number("tags")))
  }

  @Test func `null takes the whole object away`() throws {
    let current = try draft(#"{"extra":{"a":1}}"#)
    #expect(text(try draft(#"{"extra":null}"#, merging: current), "extra") == "{}")
  }

  // MARK: Cells

  @Test(
    arguments: [
      ("importance", "4", "4"), ("goldstein", "-2.50", "-2.5"), ("date_approximate", "true", "1"), ("date_approximate", "false", "0"),
      ("title", "A \"visit\", today", "A \"visit\", today"), ("tags", "a;b c;d", #"["a","b c","d"]"#), ("tags", "a", #"["a"]"#),
      ("tags", #"["a;b","c"]"#, #"["a;b","c"]"#), ("extra", #"{"k": 1}"#, #"{"k":1}"#),
      ("participants", "RUS", #"[{"stakeholder":"RUS"}]"#),
      (
        "participants", "RUS:visitor:A:head_of_state:V. P.;PRK:host",
        """
        [{"stakeholder":"RUS","role":"visitor","side":"A","level":"head_of_state","name_as_reported":"V. P."},\
        {"stakeholder":"PRK","role":"host"}]
        """
      ), ("participants", "RUS::B", #"[{"stakeholder":"RUS","side":"B"}]"#),
      ("participants", #"[{"stakeholder":"RUS","name_as_reported":"a;b:c"}]"#, #"[{"stakeholder":"RUS","name_as_reported":"a;b:c"}]"#),
    ] as [(String, String, String)])
  func `a cell is read as its field is`(field: String, written: String, stored: String) throws {
    let draft = cell(field, written)
    let number = draft.resource.number(field)
    #expect(draft.faults.isEmpty, "\(faults(draft))")
    #expect(draft.isGiven(number))
    switch draft[number].kind {
    case .integer: #expect(String(draft[number].integer) == stored)
    case .real: #expect("\(draft[number].real)" == stored)
    default: #expect(text(draft, field) == stored)
    }
  }

  @Test(
    arguments: [
      ("importance", "x", "/importance malformed_value"), ("importance", "9", "/importance out_of_range"),
      ("date_approximate", "yes", "/date_approximate malformed_value"), ("type", "vissit", "/type not_a_word"),
      ("tags", "a;  ;b", "/tags/1 empty"), ("participants", "RUS:visitor:A:head_of_state:x:y", "/participants/0 malformed_value"),
      ("participants", ":host", "/participants/0/stakeholder required"), ("participants", "RUS:hosst", "/participants/0/role not_a_word"),
    ] as [(String, String, String)])
  func `a cell that cannot be taken is told as a member would be`(field: String, written: String, fault: String) {
    #expect(faults(cell(field, written)) == [fault])
  }

  @Test func `an empty cell says nothing, and one that is not UTF-8 or not JSON is refused`() {
    let empty = cell("title", "")
    #expect(empty.faults.isEmpty && !empty.isGiven(empty.resource.number("title")))
    #expect(cell("extra", "{").faults.first?.detail.hasPrefix("the cell is not JSON") == true)
    let draft = Draft(Catalogue.shared.required("events"))
    let latin1 = ByteBuffer()
    for byte in [0x74, 0xEB] as [UInt8] { latin1.append(byte) }
    latin1.withView { reader.set("title", $0, in: draft) }
    #expect(faults(draft) == ["/title invalid_utf8"])
  }
}
