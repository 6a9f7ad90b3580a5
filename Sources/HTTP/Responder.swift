package import Formats

/// Answers requests. Each loop makes its own and calls it only on its thread, so it may keep state without locks.
package protocol Responder: AnyObject {
  /// Answers at once, or returns a plan for the answer.
  ///
  /// Called on the loop: work that takes more than some microseconds belongs in a plan.
  func respond(to request: Request, _ response: Response) -> Plan

  /// Called when the loop has handled everything that was ready; drop state shared by several requests here.
  func turnEnded()
}

extension Responder {
  /// Does nothing; for responders that keep no state between requests.
  package func turnEnded() {}
}

/// How a request is answered. Closures run on the connection's actor and may await work elsewhere.
package enum Plan {
  /// `response` holds the answer.
  case respond
  /// The answer takes time and needs no body; a body that was sent is discarded.
  case later((Request, Response) async -> Void)
  /// The body is collected first: up to `maxBytes`, 413 above.
  case body(maxBytes: Int, (Request, ByteBuffer, Response) async -> Void)
  /// The body is pulled piece by piece; the answer may be written piece by piece.
  case stream((Request, any BodySource, any BodySink) async throws -> Void)
}

/// A request's body, pulled: unrequested bytes are not read, so the client waits.
package protocol BodySource: AnyObject {
  /// Appends the next piece of the body.
  ///
  /// - Returns: `false` at the end, when nothing was appended.
  /// - Throws: `Problem` for malformed chunks (400) or a client that stopped sending (408); `ConnectionClosed` if it has disconnected.
  func read(into buffer: ByteBuffer) async throws -> Bool
}

/// An answer written piece by piece.
package protocol BodySink: AnyObject {
  /// Status and fields; changes after the first `write` have no effect. Its `body` is the answer if nothing is ever written.
  var response: Response { get }

  /// Sends the head if it has not been sent, then the bytes of `buffer`, which keeps them. Returns when the kernel has accepted everything.
  ///
  /// - Throws: `ConnectionClosed` if the client has disconnected, or accepts no byte within the time-out.
  func write(_ buffer: ByteBuffer) async throws
}

/// The client has disconnected, or the server is cutting connections: no answer is possible.
package struct ConnectionClosed: Error {
  /// The error itself; it carries nothing.
  package init() {}
}
