import TestSupport
import Testing

/// `If-Match` and `If-None-Match` of writes (RFC 9110 §13), on every path that replaces, changes or deletes.
@Suite struct PreconditionTests {
  let server: RegisterTester
  let path: String

  private static let external = "/v1/events/by-external/em/1"
  private static let body: JSON = ["title": "T", "type": "visit", "start_date": "2024-01-01"]

  init() throws {
    server = try RegisterTester()
    path = "/v1/events/" + (try server.put(Self.external, Self.body).id)
  }

  /// Status and code of a write that changes nothing, by each way in; of DELETE as a trial.
  private func answers(_ fields: [String]) throws -> Set<String> {
    let body = String(decoding: try Self.body.with(["source": "em", "external_id": "1"]).bytes, as: UTF8.self)
    return Set(
      try [
        ("PATCH", path, #"{"title":"T"}"#), ("PUT", path, body), ("PUT", Self.external, body), ("DELETE", "\(path)?dry_run=true", ""),
      ].map { method, path, body in
        let lines = fields.map { $0 + "\r\n" }.joined()
        let type = body.isEmpty ? "" : "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
        let answer = try server.send(
          "\(method) \(path) HTTP/1.1\r\nHost: \(server.authority)\r\nConnection: close\r\n\(lines)\(type)\r\n\(body)")
        return answer.status < 300 ? "taken" : "\(answer.status) \(answer["code"].text ?? "")"
      })
  }

  @Test(arguments: [
    "*", "  *  ", #""1""#, #"W/"1""#, #""7","1""#, #""7" , W/"1""#, #","1","#, #""1-gzip""#, #""1.overdue""#, #""a,b","1""#, #""", "1""#,
  ])
  func `what excludes the record as it is leaves it alone`(value: String) throws {
    #expect(try answers(["If-None-Match: \(value)"]) == ["412 excluded"])
    #expect(try server.get(path)["version"] == 1)
  }

  @Test(arguments: [#""7""#, #"W/"2", "3""#, #""""#, #""x""#, #""+1""#, #""a,1""#, #""1x""#, #""١""#, #""9223372036854775808""#])
  func `what excludes something else lets the write through`(value: String) throws {
    #expect(try answers(["If-None-Match: \(value)"]) == ["taken"])
  }

  @Test(arguments: ["1", "W/1", #""1"#, #"1""#, #"*,"1""#, #""7",*"#, #"w/"1""#, #""7""1""#, #""7" "1""#, "", ",", #"'1'"#])
  func `what is no entity tag is refused, since it would exclude or demand nothing`(value: String) throws {
    for name in ["If-None-Match", "If-Match"] { #expect(try answers(["\(name): \(value)"]) == ["400 bad_header"], "\(name)") }
    #expect(try server.get(path)["version"] == 1)
  }

  @Test func `several fields are one list`() throws {
    #expect(try answers([#"If-None-Match: "7""#, #"If-None-Match: W/"1""#]) == ["412 excluded"])
    #expect(try answers([#"If-Match: "7""#, #"If-Match: "1""#]) == ["taken"])
    #expect(try answers([#"If-Match: "7""#, "If-Match: *"]) == ["400 bad_header"])
  }

  @Test(arguments: [
    (#""1""#, #""1""#, "412 excluded"), ("*", "*", "412 excluded"), (#""1""#, #""7""#, "taken"), ("*", #"W/"2""#, "taken"),
    (#""7""#, #""8""#, "412 stale"), (#"W/"1""#, #""8""#, "412 stale"),
  ])
  func `with both, both must hold`(match: String, exclusion: String, answer: String) throws {
    #expect(try answers(["If-Match: \(match)", "If-None-Match: \(exclusion)"]) == [answer])
  }

  @Test func `a record that is not there is excluded by nothing, and matches nothing`() throws {
    let other = "/v1/events/by-external/em/2"
    for tag in [#""1""#, "*"] {
      #expect(try server.put(other, Self.body, ["If-Match": tag]).status == 404, "\(tag)")
      #expect(try server.put("\(other)?dry_run=true", Self.body, ["If-None-Match": tag]).status == 200, "\(tag)")
      #expect(try server.patch("/v1/events/evt_0000000000001", ["title": "U"], ["If-None-Match": tag]).status == 404, "\(tag)")
    }
    #expect(try server.put(other, Self.body, ["If-None-Match": "*"]).status == 201)
    #expect(try server.put(other, Self.body, ["If-None-Match": "*"]).status == 412)
    let gone = try server.event()
    #expect(try server.delete("/v1/events/\(gone.id)", ["If-None-Match": #""2""#]).status == 204)
    #expect(try server.delete("/v1/events/\(gone.id)", ["If-None-Match": "*"]).status == 410)
  }

  @Test func `a handle is a way to a record like its id`() throws {
    #expect(try server.patch("/v1/stakeholders/FRA", ["office": "O"], ["If-None-Match": "*"])["code"] == "excluded")
    #expect(try server.delete("/v1/stakeholders/ZWE", ["If-None-Match": #"W/"1""#])["code"] == "excluded")
    #expect(try server.patch("/v1/stakeholders/FRA", ["office": "O"], ["If-None-Match": #""2""#]).status == 200)
  }
}
