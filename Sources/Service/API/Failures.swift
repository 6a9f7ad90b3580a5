internal import Formats
internal import HTTP
internal import SQL
internal import Store

// How an error thrown by a handler is answered.

extension Problem {
  /// The problem for an error. An error that is no `Problem` becomes a 500, which the server logs under the request's id.
  ///
  /// - Parameter response: receives the text to log.
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
  /// Answers with a problem; a client that has disconnected gets none.
  func fail(_ error: any Error, _ request: Request) {
    if error is ConnectionClosed { return }
    problem(.of(error, self), requestID: request.id)
  }
}

extension Plan {
  /// `later` with a throwing closure.
  static func trying(_ body: @escaping (Request, Response) async throws -> Void) -> Plan {
    .later { request, response in
      do { try await body(request, response) } catch { response.fail(error, request) }
    }
  }

  /// `body` with a throwing closure.
  ///
  /// - Parameter maxBytes: the longest body; 413 above.
  static func tryingBody(maxBytes: Int, _ body: @escaping (Request, ByteBuffer, Response) async throws -> Void) -> Plan {
    .body(maxBytes: maxBytes) { request, bytes, response in
      do { try await body(request, bytes, response) } catch { response.fail(error, request) }
    }
  }

  /// `stream` with a throwing closure. A failure after the first byte cuts the connection, so that nobody takes the part for the whole.
  static func tryingStream(_ body: @escaping (Request, any BodySink) async throws -> Void) -> Plan {
    .stream { request, _, sink in
      do { try await body(request, sink) } catch let gone as ConnectionClosed { throw gone } catch {
        throw Problem.of(error, sink.response)
      }
    }
  }
}
