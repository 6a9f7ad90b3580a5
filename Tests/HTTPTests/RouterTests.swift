import HTTP
import Testing

@Suite struct `A router` {
  private func router(_ routes: [(Method, String)]) throws(RouteConflict) -> Router<Int> {
    var router = Router<Int>()
    for (number, (method, pattern)) in routes.enumerated() { try router.add(method, pattern, number) }
    return router
  }

  private func match(_ path: String, _ method: String = "GET") throws -> (String, [String]) {
    let router = try router([
      (.get, "/"), (.get, "/v1/events"), (.post, "/v1/events"), (.get, "/v1/events/{id}"), (.get, "/v1/events/latest"),
      (.get, "/v1/events.csv"), (.get, "/v1/{kind}/{id}/notes"),
    ])
    let request = request("\(method) \(path) HTTP/1.1", "Host: a")
    switch router.match(request) {
    case .found(let number, let pattern): return ("\(number) \(pattern)", request.captureTexts)
    case .methodNotAllowed(let methods): return (methods.map { "\($0.name)" }.joined(separator: " "), [])
    case .notFound: return ("none", [])
    }
  }

  @Test(arguments: [
    ("/", "0 /", []), ("/v1/events", "1 /v1/events", []), ("/v1/events/latest", "4 /v1/events/latest", []),
    ("/v1/events/e%201", "3 /v1/events/{id}", ["e 1"]), ("/v1/events.csv", "5 /v1/events.csv", []), ("/v1/events/", "none", []),
    ("/v1/events/a/notes", "6 /v1/{kind}/{id}/notes", ["events", "a"]),
    ("/v1/events/latest/notes", "6 /v1/{kind}/{id}/notes", ["events", "latest"]),
    ("/v1", "none", []), ("/V1/events", "none", []), ("//", "none", []), ("/v1//notes", "none", []),
  ])
  func `finds the pattern`(path: String, expected: String, captures: [String]) throws {
    let found = try match(path)
    #expect(found.0 == expected)
    #expect(found.1 == captures)
  }

  @Test func `knows methods`() throws {
    #expect(try match("/v1/events", "POST").0 == "2 /v1/events")
    #expect(try match("/v1/events", "HEAD").0 == "1 /v1/events")
    #expect(try match("/v1/events", "DELETE").0 == "GET HEAD POST OPTIONS")
    #expect(try match("/v1/events", "OPTIONS").0 == "GET HEAD POST OPTIONS")
  }

  @Test func `gives captures by the names of the pattern that was found`() throws {
    let router = try router([(.get, "/v1/events/{id}/parts"), (.get, "/v1/events/{source}"), (.get, "/v1/{kind}/{number}/{part}")])
    let two = request("GET /v1/events/a%2Fb/parts HTTP/1.1", "Host: a")
    _ = router.match(two)
    #expect(two.captureText("id") == "a/b")
    let one = request("GET /v1/events/a HTTP/1.1", "Host: a")
    _ = router.match(one)
    #expect(one.captureText("source") == "a")
    // Tried as `/v1/events/{id}/parts` first, in vain.
    let other = request("GET /v1/events/7/history HTTP/1.1", "Host: a")
    _ = router.match(other)
    #expect(other.captureTexts == ["events", "7", "history"])
    #expect(other.captureText("part") == "history")
  }

  @Test func `stops the program that asks for a capture that the pattern lacks`() async {
    await #expect(processExitsWith: .failure) {
      var router = Router<Int>()
      try router.add(.get, "/v1/events/{id}", 0)
      let request = request("GET /v1/events/a HTTP/1.1", "Host: a")
      _ = router.match(request)
      _ = request.capture("name")
    }
  }

  @Test func `refuses a route that another one leaves no room for, with both names`() {
    #expect(throws: RouteConflict.repeated(.get, pattern: "/a/{id}", known: "/a/{id}")) {
      _ = try router([(.get, "/a/{id}"), (.post, "/a/{id}"), (.get, "/a/{id}")])
    }
    #expect(throws: RouteConflict.renamed(pattern: "/a/{name}", known: "/a/{id}")) {
      _ = try router([(.get, "/a/{id}"), (.get, "/a/{name}")])
    }
    #expect(throws: RouteConflict.renamed(pattern: "/a/{name}", known: "/a/{id}")) {
      _ = try router([(.get, "/a/{id}"), (.put, "/a/{name}")])
    }
    #expect(throws: RouteConflict.ambiguous(pattern: "/a/b/{y}", known: "/a/{x}/c")) {
      _ = try router([(.get, "/a/{x}/c"), (.get, "/a/b/{y}")])
    }
    #expect("\(RouteConflict.ambiguous(pattern: "/a/b/{y}", known: "/a/{x}/c"))".contains("/a/b/{y} and /a/{x}/c"))
  }

  @Test func `takes patterns of which one is narrower`() throws {
    _ = try router([(.get, "/a/{x}/{y}"), (.get, "/a/{x}/c"), (.get, "/a/b/c"), (.get, "/a/{x}")])
  }

  @Test(arguments: ["", "a", "/a/{}", "/{id}/{id}"]) func `refuses what is no pattern`(pattern: String) {
    #expect(throws: RouteConflict.malformed(pattern: pattern)) { _ = try router([(.get, pattern)]) }
  }
}
