internal import Intake
internal import Records

// Codes of requests refused before their content is read.

extension ProblemPage {
  static let ofHTTP: [ProblemPage] = [
    .problem(
      "bad_request", 400, "The request is malformed", "HTTP itself forbids what was sent.",
      mend: "Read the detail; send the request with curl.",
      "GET /v1/events HTTP/1.1 with two Host fields"),
    .problem(
      "bad_request_line", 400, "The first line is no request", "The line is not METHOD TARGET VERSION with one blank between.",
      mend: "Let a library write the line; encode blanks in the address as %20.", "GET /v1/events?q=a b HTTP/1.1"),
    .problem(
      "bad_target", 400, "The address is malformed",
      "The request target is no path that begins with a slash, or holds characters that must be encoded.",
      mend: "Percent-encode what is not a letter, a digit or - . _ ~.", "GET v1/events HTTP/1.1"),
    .problem(
      "bad_line_end", 400, "A line ends wrongly", "A line of the head ends with LF alone, or holds a CR of its own.",
      mend: "End lines with CR LF.", "a request typed into nc"),
    .problem(
      "bad_header", 400, "A header field is malformed",
      "A field of the header does not have the form that its name asks for; `errors` names it.",
      mend: "Mend the field that is named.", "If-Match: 3 instead of If-Match: \"3\""),
    .problem(
      "bad_host", 400, "The Host field is missing or malformed", "An HTTP/1.1 request has exactly one Host field.",
      mend: "Send Host once.", "GET / HTTP/1.1 without Host"),
    .problem(
      "bad_content_length", 400, "Content-Length is no number", "The length of the body is not one decimal number.",
      mend: "Let a library count the body.", "Content-Length: 12, 13"),
    .problem(
      "bad_transfer_encoding", 400, "Transfer-Encoding is malformed", "Only `chunked` is understood, once and last.",
      mend: "Send a Content-Length, or chunked alone.", "Transfer-Encoding: chunked, chunked"),
    .problem(
      "bad_framing", 400, "It is unclear where the body ends",
      "Two fields disagree about the body's length: that is how requests are smuggled.",
      mend: "Send either Content-Length or Transfer-Encoding.", "Content-Length: 3 beside Transfer-Encoding: chunked"),
    .problem(
      "bad_chunk", 400, "A chunk is malformed", "A chunk of the body has no valid size line or end.",
      mend: "Let a library write the chunks.",
      "a chunk size of 0x1G"),
    .problem(
      "bad_encoding", 400, "The address is not percent-encoded UTF-8",
      "The path or a parameter holds a wrong % or bytes that are not UTF-8.",
      mend: "Encode text as UTF-8 first, then percent-encode it; curl -G --data-urlencode does both.", "?title=%FF"),
    .problem(
      "too_many_parameters", 400, "Too many parameters", "The query has more parameters than are read.",
      mend: "Use `field__in=a,b,c` instead of many parameters.", "a query of 10,000 parameters"),
    .problem(
      "foreign_origin", 403, "Another site's page may not use the register",
      "The request's Origin has another host, port or scheme, or is null: a page in a browser has sent it. Where there is no Origin, "
        + "Sec-Fetch-Site says so.",
      mend: "Ask from the same host and port, or from a program that is no browser.", "Origin: https://example.org"),
    .problem(
      "not_found", 404, "There is nothing there", "No record, path or vocabulary has this name.",
      mend: "Check the spelling; the hint names the nearest that exists. `GET /v1` lists the collections.", "GET /v1/event"),
    .problem(
      "method_not_allowed", 405, "The address does not know this method",
      "The path exists, but not with this method; `Allow` lists those it has.",
      mend: "Use one of the methods in `Allow`.", "DELETE /v1/events"),
    .problem(
      "not_acceptable", 406, "No such form", "`Accept` takes none of the forms that a list has.",
      mend: "Ask for application/json, application/x-ndjson or text/csv, or put .json, .ndjson or .csv behind the path.",
      "GET /v1/events with Accept: image/png"),
    .problem(
      "request_timeout", 408, "The request did not arrive in time", "The head or the next part of the body took too long.",
      mend: "Send it again; `http.header_timeout` and `http.body_timeout` set the times.", "a client that stops sending"),
    .problem(
      "body_too_large", 413, "The body is too long", "One record has at most `http.max_body_bytes`, a file `import.max_bytes`.",
      mend: "Send many records as an import; split a file.", "a record of 2 MB"),
    .problem(
      "compression_ratio", 413, "The body grows too much", "The file grows more when it is unpacked than any honest one: a gzip bomb.",
      mend: "Send the file unpacked, or raise `import.max_ratio`.", "1 GB of zeros as gzip"),
    .problem(
      "target_too_long", 414, "The address is too long", "The request target is longer than `http.max_target_bytes`.",
      mend: "Ask for less at once.", "a query of 100 KB"),
    .problem(
      "unsupported_media_type", 415, "The body's type is not taken here",
      "`Content-Type` is missing or none of the types that the path takes.",
      mend: "Records are application/json; imports say application/x-ndjson, text/csv, text/tab-separated-values or application/json.",
      "curl -d '{}' without -H 'Content-Type: application/json'"),
    .problem(
      "unsupported_coding", 415, "The body's coding is not taken here",
      "Single records are sent as they are, files as they are or as gzip.",
      mend: "Leave Content-Encoding out, or send gzip to an import.", "Content-Encoding: br"),
    .problem(
      "expectation_failed", 417, "The expectation cannot be met", "The only expectation that is known is 100-continue.",
      mend: "Leave the Expect field out.", "Expect: 200-ok"),
    .problem(
      "unknown_host", 421, "The register is not asked under this name",
      "`Host` is no name that the register answers to: so no web page reaches it by a name of its own.",
      mend: "Ask for localhost, or list the name under `http.hosts`.", "Host: register.example.org"),
    .problem(
      "header_too_large", 431, "The header is too large",
      "The head is longer than `http.max_header_bytes` or has more fields than `http.max_headers`.",
      mend: "Send less, mostly cookies.", "a Cookie field of 1 MB"),
    .problem(
      "internal_error", 500, "The server failed to answer",
      "Something is wrong with the program or its disk. Nothing of the request was kept.",
      mend: "Look for the `request_id` in the log, and tell the operator.", "any request"),
    .problem(
      "method_not_implemented", 501, "The method is not known", "The method is none of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS.",
      mend: "Use one of these.", "BREW /v1/events"),
    .problem(
      "transfer_coding_not_implemented", 501, "The transfer coding is not known",
      "The body is sent in a transfer coding other than chunked.",
      mend: "Send it chunked or with a Content-Length.", "Transfer-Encoding: gzip, chunked"),
    .problem(
      "unavailable", 503, "The server cannot answer now", "It is short of memory or on its way down.",
      mend: "Come again after Retry-After.", "any request"),
    .problem(
      "too_many_connections", 503, "Too many connections", "More connections are open than `http.max_connections`.",
      mend: "Keep fewer connections open; come again after Retry-After.", "the 10,001st connection"),
    .problem(
      "busy", 503, "The register cannot answer now", "Too many writes or long questions are before this one, or the database is closing.",
      mend: "Come again after Retry-After; send many records as one import, and narrow questions that take long.",
      "a thousand writers at once"),
    .problem(
      "log_full", 503, "The question was ended to make room for writes",
      "While it ran, writes made the write-ahead log longer than `database.max_log_kib`; the log cannot start over while a question reads from it.",
      mend: "Ask again after Retry-After, narrow the question, or raise `database.max_log_kib`.",
      "an aggregate over years, beside an import"),
    .problem(
      "query_timeout", 503, "The question took too long", "It waited and ran longer than `http.query_timeout`.",
      mend: "Narrow it: fewer days, one country, an indexed sort.", "a sort of millions by an unindexed field"),
    .problem(
      "version_not_supported", 505, "The version of HTTP is not spoken", "HTTP/1.1 and HTTP/1.0 are spoken here.",
      mend: "Let the client speak HTTP/1.1.", "GET / HTTP/3.0"),
    .problem(
      "storage_full", 507, "No room on the disk", "Nothing was written; reading goes on.", mend: "Make room, and send it again.",
      "a write to a full disk"),
  ]
}
