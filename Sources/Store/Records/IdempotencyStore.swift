package import SQL

/// Responses by `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header), each stored in the transaction of its effect.
/// All calls throw `SQLError`.
package struct IdempotencyStore {
  /// A stored response.
  package struct Answer: Sendable {
    /// The number of the record it shows.
    package let id: Int64
    /// The version of that record.
    package let version: Int64
    /// The response body, JSON.
    package let body: String
    /// The HTTP status.
    package var status = 201

    /// - Parameter id: the number of the record that the answer shows.
    package init(id: Int64, version: Int64, body: String, status: Int = 201) {
      self.id = id
      self.version = version
      self.body = body
      self.status = status
    }
  }

  private static let find = SQLTemplate(
    """
    SELECT fingerprint, record_id, version, body, status FROM idempotency_keys
    WHERE key = \(parameter: "key") AND created_at > \(parameter: "after")
    """)
  private static let store = Dialect.store(
    in: "idempotency_keys", key: ["key"], columns: ["key", "fingerprint", "record_id", "version", "body", "created_at", "status"])
  private static let prune = SQLTemplate("DELETE FROM idempotency_keys WHERE created_at <= \(parameter: "until")")

  private let connection: any Connection

  /// - Parameter connection: the transaction's own for `store`.
  package init(_ connection: any Connection) { self.connection = connection }

  /// The response stored under a key after a moment, and the fingerprint of its request; `nil` if there is none.
  ///
  /// - Parameter moment: Unix milliseconds.
  package func find(_ key: String, since moment: Int64) throws -> (fingerprint: String, answer: Answer)? {
    var found: (String, Answer)?
    try connection.query(Self.find, with: key, moment) { row in
      found = (row[0].string, Answer(id: row[1].integer, version: row[2].integer, body: row[3].string, status: Int(row[4].integer)))
      return false
    }
    return found
  }

  /// Stores a response under a key, replacing an earlier one.
  ///
  /// - Parameters:
  ///   - fingerprint: of the request, to detect a key reused for another.
  ///   - moment: when it is given, in Unix milliseconds.
  package func store(_ answer: Answer, under key: String, fingerprint: String, at moment: Int64) throws {
    try connection.execute(
      Self.store, with: key, fingerprint, answer.id, answer.version, answer.body, moment, answer.status)
  }

  /// Deletes the responses given up to a moment, in Unix milliseconds.
  package func forget(until moment: Int64) throws { try connection.execute(Self.prune, with: moment) }
}
