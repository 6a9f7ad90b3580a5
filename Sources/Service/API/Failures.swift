internal import Formats
internal import HTTP
internal import SQL
internal import Store

// What becomes of an error that a handler throws.

extension Problem {
  /// What a failure is to a client; what is no problem is answered with 500, and the server logs it under the request's id.
  ///
  /// - Parameter response: takes what is logged.
  static func of(_ error: any Error, _ response: Response) -> Problem {
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
}

extension Response {
  /// Answers with a problem; a client that has gone gets none.
  func fail(_ error: any Error, _ request: Request) {
    if error is ConnectionClosed { return }
    problem(.of(error, self), requestID: request.id)
  }
}

extension Plan {
  /// `later` with a closure that may throw.
  static func trying(_ body: @escaping (Request, Response) async throws -> Void) -> Plan {
    .later { request, response in
      do { try await body(request, response) } catch { response.fail(error, request) }
    }
  }

  /// `body` with a closure that may throw.
  ///
  /// - Parameter maxBytes: of the body; 413 above.
  static func tryingBody(maxBytes: Int, _ body: @escaping (Request, ByteBuffer, Response) async throws -> Void) -> Plan {
    .body(maxBytes: maxBytes) { request, bytes, response in
      do { try await body(request, bytes, response) } catch { response.fail(error, request) }
    }
  }

  /// `stream` whose failures behind the first byte cut the connection: nobody takes what came before for the whole.
  static func tryingStream(_ body: @escaping (Request, any BodySink) async throws -> Void) -> Plan {
    .stream { request, _, sink in
      do { try await body(request, sink) } catch let gone as ConnectionClosed { throw gone } catch {
        throw Problem.of(error, sink.response)
      }
    }
  }
}
