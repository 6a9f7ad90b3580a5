internal import Formats
package import Records
package import SQL

/// `RecordNames` over a connection to the register.
package final class StoredNames: RecordNames {
  private let connection: any Connection
  private let resolver: Resolver

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
    var handles: [String] = []
    try connection.query("SELECT \(raw: handle) FROM \(raw: resource.name) ORDER BY 1 LIMIT \(limit)") { row in
      handles.append(row[0].string)
      return true
    }
    return handles
  }

  private static let resembling = SQLTemplate(
    """
    SELECT code FROM stakeholders WHERE code = upper(\(parameter: "mention")) OR code = lower(\(parameter: "mention"))
    UNION ALL SELECT code FROM stakeholders WHERE name = \(parameter: "mention") LIMIT 1
    """)

  package func stakeholderCode(resembling mention: String) throws -> String? {
    try connection.text(Self.resembling, with: mention)
  }
}
