import Store
import TestSupport
import Testing

@Suite struct ImportReportTests {
  private let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private func rejects(_ id: String) throws -> Answer { try server.get("/v1/imports/\(id)/rejects") }

  /// Every `step`th row is wrong: its type is no word.
  private func mixed(_ count: Int, wrongEvery step: Int) -> [String] {
    (1...count).map { $0 % step == 0 ? eventLine($0).replacing(#""type":"visit""#, with: #""type":"vissit""#) : eventLine($0) }
  }

  // MARK: Errors

  @Test func `all faults of a row are told: where, what stands there, what would do`() throws {
    let wrong = #"""
      {"source":"t","external_id":"2","title":"Two","type":"vissit","start_date":"18/06/2024","latitude":95.5,"importance":"high","participants":[{"stakeholder":"FRA"},{"stakeholder":"USA","role":"hosst"}]}
      """#
    let answer = try server.importFile("/events", eventLine(1) + "\n\n" + wrong + "\n")
    expectImport(answer, 422, "refused", ["read": 2, "skipped": 1, "rejected": 1])
    let errors = answer["errors"].elements
    #expect(errors.allSatisfy { $0["line"] == 3 && $0["severity"] == "error" })
    let byColumn = Dictionary(errors.map { ($0["column"].text ?? "", $0) }) { first, _ in first }
    #expect(Set(byColumn.keys) == ["type", "start_date", "latitude", "importance", "participants/1/role"])
    for (column, found) in [
      ("type", "vissit"), ("start_date", "18/06/2024"), ("latitude", "95.5"), ("importance", "high"), ("participants/1/role", "hosst"),
    ] {
      #expect(byColumn[column]?["found"].text == found)
      #expect(byColumn[column]?["detail"].text?.isEmpty == false)
      #expect(byColumn[column]?["code"].text?.isEmpty == false)
    }
    #expect(byColumn["latitude"]?["expected"].text?.contains("-90") == true)
    #expect(byColumn["importance"]?["expected"].text?.contains("from 1 to 5") == true)
    #expect(byColumn["participants/1/role"]?["expected"].text?.contains("host") == true)
    #expect(byColumn["start_date"]?["expected"].text?.contains("YYYY-MM-DD") == true)
  }

  @Test func `wrong cells of a table are told by the column's name`() throws {
    let csv = "source,external_id,latitude,title,type,start_date,participants\nt,1,95,\"A \"\"visit\"\"\",visit,2024-13-01,FRA:hosst\n"
    let answer = try server.importFile("/events", csv, type: "text/csv")
    let found = answer["errors"].elements.map { [$0["column"].text ?? "", $0["found"].text ?? ""] }
    #expect(found.contains(["latitude", "95"]))
    #expect(found.contains(["start_date", "2024-13-01"]))
    #expect(found.contains { $0[0].hasPrefix("participants") && $0[1] == "FRA:hosst" })
    #expect(found.count == 3)
    #expect(answer["errors"].elements.allSatisfy { $0["line"] == 2 })
  }

  @Test func `the record shows the first, the list all: by pages, as lines, as a table`() throws {
    let server = try RegisterTester("--import-shown-errors", "3")
    let rows = mixed(100, wrongEvery: 8)
    let wrong = (1...100).filter { $0 % 8 == 0 }
    let answer = try server.importFile("/events?on_error=continue", rows.joined(separator: "\n"))
    expectImport(answer, 200, "done", ["read": 100, "created": 88, "rejected": 12])
    #expect(answer["errors"].elements.compactMap { $0["line"].integer } == [8, 16, 24])
    let path = "/v1/imports/\(answer.id)/errors"
    for limit in [1, 5, 12, 13] {
      #expect(try server.walk("\(path)?limit=\(limit)").compactMap { $0["line"].integer } == wrong, "\(limit)")
    }
    let lines = try server.get("\(path).ndjson").text.split(separator: "\n").map { try JSON(Array($0.utf8)) }
    #expect(lines == (try server.get(path).items))
    #expect(Array(lines.prefix(3)) == answer["errors"].elements)
    let csv = table(try server.get("\(path).csv").text)
    #expect(csv.first == ["line", "column", "severity", "code", "found", "expected", "detail"])
    #expect(csv.dropFirst().map { $0[0] } == wrong.map { "\($0)" })
    #expect(csv.dropFirst().allSatisfy { $0[1] == "type" && $0[4] == "vissit" })
    // Absent from lists unless asked for.
    #expect(try server.get("/v1/imports").items[0].has("errors") == false)
    #expect(try server.get("/v1/imports?include=errors").items[0]["errors"] == answer["errors"])
  }

  @Test func `what cannot be answered about errors is refused`() throws {
    let answer = try server.importFile("/events?on_error=continue", "{}\n{}\n{}")
    let path = "/v1/imports/\(answer.id)/errors"
    let cursor = try #require(try server.get("\(path)?limit=1")["next_cursor"].text)
    let other = try server.importFile("/events?on_error=continue", "{}\n{}\n{}\n")
    for query in ["limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "cursor=x", "curser=\(cursor)", "line=1"] {
      #expect(try server.get("\(path)?\(query)").status == 400, "\(query)")
    }
    #expect(try server.get("/v1/imports/\(other.id)/errors?cursor=\(cursor)").status == 400)
    #expect(try server.get("\(path).csv?limit=1").status == 400)
    #expect(try server.get("/v1/imports/imp_0000000000000/errors").status == 404)
    #expect(try server.get("/v1/imports/imp_0000000000000/rejects").status == 404)
    #expect(try server.get("/v1/imports/\(answer.id)/rejects?x=1").status == 400)
    let good = try server.importFile("/events", eventLine(1))
    #expect(try server.get("/v1/imports/\(good.id)/errors").items.isEmpty)
    #expect(try rejects(good.id).text.isEmpty)
  }

  // MARK: Rejects

  @Test func `refused lines come back with the reason, and go in when they are mended`() throws {
    let rows = mixed(50, wrongEvery: 10)
    let answer = try server.importFile("/events?on_error=continue", rows.joined(separator: "\r\n"))
    let back = try rejects(answer.id)
    #expect(back.header("content-type")?.hasPrefix("application/x-ndjson") == true)
    let lines = back.text.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    for (line, name) in zip(lines, [10, 20, 30, 40, 50]) {
      let reason = try JSON(Array(line.utf8))["_rejected"].text ?? ""
      #expect(reason.hasPrefix("line \(name): type: "), "\(reason)")
      // Behind the reason the row is what it was, to the byte.
      #expect(line.hasSuffix("," + rows[name - 1].dropFirst()))
    }
    // Sent again as they are they are refused again, for what is wrong now; the reason is not piled up.
    let again = try server.importFile("/events?on_error=continue", back.text.replacing("2024-06-18", with: "2024-06-88"))
    expectImport(again, 200, "done", ["read": 5, "rejected": 5])
    let second = try rejects(again.id).text.split(separator: "\n")
    #expect(second.count == 5)
    #expect(try JSON(Array(second[0].utf8))["_rejected"].text?.contains("start_date") == true)
    #expect(second.allSatisfy { $0.ranges(of: "_rejected").count == 1 })
    let mended = try server.importFile("/events", back.text.replacing("vissit", with: "visit"))
    expectImport(mended, 200, "done", ["read": 5, "created": 5])
    #expect(try server.eventCount() == 50)
  }

  @Test func `objects that have little or no room for a reason come back all the same`() throws {
    let rows = ["{}", "{ }", "  {\"title\":1}", "[1]", "nothing", "{broken"]
    let answer = try server.importFile("/events?on_error=continue", rows.joined(separator: "\n"))
    expectImport(answer, 200, "done", ["read": 6, "rejected": 6])
    let back = try rejects(answer.id).text.split(separator: "\n").map(String.init)
    #expect(back.count == 6)
    for line in back.prefix(2) { #expect(try JSON(Array(line.utf8)).keys == ["_rejected"]) }
    #expect(back[3] == "[1]" && back[4] == "nothing")
    #expect(back[5].hasSuffix(",broken"))
  }

  @Test(arguments: ["\n", "\r\n"]) func `rows of a table come back to the byte, with their header and quoted line ends`(end: String) throws
  {
    let header = "source,external_id,title,type,start_date,summary"
    let wrong = ["t,2,\"Two, \"\"so\"\" called\",vissit,2024-06-18,\"one\(end)two\"", "t,4,Four,vissit,2024-06-18,"]
    let rows = [header, "t,1,One,visit,2024-06-18,x", wrong[0], "t,3,Three,visit,2024-06-18,", wrong[1]]
    let answer = try server.importFile("/events?on_error=continue", rows.joined(separator: end) + end, type: "text/csv")
    expectImport(answer, 200, "done", ["read": 4, "created": 2, "rejected": 2])
    let back = try rejects(answer.id)
    #expect(back.header("content-type")?.hasPrefix("text/csv") == true)
    #expect(back.text.hasPrefix("\(header),_rejected\r\n\(wrong[0]),"))
    #expect(back.text.contains("\r\n\(wrong[1]),"))
    let rowsBack = table(back.text.replacing("\r\n", with: "\n"))
    #expect(rowsBack.count == 3)
    #expect(rowsBack[1][6].hasPrefix("line 3: type: "))
    // Again: the reason of the first time is not kept beside, or for, the new one.
    let again = try server.importFile(
      "/events?on_error=continue", back.text.replacing("2024-06-18", with: "2024-06-88"), type: "text/csv")
    expectImport(again, 200, "done", ["read": 2, "rejected": 2])
    let second = table(try rejects(again.id).text.replacing("\r\n", with: "\n"))
    #expect(second.map(\.count) == [7, 7, 7])
    #expect(second[2][6].contains("start_date"))
    let mended = try server.importFile("/events", back.text.replacing("vissit", with: "visit"), type: "text/csv")
    expectImport(mended, 200, "done", ["read": 2, "created": 2])
    #expect(try server.get("/v1/events/by-external/t/2")["summary"].text == "one\(end)two")
  }

  @Test func `elements of an array come back as lines`() throws {
    let array = """
      [
        {"source":"t","external_id":"1","title":"One","type":"visit","start_date":"2024-06-18"},
        {
          "source": "t", "external_id": "2",
          "title": "Two", "type": "vissit",\r
          "start_date": "2024-06-18"
        } ,
        {"title":
           "three"}
      ]

      """
    let answer = try server.importFile("/events?on_error=continue", array, type: "application/json")
    expectImport(answer, 200, "done", ["read": 3, "created": 1, "rejected": 2])
    let back = try rejects(answer.id)
    #expect(back.header("content-type")?.hasPrefix("application/x-ndjson") == true)
    let lines = try back.text.split(separator: "\n").map { try JSON(Array($0.utf8)) }
    #expect(lines.map { $0["title"] } == ["Two", "three"])
    let mended = try server.importFile("/events", String(back.text.split(separator: "\n")[0]).replacing("vissit", with: "visit"))
    expectImport(mended, 200, "done", ["read": 1, "created": 1])
  }

  @Test func `bytes that are no UTF-8 come back as they were`() throws {
    let bad: [UInt8] =
      Array(#"{"source":"t","external_id":"2","title":"Caf"#.utf8) + [0xE9] + Array(#"","type":"visit","start_date":"2024"}"#.utf8)
    let lines = try server.importFile("/events?on_error=continue", Array((eventLine(1) + "\n").utf8) + bad + [0x0A])
    expectImport(lines, 200, "done", ["read": 2, "created": 1, "rejected": 1])
    #expect(try rejects(lines.id).raw.body.dropLast().suffix(bad.count - 1) == bad.dropFirst())
    let cell: [UInt8] = Array("t,3,Caf".utf8) + [0xE9] + Array(",visit,2024".utf8)
    let head = Array("source,external_id,title,type,start_date\n".utf8)
    let csv = try server.importFile("/events?on_error=continue", head + cell, type: "text/csv")
    expectImport(csv, 200, "done", ["read": 1, "rejected": 1])
    #expect(csv["errors"][0]["column"] == "title")
    let back = try rejects(csv.id).raw.body
    #expect(back.dropFirst("source,external_id,title,type,start_date,_rejected\r\n".utf8.count).prefix(cell.count) == cell[...])
  }

  @Test func `a file that starts with a byte order mark loses no byte of its rejects`() throws {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let lines = try server.importFile("/events?on_error=continue", mark + Array("{\"title\":\"x\"}\n{\"title\":\"y\"}".utf8))
    let back = try rejects(lines.id).text.split(separator: "\n").map { try JSON(Array($0.utf8)) }
    #expect(back.map { $0["title"] } == ["x", "y"] && back.allSatisfy { $0["_rejected"].text != nil })
    let csv = try server.importFile("/events?on_error=continue", mark + Array("title,type\nx,visit\n".utf8), type: "text/csv")
    #expect(try rejects(csv.id).text.hasPrefix("title,type,_rejected\r\nx,visit,"))
  }

  @Test func `rows that lie across the pieces in which a file is read come back whole`() throws {
    // 0.9 MiB: more than three pieces of 256 KiB; rows of some 700 bytes, so that the cuts fall anywhere.
    let filler = String(repeating: "lorem ipsum, \\\"dolor\\\" ", count: 30)
    let rows = (1...1_300).map { name in
      let line = eventLine(name, more: #","summary":"\#(filler)\#(name)""#)
      return name % 7 == 0 ? line.replacing(#""type":"visit""#, with: #""type":"vissit""#) : line
    }
    let wrong = rows.enumerated().filter { ($0.offset + 1) % 7 == 0 }.map(\.element)
    let answer = try server.importFile("/events?on_error=continue", rows.joined(separator: "\n"))
    expectImport(answer, 200, "done", ["read": 1_300, "created": 1_300 - 185, "rejected": 185])
    let back = try rejects(answer.id).text.split(separator: "\n")
    #expect(back.count == wrong.count)
    #expect(zip(back, wrong).allSatisfy { $0.hasSuffix("," + $1.dropFirst()) })
    let csvRows = (1...1_300).map {
      "t,c\($0),Title,\($0 % 7 == 0 ? "vissit" : "visit"),2024-06-18,\"\(filler.replacing("\\\"", with: "\"\""))\n\($0)\""
    }
    let csv = "source,external_id,title,type,start_date,summary\n" + csvRows.joined(separator: "\n")
    let table = try server.importFile("/events?on_error=continue", csv, type: "text/csv")
    expectImport(table, 200, "done", ["read": 1_300, "created": 1_300 - 185, "rejected": 185])
    let text = try rejects(table.id).text
    #expect((1...185).allSatisfy { text.contains(csvRows[$0 * 7 - 1] + ",") })
    #expect(text.utf8.count < csv.utf8.count / 5)
  }

  @Test func `rows that are too long, or whose quote never ends, come back as they were`() throws {
    let server = try RegisterTester("--import-max-row-bytes", "300")
    let long = eventLine(2, title: String(repeating: "x", count: 900))
    let huge = eventLine(4, title: String(repeating: "y", count: 4_000))
    let answer = try server.importFile("/events?on_error=continue", [eventLine(1), long, eventLine(3), huge, ""].joined(separator: "\n"))
    expectImport(answer, 200, "done", ["read": 4, "created": 2, "rejected": 2])
    #expect(answer["errors"].elements.map { $0["line"].integer } == [2, 4])
    #expect(answer["errors"].elements.allSatisfy { $0["code"] == "line_too_long" })
    let back = try server.get("/v1/imports/\(answer.id)/rejects").text.split(separator: "\n")
    #expect(back.count == 2)
    #expect(back[0].hasSuffix("," + long.dropFirst()))
    // More than eight times the longest row is not kept; what it was is said.
    #expect(try JSON(Array(back[1].utf8))["_rejected"].text?.contains("\(huge.utf8.count + 1) bytes, from byte") == true)
    let array = try server.importFile("/events?on_error=continue", "[\(eventLine(5)),\n\(long) ,\n\(long)\n]\n", type: "application/json")
    expectImport(array, 200, "done", ["read": 3, "created": 1, "rejected": 2])
    let elements = try server.get("/v1/imports/\(array.id)/rejects").text.split(separator: "\n")
    #expect(elements.count == 2 && elements.allSatisfy { $0.hasSuffix("," + long.dropFirst()) })
    let header = "source,external_id,title,type,start_date"
    let open = "t,7,\"Seven,visit,2024-06-18"
    let csv = try server.importFile(
      "/events?on_error=continue", [header, "t,6,Six,visit,2024-06-18", open].joined(separator: "\n"), type: "text/csv")
    expectImport(csv, 200, "done", ["read": 2, "created": 1, "rejected": 1])
    #expect(csv["errors"][0]["code"] == "unterminated_quote" && csv["errors"][0]["line"] == 3)
    let mended = try server.get("/v1/imports/\(csv.id)/rejects").text.replacing("\"Seven", with: "Seven")
    expectImport(try server.importFile("/events", mended, type: "text/csv"), 200, "done", ["read": 1, "created": 1])
  }

  @Test func `a file of nothing but rows that cannot be split is refused row by row`() throws {
    // Many more than travel together from reader to writer.
    let text = "source,external_id,title,type,start_date\n" + (1...3_000).map { "t,\($0),bare \" quote,visit,2024\n" }.joined()
    let answer = try server.importFile("/events?on_error=continue", text, type: "text/csv")
    expectImport(answer, 200, "done", ["read": 3_000, "rejected": 3_000])
    let back = try rejects(answer.id).text.split(separator: "\r\n")
    #expect(back.count == 3_001)
    #expect(back[3_000].hasPrefix("t,3000,bare \" quote,visit,2024,"))
  }

  @Test func `rejects of a packed table are written like the table`() throws {
    let rows = "source\texternal_id\ttitle\ttype\tstart_date\nt\t1\tOne, or so\tvissit\t2024\n"
    let zip = ZipMaker().archive([.init("rows.tsv", Array(rows.utf8))])
    let answer = try server.importFile("/events?on_error=continue", zip, type: "application/zip")
    expectImport(answer, 200, "done", ["read": 1, "rejected": 1])
    let back = try rejects(answer.id)
    #expect(back.header("content-type")?.hasPrefix("text/tab-separated-values") == true)
    let mended = try server.importFile("/events", back.text.replacing("vissit", with: "visit"), type: "text/tab-separated-values")
    expectImport(mended, 200, "done", ["read": 1, "created": 1])
    #expect(try server.get("/v1/events/by-external/t/1")["title"] == "One, or so")
  }

  // MARK: How it is taken

  @Test func `more refused rows than allowed end an import`() throws {
    let rows = mixed(30, wrongEvery: 5).joined(separator: "\n")
    expectImport(try server.importFile("/events?max_errors=2", rows), 422, "refused", ["read": 15, "skipped": 12, "rejected": 3])
    #expect(try server.eventCount() == 0)
    let stopped = try server.importFile("/events?max_errors=2&on_error=continue", rows)
    expectImport(stopped, 422, "stopped", ["read": 15, "created": 12, "rejected": 3])
    #expect(stopped["errors"].elements.map { $0["code"].text }.last == "too_many_errors")
    #expect(try server.eventCount() == 12)
    #expect(try rejects(stopped.id).text.split(separator: "\n").count == 3)
    expectImport(
      try server.importFile("/events?max_errors=6&on_error=continue", rows), 200, "done",
      ["read": 30, "created": 12, "unchanged": 12, "rejected": 6])
    expectImport(
      try server.importFile("/events?max_errors=0&on_error=continue", rows), 422, "stopped", ["read": 5, "unchanged": 4, "rejected": 1])
    let tight = try RegisterTester("--import-max-errors", "1")
    expectImport(try tight.importFile("/events?on_error=continue", rows), 422, "stopped", ["read": 10, "created": 8, "rejected": 2])
  }

  @Test func `a dry run answers like the import and leaves nothing`() throws {
    let rows = mixed(20, wrongEvery: 5).joined(separator: "\n")
    let seq = try server.lastSeq()
    for (query, created, skipped, status) in [("on_error=continue", 16, 0, 200), ("on_error=abort", 0, 16, 422)] {
      let tried = try server.importFile("/events?dry_run=true&\(query)", rows)
      expectImport(tried, status, "dry_run", ["read": 20, "created": created, "skipped": skipped, "rejected": 4])
      #expect(tried["errors"].elements.count == 4 && tried["errors"][0]["found"] == "vissit")
      #expect(tried.header("location") == nil)
    }
    #expect(try server.lastSeq() == seq && server.eventCount() == 0)
    #expect(try server.get("/v1/imports").items.isEmpty)
  }

  @Test func `every mode with every way to meet an error counts each row once`() throws {
    _ = try server.importFile("/events", eventLines(1...4))
    // Two known and unchanged, two known and changed, two new, one wrong.
    let rows = [eventLine(1), eventLine(2), eventLine(3, title: "New 3"), eventLine(4, title: "New 4"), eventLine(5), eventLine(6), "{}"]
    let text = rows.joined(separator: "\n")
    let expected: [(String, [String: Int])] = [
      ("upsert", ["unchanged": 2, "updated": 2, "created": 2, "rejected": 1]), ("insert", ["created": 2, "rejected": 5]),
      ("skip_existing", ["skipped": 4, "created": 2, "rejected": 1]),
    ]
    for (mode, counts) in expected {
      let written = (counts["created"] ?? 0) + (counts["updated"] ?? 0)
      let refused = try server.importFile("/events?mode=\(mode)", text)
      let undone = counts.filter { $0.key != "created" && $0.key != "updated" }.merging(["skipped": written]) { $0 + $1 }
      expectImport(refused, 422, "refused", undone.merging(["read": 7]) { $1 })
      let taken = try server.importFile("/events?mode=\(mode)&on_error=continue", text)
      expectImport(taken, 200, "done", counts.merging(["read": 7]) { $1 })
      expectImport(try server.delete("/v1/imports/\(taken.id)"), 200, "undone", counts.merging(["read": 7]) { $1 })
      #expect(try server.get("/v1/events?sort=title").items.map { $0["title"] } == ["Event 1", "Event 2", "Event 3", "Event 4"], "\(mode)")
    }
  }

  @Test func `stakeholders that a row names are made when its record is there already, too`() throws {
    expectImport(try server.importFile("/events", eventLine(1)), 200, "done", ["read": 1, "created": 1])
    let parties = #"{"stakeholder":"a-new-union"},{"stakeholder":"FRA"},{"stakeholder":"new-union"}"#
    let answer = try server.importFile("/events?create_missing=stakeholders", eventLine(1, more: #","participants":[\#(parties)]"#))
    expectImport(answer, 200, "done", ["read": 1, "updated": 1])
    let event = try server.get("/v1/events/by-external/t/1")
    #expect(event["participants"].elements.map { $0["stakeholder"] } == ["a-new-union", "FRA", "new-union"])
    #expect(try server.get("/v1/stakeholders/new-union")["import_id"].text == answer.id)
    // A mention that is stored in other words is the same when it is looked up a second time.
    let france = try server.get("/v1/stakeholders/FRA").id
    let more = #","participants":[{"stakeholder":"\#(france)"},{"stakeholder":"last-union"},{"stakeholder":"\#(france)"}]"#
    expectImport(
      try server.importFile("/events?create_missing=stakeholders", eventLine(1, more: more)), 200, "done", ["read": 1, "updated": 1])
    #expect(
      try server.get("/v1/events/by-external/t/1")["participants"].elements.map { $0["stakeholder"] } == ["FRA", "last-union", "FRA"])
  }

  @Test func `stakeholders that rows name are made when that was asked, and not for a row that is refused`() throws {
    let row = eventLine(
      1, more: #","participants":[{"stakeholder":"nowhere-union"},{"stakeholder":"FRA"},{"stakeholder":"nowhere-union","role":"host"}]"#)
    let refused = eventLine(2, more: #","participants":[{"stakeholder":"elsewhere-union"}],"parent_id":"t/none""#)
    expectImport(try server.importFile("/events", row), 422, "refused", ["read": 1, "rejected": 1])
    let answer = try server.importFile("/events?create_missing=stakeholders&on_error=continue", row + "\n" + refused)
    expectImport(answer, 200, "done", ["read": 2, "created": 1, "rejected": 1])
    let made = try server.get("/v1/stakeholders/nowhere-union")
    #expect(made.status == 200 && made["import_id"].text == answer.id)
    #expect(try server.get("/v1/stakeholders/elsewhere-union").status == 404)
    // No number is lost with what was taken back.
    let seqs = try ["stakeholders", "events", "imports"].flatMap { try server.walk("/v1/\($0)?limit=500") }.compactMap { $0["seq"].integer }
    let last = try server.lastSeq()
    #expect(seqs.max() == last)
    #expect(Set([made["seq"].integer, try server.get("/v1/events/by-external/t/1")["seq"].integer]) == [last - 1, last - 2])
    let undone = try server.delete("/v1/imports/\(answer.id)")
    #expect(undone["undo"]["deleted"] == 2)
    #expect(try server.get("/v1/stakeholders/nowhere-union").status == 410)
  }

  @Test(
    arguments: [
      ("/stakeholders?profile=historian-visits", "historian-visits"), ("?profile=historian-visits&source=x", "source"),
      ("?profile=historian-visits&group=true", "group"), ("?profile=historian-visits&interstate=true", "interstate"),
      ("/events?interstate=true", "interstate"), ("/events?group=true", "group"), ("/events?create_missing=events", "stakeholders"),
      ("/events?max_errors=-1", "max_errors"), ("/events?max_errors=many", "max_errors"), ("/events?dry_run=yes", "true"),
      ("/events?mode=insert&mode=upsert", "twice"), ("/events?max_error=1", "max_errors"), ("/events?source=", "source"),
      ("/events?file_name=", "file_name"), ("/events?on_error=stop", "abort"),
    ])
  func `parameters that do not go together, or are not known, are refused by name`(path: String, word: String) throws {
    let answer = try server.importFile(path, "title\n", type: "text/csv")
    #expect(answer.status == 400, "\(answer.text)")
    #expect(answer.text.contains(word))
    #expect(try server.get("/v1/imports").items.isEmpty)
  }

  @Test func `what is only tried cannot be asked for later`() throws {
    let answer = try server.importFile("/events?dry_run=true", eventLine(1), ["Prefer": "respond-async"])
    #expect(answer.status == 400 && answer.text.contains("dry_run"))
  }
}
