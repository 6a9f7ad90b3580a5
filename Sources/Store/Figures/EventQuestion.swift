package import Records

/// The events that an analytic covers, and what decides whether rollups can answer.
package struct EventQuestion {
  /// The filters; paging is up to the analytic.
  package var list: ListQuery
  /// Names of the given filters.
  package let filters: Set<String>
  /// How far the rollups have come.
  let rollups: RollupState

  /// - Parameters:
  ///   - filters: names as in the request, such as `country__in`.
  ///   - rollups: as read in the snapshot that answers.
  package init(list: ListQuery, filters: Set<String>, rollups: RollupState) {
    self.list = list
    self.filters = filters
    self.rollups = rollups
  }

  /// Whether a rollup can answer: it lacks few changes, and every given filter is `known` to it.
  func isCanned(_ known: Set<String> = []) -> Bool { rollups.reach != .useless && filters.isSubset(of: known) }

  /// Whether an answer from a rollup must add the changes that it lacks.
  var hasTail: Bool { rollups.reach == .lagging }
}
