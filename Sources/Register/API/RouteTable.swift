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

  private var mounted = Router<RegisterResponder.Handler>()
  private var conflict: RouteConflict?
  private(set) var entries: [Entry] = []

  /// What finds a request's handler.
  ///
  /// - Throws: the first `RouteConflict` of the routes that were added: two of them claim the same paths.
  var router: Router<RegisterResponder.Handler> {
    get throws(RouteConflict) {
      if let conflict { throw conflict }
      return mounted
    }
  }

  mutating func add(
    _ method: Method, _ path: String, _ operation: @autoclosure @escaping () -> Operation, _ handler: @escaping RegisterResponder.Handler
  ) {
    do throws(RouteConflict) { try mounted.add(method, path, handler) } catch { conflict = conflict ?? error }
    entries.append(Entry(method: method, path: path, operation: operation))
  }
}
