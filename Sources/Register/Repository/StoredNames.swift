internal import Formats
package import Records
package import SQL

/// `RecordNames` over a connection to the register.
package final class StoredNames: RecordNames {
  private let connection: any Connection
  private let resolver: Resolver
  private let key = Values()

  package init(_ connection: any Connection) {
    self.connection = connection
    resolver = Resolver(connection)
  }

  package func record(_ mention: String, in resources: [String]) throws -> (resource: Resource, id: Int64)? {
    var mention = mention
    return try mention.withUTF8 { try unsafe resolver.record(UnsafeRawBufferPointer($0), in: resources) }
  }

  package func handle(_ mention: String, of column: Column) throws -> String? {
    // The resolver remembers what it has found, for the rows of one import; here a record may go between two questions.
    defer { resolver.forgetFound() }
    var mention = mention
    return try mention.withUTF8 { try unsafe resolver.handle(UnsafeRawBufferPointer($0), of: column) }
  }

  package func handles(of resource: Resource, atMost limit: Int) throws -> [String] {
    guard let handle = resource.handle?.name else { return [] }
    key.reset()
    key.append(integer: Int64(limit))
    var handles: [String] = []
    try connection.query(SQLText("SELECT \(handle) FROM \(resource.name) ORDER BY 1 LIMIT ?1", isFixed: false), key) { row in
      handles.append(row[0].string)
      return true
    }
    return handles
  }

  private static let resembling = SQLText(
    """
    SELECT code FROM stakeholders WHERE code = upper(?1) OR code = lower(?1)
    UNION ALL SELECT code FROM stakeholders WHERE name = ?1 LIMIT 1
    """)

  package func stakeholderCode(resembling mention: String) throws -> String? {
    key.reset()
    key.append(text: mention)
    return try connection.text(Self.resembling, key)
  }
}
