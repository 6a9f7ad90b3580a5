import Formats
import HTTP
import Testing

@Suite struct `A chunked body` {
  /// Decodes bytes that arrive in two parts.
  private func body(_ bytes: [UInt8], cutAt cut: Int, maxBytes: Int = .max, request: Request = Request()) throws(Problem) -> String? {
    var decoder = ChunkDecoder(limits: RequestLimits(maxHeaderBytes: 64, maxHeaders: 2))
    let body = ByteBuffer()
    var consumed = 0
    for end in [cut, bytes.count] {
      while !decoder.isDone {
        let used = try decoder.decode(bytes.span.extracting(consumed..<end), into: body, maxBytes: maxBytes, request: request)
        consumed += used
        if used == 0 { break }
      }
    }
    return decoder.isDone ? body.string : nil
  }

  @Test func `is read wherever it is split`() throws {
    let bytes = Array("3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nX-Sum: 7\r\n\r\n".utf8)
    for cut in 0...bytes.count {
      let request = Request()
      #expect(try body(bytes, cutAt: cut, request: request) == "abc0123456789")
      #expect(request.trailerText("x-sum") == "7")
    }
  }

  @Test func `is given in pieces of the size asked for`() throws {
    let bytes = Array("A\r\n0123456789\r\n0\r\n\r\n".utf8)
    #expect(try body(bytes, cutAt: 0, maxBytes: 3) == "0123456789")
  }

  @Test func `leaves what follows it`() throws {
    var decoder = ChunkDecoder(limits: RequestLimits())
    let bytes = Array("1\r\na\r\n0\r\n\r\nGET /".utf8)
    #expect(try decoder.decode(bytes.span, into: ByteBuffer(), maxBytes: .max, request: Request()) == 11)
    #expect(decoder.isDone)
  }

  @Test(arguments: [
    "\r\n", "x\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", " 1\r\n", "1 \r\n", "1,\r\n", "1 ;a\r\n", "FFFFFFFFFFFFFFFF\r\n", "1;a\0\r\n",
    "1;a\rb\r\n",
    "1\nab", "1\r\nab\r\n", "1\r\na\n", "1\r\naX", "0\r\nX : a\r\n", "0\r\n folded\r\n", "0\r\nX: a\n", "0\r\n\n",
  ])
  func `is refused when it is malformed, wherever it is split`(text: String) {
    let bytes = Array(text.utf8)
    for cut in 0...bytes.count {
      #expect { _ = try body(bytes, cutAt: cut) } throws: { ($0 as? Problem)?.status == 400 }
    }
  }

  @Test func `has limits for size lines and trailers`() {
    let longExtension = Array(("1;" + String(repeating: "a", count: 400)).utf8)
    #expect { _ = try body(longExtension, cutAt: 0) } throws: { ($0 as? Problem)?.status == 400 }
    let manyTrailers = Array("0\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n".utf8)
    #expect { _ = try body(manyTrailers, cutAt: 0) } throws: { ($0 as? Problem)?.status == 431 }
    let longTrailer = Array(("0\r\nA: " + String(repeating: "a", count: 100)).utf8)
    #expect { _ = try body(longTrailer, cutAt: 0) } throws: { ($0 as? Problem)?.status == 431 }
  }
}
