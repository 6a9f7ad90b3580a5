import Formats
import Glibc
import HTTP
import HTTPServer
import TestSupport
import Testing

@Suite struct `The access log` {
  @Test func `has a JSON line for each answer, without the query`() async throws {
    let log = MemoryLog()
    try await withServer(log: log) { server in
      let client = try server.client()
      _ = try client.request("GET /items/7?key=secret HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc\r\n\r\n")
      _ = try client.request("nonsense\r\n\r\n")
    }
    let lines = log.lines
    #expect(lines.count == 2)
    let first = lines.first ?? ""
    #expect(first.hasPrefix("{\"time\":\"2"))
    #expect(
      first.contains(#""request_id":"abc","method":"GET","route":"/items/{id}","path":"/items/7","status":200,"duration_us":"#))
    #expect(first.hasSuffix(#","bytes":1,"remote":"127.0.0.1"}"#))
    #expect(lines.last?.contains(#""status":400"#) == true)
  }

  @Test func `is followed by what failed behind an answer, whether or not answers are logged`() async throws {
    for isOn in [true, false] {
      let log = MemoryLog()
      try await withServer({ $0.accessLog = isOn }, log: log) { server in
        let answer = try server.client().request("GET /failing HTTP/1.1\r\nHost: a\r\nX-Request-Id: abc\r\n\r\n")
        #expect(answer.status == 500 && !answer.text.contains("fire"))
        // The next answer of the pooled response has none.
        _ = try server.client().request("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      }
      let failures = log.lines.filter { $0.contains(#""level":"error""#) }
      #expect(failures.count == 1)
      #expect(failures.first?.hasSuffix(#""request_id":"abc","detail":"the disk is on fire"}"#) == true)
    }
  }

  @Test func `never stops the server, even if nobody reads it`() async throws {
    let pipe = try Pipe()
    try await withServer(log: LineWriter(descriptor: pipe.writing)) { server in
      let client = try server.client()
      client.send(String(repeating: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n", count: 20_000))
      for _ in 0..<20_000 { #expect(try client.readAnswer().status == 200) }
    }
  }
}

@Suite struct `A log` {
  @Test func `tells of a failure in one JSON line`() {
    let log = MemoryLog()
    Log(log).failure("r1", "a \"quoted\"\nreason")
    #expect(log.lines.count == 1)
    #expect(log.lines.first?.hasSuffix(#"Z","level":"error","request_id":"r1","detail":"a \"quoted\"\nreason"}"#) == true)
    Log(nil).failure("r2", "nobody listens")
  }
}

@Suite struct `A writer of lines` {
  @Test func `writes what many threads hand it, each line whole`() async throws {
    let pipe = try Pipe()
    let writer = LineWriter(descriptor: pipe.writing)
    await withTaskGroup { group in
      for name in 0..<8 {
        group.addTask { for number in 0..<50 { writer.write(line("\(name) \(number) \(String(repeating: "x", count: 100))")) } }
      }
    }
    let lines = pipe.readAll().split(separator: "\n")
    #expect(Set(lines).count == 400)
    #expect(lines.allSatisfy { $0.hasSuffix(String(repeating: "x", count: 100)) })
    // Those of one thread are in its order.
    for name in 0..<8 {
      let numbers = lines.filter { $0.hasPrefix("\(name) ") }.compactMap { Int($0.split(separator: " ")[1]) }
      #expect(numbers == Array(0..<50))
    }
  }

  @Test func `keeps what a full pipe does not take, and says how many lines were lost beyond that`() throws {
    let pipe = try Pipe()
    let writer = LineWriter(descriptor: pipe.writing, maxKeptBytes: 1_000)
    let text = String(repeating: "x", count: 90)
    var written = 0
    // 64 KiB fit into the pipe, twice a thousand bytes into memory.
    while written < 1_000 {
      writer.write(line("\(written) \(text)"))
      written += 1
    }
    var lines = pipe.readAll().split(separator: "\n")
    writer.write(line("after"))
    lines += pipe.readAll().split(separator: "\n")
    let told = lines.first { $0.contains(#""request_id":"log""#) }
    let kept = lines.filter { $0.hasSuffix(text) }
    #expect(kept.count < 1_000)
    #expect(told?.contains("\(1_000 - kept.count) log lines were lost") == true, "\(told ?? "") \(kept.count)")
    #expect(kept.map { Int($0.prefix { $0 != " " }) } == Array(0..<kept.count))
    #expect(lines.last { !$0.contains("lost") } == "after")
  }

  @Test func `counts what a descriptor refuses`() throws {
    let full = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(full >= 0)
    defer { close(full) }
    let pipe = try Pipe()
    let descriptor = dup(full)
    defer { close(descriptor) }
    let writer = LineWriter(descriptor: descriptor)
    writer.write(line("one"))
    writer.write(line("two\nthree"))
    // From here on the descriptor leads into the pipe.
    dup2(pipe.writing, descriptor)
    writer.write(line("four"))
    let lines = pipe.readAll().split(separator: "\n")
    #expect(lines.first == "four")
    #expect(lines.last?.contains("3 log lines were lost") == true)
  }
}

/// A pipe that is closed with the test.
private final class Pipe {
  let reading: Int32
  let writing: Int32

  init() throws {
    var ends: [Int32] = [0, 0]
    let result = unsafe pipe(&ends)
    try #require(result == 0)
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// What is in the pipe now.
  func readAll() -> String {
    var all: [UInt8] = []
    var bytes = [UInt8](repeating: 0, count: 65_536)
    var poll = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    while unsafe Glibc.poll(&poll, 1, 0) == 1 {
      let count = unsafe read(reading, &bytes, bytes.count)
      guard count > 0 else { break }
      all += bytes[..<count]
    }
    return String(decoding: all, as: UTF8.self)
  }
}

private func line(_ text: String) -> ByteBuffer {
  let buffer = ByteBuffer()
  buffer.append(text + "\n")
  return buffer
}
