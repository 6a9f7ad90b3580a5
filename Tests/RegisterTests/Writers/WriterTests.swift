import Formats
import Intake
import Records
import SQL
import Store
import TestSupport
import Testing

/// Rows as JSON and as CSV, written from cells without a database.
@Suite struct WriterTests {
  private static let events = Catalogue.shared.required("events")

  /// Gives `body` a row of these cells.
  private func withRow<Result>(_ values: Values, _ body: (Row) throws -> Result) rethrows -> Result {
    let cells = (0..<values.count).map { values[$0] }
    defer { withExtendedLifetime(values) {} }
    return try cells.withRow(body)
  }

  private func columns(_ names: [String]) -> [Column] { names.map { Self.events.required($0) } }

  private func json(_ names: [String], isEpoch: Bool = false, _ fill: (Values) -> Void) throws -> String {
    let (values, buffer) = (Values(), ByteBuffer())
    fill(values)
    let writer = RowWriter(columns(names), prefix: "evt", isEpoch: isEpoch, prefixOf: Catalogue.shared.prefix(of:))
    withRow(values) { writer.write($0, to: buffer) }
    return buffer.string
  }

  private func csv(_ names: [String], _ form: ListQuery.Form = .init(), _ fill: (Values) -> Void) -> String {
    let (values, buffer) = (Values(), ByteBuffer())
    fill(values)
    let writer = CSVWriter(columns(names), prefix: "evt", form: form, prefixOf: Catalogue.shared.prefix(of:))
    withRow(values) { writer.write($0, to: buffer, ByteBuffer(), JSONParser(maxDepth: 64)) }
    return buffer.string
  }

  private func header(_ names: [String], _ form: ListQuery.Form = .init()) -> String {
    let buffer = ByteBuffer()
    CSVWriter(columns(names), prefix: "evt", form: form, prefixOf: Catalogue.shared.prefix(of:)).writeHeader(to: buffer)
    return buffer.string
  }

  // MARK: JSON

  @Test func `each kind of field is the JSON that the document says`() throws {
    let written = try json(
      ["id", "title", "type", "importance", "goldstein", "date_approximate", "start_date", "created_at", "parent_id", "tags", "extra"]
    ) {
      $0.append(integer: 0)
      $0.append(text: "A \"visit\",\nétoile 🙂 \u{1}")
      $0.append(text: "visit")
      $0.append(integer: 4)
      $0.append(real: -2.5)
      $0.append(integer: 1)
      $0.append(text: "2024-06-18")
      $0.append(integer: 1_718_712_000_123)
      $0.append(integer: 0)
      $0.append(text: #"["a"]"#)
      $0.append(text: #"{"k":1}"#)
    }
    #expect(
      written == #"{"id":"evt_0000000000000","title":"A \"visit\",\nétoile 🙂 \u0001","type":"visit","importance":4,"goldstein":-2.5,"#
        + #""date_approximate":true,"start_date":"2024-06-18","created_at":"2024-06-18T12:00:00.123Z","parent_id":"evt_0000000000000","#
        + #""tags":["a"],"extra":{"k":1}}"#)
  }

  @Test func `what is not known is null, in every kind of field`() throws {
    let names = Self.events.columns.map(\.name)
    let written = try json(names) { values in names.forEach { _ in values.append(.null) } }
    #expect(try JSON(Array(written.utf8)) == .object(Dictionary(uniqueKeysWithValues: names.map { ($0, JSON.null) })))
    #expect(try json([]) { _ in } == "{}")
  }

  @Test(arguments: [("1970-01-01", 0), ("2024-06-18", 1_718_668_800_000), ("1969-12-31", -86_400_000), ("0001-01-01", -62_135_596_800_000)])
  func `as milliseconds, a day is its first one and a moment itself`(day: String, milliseconds: Int64) throws {
    let written = try json(["start_date", "end_date", "created_at"], isEpoch: true) {
      $0.append(text: day)
      $0.append(.null)
      $0.append(integer: milliseconds)
    }
    #expect(written == #"{"start_date":\#(milliseconds),"end_date":null,"created_at":\#(milliseconds)}"#)
  }

  @Test func `rows that came in at one moment and at others show their own`() {
    let (values, buffer) = (Values(), ByteBuffer())
    let writer = RowWriter(columns(["created_at", "updated_at"]), prefix: "evt", prefixOf: Catalogue.shared.prefix(of:))
    var last = RowWriter.Moment()
    for (one, other) in [(0, 0), (0, 1_000), (1_000, 0)] as [(Int64, Int64)] {
      values.reset()
      values.append(integer: one)
      values.append(integer: other)
      withRow(values) { writer.writeOpen($0, &last, to: buffer) }
      buffer.append("}")
    }
    let (zero, one) = (#""1970-01-01T00:00:00.000Z""#, #""1970-01-01T00:00:01.000Z""#)
    #expect(
      buffer.string == [(zero, zero), (zero, one), (one, zero)].map { #"{"created_at":\#($0),"updated_at":\#($1)}"# }.joined())
  }

  // MARK: CSV

  @Test func `a cell is quoted where RFC 4180 wants it, and what is not known is empty`() {
    let line = csv(["title", "city", "importance", "goldstein", "date_approximate", "end_date"]) {
      $0.append(text: "a, \"b\"\nc")
      $0.append(text: "Paris")
      $0.append(integer: -1)
      $0.append(real: 0.1)
      $0.append(integer: 0)
      $0.append(.null)
    }
    #expect(line == "\"a, \"\"b\"\"\nc\",Paris,-1,0.1,false,\r\n")
    // A blank line is no row to most readers.
    #expect(csv(["end_date"]) { $0.append(.null) } == "\"\"\r\n")
    #expect(csv(["end_date", "city"]) { for _ in 0..<2 { $0.append(.null) } } == ",\r\n")
  }

  @Test(
    arguments: [
      (#"["a","b c"]"#, "a;b c"), ("[]", ""), (#"["a;b","c"]"#, #""[""a;b"",""c""]""#), (#"["[a"]"#, #""[""[a""]""#), (#"["a:b"]"#, "a:b"),
    ] as [(String, String)])
  func `a list is one cell, as JSON where an element holds what separates them`(stored: String, cell: String) {
    #expect(
      csv(["city", "tags"]) {
        $0.append(.null); $0.append(text: stored)
      } == ",\(cell)\r\n")
  }

  @Test(
    arguments: [
      (#"[{"stakeholder":"RUS","role":"visitor"},{"stakeholder":"PRK"}]"#, "RUS:visitor;PRK"),
      (#"[{"stakeholder":"RUS","level":"ambassador"}]"#, "RUS:::ambassador"), ("[]", ""),
      (#"[{"stakeholder":"RUS","name_as_reported":"a:b"}]"#, #""[{""stakeholder"":""RUS"",""name_as_reported"":""a:b""}]""#),
    ] as [(String, String)])
  func `participants are written as an import reads them`(stored: String, cell: String) {
    #expect(
      csv(["city", "participants"]) {
        $0.append(.null); $0.append(text: stored)
      } == ",\(cell)\r\n")
  }

  @Test func `flat CSV has a column for each part of the first nested records, and says how many there are`() {
    var form = ListQuery.Form()
    (form.isFlat, form.flattened) = (true, 2)
    #expect(
      header(["id", "participants"], form)
        == "id,participants.count"
        + (0..<2).map { n in ["stakeholder", "role", "side", "level", "name_as_reported"].map { ",participants.\(n).\($0)" }.joined() }
        .joined()
        + "\r\n")
    let parties = #"[{"stakeholder":"A","role":"host"},{"stakeholder":"B","name_as_reported":"x,y"},{"stakeholder":"C"}]"#
    #expect(csv(["participants"], form) { $0.append(text: parties) } == "3,A,host,,,,B,,,,\"x,y\"\r\n")
    #expect(csv(["participants"], form) { $0.append(text: "[]") } == "0,,,,,,,,,,\r\n")
  }

  @Test(arguments: ["=1+1", "+x", "-x", "@x"])
  func `with csv_safe no text begins as a formula does, and numbers stay numbers`(text: String) {
    var form = ListQuery.Form()
    form.isCSVSafe = true
    let safe = csv(["title", "goldstein"], form) {
      $0.append(text: text)
      $0.append(real: -2.5)
    }
    #expect(table(safe) == [["'" + text, "-2.5"]])
  }

  // MARK: There and back

  /// A value for a field as a sender may give it; `nil` for a field that a file does not bring.
  private func value(_ column: Column, _ random: inout SeededNumbers) -> JSON? {
    let texts: [JSON] = ["a", "a;b", "x, \"y\"", "=1", "line\nbreak", "Zoë 日本 🙂", "RUS:host", "[a", "'q'", "-5"]
    func one(_ values: [JSON]) -> JSON { values.randomElement(using: &random) ?? .null }
    switch column.kind {
    case .text: return one(texts)
    case .word: return column.vocabulary.map { one($0.words.map { .string($0) }) }
    case .integer: return .integer(Int64.random(in: column.integers.clamped(to: -1_000...1_000_000), using: &random))
    case .real: return one([0, -1.5, 0.1, 3.25, 10])
    case .boolean: return one([true, false])
    case .date, .period: return one(["2024-06-18", "0001-01-01", "9999-12-31"])
    case .url: return one(["https://x.org/?a=b,c;d"])
    case .list: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in one(texts) })
    case .object: return ["k": one(texts), "n": [1, nil, 2.5]]
    case .records where column.name == "participants":
      let codes = ["RUS", "PRK", "USA"].prefix(Int.random(in: 0...3, using: &random))
      return .array(codes.map { ["stakeholder": .string($0), "role": "host", "name_as_reported": one(texts)] })
    default: return nil
    }
  }

  @Test func `a record that is written as CSV is read back as itself, whatever it says`() throws {
    var random = SeededNumbers("CSV there and back")
    let writable = Self.events.columns.filter { !$0.isReadOnly && $0.name != "id" }
    let (reader, scratch, parser) = (DraftReader(), ByteBuffer(), JSONParser(maxDepth: 64))
    for _ in 0..<100 {
      var fields: [String: JSON] = [:]
      for column in writable where Bool.random(using: &random) { fields[column.name] = value(column, &random) }
      let sent = Draft(Self.events)
      let body = ByteBuffer()
      for byte in try JSON.object(fields).bytes { body.append(byte) }
      try body.withView { bytes in try JSONParser.reading(bytes) { reader.read($0, into: sent) } }
      try #require(sent.faults.isEmpty, "\(sent.faults)")
      let columns = writable.filter { fields[$0.name] != nil }
      guard !columns.isEmpty else { continue }
      let (row, line) = (Values(), ByteBuffer())
      for column in columns { row.append(sent[column.number]) }
      let writer = CSVWriter(columns, prefix: "evt", prefixOf: Catalogue.shared.prefix(of:))
      withRow(row) { writer.write($0, to: line, scratch, parser) }
      let read = Draft(Self.events)
      for (column, cell) in zip(columns, try #require(table(line.string).first)) { reader.set(column.name, text: cell, in: read) }
      #expect(read.faults.isEmpty, "\(line.string): \(read.faults)")
      // An empty list is an empty cell, which says nothing.
      for column in columns where sent[column.number].kind != .text || !["[]", "{}"].contains(sent[column.number].string) {
        #expect(read.values.equals(column.number, sent[column.number]), "\(column.name): \(line.string)")
      }
    }
  }
}
