package import Records

/// The settings of full-text search.
package struct SearchConfiguration: Sendable {
  /// Whether full-text search is available.
  package var isEnabled = true
  /// How long a search waits for the index to catch up with the register, milliseconds; 503 above.
  package var waitMilliseconds = 2_000
  /// How long the indexer gathers changes after a commit, milliseconds; a waiting search cuts this short.
  package var gatherMilliseconds = 50
  /// Most changes indexed in one transaction.
  package var batch = 10_000
  /// Page cache of the connection that fills the index, KiB.
  package var cacheKiB = 8_192
  /// Memory for sorting words before they are written (FTS5 `hashsize`), KiB.
  package var sortKiB = 8_192
  /// The limits of a `q` parameter.
  package var limits = SearchLimits()

  /// The defaults.
  package init() {}
}
