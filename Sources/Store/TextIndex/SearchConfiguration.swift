package import Records

/// What can be set about full-text search.
package struct SearchConfiguration: Sendable {
  /// Whether there is an index at all.
  package var isEnabled = true
  /// How long a search waits for the index to reach the register, milliseconds; 503 above.
  package var waitMilliseconds = 2_000
  /// How long the index waits after a commit for more to come, milliseconds; a search that waits ends that.
  package var gatherMilliseconds = 50
  /// Changes that one transaction of the index takes in.
  package var batch = 10_000
  /// Page cache of the connection that fills the index, KiB.
  package var cacheKiB = 8_192
  /// Words that are sorted in memory before they are written, KiB.
  package var sortKiB = 8_192
  /// How large a `q` may be.
  package var limits = SearchLimits()

  package init() {}
}
