/// Limits on the size of a `q`.
package struct SearchLimits: Sendable {
  /// Longest `q`, bytes.
  package var maxQueryBytes = 1_000
  /// Most words in a `q`.
  package var maxTerms = 32
  /// Least bytes before the `*` of a prefix: one letter would match a large part of the index.
  package var minPrefixBytes = 2

  /// The defaults above.
  package init() {}
}
