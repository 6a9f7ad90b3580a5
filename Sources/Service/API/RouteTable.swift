internal import HTTP
internal import Store

/// A path, a method and their handler.
final class Route: Sendable {
  typealias Handle = @Sendable (Handlers, Call) throws -> Plan

  let gates: [Gate]
  let declared: DeclaredParameters
  let handle: Handle

  init(_ operation: Operation, _ handle: @escaping Handle) {
    gates = operation.gates
    declared = DeclaredParameters(operation.parameters)
    self.handle = handle
  }
}

/// The register's routes, each with its description, from which `/openapi.json` and `/docs` are made.
struct RouteTable: Sendable {
  private var mounted = Router<Route>()
  private var conflict: RouteConflict?
  private(set) var entries: [RouteEntry] = []

  /// Builds the look-up of a request's handler.
  ///
  /// - Throws: the first `RouteConflict`: two routes claim the same paths.
  var router: Router<Route> {
    get throws(RouteConflict) {
      if let conflict { throw conflict }
      return mounted
    }
  }

  mutating func add(
    _ method: Method, _ path: String, _ operation: @autoclosure @escaping @Sendable () -> Operation, _ handle: @escaping Route.Handle
  ) {
    do throws(RouteConflict) { try mounted.add(method, path, Route(operation(), handle)) } catch { conflict = conflict ?? error }
    entries.append(RouteEntry(method: method, path: path, operation: operation))
  }
}
