internal import Formats
package import HTTP
internal import Records
internal import SQL

/// Answers requests on one loop: finds the route, checks its gates, calls its handler.
package final class RegisterResponder: Responder {
  private let access: AccessGuard
  private let connection: TurnConnection
  private let router: Router<Route>
  private let handlers: Handlers

  /// A responder with its own connection, for the loop it is made on.
  ///
  /// - Throws: `RouteConflict` for ambiguous routes; the errors of opening a connection.
  package init(_ register: Register) throws {
    access = register.access
    connection = try TurnConnection(register.database)
    router = try Routes.shared.router
    handlers = Handlers(register, connection, Routes.documents)
  }

  /// Answers with the route's handler; errors become problems (RFC 9457), an unknown path a 404, a known one with another method a 405.
  package func respond(to request: Request, _ response: Response) -> Plan {
    do {
      switch router.match(request) {
      case .found(let route, let pattern):
        response.route = pattern
        try access.pass(route.gates, request)
        try checkCaptures(request)
        if request.method == .get || request.method == .head { response.addCaching() }
        return try route.handle(handlers, Call(request: request, response: response, declared: route.declared))
      case .methodNotAllowed(let methods):
        try access.pass(Gate.usual, request)
        guard request.method == .options else { throw Problem.methodNotAllowed(methods) }
        response.status = 204
        response.allow(methods)
      case .notFound:
        try access.pass(Gate.usual, request)
        throw Problem.noRoute(request.path)
      }
    } catch { response.fail(error, request) }
    return .respond
  }

  /// Ends the turn's read transaction, so that the next turn sees later commits.
  package func turnEnded() { connection.endTurn() }

  /// A path that is not UTF-8 names nothing; replacing bad bytes would merge two names into one.
  private func checkCaptures(_ request: Request) throws {
    guard request.hasTextCaptures else { throw Problem.badRequest(.badEncoding, "the path is not percent-encoded UTF-8") }
  }
}

extension Response {
  /// Adds `Cache-Control` and `Vary` to the answer of every GET, whatever its status, unless it is a problem, and to records that writes
  /// return.
  func addCaching() {
    header("Cache-Control", "private, no-cache" as StaticString)
    header("Vary", "Accept, Accept-Encoding, Authorization" as StaticString)
  }
}

extension Problem {
  static func noRoute(_ path: ByteView) -> Problem {
    let text = path.prefix(200).string
    let segment = text.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    let known = Catalogue.shared.all.map(\.path) + ["vocabularies", "imports", "search", "analytics"]
    let near = known.contains(segment) ? nil : nearest(segment, in: known).map { "did you mean /v1/\($0)?" }
    let isAlmost = text.hasSuffix("/") && (known.contains(segment) || ["/v1/", "/docs/", "/problems/"].contains(text))
    let whole = isAlmost ? "paths have no trailing slash: did you mean \(text.dropLast())?" : nil
    let hint = whole ?? (text.hasPrefix("/v1/") ? near ?? "GET /v1 lists the resources" : "resources are under /v1/")
    return Problem(status: 404, code: "not_found", title: "Not found", detail: text, hint: hint)
  }
}
