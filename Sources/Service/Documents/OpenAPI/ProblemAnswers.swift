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
    case 400: "The request is malformed, or says something that is not known."
    case 403: "Another site's page may not use the register."
    case 404: "There is no such record or path."
    case 406: "None of the forms that `Accept` takes."
    case 408: "The request did not arrive in time."
    case 409: "It contradicts what the register holds."
    case 410: "It was deleted; its history stays."
    case 412: "The record is not the one that `If-Match` or `If-None-Match` asks for."
    case 413: "The body is too large."
    case 414: "The address is too long."
    case 415: "The body's type or coding is not taken here."
    case 421: "The register is not asked under this name."
    case 422: "The body is understood and not valid; `errors` lists every fault."
    case 428: "The configuration wants If-Match on every update."
    case 431: "The header is too large."
    case 507: "No room on the disk; nothing was written."
    case 503: "Not now; come again after Retry-After."
    default: "The server failed; the log knows more under `request_id`."
    }
  }

  /// `application/problem+json` (RFC 9457), as `Problem` writes it.
  private static let schema: JSONValue = .shared(
    .schemas, "Problem",
    [
      "type": "object", "description": "What went wrong (RFC 9457).", "required": ["type", "title", "status", "code", "request_id"],
      "properties": [
        "type": ["type": "string", "format": "uri-reference", "description": "A page that explains it."],
        "title": ["type": "string", "description": "The same sentence for each problem of this code."],
        "status": ["type": "integer", "minimum": 400, "maximum": 599],
        "detail": ["type": "string", "description": "What is special about this occurrence."],
        "code": ["type": "string", "description": "A stable word; programs compare it."],
        "errors": ["type": "array", "items": fault, "description": "Every fault that was found."],
        "hint": ["type": "string", "description": "What the sender could do."],
        "request_id": ["type": "string", "description": "Names the line of the log."],
      ],
    ])

  private static let fault: JSONValue = .shared(
    .schemas, "Fault",
    [
      "type": "object", "description": "One fault: where it is, and what it is.", "required": ["code", "detail"],
      "properties": [
        "pointer": ["type": "string", "description": "JSON Pointer into the body (RFC 6901)."],
        "parameter": ["type": "string", "description": "Parameter of the query."],
        "header": ["type": "string", "description": "Field of the header."],
        "line": ["type": "integer", "minimum": 1, "description": "Line of the file."],
        "column": ["type": ["string", "integer"], "description": "Column of that line, or character of a `filter`, from 1."],
        "code": ["type": "string", "description": "A stable word."],
        "detail": ["type": "string"],
        "allowed": [
          "type": "array", "items": ["type": "string"], "description": "What would have been right, where that is a short list.",
        ],
      ],
    ])
}
