// The problems that HTTP itself has; what is wrong with a record is said by the register.

extension Problem {
  /// 400: the request is malformed.
  package static func badRequest(_ code: String = "bad_request", _ detail: String? = nil, faults: [Fault] = [], hint: String? = nil)
    -> Problem
  {
    Problem(status: 400, code: code, title: "The request is malformed.", detail: detail, faults: faults, hint: hint)
  }

  /// 400: one parameter of the query is wrong.
  package static func badParameter(_ name: String, code: String, _ detail: String, allowed: [String] = []) -> Problem {
    badRequest("bad_parameter", nil, faults: [Fault(.parameter(name), code: code, detail: detail, allowed: allowed)])
  }

  /// 404: nothing is there.
  package static func notFound(_ detail: String? = nil) -> Problem {
    Problem(status: 404, code: "not_found", title: "There is nothing at this address.", detail: detail)
  }

  /// 405: the path exists, the method doesn't.
  package static func methodNotAllowed(_ allow: [Method]) -> Problem {
    Problem(status: 405, code: "method_not_allowed", title: "The address does not know this method.", allow: allow)
  }

  /// 408: the request did not arrive in time.
  package static func timeout(_ detail: String) -> Problem {
    Problem(status: 408, code: "request_timeout", title: "The request did not arrive in time.", detail: detail)
  }

  /// 413: the body is longer than `maxBytes`.
  package static func bodyTooLarge(maxBytes: Int) -> Problem {
    Problem(status: 413, code: "body_too_large", title: "The body is too long.", detail: "At most \(maxBytes) bytes are taken here.")
  }

  /// 414: the request target is longer than `maxBytes`.
  static func targetTooLong(maxBytes: Int) -> Problem {
    Problem(status: 414, code: "target_too_long", title: "The address is too long.", detail: "At most \(maxBytes) bytes are taken.")
  }

  /// 417: an expectation other than `100-continue`.
  static var expectationFailed: Problem {
    Problem(status: 417, code: "expectation_failed", title: "The only expectation that can be met is 100-continue.")
  }

  /// 431: the header is too long, or has too many fields.
  static func headerTooLarge(_ detail: String) -> Problem {
    Problem(status: 431, code: "header_too_large", title: "The header is too large.", detail: detail)
  }

  /// 500: our fault; the log knows more under the request's id.
  package static var internalError: Problem {
    Problem(status: 500, code: "internal_error", title: "The server failed to answer.")
  }

  /// 501: a method or transfer coding that isn't known.
  static func notImplemented(_ code: String, _ detail: String) -> Problem {
    Problem(status: 501, code: code, title: "The request needs something that is not implemented.", detail: detail)
  }

  /// 503: come back later.
  package static func unavailable(_ code: String = "unavailable", _ detail: String? = nil, retryAfterSeconds: Int = 1) -> Problem {
    Problem(status: 503, code: code, title: "The server cannot answer now.", detail: detail, retryAfterSeconds: retryAfterSeconds)
  }

  /// 505: a version other than 1.0 and 1.1.
  static var versionNotSupported: Problem {
    Problem(status: 505, code: "version_not_supported", title: "HTTP/1.1 and HTTP/1.0 are spoken here.")
  }
}
