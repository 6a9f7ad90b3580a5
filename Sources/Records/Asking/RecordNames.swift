/// What a question has to know of the records that are there: which of them a name means.
///
/// The one look-up that reading a question needs. `Store` answers it over a connection; a test answers from a table of its own.
package protocol RecordNames {
  /// Finds the record that `mention` names: an id, a handle, or `source/external_id`.
  ///
  /// - Parameter resources: names of the resources that may be meant, in the order in which they are tried.
  /// - Returns: `nil` when no record of these is called so.
  func record(_ mention: String, in resources: [String]) throws -> (resource: Resource, id: Int64)?

  /// Finds the handle of the record that `mention` names, as a field that refers by handle stores it.
  ///
  /// - Parameter column: a field (or element) of kind `handleOf`.
  /// - Returns: `nil` when no record of its target is called so.
  func handle(_ mention: String, of column: Column) throws -> String?

  /// The first handles of a resource in their order, to suggest one.
  func handles(of resource: Resource, atMost limit: Int) throws -> [String]

  /// The code of the stakeholder that a full name, or a code in the wrong case, means; for suggestions only.
  func stakeholderCode(resembling mention: String) throws -> String?
}
