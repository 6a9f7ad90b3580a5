// Problems of HTTP itself; the register has its own for records.

extension Problem {
  /// The title of a code that HTTP itself uses; the code's page shows the same one.
  package static func title(of code: String) -> String { titles[code] ?? "The request is malformed" }

  /// The titles of the codes that share a function.
  package static let titles = [
    "bad_chunk": "A chunk is malformed", "bad_content_length": "Content-Length is no number",
    "bad_encoding": "The address is not percent-encoded UTF-8", "bad_framing": "It is unclear where the body ends",
    "bad_header": "A header field is malformed", "bad_host": "The Host field is missing or malformed",
    "bad_line_end": "A line ends wrongly", "bad_parameter": "The question is not understood", "bad_request": "The request is malformed",
    "bad_request_line": "The first line is no request", "bad_target": "The address is malformed",
    "bad_transfer_encoding": "Transfer-Encoding is malformed", "method_not_implemented": "The method is not known",
    "not_found": "There is nothing there", "too_many_connections": "Too many connections",
    "too_many_parameters": "Too many parameters", "transfer_coding_not_implemented": "The transfer coding is not known",
    "unavailable": "The server cannot answer now",
  ]

  /// 400: the query has more than `most` parameters.
  package static func tooManyParameters(_ most: Int) -> Problem {
    badRequest("too_many_parameters", "At most \(most) parameters are taken.")
  }

  /// 400: the request is malformed.
  package static func badRequest(_ code: String = "bad_request", _ detail: String? = nil, faults: [Fault] = [], hint: String? = nil)
    -> Problem
  {
    Problem(status: 400, code: code, title: title(of: code), detail: detail, faults: faults, hint: hint)
  }

  /// 400: one query parameter is invalid.
  package static func badParameter(_ name: String, code: String, _ detail: String, allowed: [String] = []) -> Problem {
    badRequest("bad_parameter", nil, faults: [Fault(.parameter(name), code: code, detail: detail, allowed: allowed)])
  }

  /// 404: nothing is there.
  package static func notFound(_ detail: String? = nil) -> Problem {
    Problem(status: 404, code: "not_found", title: title(of: "not_found"), detail: detail)
  }

  /// 405: the path exists, but not with this method (RFC 9110 §15.5.6).
  package static func methodNotAllowed(_ allow: [Method]) -> Problem {
    Problem(status: 405, code: "method_not_allowed", title: "The address does not know this method", allow: allow)
  }

  /// 408: the request did not arrive in time.
  package static func timeout(_ detail: String) -> Problem {
    Problem(status: 408, code: "request_timeout", title: "The request did not arrive in time", detail: detail)
  }

  /// 413: the body is longer than `maxBytes`.
  package static func bodyTooLarge(maxBytes: Int) -> Problem {
    Problem(status: 413, code: "body_too_large", title: "The body is too long", detail: "At most \(maxBytes) bytes are taken here.")
  }

  /// 414: the request target is longer than `maxBytes`.
  static func targetTooLong(maxBytes: Int) -> Problem {
    Problem(status: 414, code: "target_too_long", title: "The address is too long", detail: "At most \(maxBytes) bytes are taken.")
  }

  /// 417: an expectation other than `100-continue` (RFC 9110 §10.1.1).
  static var expectationFailed: Problem {
    Problem(status: 417, code: "expectation_failed", title: "The expectation cannot be met", detail: "The only one is 100-continue.")
  }

  /// 431: the header is too long or has too many fields (RFC 6585 §5).
  static func headerTooLarge(_ detail: String) -> Problem {
    Problem(status: 431, code: "header_too_large", title: "The header is too large", detail: detail)
  }

  /// 500: an internal error; the log has the details under the request's id.
  package static var internalError: Problem {
    Problem(status: 500, code: "internal_error", title: "The server failed to answer")
  }

  /// 501: an unknown method or transfer coding.
  static func notImplemented(_ code: String, _ detail: String) -> Problem {
    Problem(status: 501, code: code, title: title(of: code), detail: detail)
  }

  /// 503: try again after `retryAfterSeconds`.
  package static func unavailable(_ code: String = "unavailable", _ detail: String? = nil, retryAfterSeconds: Int = 1) -> Problem {
    Problem(status: 503, code: code, title: title(of: code), detail: detail, retryAfterSeconds: retryAfterSeconds)
  }

  /// 505: a version other than 1.0 and 1.1.
  static var versionNotSupported: Problem {
    Problem(
      status: 505, code: "version_not_supported", title: "The version of HTTP is not spoken",
      detail: "HTTP/1.1 and HTTP/1.0 are spoken here.")
  }
}
