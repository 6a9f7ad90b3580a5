internal import Records

/// The answers that are problems, by status: shared parts of the document.
enum ProblemAnswers {
  /// Statuses of any request, whatever its path.
  static let anywhere = [403, 408, 414, 421, 431, 500, 503]

  static func shared(_ status: Int) -> JSONValue { .shared(.responses, "Problem\(status)", answer(status)) }

  static var content: Content { Content(mediaType: "application/problem+json", schema: schema) }

  private static func answer(_ status: Int) -> JSONValue {
    let headers: [AnswerHeader] = status == 503 ? [.retryAfter] : []
    var value: JSONValue = ["description": .string(doc(status))]
    if !headers.isEmpty { value = value.adding(["headers": OpenAPIDocument.headers(headers)]) }
    return value.adding(["content": OpenAPIDocument.content([content])])
  }

  static func doc(_ status: Int) -> String {
    switch status {
    case 400: "The request is malformed, or uses an unknown name or value."
    case 403: "Another site's page may not use the register."
    case 404: "The record or path does not exist."
    case 406: "No available format matches `Accept`."
    case 408: "The request did not arrive in time."
    case 409: "The request conflicts with the state of the register."
    case 410: "The record was deleted; its history is kept."
    case 412: "The record does not meet the condition in `If-Match` or `If-None-Match`."
    case 413: "The body is too large."
    case 414: "The address is too long."
    case 415: "The body's media type or content coding is not supported."
    case 421: "The register does not answer to this host name."
    case 422: "The body is readable but invalid; `errors` lists every fault."
    case 428: "The configuration requires If-Match on every update."
    case 431: "The header is too large."
    case 507: "The disk is full; nothing was written."
    case 503: "The server cannot answer now; retry after the time in Retry-After."
    default: "The server failed; the log has the details under `request_id`."
    }
  }

  /// `application/problem+json` (RFC 9457), as `Problem` writes it.
  private static let schema: JSONValue = .shared(
    .schemas, "Problem",
    [
      "type": "object", "description": "What went wrong (RFC 9457).", "required": ["type", "title", "status", "code", "request_id"],
      "properties": [
        "type": ["type": "string", "format": "uri-reference", "description": "A page that explains the code."],
        "title": ["type": "string", "description": "The same sentence for every problem with this code."],
        "status": ["type": "integer", "minimum": 400, "maximum": 599],
        "detail": ["type": "string", "description": "The details of this occurrence."],
        "code": ["type": "string", "description": "A stable word for programs to compare."],
        "errors": ["type": "array", "items": fault, "description": "All faults found."],
        "hint": ["type": "string", "description": "What the sender can do."],
        "request_id": ["type": "string", "description": "Identifies the request in the log."],
      ],
    ])

  private static let fault: JSONValue = .shared(
    .schemas, "Fault",
    [
      "type": "object", "description": "One fault, with its position.", "required": ["code", "detail"],
      "properties": [
        "pointer": ["type": "string", "description": "JSON Pointer into the body (RFC 6901)."],
        "parameter": ["type": "string", "description": "Query parameter."],
        "header": ["type": "string", "description": "Header field."],
        "line": ["type": "integer", "minimum": 1, "description": "Line of the file."],
        "column": ["type": ["string", "integer"], "description": "Column of that line, or position in a `filter`, from 1."],
        "code": ["type": "string", "description": "A stable word."],
        "detail": ["type": "string"],
        "allowed": [
          "type": "array", "items": ["type": "string"], "description": "The accepted values, if they are few.",
        ],
      ],
    ])
}
