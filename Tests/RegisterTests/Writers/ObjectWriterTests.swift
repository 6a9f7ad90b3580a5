import Formats
import Records
import SQL
import TestSupport
import Testing

/// Records as JSON in a list's form, and streamed lists, from cells without a database.
@Suite struct ObjectWriterTests {
  private let cells = WrittenCells("events")

  private func flat(_ names: [String], isEpoch: Bool = false, _ fill: (Values) -> Void) throws -> String {
    var form = ListQuery.Form()
    (form.isFlat, form.isEpoch) = (true, isEpoch)
    let writer = ObjectWriter(cells.columns(names), of: cells.resource, form)
    return cells.written(fill) { writer.writeOpen($0, to: $1) } + "}"
  }

  @Test(
    arguments: [
      (#"{"a":1}"#, #"{"extra.a":1}"#), (#"{"a":{"b":{"c":null}},"d":true}"#, #"{"extra.a.b.c":null,"extra.d":true}"#),
      (#"{"a":[1,[2,{"b":"x"}]]}"#, #"{"extra.a.0":1,"extra.a.1.0":2,"extra.a.1.1.b":"x"}"#), (#"{"a":{},"b":[]}"#, "{}"), ("{}", "{}"),
      (#"{"a.b":1,"":2,"q\"":3}"#, #"{"extra.a.b":1,"extra.":2,"extra.q\"":3}"#),
      (#"{"n":-0.5,"m":9007199254740993}"#, #"{"extra.n":-0.5,"extra.m":9007199254740993}"#),
    ])
  func `each leaf of an object is a member under its path`(stored: String, shown: String) throws {
    #expect(try flat(["extra"]) { $0.append(text: stored) } == shown)
  }

  @Test(
    arguments: [
      ("[]", #"{"participants.count":0}"#),
      (#"[{"stakeholder":"RUS"}]"#, #"{"participants.count":1,"participants.0.stakeholder":"RUS"}"#),
      (
        #"[{"stakeholder":"A","role":"host"},{"stakeholder":"B"}]"#,
        #"{"participants.count":2,"participants.0.stakeholder":"A","participants.0.role":"host","participants.1.stakeholder":"B"}"#
      ),
    ])
  func `nested records are counted, and each part is a member`(stored: String, shown: String) throws {
    #expect(try flat(["participants"]) { $0.append(text: stored) } == shown)
  }

  @Test(
    arguments: [
      (#"["a","b c"]"#, #""a;b c""#), ("[]", "null"), (#"["a;b"]"#, #""[\"a;b\"]""#), (#"["é"]"#, #""é""#), (#"["a\"b"]"#, #""a\"b""#),
    ])
  func `a list of texts is one text, and an empty one is null`(stored: String, shown: String) throws {
    #expect(try flat(["tags"]) { $0.append(text: stored) } == "{\"tags\":\(shown)}")
  }

  @Test func `plain members stay before those that are spread, and the next row begins anew`() throws {
    var form = ListQuery.Form()
    form.isFlat = true
    let columns = cells.columns(["title", "goldstein", "tags", "extra"])
    let writer = ObjectWriter(columns, of: cells.resource, form)
    let rows: [[String?]] = [["A", "[\"t\"]", #"{"k":1}"#], ["B", "[]", "{}"], [nil, nil, nil]]
    let shown = rows.map { row in
      cells.written {
        append(row[0], to: $0)
        $0.append(real: 1.5)
        for text in row[1...] { append(text, to: $0) }
      } _: {
        writer.writeOpen($0, to: $1)
      } + "}"
    }
    #expect(
      shown == [
        #"{"title":"A","goldstein":1.5,"tags":"t","extra.k":1}"#, #"{"title":"B","goldstein":1.5,"tags":null}"#,
        #"{"title":null,"goldstein":1.5,"tags":null}"#,
      ])
  }

  @Test func `times are numbers in the flat form, too, and a whole record is as the catalogue writes it`() throws {
    let moments = try flat(["start_date", "created_at"], isEpoch: true) {
      $0.append(text: "1970-01-02")
      $0.append(integer: 5)
    }
    #expect(moments == #"{"start_date":86400000,"created_at":5}"#)
    let fill = { (values: Values) in cells.resource.columns.forEach { _ in values.append(.null) } }
    let whole = ObjectWriter(cells.resource.columns, of: cells.resource, ListQuery.Form())
    let shown = cells.written(fill) { whole.writeOpen($0, to: $1) } + "}"
    #expect(shown == cells.written(fill) { Catalogue.shared.writer(cells.resource).write($0, to: $1) })
  }

  private func append(_ text: String?, to values: Values) { if let text { values.append(text: text) } else { values.append(.null) } }

  /// Deeper than a body may be: what is stored was read with the limit of its time.
  @Test func `an object of any depth is spread`() throws {
    let depth = 500
    let stored = String(repeating: "{\"k\":", count: depth) + "1" + String(repeating: "}", count: depth)
    #expect(try flat(["extra"]) { $0.append(text: stored) } == "{\"extra\(String(repeating: ".k", count: depth))\":1}")
  }
}

/// Streamed lists: what stands before, between and behind the rows.
@Suite struct RowLinesTests {
  private let cells = WrittenCells("events")

  private func lines(
    _ names: [String], _ format: ListFormat, isFlat: Bool = false, _ rows: [(Values) -> Void], columns: ([String]) -> Void = { _ in }
  ) -> String {
    var query = ListQuery(cells.resource)
    query.columns = cells.columns(names)
    query.form.isFlat = isFlat
    let lines = RowLines(query, format)
    columns(lines.columns.map(\.name))
    let buffer = ByteBuffer()
    lines.begin(buffer)
    for fill in rows { buffer.append(cells.written(fill) { lines.write($0, to: $1) }) }
    lines.end(buffer)
    return buffer.string
  }

  /// A row of title, precision, number, latitude and longitude.
  private func place(_ title: String, _ latitude: Double?, _ longitude: Double?) -> (Values) -> Void {
    { values in
      values.append(text: title)
      values.append(text: "city")
      values.append(integer: 0)
      for coordinate in [latitude, longitude] { if let coordinate { values.append(real: coordinate) } else { values.append(.null) } }
    }
  }

  @Test func `NDJSON is a line a record, and nothing else`() {
    let rows: [(Values) -> Void] = [{ $0.append(text: "A\nB") }, { $0.append(.null) }]
    let text = lines(["title"], .ndjson, rows) { #expect($0 == ["title"]) }
    #expect(text == "{\"title\":\"A\\nB\"}\n{\"title\":null}\n")
    #expect(lines(["title"], .ndjson, []).isEmpty)
    #expect(lines(["extra"], .ndjson, isFlat: true, [{ $0.append(text: #"{"a":{"b":1}}"#) }]) == "{\"extra.a.b\":1}\n")
  }

  @Test func `CSV has its header, also without rows`() {
    #expect(lines(["title", "city"], .csv, []) == "title,city\r\n")
    let rows: [(Values) -> Void] = [
      {
        $0.append(text: "a,b"); $0.append(.null)
      }
    ]
    #expect(lines(["title", "city"], .csv, rows) == "title,city\r\n\"a,b\",\r\n")
  }

  @Test func `GeoJSON reads what a point is made of, whatever is shown, and shows its precision`() throws {
    let text = lines(["title"], .geojson, [place("A", 39.5, -125.25), place("B", nil, 1), place("C", 1, nil)]) {
      #expect($0 == ["title", "geo_precision", "id", "latitude", "longitude"])
    }
    let collection = try JSON(Array(text.utf8))
    #expect(collection["type"] == "FeatureCollection" && text.hasSuffix("]}\n"))
    let features = collection["features"].elements
    #expect(features.map { $0["geometry"] } == [["type": "Point", "coordinates": [-125.25, 39.5]], nil, nil])
    #expect(features.allSatisfy { $0.has("geometry") && $0["type"] == "Feature" && $0["id"] == "evt_0000000000000" })
    #expect(features.map { $0["properties"] } == ["A", "B", "C"].map { ["title": $0, "geo_precision": "city"] })
    #expect(text.split(separator: "\n").count == 4, "a line for each feature, so that a tool can read them one by one")
  }

  @Test func `GeoJSON without rows is a collection all the same, and columns that are shown are not read twice`() throws {
    let empty = try JSON(Array(lines(["id"], .geojson, []).utf8))
    #expect(empty == ["type": "FeatureCollection", "features": []])
    _ = lines(["longitude", "geo_precision", "id", "latitude"], .geojson, []) {
      #expect($0 == ["longitude", "geo_precision", "id", "latitude"])
    }
    _ = lines(["extra", "title"], .geojson, isFlat: true, []) {
      #expect($0.prefix(3) == ["title", "geo_precision", "extra"], "plain columns first, as the flat form wants them")
    }
  }
}

/// Rows of cells for writers of one resource.
struct WrittenCells {
  let resource: Resource

  init(_ resource: String) { self.resource = Catalogue.shared.required(resource) }

  func columns(_ names: [String]) -> [Column] { names.map { resource.required($0) } }

  /// What `write` appends for a row that `fill` fills.
  func written(_ fill: (Values) -> Void, _ write: (Row, ByteBuffer) -> Void) -> String {
    let (values, buffer) = (Values(), ByteBuffer())
    fill(values)
    let cells = (0..<values.count).map { values[$0] }
    cells.withRow { write($0, buffer) }
    withExtendedLifetime(values) {}
    return buffer.string
  }
}
