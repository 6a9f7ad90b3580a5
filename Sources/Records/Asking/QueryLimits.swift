/// How large a question may be, and how much may be embedded in its answer.
package struct QueryLimits: Sendable {
  /// Nesting of parentheses and NOT in `filter`.
  package var filterDepth = 32
  /// Conditions of one question.
  package var conditions = 200
  /// Values in all conditions of one question.
  package var values = 500
  /// Length of `filter`, bytes after decoding.
  package var filterBytes = 8_192
  /// Records that `include` embeds in one record; a longer list says where it goes on.
  package var included = 200
  /// Records that `include` embeds in one answer, for each relation that it names.
  package var includedInAll = 10_000
  /// Nested records of a field that have columns of their own in CSV with `flatten`.
  package var flattened = 4

  package init() {}
}
