internal import HTTP

/// How the server listens, and what it takes. Every limit has an answer: 408, 413, 414, 431, 503 or a closed connection.
package struct ServerConfiguration: Sendable {
  /// The IPv4 or IPv6 address to listen on, or `localhost`.
  package var address = "127.0.0.1"
  /// The TCP port; 0 takes a free one (`Server.boundPort` tells which).
  package var port = 8080
  /// The number of event loops, each on its own thread; 1 and more.
  package var loops = 1
  /// How many connections the kernel keeps until they are accepted.
  package var backlog = 1_024
  /// How many connections are held in all loops together; one more gets a 503.
  package var maxConnections = 20_000
  /// The head of a request, in bytes; 431 above.
  package var maxHeaderBytes = 16_384
  /// The request target, in bytes; 414 above.
  package var maxTargetBytes = 8_192
  /// The number of fields of a head; 431 above.
  package var maxHeaders = 100
  /// From the first byte of a head to its last, in seconds; 408 above.
  package var headerTimeoutSeconds = 10.0
  /// Without a further byte of a body, in seconds; 408 above.
  package var bodyTimeoutSeconds = 30.0
  /// Between two requests, and before the first, in seconds; then the connection is closed without a word.
  package var idleTimeoutSeconds = 75.0
  /// Without a further byte taken by the client, in seconds; then the connection is closed.
  package var writeTimeoutSeconds = 30.0
  /// From `stop` to the end of what is in flight, in seconds; then connections are cut.
  package var drainSeconds = 10.0
  /// How much of a body that nobody wants is read so that the connection can stay, in bytes.
  package var maxDiscardedBytes = 262_144
  /// How many bytes one `BodyReader.read` appends at most.
  package var bodyPieceBytes = 65_536
  /// Bodies from that many bytes on are gzipped for clients that take it.
  package var gzipMinimumBytes = 1_024
  /// 1 (fast) to 9 (small).
  package var gzipLevel = 5
  /// Whether each answer is logged, as one JSON line.
  package var accessLog = true
  /// The value of `Server`; empty for none.
  package var serverName = "chancery"

  package init() {}

  var requestLimits: RequestLimits {
    RequestLimits(maxHeaderBytes: maxHeaderBytes, maxTargetBytes: maxTargetBytes, maxHeaders: maxHeaders)
  }
}
