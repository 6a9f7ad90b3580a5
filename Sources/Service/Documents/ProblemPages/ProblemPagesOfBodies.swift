internal import Formats
internal import Intake
internal import Records
internal import Store

// Codes of unreadable bodies: JSON and files.

extension ProblemPage {
  static let ofJSON: [ProblemPage] = [
    .problem(
      .invalidJSON, "The body violates the JSON grammar (RFC 8259). The detail gives the line and column.",
      mend: "Use a JSON library. JSON has no comments and no trailing commas, and strings need double quotes.", "{'title': 'A visit'}"),
    .problem(
      .duplicateKey, "An object contains the same member twice, so the intended value is unclear.",
      mend: "Keep one of them.", "{\"title\":\"A\",\"title\":\"B\"}"),
    .problem(
      .trailingBytes, "There are extra bytes after the JSON value or the gzip stream.",
      mend: "Send one value. To send several records, use an import.", "{} {}"),
    .problem(
      .depth, "Objects and arrays are nested deeper than `http.max_json_depth`.",
      mend: "Reduce the nesting.", "[[[[…]]]]"),
    .problem(
      .loneSurrogate, "A code unit from \\uD800 to \\uDFFF without its other half is not a character.",
      mend: "Write both halves, or the character itself in UTF-8.", "\"\\ud83d\""),
    .problem(
      .numberPrecision, "The number has more digits than a double holds (17), or is too large.",
      mend: "Round it, or send it as text if the field is text.", "0.12345678901234567890"),
    .problem(
      .byteOrderMark, "UTF-8 JSON must not start with a byte order mark.",
      mend: "Save it as UTF-8 without a byte order mark.", "EF BB BF 7B 7D"),
    .problem(
      .tooLarge, "The text is larger than the parser accepts.",
      mend: "Send many records as an NDJSON import.",
      "4 GB in one body"),
    .problem(
      .outOfMemory, "The server is out of memory.",
      mend: "Retry later, or send less at once.",
      "any body"),
    .problem(
      .empty, "The body or the text is empty.", mend: "Send a value, omit the field, or send null.",
      "{\"title\":\" \"}"),
    .problem(
      .invalidUTF8, "Some bytes are not UTF-8. Usually the file was saved in another encoding.",
      mend: "Save it as UTF-8 and send it again.", "\"S\\xE3o Tom\\xE9\" in Latin-1"),
  ]

  static let ofFiles: [ProblemPage] = [
    .problem(
      "bad_file", 422, "The file cannot be read",
      "The file does not have the format that its Content-Type declares. `errors` gives the position.",
      mend: "Fix the file at that position, and check the Content-Type.", "a CSV file sent as application/x-ndjson"),
    .problem(
      "resource_missing", 400, "The resource of the rows is missing", "A table has no column that names the resource of its rows.",
      mend: "Send the table to /v1/imports/events, /v1/imports/stakeholders, and so on.", "POST /v1/imports with text/csv"),
    .problem(
      "digest_mismatch", 400, "The body does not match its digest",
      "The body was damaged in transit, or the digest belongs to another file.",
      mend: "Send the file again.", "a truncated file"),
    .problem(
      "key_in_use", 409, "The same request is still in progress", "Another request with this Idempotency-Key has not been answered yet.",
      mend: "Retry after the time in Retry-After. You will get the first request's answer.", "a retry before the first request has finished"
    ),
    .problem(
      "import_running", 409, "The import is still running", "A running import cannot be undone.",
      mend: "Wait, or POST to its /cancel path.", "DELETE of a running import"),
    .problem(
      "not_running", 409, "The import has ended", "There is nothing left to cancel.", mend: "Use DELETE to undo what it wrote.",
      "POST /v1/imports/{id}/cancel, too late"),
    .fault(
      "bad_digest", "The Content-Digest is malformed", "The field does not follow RFC 9530.", mend: "Write sha-256=:…base64…:.",
      "Content-Digest: abc"),
    .fault(
      "too_many_errors", "More rows were refused than `max_errors`", "The import was stopped.",
      mend: "Fix the listed rows, or raise the limit.", "max_errors=10"),
    .fault(
      "not_in_this_profile", "The profile does not support the parameter", "The parameter has a meaning for other profiles only.",
      mend: "Omit it, or use another profile.", "?profile=chancery&group=true"),
    .fault(
      "not_a_zip", "The file is not a zip archive", "It has no zip directory. It is truncated, or another kind of file.",
      mend: "Check it with unzip -t.",
      "a gzip file sent as application/zip"),
    .fault(
      "not_one_file", "The archive does not contain exactly one file", "An import accepts one file of rows.",
      mend: "Send each file separately.", "a zip of two files"),
    .fault(
      "unsupported_zip", "The archive is not supported", "It is encrypted, or uses an unsupported compression method.",
      mend: "Use an unencrypted archive with deflate compression.", "zip -e"),
    .fault("corrupt_zip", "The zip is corrupt", "Its directory or a checksum is wrong.", mend: "Compress the file again.", "a damaged zip"),
    .fault("truncated_zip", "The zip is truncated", "The file was cut off in transit.", mend: "Send it again.", "half a zip"),
    .fault(
      "empty_file", "The file is empty", "The file contains no rows.",
      mend: "Check the sender: a failed export often leaves an empty file.", "a file of 0 bytes"),
    .fault(
      "truncated_gzip", "The gzip stream is truncated", "The file was cut off in transit.", mend: "Send it again; `gzip -t` checks it.",
      "head -c 1000 events.csv.gz"),
    .fault(
      "corrupt_gzip", "The gzip stream is corrupt", "The bytes are not gzip, or a checksum is wrong.", mend: "Compress the file again.",
      "a .zip sent as gzip"),
    .fault(
      "array_wanted", "The file does not begin with [", "An import of application/json must be one array of objects.",
      mend: "Send an array, or one object per line as application/x-ndjson.", "{\"title\":\"A\"}"),
    .fault("object_wanted", "An element is not an object", "Each element of the array must be a record.", mend: "Send objects.", "[1, 2]"),
    .fault("comma_wanted", "A comma is missing", "There is no comma between two elements of the array.", mend: "Add the comma.", "[{} {}]"),
    .fault(
      "unterminated", "The array does not end", "The file ends before the closing ].", mend: "Send the whole file.", "[{\"title\":\"A\"}"),
    .fault(
      "element_too_long", "A row is too long", "One element is longer than `import.max_row_bytes`.",
      mend: "Shorten it, or raise the limit.",
      "an object of 2 MB"),
    .fault(
      "row_too_long", "A row is too long", "One row is longer than `import.max_row_bytes`, usually because of an unclosed quote.",
      mend: "Look for an unclosed quote at the reported line.", "\"A visit,2024-06-18"),
    .fault(
      "line_too_long", "A line is too long", "One line is longer than `import.max_row_bytes`.",
      mend: "Put each record on its own line.",
      "a JSON array sent as NDJSON"),
    .fault(
      "too_many_columns", "A row has too many columns", "The row has more columns than the parser accepts.", mend: "Check the separator.",
      "a row of 5,000 cells"),
    .fault(
      "wrong_column_count", "A row has the wrong number of columns", "The row has more or fewer cells than the header.",
      mend: "Quote cells that contain the separator.", "A visit, in Pyongyang,2024-06-18"),
    .fault(
      "unknown_column", "Unknown column", "The header has a column that is not a field of the record.",
      mend: "Rename or remove it. The detail gives the nearest name.", "titel"),
    .fault(
      "missing_column", "A column is missing", "The profile needs a column that the header lacks.", mend: "Add it.",
      "a file without country"),
    .fault("repeated_column", "Duplicate column", "Two columns have the same name.", mend: "Remove one.", "title,title"),
    .fault(
      "bare_quote", "A quote inside an unquoted cell",
      "A cell that contains a quote must be quoted, with the quote doubled (RFC 4180). The separator must follow the closing quote.",
      mend: "Quote the cell, and write \"\" for each quote inside it.", "say \"yes\",2024"),
    .fault(
      "unknown_resource", "Unknown resource", "The row's `resource` is missing, or is not the name of a resource.",
      mend: "Use a name from `GET /v1`.", "{\"resource\":\"event\"}"),
    .fault(
      "other_resource", "A row belongs to another resource", "The path names the resource of all rows, but this row names another one.",
      mend: "Send mixed rows to /v1/imports.", "{\"resource\":\"outcomes\"} to /v1/imports/events"),
    .fault(
      "bare_cr", "CR without LF", "Lines end with LF or CR LF. A single CR is allowed only inside quotes.",
      mend: "Convert the line endings.",
      "a file from an old Macintosh"),
    .fault(
      "field_too_long", "A cell is too long", "One cell is longer than the limit for a row.", mend: "Look for an unclosed quote.",
      "a cell of 2 MB"),
    .fault(
      "unterminated_quote", "A quote is never closed", "The file ends inside a quoted cell.", mend: "Close it.", "\"A visit,2024-06-18"),
    .fault(
      "exists", "The record already exists", "`mode=insert` accepts new records only.", mend: "Use mode=upsert or skip_existing.",
      "a row sent twice"),
    .fault(
      "unknown_id", "No record has this id", "A row with an id updates the record with that id.",
      mend: "Omit the id to create a new record.",
      "evt_0hk3v9q2m7x8a"),
    .fault(
      "unknown_state", "Unknown state", "The profile knows no state with this name.",
      mend: "Use a name from `GET /v1/vocabularies/country`.", "Ruritania"),
  ]
}

extension JSONError.Code {
  /// 400, or 503 where the fault is the server's.
  var status: Int { self == .outOfMemory ? 503 : 400 }

  /// The one title of all problems of this kind.
  var title: String {
    switch self {
    case .invalidJSON: "The body is not JSON"
    case .duplicateKey: "Duplicate member name"
    case .trailingBytes: "Extra bytes after the end"
    case .depth: "The JSON is nested too deeply"
    case .loneSurrogate: "Text contains half a surrogate pair"
    case .numberPrecision: "A number would lose digits"
    case .byteOrderMark: "The body begins with a byte order mark"
    case .tooLarge: "The JSON is too large"
    case .outOfMemory: "Out of memory"
    case .empty: "The body or text is empty"
    case .invalidUTF8: "The text is not UTF-8"
    }
  }
}
