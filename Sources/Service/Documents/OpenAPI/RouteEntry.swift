internal import HTTP

/// One route as the documents show it.
struct RouteEntry: Sendable {
  let method: Method
  let path: String
  /// Made on demand: it is large, and requests need its gates and parameters only.
  let operation: @Sendable () -> Operation
}
