package import Formats

/// Answers requests. Each loop has one of its own, made on that loop and called only there: it may keep state without locks.
package protocol Responder: AnyObject {
  /// Answers at once, or says how the answer will be made.
  ///
  /// Called on the loop: what takes longer than some microseconds belongs into a plan.
  func respond(to request: Request, _ response: Response) -> Plan

  /// Called when the loop has done all that was ready: what was kept for several requests is let go.
  func turnEnded()
}

extension Responder {
  package func turnEnded() {}
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
  case stream((Request, any BodySource, any BodySink) async throws -> Void)
}

/// A request's body, pulled: what nobody asks for is not read, and the client has to wait.
package protocol BodySource: AnyObject {
  /// Appends the next piece of the body.
  ///
  /// - Returns: `false` at the end, when nothing was appended.
  /// - Throws: `Problem` for malformed chunks (400) or a client that stopped sending (408); `ConnectionClosed` if it has gone.
  func read(into buffer: ByteBuffer) async throws -> Bool
}

/// An answer that is written piece by piece.
package protocol BodySink: AnyObject {
  /// Status and fields; what is changed after the first `write` is not sent. Its `body` is the answer if nothing is ever written.
  var response: Response { get }

  /// Sends the head if that has not been done, and the bytes of `buffer`, which keeps them. Returns when the kernel has taken everything.
  ///
  /// - Throws: `ConnectionClosed` if the client has gone or has taken no byte within the time-out.
  func write(_ buffer: ByteBuffer) async throws
}

/// The client has gone, or the server is cutting connections: nothing can be answered any more.
package struct ConnectionClosed: Error {
  package init() {}
}
