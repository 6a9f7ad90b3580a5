// A release build of the package has no testing library, and no tests that need this.
#if canImport(Testing)
  internal import Formats
  package import Testing

  extension RegisterClient {
    /// POSTs a file to `/v1/imports` and what follows of its path.
    package func importFile(
      _ path: String, _ bytes: [UInt8], type: String = "application/x-ndjson", _ headers: [String: String] = [:]
    ) throws -> Answer {
      try send("POST", "/v1/imports\(path)", ["Content-Type": type].merging(headers) { $1 }, body: bytes)
    }

    package func importFile(_ path: String, _ text: String, type: String = "application/x-ndjson", _ headers: [String: String] = [:]) throws
      -> Answer
    {
      try importFile(path, Array(text.utf8), type: type, headers)
    }

    /// Asks for the record of an import until it has ended.
    package func ended(_ id: String, seconds: Double = 60) throws -> Answer {
      let end = monotonicSeconds() + seconds
      while true {
        let answer = try get("/v1/imports/\(id)")
        guard ["queued", "running"].contains(answer["state"].text), monotonicSeconds() < end else { return answer }
      }
    }

    /// How many events there are.
    package func eventCount() throws -> Int { try get("/v1/events?count=exact&limit=1")["count"].integer ?? -1 }
  }

  /// Holds an import's record to its status, state and counts; counts that are not named are 0, and those after `read` add up to it.
  package func expectImport(
    _ answer: Answer, _ status: Int, _ state: String, _ expected: [String: Int],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(answer.status == status, "\(answer.text)", sourceLocation: sourceLocation)
    #expect(answer["state"].text == state, "\(answer.text.prefix(2_000))", sourceLocation: sourceLocation)
    let counts = answer["counts"].members.compactMapValues(\.integer)
    #expect(counts.filter { $0.value != 0 } == expected.filter { $0.value != 0 }, sourceLocation: sourceLocation)
    expectSum(answer, sourceLocation: sourceLocation)
  }

  package func expectSum(_ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
    let counts = answer["counts"].members.compactMapValues(\.integer)
    #expect(counts.count == 7, sourceLocation: sourceLocation)
    #expect(counts["read"] == counts.reduce(0) { $0 + ($1.key == "read" ? 0 : $1.value) }, "\(counts)", sourceLocation: sourceLocation)
  }

  /// An event as a line of NDJSON; `more` is members, with a comma before each.
  package func eventLine(_ name: Int, title: String? = nil, more: String = "") -> String {
    #"{"source":"t","external_id":"\#(name)","title":"\#(title ?? "Event \(name)")","type":"visit","start_date":"2024-06-18"\#(more)}"#
  }

  package func eventLines(_ names: some Sequence<Int>, more: String = "") -> String {
    names.map { eventLine($0, more: more) }.joined(separator: "\n")
  }

  /// The raw deflate stream of some bytes.
  package func deflatedRaw(_ bytes: [UInt8]) -> [UInt8] {
    // Between gzip's header of 10 bytes and its trailer of 8.
    Array(gzipped(bytes).dropFirst(10).dropLast(8))
  }

  package func gzipped(_ bytes: [UInt8]) -> [UInt8] {
    let output = ByteBuffer()
    bytes.withByteView { gzip($0, into: output) }
    return output.array
  }
#endif
