// Problems of HTTP itself; the register has its own for records.

/// The codes that HTTP itself gives.
package enum HTTPProblem: String, CaseIterable, Sendable {
  case badChunk = "bad_chunk"
  case badContentLength = "bad_content_length"
  case badEncoding = "bad_encoding"
  case badFraming = "bad_framing"
  case badHeader = "bad_header"
  case badHost = "bad_host"
  case badLineEnd = "bad_line_end"
  case badParameter = "bad_parameter"
  case badRequest = "bad_request"
  case badRequestLine = "bad_request_line"
  case badTarget = "bad_target"
  case badTransferEncoding = "bad_transfer_encoding"
  case bodyTooLarge = "body_too_large"
  case expectationFailed = "expectation_failed"
  case headerTooLarge = "header_too_large"
  case internalError = "internal_error"
  case methodNotAllowed = "method_not_allowed"
  case methodNotImplemented = "method_not_implemented"
  case notFound = "not_found"
  case requestTimeout = "request_timeout"
  case targetTooLong = "target_too_long"
  case tooManyConnections = "too_many_connections"
  case tooManyParameters = "too_many_parameters"
  case transferCodingNotImplemented = "transfer_coding_not_implemented"
  case unavailable
  case versionNotSupported = "version_not_supported"

  /// The one title of all problems with this code; the code's page shows the same one.
  package var title: String {
    switch self {
    case .badChunk: "A chunk is malformed"
    case .badContentLength: "Content-Length is not a number"
    case .badEncoding: "The address is not percent-encoded UTF-8"
    case .badFraming: "The length of the body is ambiguous"
    case .badHeader: "A header field is malformed"
    case .badHost: "The Host field is missing or malformed"
    case .badLineEnd: "A line ending is invalid"
    case .badParameter: "The query is invalid"
    case .badRequest: "The request is malformed"
    case .badRequestLine: "The request line is malformed"
    case .badTarget: "The address is malformed"
    case .badTransferEncoding: "Transfer-Encoding is malformed"
    case .bodyTooLarge: "The body is too large"
    case .expectationFailed: "The expectation cannot be met"
    case .headerTooLarge: "The header is too large"
    case .internalError: "The server failed to answer"
    case .methodNotAllowed: "This address does not support the method"
    case .methodNotImplemented: "Unknown method"
    case .notFound: "Not found"
    case .requestTimeout: "The request did not arrive in time"
    case .targetTooLong: "The address is too long"
    case .tooManyConnections: "Too many connections"
    case .tooManyParameters: "Too many parameters"
    case .transferCodingNotImplemented: "Unknown transfer coding"
    case .unavailable: "The server cannot answer now"
    case .versionNotSupported: "The HTTP version is not supported"
    }
  }
}

extension Problem {
  private init(
    _ status: Int, _ kind: HTTPProblem, _ detail: String? = nil, faults: [Fault] = [], hint: String? = nil, allow: [Method] = [],
    retryAfterSeconds: Int? = nil
  ) {
    self.init(
      status: status, code: kind.rawValue, title: kind.title, detail: detail, faults: faults, hint: hint, allow: allow,
      retryAfterSeconds: retryAfterSeconds)
  }

  /// 400: the query has more than `most` parameters.
  package static func tooManyParameters(_ most: Int) -> Problem {
    badRequest(.tooManyParameters, "At most \(most) parameters are accepted.")
  }

  /// 400: the request is malformed.
  package static func badRequest(_ kind: HTTPProblem = .badRequest, _ detail: String? = nil, faults: [Fault] = [], hint: String? = nil)
    -> Problem
  { Problem(400, kind, detail, faults: faults, hint: hint) }

  /// 400: one query parameter is invalid.
  package static func badParameter(_ name: String, code: String, _ detail: String, allowed: [String] = []) -> Problem {
    badRequest(.badParameter, nil, faults: [Fault(.parameter(name), code: code, detail: detail, allowed: allowed)])
  }

  /// 404: nothing is there.
  package static func notFound(_ detail: String? = nil) -> Problem { Problem(404, .notFound, detail) }

  /// 405: the path exists, but not with this method (RFC 9110 §15.5.6).
  package static func methodNotAllowed(_ allow: [Method]) -> Problem { Problem(405, .methodNotAllowed, allow: allow) }

  /// 408: the request did not arrive in time.
  package static func timeout(_ detail: String) -> Problem { Problem(408, .requestTimeout, detail) }

  /// 413: the body is longer than `maxBytes`.
  package static func bodyTooLarge(maxBytes: Int) -> Problem { Problem(413, .bodyTooLarge, "At most \(maxBytes) bytes are accepted here.") }

  /// 414: the request target is longer than `maxBytes`.
  static func targetTooLong(maxBytes: Int) -> Problem { Problem(414, .targetTooLong, "At most \(maxBytes) bytes are accepted.") }

  /// 417: an expectation other than `100-continue` (RFC 9110 §10.1.1).
  static var expectationFailed: Problem { Problem(417, .expectationFailed, "The only supported expectation is 100-continue.") }

  /// 431: the header is too long or has too many fields (RFC 6585 §5).
  static func headerTooLarge(_ detail: String) -> Problem { Problem(431, .headerTooLarge, detail) }

  /// 500: an internal error; the log has the details under the request's id.
  package static var internalError: Problem { Problem(500, .internalError) }

  /// 501: an unknown method or transfer coding.
  static func notImplemented(_ kind: HTTPProblem, _ detail: String) -> Problem { Problem(501, kind, detail) }

  /// 503: try again after `retryAfterSeconds`.
  package static func unavailable(_ kind: HTTPProblem = .unavailable, _ detail: String? = nil, retryAfterSeconds: Int = 1) -> Problem {
    Problem(503, kind, detail, retryAfterSeconds: retryAfterSeconds)
  }

  /// 505: a version other than 1.0 and 1.1.
  static var versionNotSupported: Problem { Problem(505, .versionNotSupported, "The server supports HTTP/1.1 and HTTP/1.0.") }
}
