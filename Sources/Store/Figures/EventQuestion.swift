package import Records

/// The events that an analytic is about.
package struct EventQuestion {
  package var list: ListQuery
  /// Names of the filters that were given.
  package let filters: Set<String>
  /// Whether the rollups lack what was changed last.
  package let isBehind: Bool

  package init(list: ListQuery, filters: Set<String>, isBehind: Bool) {
    self.list = list
    self.filters = filters
    self.isBehind = isBehind
  }

  /// Whether a rollup may be asked: a filter that is not known here is left to the events, whatever it means.
  func isCanned(_ known: Set<String> = []) -> Bool { !isBehind && filters.isSubset(of: known) }
}
