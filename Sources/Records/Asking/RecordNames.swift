/// Resolves the names of records in a query.
///
/// The only look-up that parsing a query needs. `Store` implements it over a connection, tests with a table.
package protocol RecordNames {
  /// Finds the record that `mention` names: an id, a handle, or `source/external_id`.
  ///
  /// - Parameter resources: names of the resources to search, in order.
  /// - Returns: `nil` when no record matches.
  func record(_ mention: String, in resources: [String]) throws -> (resource: Resource, id: Int64)?

  /// Finds the handle of the record that `mention` names, as a field that refers by handle stores it.
  ///
  /// - Parameter column: a field (or element) of kind `handleOf`.
  /// - Returns: `nil` when no record of the target resource matches.
  func handle(_ mention: String, of column: Column) throws -> String?

  /// The first handles of a resource in order, for suggestions.
  func handles(of resource: Resource, atMost limit: Int) throws -> [String]

  /// The handle of the record that a full name, or a handle in the wrong case, means; for suggestions only.
  ///
  /// - Parameter resource: whose records may be meant; one without handles has none.
  func handle(resembling mention: String, of resource: Resource) throws -> String?
}
