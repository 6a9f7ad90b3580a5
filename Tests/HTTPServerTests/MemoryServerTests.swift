import HTTPServer
import TestSupport
import Testing

/// A server whose connections are memory says what one with sockets says.
@Suite struct MemoryServerTests {
  private func server(_ configure: (inout ServerConfiguration) -> Void = { _ in }) throws -> MemoryServer {
    var configuration = ServerConfiguration()
    configuration.accessLog = false
    configure(&configuration)
    let gate = Gate()
    gate.open()
    return try MemoryServer(configuration: configuration, log: nil) { try Sampler(gate) }
  }

  private static func request(_ line: String, _ fields: String = "", _ body: String = "") -> String {
    "\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\(body)"
  }

  /// One of each plan, and of what the server answers by itself.
  private static let requests = [
    request("GET /hello"), request("HEAD /hello"), request("OPTIONS /hello"), request("GET /items/a%20b"), request("GET /nothing"),
    request("PUT /hello"), request("GET /large"), request("GET /slow"), request("POST /echo", "Content-Length: 5\r\n", "hello"),
    request("POST /small", "Content-Length: 11\r\n", "hello world"), request("POST /refuse", "Content-Length: 2\r\n", "ab"),
    request("POST /upload", "Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 7\r\n\r\n"),
    request("POST /upload", "Transfer-Encoding: chunked\r\n", "3\r\nabcd"), request("GET /chunked"), request("GET /tagged"),
    request("GET /tagged", "Accept-Encoding: gzip\r\n"), request("GET /tagged", "If-None-Match: \"5\"\r\n"), "GET /hello HTTP/1.0\r\n\r\n",
    "GET /chunked HTTP/1.0\r\n\r\n", "GET /hello HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n", "GET /hello HTTP/3.0\r\nHost: a\r\n\r\n",
  ]

  private func shown(_ answer: RawClient.Answer) -> String {
    let fields = answer.headers.filter { !["date", "x-request-id"].contains($0.name) }.map { "\($0.name): \($0.value)" }
    // A problem tells the request's id.
    let body = answer.status < 400 ? answer.body : answer.body.prefix(while: { $0 != UInt8(ascii: ",") })
    return ([String(answer.status)] + fields).joined(separator: "\n") + "\n\(body)"
  }

  @Test func `every plan is answered as over a socket`() async throws {
    let gate = Gate()
    gate.open()
    let memory = try server()
    defer { memory.stop() }
    try await withServer(gate: gate) { running in
      for request in Self.requests {
        let hasBody = !request.hasPrefix("HEAD")
        let client = try running.client()
        client.send(request)
        client.finishSending()
        var reader = AnswerReader(memory.serve(Array(request.utf8)))
        #expect(try shown(reader.read(hasBody: hasBody)) == shown(client.readAnswer(hasBody: hasBody)), "\(request)")
      }
    }
  }

  @Test func `requests that come together are answered in order, until one says close`() throws {
    let memory = try server()
    defer { memory.stop() }
    let requests =
      ["1", "2"].map { Self.request("GET /items/\($0)") } + [
        Self.request("GET /items/3", "Connection: close\r\n"), Self.request("GET /items/4"),
      ]
    var reader = AnswerReader(memory.serve(Array(requests.joined().utf8)))
    for number in ["1", "2", "3"] { #expect(try reader.read().text == number) }
    #expect(reader.received.isEmpty)
  }

  /// Refused before the router: of the request line, of the fields, and of both together.
  private static let refused: [(status: Int, head: @Sendable (String) -> String)] = [
    (400, { "\($0) /hello HTTP/1.1\r\n\r\n" }), (400, { "\($0) /hello HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n" }),
    (400, { "\($0) /hello\r\n\r\n" }), (400, { "\($0) hello HTTP/1.1\r\nHost: a\r\n\r\n" }),
    (414, { "\($0) /\(String(repeating: "a", count: 200)) HTTP/1.1\r\nHost: a\r\n\r\n" }),
    (414, { "\($0) /\(String(repeating: "a", count: 1_000))" }),
    (431, { "\($0) /hello HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "b", count: 2_000))\r\n\r\n" }),
    (501, { "\($0) /hello HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n" }),
    (505, { "\($0) /hello HTTP/3.0\r\nHost: a\r\n\r\n" }),
  ]

  @Test(arguments: refused.indices)
  func `a refusal has its body after any number of HEADs, and none for a HEAD itself`(index: Int) throws {
    let memory = try server { ($0.maxTargetBytes, $0.maxHeaderBytes) = (100, 1_024) }
    defer { memory.stop() }
    let (status, head) = Self.refused[index]
    let heads = String(repeating: Self.request("HEAD /hello"), count: 2)
    // Pooled requests are taken up again by other connections, and by the next on the same one.
    for before in ["", heads] {
      if before.isEmpty { for _ in 0..<3 { _ = memory.serve(Array(heads.utf8)) } }
      var reader = AnswerReader(memory.serve(Array((before + head("GET")).utf8)))
      for _ in 0..<(before.isEmpty ? 0 : 2) { #expect(try reader.read(hasBody: false).status == 200) }
      let answer = try reader.read()
      #expect(answer.status == status && answer.text.contains("\"status\":\(status)"), "\(answer.text)")
    }
    var reader = AnswerReader(memory.serve(Array(head("HEAD").utf8)))
    let answer = try reader.read(hasBody: false)
    #expect(answer.status == status && reader.received.isEmpty, "\(reader.received.count) bytes behind the head")
    #expect(answer.header("content-length") != "0")
  }

  @Test func `a client that leaves before its head is whole gets nothing, and one that breaks off its body neither`() throws {
    let memory = try server()
    defer { memory.stop() }
    #expect(memory.serve([]).isEmpty)
    #expect(memory.serve(Array("GET /hello HTTP/1.1\r\nHost".utf8)).isEmpty)
    #expect(memory.serve(Array(Self.request("POST /echo", "Content-Length: 9\r\n", "half").utf8)).isEmpty)
  }

  @Test func `an answer that breaks off is cut, so that nobody takes it for whole`() throws {
    let memory = try server()
    defer { memory.stop() }
    var reader = AnswerReader(memory.serve(Array(Self.request("GET /broken").utf8)))
    #expect(throws: RawClient.Failure.self) { try reader.read() }
  }

  @Test func `a client that waits to send its body is told to go on`() throws {
    let memory = try server()
    defer { memory.stop() }
    // All of it is there, but it is asked for only when what came with the head is used up.
    let body = String(repeating: "x", count: 20_000)
    var reader = AnswerReader(
      memory.serve(Array(Self.request("POST /echo", "Expect: 100-continue\r\nContent-Length: 20000\r\n", body).utf8)))
    #expect(try reader.read(hasBody: false).status == 100)
    #expect(try reader.read().text == body)
  }

  @Test func `limits are those of the configuration`() throws {
    let memory = try server { $0.maxTargetBytes = 100 }
    defer { memory.stop() }
    func status(_ length: Int) throws -> Int {
      var reader = AnswerReader(memory.serve(Array(Self.request("GET /\(String(repeating: "a", count: length - 1))").utf8)))
      return try reader.read().status
    }
    #expect(try status(100) == 404)
    #expect(try status(101) == 414)
  }

  @Test func `many clients at once each get their own answer`() throws {
    let memory = try server()
    defer { memory.stop() }
    let answers = concurrently(40) { number in
      var reader = AnswerReader(memory.serve(Array(Self.request("GET /items/\(number)").utf8)))
      return (try? reader.read().text) ?? ""
    }
    #expect(answers == (0..<40).map { String($0) })
  }
}
