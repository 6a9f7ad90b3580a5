import Formats
import Store
import TestSupport
import Testing

@Suite struct ImportTests {
  let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private static let ndjson = "application/x-ndjson"

  private func send(_ path: String, _ text: String) throws -> Answer {
    try send(path, Self.ndjson, Array(text.utf8), gzip: false)
  }

  private func send(_ path: String, _ type: String, _ text: String) throws -> Answer {
    try send(path, type, Array(text.utf8), gzip: false)
  }

  private func send(_ path: String, _ type: String, _ bytes: [UInt8], gzip: Bool) throws -> Answer {
    var headers = ["Content-Type": type]
    if gzip { headers["Content-Encoding"] = "gzip" }
    return try server.send("POST", "/v1/imports\(path)", headers, body: bytes)
  }

  private func counts(_ answer: Answer) -> [String: Int] { answer["counts"].members.compactMapValues(\.integer) }

  /// The counts after `read` add up to it; what is not named is 0.
  private func expect(
    _ answer: Answer, _ status: Int, _ state: String, _ expected: [String: Int],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.status == status, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["state"].text == state, sourceLocation: sourceLocation)
    let counts = counts(answer)
    #expect(counts.filter { $0.value != 0 } == expected.filter { $0.value != 0 }, sourceLocation: sourceLocation)
    #expect(counts["read"] == counts.reduce(0) { $0 + ($1.key == "read" ? 0 : $1.value) }, sourceLocation: sourceLocation)
  }

  /// Three events as lines; the day can be set.
  private func lines(day: String = "2024-06-18") -> [String] {
    (1...3).map { #"{"source":"t","external_id":"\#($0)","title":"Event \#($0)","type":"visit","start_date":"\#(day)"}"# }
  }

  private func titles() throws -> [String] { try server.get("/v1/events?sort=title&limit=1000").items.compactMap { $0["title"].text } }

  private let three = ["Event 1", "Event 2", "Event 3"]

  // MARK: Its record in lists

  @Test func `lists leave out the errors of imports unless fields or include names them`() throws {
    let bad = #"{"source":"t","external_id":"4","title":"Bad","type":"visitt","start_date":"2024-06-18"}"#
    let made = try send("/events?on_error=continue", (lines() + [bad]).joined(separator: "\n"))
    expect(made, 200, "done", ["read": 4, "created": 3, "rejected": 1])
    let id = made["id"].text ?? ""
    #expect(made["errors"][0]["line"].integer == 4)
    let item = "/v1/imports/\(id)"
    for (query, shown) in [("", false), ("?include=errors", true), ("?fields=errors", true), ("?fields=id&include=errors", true)] {
      let listed = try server.get("/v1/imports\(query)").items
      #expect(listed.count == 1 && listed[0].has("errors") == shown, "\(query)")
      if shown { #expect(listed[0]["errors"] == made["errors"], "\(query)") }
      let line = try server.get("/v1/imports.ndjson\(query)").text
      #expect(try JSON(Array(line.utf8)) == listed[0], "\(query)")
    }
    #expect(try server.get("/v1/imports?include=errors&fields=id").items[0]["id"].text == id)
    #expect(try server.get("/v1/imports?include=errors&flatten=true").items[0]["errors.0.line"].integer == 4)
    #expect(try server.get("/v1/imports?flatten=true").items[0].has("errors.count") == false)
    #expect(try server.get("/v1/imports?include=error").text.contains("did you mean \\\"errors\\\""))
    // One record shows them always, in whatever form, unless its fields are chosen.
    for query in ["", "?time_format=epoch_ms", "?include=errors"] { #expect(try server.get(item + query)["errors"] == made["errors"]) }
    #expect(try server.get(item + "?flatten=true")["errors.count"] == 1)
    #expect(try server.get(item + "?fields=id").json == ["id": .string(id)])
  }

  // MARK: Forms

  @Test func `lines, an array, a table and their gzip all come in the same`() throws {
    let csv = "source,external_id,title,type,start_date\r\n" + (1...3).map { "t,\($0),Event \($0),visit,2024-06-18\r\n" }.joined()
    let forms = [
      ("/events", Self.ndjson, lines().joined(separator: "\n")), ("/events", "application/json", "[\(lines().joined(separator: ",\n"))]"),
      ("/events", "text/csv", csv), ("/events", "text/tab-separated-values", csv.replacing(",", with: "\t")),
      ("", Self.ndjson, lines().map { "{\"resource\":\"events\"," + $0.dropFirst() }.joined(separator: "\r\n") + "\r\n"),
    ]
    var isFirst = true
    for (path, type, text) in forms {
      for gzip in [false, true] {
        let answer = try send(path, type, gzip ? deflated(text) : Array(text.utf8), gzip: gzip)
        expect(answer, 200, "done", ["read": 3, isFirst ? "created" : "unchanged": 3])
        isFirst = false
      }
    }
    #expect(try titles() == three)
  }

  @Test func `rows of several resources come in one file, and may name each other`() throws {
    let text = """
      {"resource":"stakeholders","code":"envoy","type":"person","name":"An Envoy"}
      {"resource":"events","source":"t","external_id":"e","title":"E","type":"visit","start_date":"2024","participants":[{"stakeholder":"envoy"}]}
      {"resource":"outcomes","source":"t","external_id":"o","title":"O","event":"t/e"}
      {"resource":"assessments","source":"t","external_id":"a","outcome":"t/o","assessed_at":"2024-06-19T12:00:00Z","assessor":"x","probability":0.25}
      {"resource":"recommendations","reference":"R-1","title":"R","strategy":"transparency","responds_to":[{"target":"t/e","relation":"monitors"}]}
      """
    let answer = try send("", text)
    expect(answer, 200, "done", ["read": 5, "created": 5])
    let outcome = try server.get("/v1/outcomes/by-external/t/o")
    #expect(outcome["probability"] == 0.25)
    let event = try server.get("/v1/events/by-external/t/e")
    #expect(outcome["event"].text == event.id)
    #expect(try server.get("/v1/recommendations/R-1")["responds_to"][0]["target"].text == event.id)
    #expect(event["import_id"].text == answer.id)
    expect(try send("", text), 200, "done", ["read": 5, "unchanged": 5])
    let other = text.replacing("0.25", with: "0.5")
    let refused = try send("", other)
    expect(refused, 422, "refused", ["read": 5, "unchanged": 4, "rejected": 1])
    #expect(refused["errors"][0]["code"] == "append_only")
    let unknown = try send("", #"{"resource":"evnts","title":"x"}"# + "\n" + #"{"title":"x"}"#)
    expect(unknown, 422, "refused", ["read": 2, "rejected": 2])
  }

  @Test func `what is no form, or no table of ours, is told apart`() throws {
    #expect(try send("/events", "text/plain", "x").status == 415)
    #expect(try send("", "text/csv", "title\nx").status == 400)
    #expect(try send("/imports", "{}").status >= 404)
    #expect(try send("/events?mod=insert", "{}").text.contains("mode"))
    #expect(try send("/events?mode=insrt", "{}").text.contains("insert"))
    #expect(try send("?profile=historian-visit", "text/csv", "").text.contains("historian-visits"))
    let column = try send("/events", "text/csv", "titel,type\nx,visit\n")
    #expect(column.status == 422 && column.text.contains("title"))
    #expect(try send("/events", "text/csv", "title,title\nx,y\n").status == 422)
    #expect(try send("/events", "text/csv", "").status == 422)
    #expect(try send("?profile=historian-visits", "text/csv", "id,start_date\n1,2024-01-01\n").text.contains("visitor"))
    #expect(try titles().isEmpty)
  }

  // MARK: Modes

  @Test func `a second time all is unchanged, and only the import's own record takes numbers`() throws {
    expect(try send("/events", lines().joined(separator: "\n")), 200, "done", ["read": 3, "created": 3])
    let before = try server.get("/v1/events?sort=id").items
    let seq = try server.lastSeq()
    let again = try send("/events", lines().joined(separator: "\n"))
    expect(again, 200, "done", ["read": 3, "unchanged": 3])
    #expect(try server.get("/v1/events?sort=id").items == before)
    // Made when it begins and changed when it ends: as many numbers as it has versions.
    #expect(try server.lastSeq() == seq + (again["version"].integer ?? 0))
    #expect(try server.lastSeq() == again["seq"].integer)
  }

  @Test func `upsert changes what differs and leaves what is not in the row`() throws {
    _ = try send("/events", lines().joined(separator: "\n"))
    let id = try server.get("/v1/events/by-external/t/1").id
    _ = try server.patch("/v1/events/\(id)", ["summary": "Kept"])
    let changed = lines()[0].replacing("Event 1", with: "Changed")
    expect(
      try send("/events", ([changed] + lines().dropFirst()).joined(separator: "\n")), 200, "done",
      ["read": 3, "updated": 1, "unchanged": 2])
    let event = try server.get("/v1/events/by-external/t/1")
    #expect(event["title"] == "Changed")
    #expect(event["summary"] == "Kept")
    #expect(event["version"] == 3)
    #expect(event.id == id)
  }

  @Test func `skip_existing skips, insert refuses`() throws {
    _ = try send("/events", lines()[0])
    let changed = lines(day: "2025-01-01").joined(separator: "\n")
    expect(try send("/events?mode=insert", changed), 422, "refused", ["read": 3, "skipped": 2, "rejected": 1])
    #expect(try titles() == ["Event 1"])
    expect(
      try send("/events?mode=insert&on_error=continue", lines().prefix(2).joined(separator: "\n")), 200, "done",
      ["read": 2, "created": 1, "rejected": 1])
    expect(try send("/events?mode=skip_existing", changed), 200, "done", ["read": 3, "created": 1, "skipped": 2])
    #expect(try server.get("/v1/events?sort=title").items.map { $0["start_date"] } == ["2024-06-18", "2024-06-18", "2025-01-01"])
  }

  @Test func `a dry run counts and leaves nothing`() throws {
    let seq = try server.lastSeq()
    let tried = try send("/events?dry_run=true", lines().joined(separator: "\n"))
    expect(tried, 200, "dry_run", ["read": 3, "created": 3])
    #expect(tried["id"] == nil)
    #expect(try titles().isEmpty)
    #expect(try server.get("/v1/imports").items.isEmpty)
    #expect(try server.lastSeq() == seq)
  }

  // MARK: Faults

  /// Lines 2, 4, 5 and 7 are wrong, each in its own way; line 6 says what line 1 said.
  private func faulty() -> String {
    let good = lines()
    return [
      good[0], good[1].replacing("visit", with: "vissit"), good[1], "{not JSON", good[2].replacing("2024-06-18", with: "18/06/2024"),
      good[0],
      good[2].replacing("}", with: #","participants":[{"stakeholder":"NOONE"}]}"#), good[2],
    ].joined(separator: "\n")
  }

  private func places(_ answer: Answer) -> [String] {
    answer["errors"].elements.map { "\($0["line"].integer ?? 0) \($0["column"].text ?? "")" }
  }

  @Test func `abort writes nothing and tells every bad row with its line`() throws {
    let answer = try send("/events", faulty())
    expect(answer, 422, "refused", ["read": 8, "skipped": 3, "unchanged": 1, "rejected": 4])
    #expect(places(answer) == ["2 type", "4 ", "5 start_date", "7 participants/0/stakeholder"])
    #expect(answer["errors"].elements.allSatisfy { !($0["code"].text ?? "").isEmpty && !($0["detail"].text ?? "").isEmpty })
    #expect(try titles().isEmpty)
    #expect(try server.get("/v1/imports/\(answer.id)").json == answer.json)
    #expect(try server.get("/v1/imports?state=refused").items.count == 1)
  }

  @Test func `continue writes the good rows and tells the bad ones`() throws {
    let answer = try send("/events?on_error=continue", faulty())
    expect(answer, 200, "done", ["read": 8, "created": 3, "unchanged": 1, "rejected": 4])
    #expect(places(answer) == ["2 type", "4 ", "5 start_date", "7 participants/0/stakeholder"])
    #expect(try titles() == three)
    let seqs = try server.get("/v1/events?sort=seq").items.compactMap { $0["seq"].integer }
    #expect(seqs == Array(seqs[0]..<(seqs[0] + 3)))
  }

  @Test func `a row of a table is told by the line on which it starts`() throws {
    let csv = """
      source,external_id,title,type,start_date,summary
      t,1,Event 1,visit,2024-06-18,"two
      lines"
      t,2,Event 2,vissit,2024-06-18,x
      t,3,Event 3,visit,2024-06-18
      t,4,Event 4,visit,2024-06-18,x
      """
    let answer = try send("/events?on_error=continue", "text/csv", csv)
    expect(answer, 200, "done", ["read": 4, "created": 2, "rejected": 2])
    #expect(places(answer) == ["4 type", "5 "])
  }

  @Test func `a refused row leaves no number behind it, whatever refused it`() throws {
    _ = try server.make("stakeholders", ["code": "one", "type": "person", "name": "One", "source": "t", "external_id": "1"])
    _ = try server.make("stakeholders", ["code": "two", "type": "person", "name": "Two", "source": "t", "external_id": "2"])
    let seq = try server.lastSeq()
    // The second row would take the first one's name at the source.
    let text = """
      {"code":"three","type":"person","name":"Three","source":"t","external_id":"3"}
      {"code":"two","type":"person","name":"Two","source":"t","external_id":"3"}
      {"code":"four","type":"person","name":"Four","source":"t","external_id":"4"}
      """
    let answer = try send("/stakeholders?on_error=continue", text)
    let numbers =
      try server.get("/v1/stakeholders?seq__gt=\(seq)&sort=seq").items.compactMap { $0["seq"].integer }
      + [answer["seq"].integer ?? 0]
    #expect(try server.lastSeq() == seq + numbers.count + (answer["version"].integer ?? 1) - 1)
    #expect(answer["counts"]["created"].integer == 2)
    #expect(answer["counts"]["read"].integer == 3)
    #expect(try server.get("/v1/stakeholders/two/history").items.allSatisfy { $0["version"].integer == 1 })
  }

  // MARK: gzip

  @Test func `a gzip stream that is cut, damaged or followed by something is refused`() throws {
    let packed = deflated(lines().joined(separator: "\n"))
    for bytes in [Array(packed.dropLast(1)), Array(packed.prefix(packed.count / 2)), packed + [0x78], Array(packed.dropFirst()), []] {
      let answer = try send("/events", Self.ndjson, bytes, gzip: true)
      #expect(answer.status == 422, "\(answer.text)")
      #expect(answer["code"] == "bad_file")
    }
    var damaged = packed
    damaged[packed.count - 6] ^= 0xFF
    #expect(try send("/events", Self.ndjson, damaged, gzip: true).status == 422)
    #expect(try titles().isEmpty)
  }

  @Test func `gzip that grows beyond the ratio is 413 and leaves the server alive`() throws {
    let bomb = deflated(String(repeating: " ", count: 40_000_000))
    #expect(bomb.count < 200_000)
    let answer = try send("/events", Self.ndjson, bomb, gzip: true)
    #expect(answer.status == 413)
    #expect(answer["code"] == "compression_ratio")
    let small = try RegisterTester("--import-max-bytes", "2000")
    let body = Array(lines().joined(separator: "\n").utf8) + [UInt8](repeating: 0x0A, count: 3_000)
    #expect(try small.send("POST", "/v1/imports/events", ["Content-Type": Self.ndjson], body: body).status == 413)
    expect(try send("/events", lines().joined(separator: "\n")), 200, "done", ["read": 3, "created": 3])
  }

  // MARK: A real file

  @Test func `the historian's visits come in whole, and France's are those of the file`() throws {
    guard let file = sharedFile("visits/visits_to_us.csv") else { return }
    let rows = table(String(decoding: file, as: UTF8.self))
    let header = try #require(rows.first)
    let visits = rows.dropFirst().map { Dictionary(zip(header, $0)) { $1 } }
    let answer = try send("?profile=historian-visits&on_error=continue", "text/csv", file, gzip: false)
    #expect(answer.status == 200)
    let rejected = Set(answer["errors"].elements.compactMap { $0["line"].integer })
    #expect(answer["counts"]["read"].integer == visits.count)
    #expect(answer["counts"]["created"].integer == visits.count - rejected.count)
    // A row is refused for what it says, and few say something wrong.
    #expect(rejected.count * 100 < visits.count, "\(answer["errors"])")
    let walked = try server.walk("/v1/events?type=visit&participant=FRA&sort=start_date&limit=40")
    let french = visits.filter { ["France", "France (Provisional Government)"].contains($0["from_name"]) }
    #expect(french.count > 40)
    #expect(Set(walked.compactMap { $0["external_id"].text }) == Set(french.compactMap { $0["id"] }))
    #expect(walked.count == french.count)
    let dates = walked.compactMap { $0["start_date"].text }
    #expect(dates == french.compactMap { $0["start_date"] }.sorted())
    for event in walked {
      let row = french.first { $0["id"] == event["external_id"].text }
      #expect(event["extra"]["from_name"].text == row?["from_name"])
      #expect(event["participants"].elements.map { $0["stakeholder"] } == ["FRA", "USA"])
      #expect(event["end_date"].text ?? event["start_date"].text == row?["end_date"])
    }
    let seq = try server.lastSeq()
    let again = try send("?profile=historian-visits&on_error=continue", "text/csv", file, gzip: false)
    #expect(again["counts"]["unchanged"].integer == visits.count - rejected.count)
    #expect(try server.lastSeq() == seq + (again["version"].integer ?? 0))
  }
}

/// A text as a gzip stream.
private func deflated(_ text: String) -> [UInt8] {
  let (input, output) = (ByteBuffer(), ByteBuffer())
  input.append(text)
  input.withView { gzip($0, into: output) }
  return output.array
}
