internal import Records

/// The events that an analytic is about.
struct EventQuestion {
  var list: ListQuery
  /// Names of the filters that were given.
  let filters: Set<String>
  /// Whether the rollups lack what was changed last.
  let isBehind: Bool

  /// Whether a rollup may be asked: a filter that is not known here is left to the events, whatever it means.
  func isCanned(_ known: Set<String> = []) -> Bool { !isBehind && filters.isSubset(of: known) }
}
