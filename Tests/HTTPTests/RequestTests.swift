import Formats
import HTTP
import Testing

@Suite struct `A request` {
  @Test(arguments: [
    ("gzip", true), ("GZIP", true), ("x-gzip", true), ("deflate, gzip;q=0.5", true), ("*", true), ("gzip;q=0", false),
    ("gzip; q=0.000", false),
    ("identity", false), ("*;q=0", false), ("gzip;q=0, *", false), ("", false), ("br;q=1, *;q=0.1", true),
  ])
  func `takes gzip when Accept-Encoding says so`(value: String, takes: Bool) {
    #expect(request("GET / HTTP/1.1", "Host: a", "Accept-Encoding: \(value)").acceptsGzip == takes)
  }

  @Test func `takes no gzip when it says nothing`() { #expect(!request("GET / HTTP/1.1", "Host: a").acceptsGzip) }

  @Test(arguments: [
    ("\"5\"", true, true), ("\"5-gzip\"", true, true), ("W/\"5\"", true, false), ("*", true, true), ("\"4\", \"5\"", true, true),
    ("\"4\"", false, false),
    ("5", false, false), ("\"55\"", false, false), ("\"5", false, false), ("W/\"4\" , W/\"5\"", true, false), ("\"\"", false, false),
  ])
  func `matches entity tags`(list: String, weak: Bool, strong: Bool) {
    let request = request("GET / HTTP/1.1", "Host: a", "If-None-Match: \(list)", "If-Match: \(list)")
    #expect(request.matches(etag: "5", in: "if-none-match", weak: true) == weak)
    #expect(request.matches(etag: "5", in: "if-match", weak: false) == strong)
  }

  @Test func `gives all fields of a name`() {
    let request = request("GET / HTTP/1.1", "Host: a", "X-A: 1", "x-a: 2")
    #expect(request.headerTexts("x-a") == ["1", "2"])
    #expect(request.headerText("x-a") == "1")
    #expect(request.headerText("x-b") == nil)
  }

  @Test(arguments: ["content-type: text/csv", "Content-Type: text/csv", "CONTENT-TYPE: text/csv"])
  func `finds a field however its name is spelled on both sides`(line: String) {
    let request = request("POST / HTTP/1.1", "Host: a", line, "If-Match: \"5\"")
    #expect(request.headerText("Content-Type") == "text/csv")
    #expect(request.headerText("content-type") == "text/csv")
    #expect(request.headerTexts("CONTENT-TYPE") == ["text/csv"])
    #expect(request.matches(etag: "5", in: "If-Match", weak: false))
  }
}

@Suite struct `A query` {
  private func items(_ query: String, maxItems: Int = 3) throws(Problem) -> [String] {
    let request = request("GET /?\(query) HTTP/1.1", "Host: a")
    var items = QueryItems(request.query, maxItems: maxItems)
    let buffer = ByteBuffer()
    var found: [String] = []
    while let item = try items.next(into: buffer) {
      let bytes = buffer.array
      found.append(String(decoding: bytes[item.name], as: UTF8.self) + "=" + String(decoding: bytes[item.value], as: UTF8.self))
    }
    return found
  }

  @Test func `is decoded`() throws {
    #expect(try items("a=1&b=x+y%20z&c") == ["a=1", "b=x y z", "c="])
    #expect(try items("") == [])
    #expect(try items("&&a=b=c&") == ["a=b=c"])
    #expect(try items("%C3%A4=%2B") == ["ä=+"])
  }

  @Test(arguments: ["%", "%2", "%zz", "%00", "%ff", "%C3"]) func `names the parameter that is malformed`(value: String) {
    #expect { _ = try items("a=1&name=\(value)") } throws: { error in
      let problem = error as? Problem
      return problem?.status == 400 && problem?.faults.first?.location == .parameter("name")
    }
  }

  @Test func `has a limited number of parameters`() throws {
    #expect(try items("a&b&c").count == 3)
    #expect { _ = try items("a&b&c&d") } throws: { ($0 as? Problem)?.code == "too_many_parameters" }
  }
}

@Suite struct `A problem` {
  @Test func `is written as RFC 9457 has it`() {
    let buffer = ByteBuffer()
    var problem = Problem.badRequest(.badRequest, "It is \"bad\".", hint: "Mend it.")
    problem.faults = [
      .init(.pointer("/a"), code: "c", detail: "d", allowed: ["x", "y"]), .init(.line(3, column: "title"), code: "e", detail: "f"),
      .init(.parameter("p"), code: "g", detail: "h"), .init(.header("H"), code: "i", detail: "j"),
    ]
    problem.write(to: buffer, requestID: "r1")
    let expected =
      #"{"type":"/problems/bad_request","title":"The request is malformed","status":400,"detail":"It is \"bad\".","code":"bad_request","errors":["#
      + #"{"pointer":"/a","code":"c","detail":"d","allowed":["x","y"]},{"line":3,"column":"title","code":"e","detail":"f"},"#
      + #"{"parameter":"p","code":"g","detail":"h"},{"header":"H","code":"i","detail":"j"}],"hint":"Mend it.","request_id":"r1"}"#
    #expect(buffer.string == expected)
  }
}

@Suite struct `A date` {
  @Test(arguments: [
    (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
    (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
  ])
  func `is written as HTTP has it`(second: Int, expected: String) {
    let buffer = ByteBuffer()
    writeHTTPDate(secondsSince1970: second, into: buffer)
    #expect(buffer.string == expected)
  }
}
