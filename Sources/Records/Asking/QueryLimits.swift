/// Limits on the size of a query and on what its answer embeds.
package struct QueryLimits: Sendable {
  /// Depth of parentheses and NOT in `filter`.
  package var filterDepth = 32
  /// Conditions in one query.
  package var conditions = 200
  /// Values in all conditions of one query.
  package var values = 500
  /// Length of `filter`, bytes after decoding.
  package var filterBytes = 8_192
  /// Records that `include` embeds in one record; a longer list says where to continue.
  package var included = 200
  /// Records that `include` embeds in one answer, for each named relation.
  package var includedInAll = 10_000
  /// Nested records of a field that get columns in CSV with `flatten`.
  package var flattened = 4

  /// The defaults above.
  package init() {}
}
