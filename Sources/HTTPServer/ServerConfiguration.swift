internal import HTTP

/// How the server listens, and its limits. Exceeding one is answered with 408, 413, 414, 431 or 503, or closes the connection.
package struct ServerConfiguration: Sendable {
  /// The IPv4 or IPv6 address to listen on, or `localhost`.
  package var address = "127.0.0.1"
  /// The TCP port; 0 selects a free one (`Server.boundPort`).
  package var port = 8080
  /// The number of event loops, each on its own thread; at least 1.
  package var loops = 1
  /// The most connections that wait in the kernel to be accepted.
  package var backlog = 1_024
  /// The most connections in all loops together; 503 above.
  package var maxConnections = 20_000
  /// The longest head of a request, in bytes; 431 above.
  package var maxHeaderBytes = 16_384
  /// The longest request target, in bytes; 414 above.
  package var maxTargetBytes = 8_192
  /// The most fields of a head; 431 above.
  package var maxHeaders = 100
  /// The time from the first byte of a head to its last, in seconds; 408 above.
  package var headerTimeoutSeconds = 10.0
  /// The time between two pieces of a body, in seconds; 408 above.
  package var bodyTimeoutSeconds = 30.0
  /// The time before the first request and between two, in seconds; then the connection is closed silently.
  package var idleTimeoutSeconds = 75.0
  /// The time in which the client must accept another byte, in seconds; then the connection is closed.
  package var writeTimeoutSeconds = 30.0
  /// The time from `stop` until remaining connections are cut, in seconds.
  package var drainSeconds = 10.0
  /// The most bytes of an unwanted body that are discarded to keep the connection.
  package var maxDiscardedBytes = 262_144
  /// The most bytes that one `BodyReader.read` appends.
  package var bodyPieceBytes = 65_536
  /// The smallest body that is gzipped for clients that accept it, in bytes.
  package var gzipMinimumBytes = 1_024
  /// The gzip level: 1 (fast) to 9 (small).
  package var gzipLevel = 5
  /// Whether each answer is logged, as one JSON line.
  package var accessLog = true
  /// The value of `Server`; empty for none.
  package var serverName = "chancery"

  /// The defaults: loopback, port 8080, one loop.
  package init() {}

  var requestLimits: RequestLimits {
    RequestLimits(maxHeaderBytes: maxHeaderBytes, maxTargetBytes: maxTargetBytes, maxHeaders: maxHeaders)
  }
}
