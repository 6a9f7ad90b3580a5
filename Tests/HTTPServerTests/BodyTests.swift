import Formats
import HTTPServer
import TestSupport
import Testing

@Suite struct `Bodies` {
  @Test func `are streamed in chunks`() async throws {
    try await withServer { server in
      let client = try server.client()
      let answer = try client.request("GET /chunked HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(answer.header("transfer-encoding") == "chunked")
      #expect(answer.text == "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n")
      #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
    }
  }

  @Test func `are streamed until the end of an HTTP 1.0 connection`() async throws {
    try await withServer { server in
      let client = try server.client()
      let answer = try client.request("GET /chunked HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
      #expect(answer.header("transfer-encoding") == nil)
      #expect(answer.header("connection") == "close")
      #expect(answer.text.hasSuffix("piece 4\n"))
    }
  }

  @Test func `are taken in chunks, with trailers`() async throws {
    try await withServer { server in
      let client = try server.client()
      client.send("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      client.send("5\r\nhello\r\n1;ext\r\n \r\n5\r\nworld\r\n0\r\nX-Sum: 42\r\n\r\n")
      let answer = try client.readAnswer()
      #expect(answer.text == "hello world")
      #expect(answer.header("x-sum") == "42")
      #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
    }
  }

  @Test func `are refused when their chunks are malformed`() async throws {
    try await withServer { server in
      let client = try server.client()
      let answer = try client.request("POST /upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")
      #expect(answer.status == 400)
      #expect(answer.text.contains("\"code\":\"bad_chunk\""))
      #expect(try client.readToEnd().isEmpty)
    }
  }

  @Test func `wait for 100 Continue when the client does`() async throws {
    try await withServer { server in
      let client = try server.client()
      client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
      #expect(try client.readAnswer().status == 100)
      client.send("body")
      #expect(try client.readAnswer().text == "body")
    }
  }

  @Test func `need no 100 Continue for an answer that does without them`() async throws {
    try await withServer { server in
      let client = try server.client()
      let answer = try client.request("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
      #expect(answer.status == 404)
      #expect(answer.header("connection") == "close")
      #expect(try client.readToEnd().isEmpty)
    }
  }

  @Test func `that nobody reads are read over`() async throws {
    try await withServer { server in
      let client = try server.client()
      let body = String(repeating: "x", count: 100_000)
      let answer = try client.request("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + body)
      #expect(answer.text == "hello")
      #expect(answer.header("connection") == nil)
      #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
    }
  }

  @Test func `that are too long to be read over end the connection`() async throws {
    try await withServer({ $0.maxDiscardedBytes = 1_000 }) { server in
      let client = try server.client()
      let body = String(repeating: "x", count: 1_001)
      let answer = try client.request("POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + body)
      #expect(answer.text == "hello")
      #expect(answer.header("connection") == "close")
      #expect(try client.readToEnd().isEmpty)
    }
  }

  @Test func `above the limit are answered with 413`() async throws {
    try await withServer { server in
      let client = try server.client()
      #expect(try client.request("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123456789").text == "123456789")
      #expect(try client.request("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234567890").text == "1234567890")
      let chunked = "POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      #expect(try client.request(chunked + "a\r\n1234567890\r\n0\r\n\r\n").status == 200)
      #expect(try client.request("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n12345678901").status == 413)
      let second = try server.client()
      #expect(try second.request(chunked + "b\r\n12345678901\r\n0\r\n\r\n").status == 413)
    }
  }

  @Test func `that nobody pulls make the client wait`() async throws {
    let gate = Gate()
    try await withServer(gate: gate) { server in
      let client = try server.client()
      let size = 20_000_000
      client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
      #expect(eventually { gate.arrived == 1 })
      let accepted = client.sendWithoutWaiting(zeros: size)
      #expect(accepted < size)
      gate.open()
      client.send([UInt8](repeating: 0, count: size - accepted))
      #expect(try client.readAnswer().text == String(size))
    }
  }

  @Test func `make their writer wait for a slow reader`() async throws {
    let gate = Gate()
    try await withServer(gate: gate) { server in
      let client = try server.client(receiveBufferBytes: 4_096)
      client.send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n")
      // It stands still at what the kernel's buffers take.
      #expect(eventually { standsStill { gate.written } })
      let before = gate.written
      for _ in 0..<1_000 { _ = try client.receive() }
      #expect(eventually { gate.written > before })
    }
  }

  @Test func `that break off are not taken for whole`() async throws {
    try await withServer { server in
      let client = try server.client()
      client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(throws: RawClient.Failure.self) { try client.readAnswer() }
    }
  }

  @Test func `may be refused by a stream before it answers`() async throws {
    try await withServer { server in
      let client = try server.client()
      let answer = try client.request("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab")
      #expect(answer.status == 400)
      #expect(answer.text.contains("\"detail\":\"Not this one.\""))
      #expect(try client.request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n").text == "hello")
    }
  }

  @Test func `go both ways at once`() async throws {
    try await withServer { server in
      let client = try server.client()
      client.send("POST /expand HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
      #expect(eventually { client.text.contains("one") || (try? client.receive()) == nil })
      client.send("3\r\ntwo\r\n0\r\n\r\n")
      #expect(try client.readAnswer().text == "onetwo")
    }
  }
}

@Suite struct `gzip` {
  private func unzipped(_ body: [UInt8]) throws -> String {
    let plain = ByteBuffer()
    let inflater = Inflater(format: .gzip, maxBytes: 1_000_000, maxRatio: 1_000)
    let source = ByteBuffer()
    source.append(body)
    try inflater.feed(source.bytes, into: plain)
    try inflater.finish()
    return plain.string
  }

  @Test func `codes what is long enough, for those who take it`() async throws {
    try await withServer { server in
      let client = try server.client()
      let plain = try client.request("GET /tagged HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(plain.header("content-encoding") == nil)
      #expect(plain.header("etag") == "\"5\"")
      #expect(plain.header("vary") == "Accept-Encoding")
      let coded = try client.request("GET /tagged HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
      #expect(coded.header("content-encoding") == "gzip")
      #expect(coded.header("etag") == "\"5-gzip\"")
      #expect(coded.body.count < plain.body.count / 2)
      #expect(try unzipped(coded.body) == plain.text)
      let short = try client.request("GET /hello HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
      #expect(short.header("content-encoding") == nil)
      #expect(short.header("vary") == nil)
    }
  }

  @Test func `codes streams`() async throws {
    try await withServer { server in
      let client = try server.client()
      for _ in 0..<3 {
        let answer = try client.request("GET /chunked HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n")
        #expect(answer.header("content-encoding") == "gzip")
        #expect(try unzipped(answer.body) == "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n")
      }
    }
  }

  @Test func `keeps the tag of the coded form in a 304`() async throws {
    try await withServer { server in
      let client = try server.client()
      let coded = try client.request("GET /tagged HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"5-gzip\"\r\n\r\n")
      #expect(coded.status == 304)
      #expect(coded.header("etag") == "\"5-gzip\"")
      let plain = try client.request("GET /tagged HTTP/1.1\r\nHost: a\r\nIf-None-Match: W/\"5\"\r\n\r\n")
      #expect(plain.header("etag") == "\"5\"")
    }
  }
}
