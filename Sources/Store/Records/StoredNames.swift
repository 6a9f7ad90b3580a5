internal import Formats
package import Records
package import SQL

/// `RecordNames` over a connection to the register.
package final class StoredNames: RecordNames {
  private let connection: any Connection
  private let resolver: Resolver

  /// - Parameter connection: a reader's or the writer's.
  package init(_ connection: any Connection) {
    self.connection = connection
    resolver = Resolver(connection)
  }

  /// Resolves an id, a handle or `source/external_id` in the given resources, in order.
  package func record(_ mention: String, in resources: [String]) throws -> (resource: Resource, id: Int64)? {
    return try mention.withByteView { try resolver.record($0, in: resources) }
  }

  /// Resolves a mention to the handle that `column` stores.
  package func handle(_ mention: String, of column: Column) throws -> String? {
    // The resolver caches handles for the rows of one import; here a record may be deleted between two calls.
    defer { resolver.forgetFound() }
    return try mention.withByteView { try resolver.handle($0, of: column) }
  }

  /// The first handles in ascending order; empty for a resource without handles.
  package func handles(of resource: Resource, atMost limit: Int) throws -> [String] {
    guard let handle = resource.handle?.name else { return [] }
    var handles: [String] = []
    try connection.query("SELECT \(raw: handle) FROM \(raw: resource.name) ORDER BY 1 LIMIT \(limit)") { row in
      handles.append(row[0].string)
      return true
    }
    return handles
  }

  /// The handle equal to the mention in upper or lower case, else that of the record with exactly this name.
  package func handle(resembling mention: String, of resource: Resource) throws -> String? {
    try resolver.handle(resembling: mention, of: resource)
  }
}
