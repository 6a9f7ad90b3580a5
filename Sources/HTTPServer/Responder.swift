package import Formats
package import HTTP

/// Answers requests. Each loop has one of its own, made on that loop and called only there: it may keep state without locks.
package protocol Responder: AnyObject {
  /// Answers at once, or says how the answer will be made.
  ///
  /// Called on the loop: what takes longer than some microseconds belongs into a plan.
  func respond(to request: Request, _ response: Response) -> Plan
}

/// How a request is answered. The closures run on the connection's actor and may await work elsewhere.
package enum Plan {
  /// `response` holds the answer.
  case respond
  /// The answer takes time and needs no body; one that was sent is read over.
  case later((Request, Response) async -> Void)
  /// The body is collected first: up to `maxBytes`, 413 above.
  case body(maxBytes: Int, (Request, ByteBuffer, Response) async -> Void)
  /// The body is pulled piece by piece, and the answer may be written piece by piece.
  case stream((Request, BodyReader, BodyWriter) async throws -> Void)
}

/// The client has gone, or the server is cutting connections: nothing can be answered any more.
package struct ConnectionClosed: Error {}
