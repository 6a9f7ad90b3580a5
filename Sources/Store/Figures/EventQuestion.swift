package import Records

/// The events that an analytic covers, and what decides whether rollups can answer.
package struct EventQuestion {
  /// The filters; paging is up to the analytic.
  package var list: ListQuery
  /// Names of the given filters.
  package let filters: Set<String>
  /// Whether the rollups lack recent changes.
  package let isBehind: Bool

  /// - Parameters:
  ///   - filters: names as in the request, such as `country__in`.
  ///   - isBehind: whether `Rollups.behind` has a row.
  package init(list: ListQuery, filters: Set<String>, isBehind: Bool) {
    self.list = list
    self.filters = filters
    self.isBehind = isBehind
  }

  /// Whether a rollup can answer: it is up to date, and every given filter is `known` to it.
  func isCanned(_ known: Set<String> = []) -> Bool { !isBehind && filters.isSubset(of: known) }
}
