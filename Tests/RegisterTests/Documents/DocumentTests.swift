import Records
import TestSupport
import Testing

@Suite struct DocumentTests {
  let server: RegisterTester
  let document: JSON

  init() throws {
    server = try RegisterTester("--demo")
    document = try server.get("/openapi.json").json
  }

  private var operations: [(path: String, method: String, operation: JSON)] {
    document["paths"].keys.sorted().flatMap { path in
      document["paths"][path].keys.sorted().map { (path, $0, document["paths"][path][$0]) }
    }
  }

  // MARK: The way in

  @Test func `who comes to the root finds every collection, every analytic and the documents`() throws {
    let answer = try server.get("/")
    #expect(answer.header("link") == "</openapi.json>; rel=\"service-desc\", </docs>; rel=\"service-doc\"")
    let index = answer.json
    let listed = ["resources", "analytics"].flatMap { index[$0].elements }.compactMap(\.["url"].text)
    let named = ["search", "vocabularies", "profiles", "imports", "openapi", "docs", "problems"].compactMap { index[$0].text }
    #expect(named.count == 7 && listed.contains("/v1/events") && listed.contains("/v1/analytics/timeline"))
    for path in listed + named { #expect(document["paths"].has(path), "\(path)") }
    for path in listed + named where !path.hasSuffix("}") && path != "/v1/search" {
      let needed = path.hasSuffix("breakdown") ? "?field=type" : ""
      #expect(try server.get(path + needed).status == 200, "\(path)")
    }
    #expect(try server.get("/v1").text == answer.text)
  }

  // MARK: The viewer

  @Test func `a viewer that is installed shows the document, and nothing is fetched from elsewhere`() throws {
    let folder = try TemporaryFolder()
    #expect(throws: (any Error).self, "there is nothing in it") { try RegisterTester("--docs-viewer-path", folder.path) }
    try folder.write("swagger-ui-bundle.js", Array("let a = 1".utf8))
    try folder.write("swagger-ui.css", Array("p { color: red }".utf8))
    let server = try RegisterTester("--docs-viewer-path", folder.path)
    let page = try server.get("/docs")
    #expect(page.header("content-type") == "text/html; charset=utf-8")
    #expect(page.header("content-security-policy")?.contains("script-src 'self';") == true)
    let sources = page.text.matches(of: /(?:src|href)="([^"]*)"/).map { String($0.1) }
    #expect(Set(sources) == ["/docs/viewer.css", "/docs/viewer.js", "/docs/start.js", "/docs/plain"])
    let script = try server.get("/docs/viewer.js")
    #expect(script.text == "let a = 1" && script.header("content-type") == "text/javascript; charset=utf-8")
    #expect(try server.get("/docs/viewer.js", ["If-None-Match": script.etag]).status == 304)
    #expect(try server.get("/docs/viewer.css").text == "p { color: red }")
    #expect(try server.get("/docs/start.js").text.contains("\"/openapi.json\""))
    #expect(try server.get("/docs/plain").text == self.server.get("/docs").text)
    #expect(try server.get("/docs/LICENSE").status == 404)
    #expect(try self.server.get("/docs/viewer.js").status == 404, "there is none here")
  }

  // MARK: The document

  @Test func `the document has one operation for each name, and every part that is referred to`() throws {
    #expect(document["openapi"] == "3.1.0")
    let ids = operations.compactMap { $0.operation["operationId"].text }
    #expect(ids.count == operations.count && ids.count > 200)
    #expect(Set(ids).count == ids.count)
    for name in [
      "listEvents", "getEvent", "createEvent", "replaceEvent", "updateEvent", "deleteEvent", "upsertEvent", "listOutcomeAssessments",
    ] {
      #expect(ids.contains(name))
    }
    let text = try server.get("/openapi.json").text
    for match in text.matches(of: /"\$ref":"#\/components\/([a-z]+)\/([A-Za-z0-9]+)"/) {
      #expect(document["components"][String(match.1)].has(String(match.2)), "\(match.0)")
    }
  }

  @Test func `the document is told by its tag, and is compressed when asked for`() throws {
    let answer = try server.get("/openapi.json")
    #expect(answer.header("content-type") == "application/json")
    #expect(try server.get("/openapi.json", ["If-None-Match": answer.etag]).status == 304)
    #expect(try server.get("/openapi.json", ["Accept-Encoding": "gzip"]).header("content-encoding") == "gzip")
    #expect(try server.get("/openapi.json?pretty=1").codes == ["unknown_parameter"])
  }

  @Test func `every field of a record that is returned is in its schema, and the other way round`() throws {
    for (collection, schema) in [
      ("events", "Event"), ("stakeholders", "Stakeholder"), ("outcomes", "Outcome"), ("commitments", "Commitment"),
    ] {
      let record = try #require(try server.get("/v1/\(collection)?limit=1").items.first)
      let required = document["components"]["schemas"][schema]["required"].elements.compactMap(\.text)
      #expect(Set(required) == record.keys)
      #expect(record.keys.isSubset(of: document["components"]["schemas"][schema]["properties"].keys))
    }
  }

  @Test func `every condition that the document has is one that the server knows`() throws {
    let paths = [
      "/v1/events": "Event", "/v1/stakeholders": "Stakeholder", "/v1/recommendations": "Recommendation", "/v1/imports": "Import",
    ]
    for (path, schema) in paths {
      let names = document["components"]["schemas"]["\(schema)Conditions"]["properties"].keys
      #expect(names.count > 50)
      for name in names.sorted() {
        let answer = try server.get("\(path)?\(name)=true&limit=1")
        #expect(
          answer.codes.isDisjoint(with: ["unknown_parameter", "unknown_operator", "operator_not_allowed", "unknown_field"]), "\(name)")
      }
      #expect(try server.get("\(path)?\(names.sorted()[0])_=true").codes == ["unknown_parameter"])
    }
  }

  @Test func `every example of a body is taken as it is`() throws {
    var taken = 0
    for (path, method, operation) in operations where method == "post" && !path.contains("{") {
      for type in operation["requestBody"]["content"].keys {
        let example = operation["requestBody"]["content"][type]["example"]
        guard example != .null else { continue }
        let body = try example.text.map { Array($0.utf8) } ?? example.bytes
        // Files bring the same records as the single bodies: they are only tried.
        let isFile = path.hasPrefix("/v1/imports")
        let answer = try server.send("POST", path + (isFile ? "?dry_run=true" : ""), ["Content-Type": type], body: body)
        #expect(answer.status == (isFile ? 200 : 201), "\(path): \(answer.text)")
        taken += 1
      }
    }
    #expect(taken >= 11)
  }

  // MARK: Problems

  @Test func `what a problem calls its type is a page, for programs and for browsers`() throws {
    let problem = try server.get("/v1/events?typ=visit")
    let type = try #require(problem["type"].text)
    let known = try server.get(type)
    #expect(known.status == 200)
    #expect(known["code"] == problem["code"])
    #expect(known["status"].integer == problem.status)
    for code in problem.codes { #expect(try server.get("/problems/\(code)")["status"] == .null) }
    let page = try server.get(type, ["Accept": "text/html,application/xhtml+xml"])
    #expect(page.header("content-type") == "text/html; charset=utf-8")
    #expect(page.text.contains("How to fix it"))
    #expect(try server.get("/problems/bad_paramete")["hint"] == "did you mean bad_parameter?")
    let all = try server.get("/problems").items
    #expect(all.count > 100)
    #expect(all.contains { $0["code"] == "not_found" })
  }

  // MARK: Pages

  @Test func `the page has every path, and fetches nothing`() throws {
    let page = try server.get("/docs")
    #expect(page.header("content-type") == "text/html; charset=utf-8")
    #expect(page.header("content-security-policy")?.contains("default-src 'none'") == true)
    for path in document["paths"].keys { #expect(page.text.contains("<code>\(path)</code>"), "\(path)") }
    for mark in ["<script", "<link", "<img", "src=", "url(", "@import", "href=\"http"] { #expect(!page.text.contains(mark), "\(mark)") }
  }
}
