import Formats
import Records
import TestSupport
import Testing

/// The same question asked again is answered with the bytes of the first answer, until something changes.
@Suite struct KeptAnswerTests {
  private let server: RegisterTester

  init() throws {
    server = try RegisterTester("--http-gzip-minimum-bytes", "64")
    for day in 1...5 { _ = try server.event(["title": .string("Day \(day)"), "start_date": .string("2024-06-0\(day)")]) }
  }

  private static let paths = [
    "/v1/events?sort=start_date&limit=2", "/v1/events?limit=2&count=exact", "/v1/events?filter=title!=%22Day%203%22",
    "/v1/analytics/timeline?bucket=day", "/v1/events?q=day&limit=2",
  ]

  @Test(arguments: paths) func `an answer stays the same until a write, then tells what is there`(_ path: String) throws {
    let answers = try (0..<4).map { _ in try server.get(path) }
    for answer in answers {
      #expect(answer.status == 200)
      #expect(answer.text == answers[0].text)
      #expect(answer.header("link") == answers[0].header("link"))
      #expect(answer.etag == answers[0].etag && !answer.etag.isEmpty)
    }
    _ = try server.event(["title": "Day 0", "start_date": "2024-06-06"])
    let later = try server.get(path)
    #expect(later.etag != answers[0].etag)
    #expect(try server.get(path + "&").text == later.text, "another spelling is another question: it is answered anew")
    #expect(try server.get(path, ["If-None-Match": answers[0].etag]).status == 200)
    for answer in try (0..<3).map({ _ in try server.get(path) }) { #expect(answer.text == later.text) }
  }

  @Test func `a kept answer is compressed for who wants it, and plain for who does not`() throws {
    let plain = try server.get("/v1/events?limit=5")
    for _ in 0..<3 {
      let coded = try server.get("/v1/events?limit=5", ["Accept-Encoding": "gzip"])
      #expect(coded.header("content-encoding") == "gzip")
      let inflater = Inflater(format: .gzip, maxBytes: 1 << 20, maxRatio: 1_000)
      let bytes = ByteBuffer()
      try coded.raw.body.withByteView { try inflater.feed($0, into: bytes) }
      try inflater.finish()
      #expect(bytes.array == plain.raw.body)
      #expect(try server.get("/v1/events?limit=5").raw.body == plain.raw.body)
      let head = try server.send("HEAD", "/v1/events?limit=5")
      #expect(head.header("content-length") == String(plain.raw.body.count) && head.raw.body.isEmpty)
    }
  }

  @Test func `an answer goes with its path and its form`() throws {
    let byPath = [
      "/v1/events?limit=5", "/v1/outcomes?limit=5", "/v1/events?limit=4", "/v1/events.csv?limit=5", "/v1/events.ndjson?limit=5",
    ]
    let first = try byPath.map { try server.get($0).text }
    #expect(Set(first).count == byPath.count)
    for _ in 0..<2 { #expect(try byPath.map { try server.get($0).text } == first) }
    let csv = try server.get("/v1/events?limit=5", ["Accept": "text/csv"])
    #expect(csv.text == first[3])
    #expect(try server.get("/v1/events?limit=5").text == first[0])
  }
}
