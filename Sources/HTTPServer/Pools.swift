internal import Formats
internal import HTTP

/// Buffers and deflaters of requests in flight, kept for reuse: an idle connection holds none of them.
///
/// Belongs to one loop.
struct Pools {
  private var buffers: [ByteBuffer] = []
  private var requests: [Request] = []
  private var responses: [Response] = []
  private var deflaters: [Deflater] = []
  /// How many of each kind are kept, and the largest buffer that is kept, in bytes.
  private static let maxKept = 64
  private static let maxKeptBytes = 32_768
  /// A deflater holds 256 KB.
  private static let maxKeptDeflaters = 2

  mutating func takeBuffer() -> ByteBuffer { buffers.popLast() ?? ByteBuffer(capacity: 8_192) }

  mutating func giveBack(_ buffer: ByteBuffer) {
    guard buffers.count < Self.maxKept else { return }
    buffer.clear(keeping: Self.maxKeptBytes)
    buffers.append(buffer)
  }

  mutating func takeRequest() -> Request { requests.popLast() ?? Request() }

  mutating func giveBack(_ request: Request) {
    guard requests.count < Self.maxKept else { return }
    request.clear()
    requests.append(request)
  }

  mutating func takeDeflater(level: Int) -> Deflater { deflaters.popLast() ?? Deflater(level: level) }

  mutating func giveBack(_ deflater: Deflater) {
    guard deflaters.count < Self.maxKeptDeflaters else { return }
    deflater.reset()
    deflaters.append(deflater)
  }

  mutating func takeResponse() -> Response { responses.popLast() ?? Response() }

  mutating func giveBack(_ response: Response) {
    guard responses.count < Self.maxKept else { return }
    response.clear()
    responses.append(response)
  }
}
