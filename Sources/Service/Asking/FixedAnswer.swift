package import Formats
internal import HTTP

/// An answer that depends on the program only: written once, tagged by its content, compressed once.
package struct FixedAnswer: Sendable {
  let body: StoredBody
  let etag: String

  /// - Parameter body: copied.
  package init(_ body: ByteBuffer) {
    self.body = StoredBody(body)
    etag = Base64URL.encode(Hash.tag(body.array, key: Array("content".utf8)))
  }

  init(capacity: Int = 4_096, _ write: (ByteBuffer) -> Void) {
    let buffer = ByteBuffer(capacity: capacity)
    write(buffer)
    self.init(buffer)
  }

  /// The body as text.
  package var text: String { body.plain.string }
}
