internal import Formats
package import HTTP
package import SQL

/// What all loops share of the register.
package final class Register: Sendable {
  package let database: any Database
  package let configuration: RegisterConfiguration
  let seal: CursorSeal
  let readers: ReaderPool<any Connection>
  /// Full-text search; `nil` when it is turned off.
  let search: Search?
  let access: AccessGuard
  let imports: ImportDesk
  let answers: AnswerCache
  let log: Log

  /// - Parameters:
  ///   - index: where the full-text index lies; without one nothing can be searched for.
  ///   - log: is told of what fails behind the answers.
  /// - Throws: `BrokenPromise` for a row of the register's own that is missing, such as the secret that seals cursors.
  package init(_ database: any Database, _ configuration: RegisterConfiguration, index: (any DerivedFile)? = nil, log: Log) throws {
    self.database = database
    self.log = log
    self.configuration = configuration
    Declarations.makeAll()
    let key = try RegisterState.cursorKey(database.makeReader())
    seal = CursorSeal(key: key)
    readers = ReaderPool(database, count: configuration.readers, maxWaiting: configuration.maxWaitingQuestions)
    access = AccessGuard(hosts: configuration.hosts)
    imports = ImportDesk(database, configuration, log)
    answers = AnswerCache(maxBytes: configuration.answerCacheBytes)
    search = index.map { Search(database, $0, configuration, registerKey: key, log) }
    search?.indexer.start()
  }

  /// What answers are true for.
  var state: AnswerCache.State { .init(seq: database.lastSeq, day: Timestamp.now() / 86_400_000) }

  /// Ends what goes on behind the answers; before the database is closed.
  package func close() async {
    await imports.close()
    search?.indexer.close()
  }
}

/// Answers requests on one loop, with a read connection and buffers of its own.
package final class RegisterResponder: Responder {
  typealias Handler = (RegisterResponder, Request, Response) throws -> Plan

  let register: Register
  private let connection: TurnConnection
  let records: RecordReader
  let lists: ListParser
  let drafts = DraftReader()
  let parser: JSONParser
  private let router: Router<Handler>

  package init(_ register: Register) throws {
    self.register = register
    connection = try TurnConnection(register.database)
    records = RecordReader(connection)
    lists = ListParser(
      names: StoredNames(connection), limits: register.configuration.query,
      search: register.search.map { _ in register.configuration.search.limits })
    parser = JSONParser(maxDepth: register.configuration.maxJSONDepth)
    router = try Routes.all().router
  }

  package func respond(to request: Request, _ response: Response) -> Plan {
    do {
      try register.access.check(request)
      switch router.match(request) {
      case .found(let handler, let pattern):
        response.route = pattern
        try checkCaptures(request)
        return try handler(self, request, response)
      case .methodNotAllowed(let methods):
        guard request.method == .options else { throw Problem.methodNotAllowed(methods) }
        response.status = 204
        response.allow(methods)
      case .notFound: throw unsafe Problem.noRoute(request.path)
      }
    } catch { fail(error, request, response) }
    return .respond
  }

  package func turnEnded() { connection.endTurn() }

  /// A path that is not UTF-8 names nothing: two such names would become one.
  private func checkCaptures(_ request: Request) throws {
    guard unsafe request.path.contains(where: { $0 == 0x25 || $0 >= 0x80 }) else { return }
    for index in request.captures.indices where unsafe !isValidUTF8(request.capture(index)) {
      throw Problem.badRequest("bad_encoding", "the path is not percent-encoded UTF-8")
    }
  }

  /// Answers with a problem; who has gone gets none.
  func fail(_ error: any Error, _ request: Request, _ response: Response) {
    if error is ConnectionClosed { return }
    response.problem(problem(of: error, response), requestID: request.id)
  }

  /// What a failure is to a client; what is no problem is told as 500, and the server logs it under the request's id.
  func problem(of error: any Error, _ response: Response) -> Problem {
    switch error {
    case let known as Problem: return known
    case let engine as SQLError:
      if engine.kind != .interrupted { response.failure = engine.description }
      return .engine(engine)
    default:
      response.failure = "\(error)"
      return .internalError
    }
  }

  /// A plan whose closure may throw.
  func later(_ body: @escaping (Request, Response) async throws -> Void) -> Plan {
    .later { request, response in
      do { try await body(request, response) } catch { self.fail(error, request, response) }
    }
  }

  /// A plan that takes a body and whose closure may throw.
  func withBody(_ body: @escaping (Request, ByteBuffer, Response) async throws -> Void) -> Plan {
    .body(maxBytes: register.configuration.maxBodyBytes) { request, bytes, response in
      do { try await body(request, bytes, response) } catch { self.fail(error, request, response) }
    }
  }
}

extension Problem {
  static func noRoute(_ path: UnsafeRawBufferPointer) -> Problem {
    let text = unsafe String(decoding: path.prefix(200), as: UTF8.self)
    let segment = text.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    let known = Catalogue.shared.all.map(\.path) + ["vocabularies", "imports", "search", "analytics"]
    let near = known.contains(segment) ? nil : nearest(segment, in: known).map { "did you mean /v1/\($0)?" }
    let hint = text.hasPrefix("/v1/") ? near ?? "GET /v1 lists what there is" : "resources are under /v1/"
    return Problem(status: 404, code: "not_found", title: "There is no such path", detail: text, hint: hint)
  }
}
