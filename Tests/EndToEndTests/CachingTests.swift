import TestSupport
import Testing

/// What an answer says of how long it holds is said at one place, for all of them.
@Suite struct CachingTests {
  let server: RunningServer
  let document: JSON

  init() throws {
    server = try RunningServer("--demo")
    document = try server.get("/openapi.json").json
  }

  /// Every path of the document that can be read, with names that exist; one a pattern.
  private func readable() throws -> [String] {
    let fixed = ["{name}": "event_type", "{code}": "not_found", "{file}": "plain", "{a}": "RUS", "{b}": "PRK"]
    let queries = ["/v1/analytics/breakdown": "?field=type", "/v1/search": "?q=treaty"]
    return try document["paths"].keys.sorted().compactMap { pattern in
      guard document["paths"][pattern].has("get") else { return nil }
      var path = pattern
      for (name, value) in fixed { path = path.replacing(name, with: value) }
      guard path.contains("{") else { return path + (queries.first { path.split(separator: ".")[0] == $0.key }?.value ?? "") }
      let collection = try server.get(path.split(separator: "/{")[0].replacing("/by-external", with: "") + "?limit=1000").items
      guard let record = collection.first(where: { !path.contains("{source}") || $0["external_id"].text != nil }) else { return nil }
      return path.replacing("{id}", with: record["id"].text ?? "").replacing("{source}", with: record["source"].text ?? "")
        .replacing("{external_id}", with: escaped(record["external_id"].text ?? ""))
    }
  }

  @Test func `every GET says that it is asked again each time and by what it varies, also with 304`() throws {
    let client = try RawClient(port: server.port, deadlineSeconds: 120)
    let paths = try readable()
    #expect(paths.count > 150, "\(paths.count)")
    var tagged = 0
    for path in paths {
      let answer = try server.send("GET", path, over: client)
      #expect(answer.status == 200, "\(path): \(answer.text.prefix(200))")
      expectCaching(answer, path)
      guard !answer.etag.isEmpty else { continue }
      tagged += 1
      for tag in [answer.etag, "*"] {
        let same = try server.send("GET", path, ["If-None-Match": tag], over: client)
        #expect(same.status == 304 && same.text.isEmpty, "\(path) \(tag)")
        expectCaching(same, path)
      }
    }
    #expect(tagged > 100, "\(tagged)")
  }

  private func expectCaching(_ answer: Answer, _ path: String) {
    #expect(answer.header("cache-control") == "private, no-cache", "\(answer.status) \(path)")
    #expect(answer.header("vary") == "Accept, Accept-Encoding, Authorization", "\(answer.status) \(path)")
  }
}
