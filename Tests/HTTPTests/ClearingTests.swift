import Formats
import HTTP
import Testing

/// Requests and responses are kept and filled again: what one exchange leaves behind is told to another client.
@Suite struct `What is cleared` {
  @Test func `is a request like a new one, in every stored property`() throws {
    let request = Request()
    let fresh = stored(request)
    var changed: Set<String> = []
    // No request has all of it at once.
    for fill in [fillWithChunks, fillWithLength] {
      try fill(request)
      changed.formUnion(differing(stored(request), fresh))
      request.clear()
      #expect(differing(stored(request), fresh) == [])
    }
    #expect(changed == Set(fresh.keys), "a property that this test does not fill may be one that is not cleared")
  }

  @Test func `is a response like a new one, in every stored property`() {
    let response = Response()
    let fresh = stored(response)
    response.status = 404
    response.contentType = "text/plain"
    response.body.append("gone")
    response.stored = StoredBody(response.body)
    response.etag = "5"
    response.route = "/v1/events"
    response.failure = "SQLITE_CORRUPT"
    response.isCompressible = false
    response.header("Vary", "Accept" as StaticString)
    response.header("Content-Encoding", "br" as StaticString)
    #expect(differing(stored(response), fresh) == Set(fresh.keys), "a property that this test does not fill may be one that is not cleared")
    response.clear()
    #expect(differing(stored(response), fresh) == [])
  }

  private func fillWithChunks(_ request: Request) throws {
    let head = "HEAD http://a/v1/events/a%20b?c=d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n"
    #expect(decode(head, into: request) == .head(consumed: head.utf8.count))
    request.id = "r1"
    var router = Router<Int>()
    try router.add(.head, "/v1/events/{id}", 1)
    _ = router.match(request)
    #expect(request.captureTexts == ["a b"])
    var chunks = ChunkDecoder(limits: RequestLimits())
    _ = try chunks.decode(Array("0\r\nX-Sum: 1\r\n\r\n".utf8).span, into: ByteBuffer(), maxBytes: 10, request: request)
  }

  private func fillWithLength(_ request: Request) throws {
    let head = "POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\n"
    #expect(decode(head, into: request) == .head(consumed: head.utf8.count))
  }

  /// Every stored property by name, as text. Of an object that is kept only what it holds counts.
  private func stored(_ object: AnyObject) -> [String: String] {
    let children = Mirror(reflecting: object).children.map { child in
      (child.label ?? "", (child.value as? ByteBuffer).map(\.string) ?? String(describing: child.value))
    }
    return Dictionary(uniqueKeysWithValues: children)
  }

  private func differing(_ left: [String: String], _ right: [String: String]) -> Set<String> {
    Set(left.keys.filter { left[$0] != right[$0] })
  }
}
