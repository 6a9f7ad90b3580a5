import HTTP
import HTTPServer
import TestSupport
import Testing

@Suite struct `A server` {
  @Test func `answers many requests on one connection`() async throws {
    try await withServer { server in
      let client = try server.client()
      for _ in 0..<3 {
        let answer = try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.status == 200)
        #expect(answer.text == "hello")
        #expect(answer.header("content-length") == "5")
        #expect(answer.header("date")?.hasSuffix(" GMT") == true)
      }
    }
  }

  @Test func `answers pipelined requests in order`() async throws {
    try await withServer { server in
      let client = try server.client()
      client.send((0..<1_000).map { "GET /items/\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
      for number in 0..<1_000 { #expect(try client.readAnswer().text == String(number)) }
    }
  }

  @Test func `answers a pipelined flood of large bodies to a client that reads late`() async throws {
    try await withServer { server in
      let client = try server.client(receiveBufferBytes: 4_096)
      client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", count: 20))
      for _ in 0..<20 { #expect(try client.readAnswer().body.count == 2_000_000) }
    }
  }

  @Test func `reads a request that comes byte by byte`() async throws {
    try await withServer { server in
      let client = try server.client()
      for byte in "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".utf8 { client.send([byte]) }
      #expect(try client.readAnswer().text == "abc")
    }
  }

  @Test func `decodes a captured segment`() async throws {
    try await withServer { server in
      let answer = try server.client().request("GET /items/a%20b%2Fc HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(answer.text == "a b/c")
    }
  }

  @Test func `answers HEAD like GET, without the body`() async throws {
    try await withServer { server in
      let client = try server.client()
      let answer = try client.request("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n", hasBody: false)
      #expect(answer.status == 200)
      #expect(answer.header("content-length") == "5")
      #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
    }
  }

  @Test func `answers HEAD of a streamed answer without chunks`() async throws {
    try await withServer { server in
      let client = try server.client()
      client.send("HEAD /chunked HTTP/1.1\r\nHost: a\r\n\r\n")
      // HEAD falls back to GET, which streams.
      #expect(try client.readAnswer(hasBody: false).header("transfer-encoding") == "chunked")
      #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
    }
  }

  @Test func `names the methods of a path in Allow`() async throws {
    try await withServer { server in
      let client = try server.client()
      let refused = try client.request("DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(refused.status == 405)
      #expect(refused.header("allow") == "GET, HEAD, POST, OPTIONS")
      let options = try client.request("OPTIONS /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(options.status == 204)
      #expect(options.header("allow") == "GET, HEAD, POST, OPTIONS")
      #expect(options.header("content-length") == nil)
    }
  }

  @Test func `closes when the client asks for it`() async throws {
    try await withServer { server in
      let client = try server.client()
      client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      let answer = try client.readAnswer()
      #expect(answer.header("connection") == "close")
      #expect(try client.readToEnd().isEmpty)
    }
  }

  @Test func `keeps an HTTP/1.0 connection only when asked to`() async throws {
    try await withServer { server in
      let kept = try server.client()
      #expect(try kept.request("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection") == "keep-alive")
      #expect(try kept.request("GET /hello HTTP/1.0\r\n\r\n").header("connection") == "close")
      #expect(try kept.readToEnd().isEmpty)
    }
  }

  @Test func `tells the request's id, the client's if it is usable`() async throws {
    try await withServer { server in
      let client = try server.client()
      #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc-1\r\n\r\n").header("x-request-id") == "abc-1")
      let generated = try client.request("GET /hello HTTP/1.1\r\nHost: a\r\nX-Request-Id: a b\r\n\r\n").header("x-request-id")
      #expect(generated?.utf8.count == 13)
      let problem = try client.request("GET /nothing HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc-2\r\n\r\n")
      #expect(problem.text.contains("\"request_id\":\"abc-2\""))
    }
  }

  @Test func `answers work that is done elsewhere`() async throws {
    let gate = Gate()
    try await withServer(gate: gate) { server in
      let client = try server.client()
      client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(eventually { gate.arrived == 1 })
      // The loop is free meanwhile.
      #expect(try server.client().request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
      gate.open()
      #expect(try client.readAnswer().text == "slow")
    }
  }

  @Test func `serves on several loops`() async throws {
    try await withServer({ $0.loops = 2 }) { server in
      for _ in 0..<20 {
        let answer = try server.client().request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.status == 200)
      }
    }
  }

  @Test func `does not share its port with another server`() async throws {
    try await withServer({ $0.loops = 2 }) { server in
      var configuration = ServerConfiguration()
      configuration.loops = 2
      configuration.port = server.port
      let second = Server(configuration: configuration, log: nil)
      #expect(throws: SocketError.self) { try second.bind() }
    }
  }
}
