/// Limits of a request's head.
package struct RequestLimits: Sendable {
  /// The whole head (request line, fields, empty line), in bytes; 431 above.
  package var maxHeaderBytes: Int
  /// The request target, in bytes; 414 above.
  package var maxTargetBytes: Int
  /// The number of fields; 431 above.
  package var maxHeaders: Int

  /// Limits in bytes and a count; the defaults are those of `ServerConfiguration`.
  package init(maxHeaderBytes: Int = 16_384, maxTargetBytes: Int = 8_192, maxHeaders: Int = 100) {
    self.maxHeaderBytes = maxHeaderBytes
    self.maxTargetBytes = maxTargetBytes
    self.maxHeaders = maxHeaders
  }
}
