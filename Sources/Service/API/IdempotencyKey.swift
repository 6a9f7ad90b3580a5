internal import Formats
internal import HTTP
internal import Records
internal import Store

/// A POST's `Idempotency-Key`: the answer is stored in the transaction of the effect. A request repeated after a lost answer gets that
/// answer and has no second effect.
struct IdempotencyKey: Sendable {
  /// How long an answer can be repeated.
  private static let keptMilliseconds: Int64 = 86_400_000
  private static let maxBytes = 255
  /// Not a secret: separates these hashes from others.
  private static let label = Array("chancery-idempotency".utf8)

  typealias Stored = IdempotencyStore.Answer

  let key: String
  /// Distinguishes requests under the same key.
  private let fingerprint: String

  /// - Returns: `nil` without the header field.
  /// - Throws: 400 for a key that is empty, too long or not printable ASCII.
  init?(_ request: Request, body: ByteBuffer) throws {
    try self.init(request, told: body.array)
  }

  /// - Parameter sent: the body, or a digest of it.
  init?(_ request: Request, told sent: [UInt8]) throws {
    guard let field = request.header("idempotency-key") else { return nil }
    guard (1...Self.maxBytes).contains(field.count), field.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      let detail = "expected 1 to \(Self.maxBytes) printable ASCII characters without spaces"
      throw Problem(
        status: 400, code: "bad_header", title: "A header field is malformed",
        faults: [.init(.header("Idempotency-Key"), code: "bad_key", detail: detail)])
    }
    key = field.string
    let path = request.path.array
    fingerprint = Base64URL.encode(Hash.tag(path + [0] + sent, key: Self.label))
  }

  /// The answer stored under this key.
  ///
  /// - Throws: 422 if the key belongs to another request.
  func find(in write: Write) throws -> Stored? {
    guard let found = try IdempotencyStore(write.connection).find(key, since: write.now - Self.keptMilliseconds) else { return nil }
    guard found.fingerprint == fingerprint else {
      throw Problem(
        status: 422, code: "key_reused", title: "The Idempotency-Key belongs to another request",
        detail: "this Idempotency-Key was already used with another path or body", hint: "use a new key for each new request")
    }
    return found.answer
  }

  /// Stores an answer and deletes expired ones.
  func store(_ stored: Stored, in write: Write) throws {
    let store = IdempotencyStore(write.connection)
    try store.forget(until: write.now - Self.keptMilliseconds)
    try store.store(stored, under: key, fingerprint: fingerprint, at: write.now)
  }
}
