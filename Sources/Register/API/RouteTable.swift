internal import HTTP

/// The register's routes: each is added with its description, from which `/openapi.json` and `/docs` are made.
struct RouteTable {
  /// One route as the document sees it.
  struct Entry {
    let method: Method
    let path: String
    /// Made when it is asked for: loops need handlers only.
    let operation: () -> Operation
  }

  private(set) var router = Router<RegisterResponder.Handler>()
  private(set) var entries: [Entry] = []

  mutating func add(
    _ method: Method, _ path: String, _ operation: @autoclosure @escaping () -> Operation, _ handler: @escaping RegisterResponder.Handler
  ) {
    router.add(method, path, handler)
    entries.append(Entry(method: method, path: path, operation: operation))
  }
}
