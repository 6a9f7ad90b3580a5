import Formats
import HTTP
import Intake
import Records
import SQL
import TestSupport
import Testing

/// Bytes of a file in, rows out, without a spool, a queue or a database.
@Suite struct RowStreamTests {
  /// Keeps what it is given as text.
  private final class Received: RowReceiver {
    struct Row: Equatable {
      let line: Int
      let offset: Int
      let length: Int?
      let fields: [String: String]
      let faults: [String]
    }

    var rows: [Row] = []

    func room(for resource: Resource) -> ImportRow { ImportRow(resource) }

    func take(_ row: ImportRow, at offset: Int, length: Int?) {
      let draft = row.draft
      var fields = ["resource": draft.resource.name]
      for column in draft.resource.columns where draft.isGiven(column.number) && !draft[column.number].isNull {
        let cell = draft[column.number]
        fields[column.name] = cell.kind == .text ? cell.string : cell.kind == .real ? "\(cell.real)" : "\(cell.integer)"
      }
      let faults = draft.faults.map { "\($0.path.pointer) \($0.code)" }
      rows.append(Row(line: row.line, offset: offset, length: length, fields: fields, faults: faults))
    }
  }

  private func options(_ form: ImportOptions.Form, _ resource: String? = "events", profile: String? = nil) -> ImportOptions {
    var options = ImportOptions()
    options.form = form
    options.resource = resource.map { Catalogue.shared.required($0) }
    if let profile { options.profile = Profiles.all.first { $0.name == profile } ?? options.profile }
    return options
  }

  private func read(_ file: [UInt8], _ options: ImportOptions, pieces: Int = .max, maxRowBytes: Int = 1 << 20) throws -> [Received.Row] {
    let received = Received()
    let stream = RowStream(options, maxRowBytes: maxRowBytes, received)
    var position = 0
    while position < file.count {
      let end = min(file.count, position + min(pieces, file.count))
      try Array(file[position..<end]).withByteView { try stream.feed($0) }
      position = end
    }
    try stream.finish()
    return received.rows
  }

  private func read(_ text: String, _ options: ImportOptions, pieces: Int = .max, maxRowBytes: Int = 1 << 20) throws -> [Received.Row] {
    try read(Array(text.utf8), options, pieces: pieces, maxRowBytes: maxRowBytes)
  }

  private func refusal(_ text: String, _ options: ImportOptions) -> String? {
    do {
      _ = try read(text, options)
      return nil
    } catch let problem as Problem { return "\(problem.status) \(problem.faults.first?.code ?? problem.code)" } catch { return "\(error)" }
  }

  // MARK: One file in every form

  private static let lines = """
    {"title":"A, \\"x\\"\\n日本","type":"visit","start_date":"2024-01-01","tags":["a","b"]}
    {"title":"B","type":"talks","start_date":"2024-01-02","importance":3}

    """
  private static let array = "[\n" + lines.split(separator: "\n").joined(separator: " ,\n") + "]\n"
  private static let csv =
    "title,type,start_date,tags,importance\r\n\"A, \"\"x\"\"\n日本\",visit,2024-01-01,a;b,\r\nB,talks,2024-01-02,,3\r\n"
  private static let tsv =
    "title\ttype\tstart_date\ttags\timportance\n\"A, \"\"x\"\"\n日本\"\tvisit\t2024-01-01\ta;b\t\nB\ttalks\t2024-01-02\t\t3"

  @Test(arguments: [(ImportOptions.Form.ndjson, lines), (.jsonArray, array), (.csv, csv), (.tsv, tsv)])
  func `the rows are the same in every form, wherever the pieces end`(form: ImportOptions.Form, file: String) throws {
    let whole = try read(file, options(form))
    #expect(
      whole.map(\.fields) == [
        ["resource": "events", "title": "A, \"x\"\n日本", "type": "visit", "start_date": "2024-01-01", "tags": #"["a","b"]"#],
        ["resource": "events", "title": "B", "type": "talks", "start_date": "2024-01-02", "importance": "3"],
      ])
    #expect(whole.allSatisfy { $0.faults.isEmpty })
    for pieces in [1, 2, 3, 7, 64] { #expect(try read(file, options(form), pieces: pieces) == whole, "\(pieces)") }
    // Where a row says it lies there it is.
    let bytes = Array(file.utf8)
    for row in whole {
      guard let length = row.length else { continue }
      let text = String(decoding: bytes[row.offset..<row.offset + length], as: UTF8.self)
      #expect(text.contains(row.fields["type"] ?? "?") && !text.contains(row.fields["type"] == "visit" ? "talks" : "visit"))
    }
  }

  @Test func `a row knows the line on which it begins, also behind one of several lines`() throws {
    #expect(try read(Self.csv, options(.csv)).map(\.line) == [2, 4])
    #expect(try read(Self.lines, options(.ndjson)).map(\.line) == [1, 2])
    #expect(try read("\n\n{\"title\":\"A\"}\n\n{}", options(.ndjson)).map(\.line) == [3, 5])
    #expect(try read("[{\n\"title\":\"A\"\n},\n\n{}]", options(.jsonArray)).map(\.line) == [1, 5])
  }

  // MARK: Lines that say what they are

  @Test func `without a resource in the path each line says its own`() throws {
    let rows = try read(
      """
      {"resource":"events","title":"A"}
      {"resource":"stakeholders","name":"B"}
      {"title":"C"}
      {"resource":"imports"}
      {"resource":"evnts"}
      {"resource":7}
      [1]
      """, options(.ndjson, nil))
    #expect(rows.map { $0.fields["resource"] } == ["events", "stakeholders", "events", "events", "events", "events", "events"])
    #expect(
      rows.map(\.faults) == [
        [], [], [" unknown_resource"], [" unknown_resource"], [" unknown_resource"], [" unknown_resource"], [" unknown_resource"],
      ])
    #expect(rows[0].fields["title"] == "A" && rows[1].fields["name"] == "B")
  }

  @Test func `with one, a line may say it and nothing else`() throws {
    let rows = try read(
      #"{"resource":"events","title":"A"}"# + "\n" + #"{"resource":"stakeholders"}"# + "\n" + #"{"resource":null}"#, options(.ndjson))
    #expect(rows.map(\.faults) == [[], [" other_resource"], [" other_resource"]])
  }

  @Test func `what is wrong with one line is told of it, and the next is read`() throws {
    let rows = try read("{\"title\":\n{\"title\":\"A\"}\n\"x\"\n{\"titel\":\"B\",\"_rejected\":\"why\"}\n{}", options(.ndjson))
    #expect(rows.count == 5)
    #expect(rows[0].faults.count == 1 && rows[1].faults.isEmpty && rows[1].fields["title"] == "A")
    #expect(rows[2].faults == [" wrong_type"], "\(rows[2].faults)")
    #expect(rows[3].faults == ["/titel unknown_field"] && rows[4].faults.isEmpty)
  }

  @Test func `a row over the limit is refused, and those beside it are read`() throws {
    let long = #"{"title":"\#(String(repeating: "x", count: 200))"}"#
    let ndjson = try read("{\"title\":\"A\"}\n\(long)\n{\"title\":\"B\"}", options(.ndjson), pieces: 50, maxRowBytes: 100)
    #expect(ndjson.map { $0.fields["title"] } == ["A", nil, "B"] && ndjson[1].faults.count == 1)
    let csv = try read("title\nA\n\(String(repeating: "y", count: 200))\nB\n", options(.csv), pieces: 50, maxRowBytes: 100)
    #expect(csv.map { $0.fields["title"] } == ["A", nil, "B"] && csv[1].faults.count == 1)
  }

  // MARK: Tables

  @Test(arguments: [
    ("", "422 empty_file"), ("\r\n", "422 empty_file"), ("titel,type\nA,visit\n", "422 unknown_column"),
    ("title,title\nA,B\n", "422 repeated_column"),
    ("title,\"typ", "422 unterminated_quote"),
  ])
  func `a header that cannot be read refuses the file`(file: String, code: String) {
    #expect(refusal(file, options(.csv)) == code)
  }

  @Test func `a table whose rows do not say what they are is refused`() {
    #expect(refusal("title\nA\n", options(.csv, nil)) == "422 resource_missing")
  }

  @Test func `what the register gives is left out, and so is why a row was refused`() throws {
    let rows = try read("title,version,seq,created_at,_rejected\nA,7,8,2024-01-01T00:00:00Z,bad\n", options(.csv))
    #expect(rows.map(\.fields) == [["resource": "events", "title": "A"]] && rows[0].faults.isEmpty)
    let named = try read("id,title\nevt_0000000000001,A\nstk_0000000000001,B\n", options(.csv))
    #expect(named[0].fields["id"] == "1" && named[0].faults.isEmpty, "the id says which record is meant")
    #expect(named[1].faults.map { $0.prefix(3) } == ["/id"])
  }

  @Test func `a row has as many cells as the header`() throws {
    let rows = try read("title,type\nA\nB,visit,x\nC,visit\n", options(.csv))
    #expect(rows.map(\.faults) == [[" wrong_column_count"], [" wrong_column_count"], []] && rows[2].fields["title"] == "C")
  }

  @Test func `bytes that are not UTF-8 are a fault of their cell, and of the whole file in its header`() throws {
    let rows = try read(Array("title,city\nA,".utf8) + [0xC3, 0x28, 0x0A] + Array("B,Wien\n".utf8), options(.csv))
    #expect(rows.map(\.faults) == [["/city invalid_utf8"], []])
    #expect(throws: Problem.self) { try read(Array("title,".utf8) + [0xFF, 0x0A], options(.csv)) }
  }

  // MARK: Profiles

  private static let visit = "id,start_date,end_date,visitor,from_id,from_name,description,created,file"

  @Test func `a profile's columns are found by their names, in any order, and its own are kept`() throws {
    let rows = try read(
      "visitor,from_name,start_date,end_date,id,from_id,description,created,file\nChancellor Kohl,\"Germany, Federal Republic of\",1984-03-05,1984-03-06,9,germany,Met.,2016,f.xml\n",
      options(.csv, nil, profile: "historian-visits"))
    let row = try #require(rows.first)
    #expect(row.faults.isEmpty, "\(row.faults)")
    #expect(row.fields["title"] == "Chancellor Kohl (Germany, Federal Republic of) visits the United States")
    #expect(row.fields["start_date"] == "1984-03-05" && row.fields["external_id"] == "9" && row.fields["cameo_code"] == "042")
    #expect(
      try JSON(Array((row.fields["extra"] ?? "").utf8))
        == ["from_id": "germany", "from_name": "Germany, Federal Republic of", "created": "2016", "file": "f.xml"])
    #expect(try JSON(Array((row.fields["participants"] ?? "").utf8))[0]["stakeholder"] == "DEU")
  }

  @Test func `a fault of a profile's row names the column of the file`() throws {
    let rows = try read(
      "\(Self.visit)\n1,1984-13-05,,X,a,France,d,c,f\n2,1984-01-01,,X,a,Atlantis,d,c,f\n3,1984-01-01,,X\n",
      options(.csv, nil, profile: "historian-visits"))
    #expect(rows[0].faults.map { $0.split(separator: " ")[0] } == ["/start_date"])
    #expect(rows[1].faults == ["/from_name unknown_state"])
    #expect(rows[2].faults == [" wrong_column_count"])
  }

  @Test func `a profile's file lacks none of its columns and has no others`() {
    for header in ["id,start_date", Self.visit + ",more", Self.visit.replacing("visitor", with: "guest")] {
      #expect(refusal("\(header)\n", options(.csv, nil, profile: "historian-visits"))?.hasPrefix("422") == true, "\(header)")
    }
    #expect(refusal("\(Self.visit)\n", options(.csv, nil, profile: "historian-visits")) == nil)
  }
}

/// What a request says of its file.
@Suite struct ImportOptionsTests {
  @Test(
    arguments: [
      ("application/x-ndjson", ImportOptions.Form.ndjson), ("application/jsonl", .ndjson), ("application/json", .jsonArray),
      ("text/csv", .csv),
      ("application/csv", .csv), ("text/tab-separated-values", .tsv), ("text/tsv", .tsv), ("text/plain", nil), ("", nil), ("Text/CSV", nil),
    ] as [(String, ImportOptions.Form?)])
  func `a media type is a form`(type: String, form: ImportOptions.Form?) {
    #expect(ImportOptions.Form(mediaType: type) == form)
  }

  @Test(arguments: [
    ("a.ndjson", ImportOptions.Form.ndjson), ("A.JSONL", .ndjson), ("x/y.json", .jsonArray), ("a.csv", .csv), ("a.b.TSV", .tsv),
  ])
  func `the name of an archived file says its form`(name: String, form: ImportOptions.Form) throws {
    var options = ImportOptions()
    options.resource = Events.resource
    #expect(try options.form(ofArchived: name) == form)
    options.resource = nil
    if form == .csv || form == .tsv {
      #expect(throws: Problem.self) { try options.form(ofArchived: name) }
    } else {
      #expect(try options.form(ofArchived: name) == form, "its lines say what they are")
    }
  }

  @Test func `a name without a form is refused, unless a profile knows the table`() throws {
    var options = ImportOptions()
    options.resource = Events.resource
    for name in ["a.txt", "csv", "", "a.csv.bak"] { #expect(throws: Problem.self, "\(name)") { try options.form(ofArchived: name) } }
    options.profile = try #require(Profiles.all.first { $0.name == "gdelt" })
    #expect(try options.form(ofArchived: "20240618.export.CSV") == .csv && options.form(ofArchived: "x") == .csv)
  }

  @Test func `cells are divided by what the profile or the form says`() throws {
    var options = ImportOptions()
    for (form, delimiter, type) in [(ImportOptions.Form.csv, ",", "text/csv"), (.tsv, "\t", "text/tab-separated-values")] {
      options.form = form
      options.packing = .zip
      #expect(options.delimiter == delimiter.utf8.first && options.rowsType == type)
    }
    options.profile = try #require(Profiles.all.first { $0.name == "gdelt" })
    options.form = .csv
    #expect(options.delimiter == UInt8(ascii: "\t") && options.rowsType == "text/tab-separated-values")
    options.packing = .none
    options.mediaType = "text/csv"
    #expect(options.rowsType == "text/csv", "as it was sent")
  }

  @Test func `rows are what the path says, else what the profile makes of them`() {
    var options = ImportOptions()
    #expect(options.rowResource == nil)
    options.profile = Profiles.all.first { $0.name == "historian-visits" } ?? options.profile
    #expect(options.rowResource === Events.resource)
    options.resource = Stakeholders.resource
    #expect(options.rowResource === Stakeholders.resource)
  }
}

/// The nameless file that a body is kept in.
@Suite struct SpoolTests {
  private func spool(_ text: String) throws -> Spool {
    let spool = try Spool(folder: folder.path)
    try text.withByteView { try spool.write($0) }
    return spool
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(_ spool: Spool, from position: Int, atMost room: Int) throws -> String {
    let buffer = ByteBuffer()
    buffer.append("|")
    try spool.read(into: buffer, from: position, atMost: room)
    return buffer.string
  }

  @Test func `what is written is read back from anywhere, behind what the buffer holds`() throws {
    let spool = try spool("0123456789")
    try "ab".withByteView { try spool.write($0) }
    #expect(spool.count == 12)
    for (position, room, text) in [(0, 100, "|0123456789ab"), (3, 4, "|3456"), (10, 5, "|ab"), (12, 5, "|"), (99, 5, "|"), (0, 0, "|")] {
      #expect(try read(spool, from: position, atMost: room) == text, "\(position)")
    }
  }

  @Test func `nothing of it has a name, and nothing is left when it is given up`() throws {
    let spool = try spool("x")
    #expect(folder.names.isEmpty)
    spool.discard()
    #expect(try read(spool, from: 0, atMost: 9) == "|")
  }

  @Test func `a folder that is none is told`() {
    let error = #expect(throws: SpoolError.self) { _ = try Spool(folder: "/nowhere/at/all") }
    #expect(error?.operation == "open" && error?.isFull == false && error?.description.hasPrefix("spool open: ") == true)
  }
}
