import Glibc
import HTTPServer
import TestSupport
import Testing

@Suite struct `Limits` {
  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "bad_framing"),
    ("GET / HTTP/1.1\nHost: a\n\n", 400, "bad_line_end"), ("GET / HTTP/1.1\r\n\r\n", 400, "bad_host"),
    ("GET /" + String(repeating: "x", count: 300) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "target_too_long"),
    ("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 2_000) + "\r\n\r\n", 431, "header_too_large"),
    ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "method_not_implemented"),
    ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505, "version_not_supported"),
  ])
  func `refuse with a problem and close, whatever follows`(head: String, status: Int, code: String) async throws {
    try await withServer({
      $0.maxTargetBytes = 200
      $0.maxHeaderBytes = 1_000
    }) { server in
      let client = try server.client()
      client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n" + head + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try client.readAnswer().status == 200)
      let answer = try client.readAnswer()
      #expect(answer.status == status)
      #expect(answer.header("content-type") == "application/problem+json")
      #expect(answer.header("connection") == "close")
      #expect(answer.text.contains("\"code\":\"\(code)\""))
      // The request behind it is not read: nobody knows where it begins.
      #expect(try client.readToEnd().isEmpty)
    }
  }

  @Test func `refuse in full after a HEAD of another client`() async throws {
    try await withServer { server in
      for _ in 0..<3 {
        let asking = try server.client()
        #expect(try asking.request("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", hasBody: false).status == 200)
        #expect(try asking.readToEnd().isEmpty)
        let answer = try server.client().request("GET /hello HTTP/1.1\r\n\r\n")
        #expect(answer.status == 400)
        #expect(answer.text.contains("bad_host"))
      }
    }
  }

  @Test func `answer a header that comes too slowly with 408`() async throws {
    try await withServer({ $0.headerTimeoutSeconds = 0.2 }) { server in
      let client = try server.client()
      let answer = try client.request("GET /hello HTTP/1.1\r\nHost:")
      #expect(answer.status == 408)
      #expect(try client.readToEnd().isEmpty)
    }
  }

  @Test func `answer a body that stops with 408`() async throws {
    try await withServer({ $0.bodyTimeoutSeconds = 0.2 }) { server in
      let client = try server.client()
      let answer = try client.request("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
      #expect(answer.status == 408 && answer.header("connection") == "close")
      #expect(try client.readToEnd().isEmpty)
    }
  }

  @Test func `close an idle connection without a word`() async throws {
    try await withServer({ $0.idleTimeoutSeconds = 0.2 }) { server in
      let fresh = try server.client()
      #expect(try fresh.readToEnd().isEmpty)
      let used = try server.client()
      #expect(try used.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
      #expect(try used.readToEnd().isEmpty)
    }
  }

  @Test func `close a connection whose client reads nothing`() async throws {
    let gate = Gate()
    try await withServer({ $0.writeTimeoutSeconds = 0.2 }, gate: gate) { server in
      let client = try server.client(receiveBufferBytes: 4_096)
      client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(eventually { standsStill { gate.written } })
      #expect(throws: RawClient.Failure.self) { try client.readAnswer() }
    }
  }

  @Test func `answer one connection too many with 503`() async throws {
    try await withServer({ $0.maxConnections = 2 }) { server in
      let first = try server.client()
      let second = try server.client()
      for client in [first, second] { #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200) }
      let third = try server.client()
      let answer = try third.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(answer.status == 503)
      #expect(answer.header("retry-after") == "5")
      #expect(answer.text.contains("too_many_connections"))
      #expect(try third.readToEnd().isEmpty)
      // A place that becomes free is given away.
      first.finishSending()
      #expect(try first.readToEnd().isEmpty)
      #expect(eventually { (try? server.client().request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status) == 200 })
    }
  }

  @Test func `leave room for a thousand idle connections`() async throws {
    try await withServer { server in
      let clients = try (0..<1_100).map { _ in try server.client() }
      for client in clients { #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200) }
      for client in clients.reversed() { #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200) }
    }
  }
}

@Suite struct `A drain` {
  /// The answers until the connection ends, each of which has to be whole.
  private func allAnswers(_ client: RawClient) throws -> [RawClient.Answer] {
    var answers: [RawClient.Answer] = []
    while true {
      do {
        answers.append(try client.readAnswer())
      } catch RawClient.Failure.closedEarly(let rest) where rest.isEmpty {
        return answers
      }
    }
  }

  @Test func `finishes what is in flight and closes what is idle`() async throws {
    let gate = Gate()
    let server = try await RunningServer(gate: gate)
    let idle = try server.client()
    #expect(try idle.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").status == 200)
    let busy = try server.client()
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(eventually { gate.arrived == 1 })
    server.server.stop()
    #expect(try idle.readToEnd().isEmpty)
    #expect(throws: RawClient.Failure.self) { try server.client().request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n") }
    gate.open()
    let answer = try busy.readAnswer()
    #expect(answer.text == "slow")
    #expect(answer.header("connection") == "close")
    #expect(try busy.readToEnd().isEmpty)
    try await server.stop()
  }

  @Test func `under load gives every request that was begun its answer`() async throws {
    let server = try await RunningServer({ $0.loops = 2 })
    let clients = try (0..<20).map { _ in try server.client() }
    for client in clients { client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", count: 3)) }
    server.server.stop()
    for client in clients {
      let answers = try allAnswers(client)
      for answer in answers { #expect(answer.body.count == 2_000_000) }
      // Not all three: then the last one said that it was the last, or none had been begun.
      #expect(answers.isEmpty || answers.count == 3 || answers.last?.header("connection") == "close")
    }
    try await server.stop()
  }

  @Test func `cuts what does not end`() async throws {
    let server = try await RunningServer({ $0.drainSeconds = 0.2 })
    let client = try server.client(receiveBufferBytes: 4_096)
    client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try client.receive())
    try await server.stop()
  }

  @Test func `does not wait for work that never comes back`() async throws {
    let gate = Gate()
    let server = try await RunningServer({ $0.drainSeconds = 0.2 }, gate: gate)
    let client = try server.client()
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(eventually { gate.arrived == 1 })
    try await server.stop()
    gate.open()
  }

  @Test func `may begin before the server runs`() async throws {
    var configuration = ServerConfiguration()
    configuration.port = 0
    let server = Server(configuration: configuration, log: nil)
    server.stop()
    try await server.run { _ in try Sampler(Gate()) }
  }

  @Test func `begins when the task is cancelled`() async throws {
    var configuration = ServerConfiguration()
    configuration.port = 0
    let server = Server(configuration: configuration, log: nil)
    let task = Task { try await server.run { _ in try Sampler(Gate()) } }
    task.cancel()
    try await task.value
  }
}
