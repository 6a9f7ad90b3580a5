internal import Intake
internal import Records

// Codes of requests refused before their content is read.

extension ProblemPage {
  static let ofHTTP: [ProblemPage] = [
    .problem(
      "bad_request", 400, "The request is malformed", "The request violates HTTP.",
      mend: "Read the detail; send the request with curl.",
      "GET /v1/events HTTP/1.1 with two Host fields"),
    .problem(
      "bad_request_line", 400, "The request line is malformed", "The line is not METHOD TARGET VERSION, separated by single spaces.",
      mend: "Use an HTTP library. Encode spaces in the address as %20.", "GET /v1/events?q=a b HTTP/1.1"),
    .problem(
      "bad_target", 400, "The address is malformed",
      "The request target does not begin with a slash, or contains characters that must be encoded.",
      mend: "Percent-encode everything except letters, digits and - . _ ~.", "GET v1/events HTTP/1.1"),
    .problem(
      "bad_line_end", 400, "A line ending is invalid", "A header line ends with LF alone, or contains a stray CR.",
      mend: "End lines with CR LF.", "a request typed into nc"),
    .problem(
      "bad_header", 400, "A header field is malformed",
      "The value of a header field does not have the required format. `errors` names the field.",
      mend: "Fix that field.", "If-Match: 3 instead of If-Match: \"3\""),
    .problem(
      "bad_host", 400, "The Host field is missing or malformed", "An HTTP/1.1 request must have exactly one Host field.",
      mend: "Send Host once.", "GET / HTTP/1.1 without Host"),
    .problem(
      "bad_content_length", 400, "Content-Length is not a number", "The length of the body is not one decimal number.",
      mend: "Let an HTTP library set the length.", "Content-Length: 12, 13"),
    .problem(
      "bad_transfer_encoding", 400, "Transfer-Encoding is malformed", "Only `chunked` is supported, once and last.",
      mend: "Send a Content-Length, or only chunked.", "Transfer-Encoding: chunked, chunked"),
    .problem(
      "bad_framing", 400, "The length of the body is ambiguous",
      "Two fields disagree about the body's length, which allows request smuggling.",
      mend: "Send either Content-Length or Transfer-Encoding, not both.", "Content-Length: 3 with Transfer-Encoding: chunked"),
    .problem(
      "bad_chunk", 400, "A chunk is malformed", "A chunk of the body has an invalid size line or ending.",
      mend: "Let an HTTP library write the chunks.",
      "a chunk size of 0x1G"),
    .problem(
      "bad_encoding", 400, "The address is not percent-encoded UTF-8",
      "The path or a parameter contains an invalid % sequence or bytes that are not UTF-8.",
      mend: "Encode text as UTF-8, then percent-encode it. `curl -G --data-urlencode` does both.", "?title=%FF"),
    .problem(
      "too_many_parameters", 400, "Too many parameters", "The query has more parameters than the server accepts.",
      mend: "Use `field__in=a,b,c` instead of many parameters.", "a query with 10,000 parameters"),
    .problem(
      "foreign_origin", 403, "Another site's page may not use the register",
      "The request's Origin has another host, port or scheme, or is null: a page in a browser sent it. Without an Origin, "
        + "Sec-Fetch-Site shows this.",
      mend: "Send the request from the same host and port, or from a program other than a browser.", "Origin: https://example.org"),
    .problem(
      "not_found", 404, "Not found", "No record, path or vocabulary has this name.",
      mend: "Check the spelling. The hint gives the nearest existing name, and `GET /v1` lists the collections.", "GET /v1/event"),
    .problem(
      "method_not_allowed", 405, "This address does not support the method",
      "The path exists, but does not support this method. `Allow` lists the supported ones.",
      mend: "Use one of the methods in `Allow`.", "DELETE /v1/events"),
    .problem(
      "not_acceptable", 406, "The format is not available", "`Accept` matches none of the formats of the list.",
      mend: "Request application/json, application/x-ndjson or text/csv, or append .json, .ndjson or .csv to the path.",
      "GET /v1/events with Accept: image/png"),
    .problem(
      "request_timeout", 408, "The request did not arrive in time", "The header or the next part of the body took too long.",
      mend: "Send it again. `http.header_timeout` and `http.body_timeout` set the limits.", "a client that stops sending"),
    .problem(
      "body_too_large", 413, "The body is too large", "A record is limited to `http.max_body_bytes`, a file to `import.max_bytes`.",
      mend: "Send many records as an import, or split the file.", "a record of 2 MB"),
    .problem(
      "compression_ratio", 413, "The body's compression ratio is too high",
      "The file expands more than any legitimate file would. It looks like a compression bomb.",
      mend: "Send the file uncompressed, or raise `import.max_ratio`.", "1 GB of zeros as gzip"),
    .problem(
      "target_too_long", 414, "The address is too long", "The request target is longer than `http.max_target_bytes`.",
      mend: "Shorten the query.", "a query of 100 KB"),
    .problem(
      "unsupported_media_type", 415, "The body's media type is not supported",
      "`Content-Type` is missing, or the path does not support it.",
      mend:
        "Use application/json for records, and application/x-ndjson, text/csv, text/tab-separated-values or application/json for imports.",
      "curl -d '{}' without -H 'Content-Type: application/json'"),
    .problem(
      "unsupported_coding", 415, "The body's content coding is not supported",
      "Single records must be uncompressed. Files may be uncompressed or gzip.",
      mend: "Omit Content-Encoding, or send gzip to an import.", "Content-Encoding: br"),
    .problem(
      "expectation_failed", 417, "The expectation cannot be met", "The only supported expectation is 100-continue.",
      mend: "Omit the Expect field.", "Expect: 200-ok"),
    .problem(
      "unknown_host", 421, "The register does not answer to this host name",
      "`Host` is not one of the register's names. This stops web pages that point their own name at it.",
      mend: "Use localhost, or add the name to `http.hosts`.", "Host: register.example.org"),
    .problem(
      "header_too_large", 431, "The header is too large",
      "The header is longer than `http.max_header_bytes`, or has more fields than `http.max_headers`.",
      mend: "Send fewer or shorter fields, such as cookies.", "a Cookie field of 1 MB"),
    .problem(
      "internal_error", 500, "The server failed to answer",
      "Something is wrong with the program or its disk. Nothing from the request was stored.",
      mend: "Report the `request_id` to the operator, who can find it in the log.", "any request"),
    .problem(
      "method_not_implemented", 501, "Unknown method", "The method is not GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.",
      mend: "Use one of these methods.", "BREW /v1/events"),
    .problem(
      "transfer_coding_not_implemented", 501, "Unknown transfer coding",
      "The body uses a transfer coding other than chunked.",
      mend: "Send it chunked, or with a Content-Length.", "Transfer-Encoding: gzip, chunked"),
    .problem(
      "unavailable", 503, "The server cannot answer now", "It is short of memory or shutting down.",
      mend: "Retry after the time in Retry-After.", "any request"),
    .problem(
      "too_many_connections", 503, "Too many connections", "More connections are open than `http.max_connections`.",
      mend: "Keep fewer connections open. Retry after the time in Retry-After.", "the 10,001st connection"),
    .problem(
      "busy", 503, "The register cannot answer now", "Too many writes or long queries are waiting, or the database is closing.",
      mend: "Retry after the time in Retry-After. Send many records as one import, and narrow slow queries.",
      "a thousand writers at once"),
    .problem(
      "log_full", 503, "The query was stopped to make room for writes",
      "While it ran, the write-ahead log grew beyond `database.max_log_kib`. The log cannot be reset while a query reads from it.",
      mend: "Retry after the time in Retry-After, narrow the query, or raise `database.max_log_kib`.",
      "an aggregate over years, during an import"),
    .problem(
      "query_timeout", 503, "The query took too long", "The query waited and ran longer than `http.query_timeout`.",
      mend: "Narrow it: fewer days, one country, or an indexed sort.", "a sort of millions by an unindexed field"),
    .problem(
      "version_not_supported", 505, "The HTTP version is not supported", "The server supports HTTP/1.1 and HTTP/1.0.",
      mend: "Use HTTP/1.1.", "GET / HTTP/3.0"),
    .problem(
      "storage_full", 507, "The disk is full", "Nothing was written. Reading still works.", mend: "Free some space, and send it again.",
      "a write to a full disk"),
  ]
}
