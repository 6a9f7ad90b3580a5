internal import Formats
internal import Intake
internal import Records
internal import Store

// Codes of unreadable bodies: JSON and files.

extension ProblemPage {
  static let ofJSON: [ProblemPage] = [
    .problem(
      .invalidJSON, "The body breaks the grammar of JSON (RFC 8259); the detail says at which line and column.",
      mend: "Write it with a library; no comments, no comma behind the last member, quotes are double.", "{'title': 'A visit'}"),
    .problem(
      .duplicateKey, "An object has the same member twice: which one is meant cannot be told.",
      mend: "Keep one.", "{\"title\":\"A\",\"title\":\"B\"}"),
    .problem(
      .trailingBytes, "There are bytes behind the JSON value or the gzip stream.",
      mend: "Send one value; several records are an import.", "{} {}"),
    .problem(
      .depth, "There are more objects and arrays in each other than `http.max_json_depth`.",
      mend: "Flatten it.", "[[[[…]]]]"),
    .problem(
      .loneSurrogate, "A \\uD800 to \\uDFFF without its other half names no character.",
      mend: "Write both halves, or the character itself in UTF-8.", "\"\\ud83d\""),
    .problem(
      .numberPrecision, "The number has more digits than a double keeps (17), or is too large.",
      mend: "Round it, or send it as text where the field is text.", "0.12345678901234567890"),
    .problem(
      .byteOrderMark, "JSON in UTF-8 begins with its first character.",
      mend: "Save it as UTF-8 without a byte order mark.", "EF BB BF 7B 7D"),
    .problem(
      .tooLarge, "The text is larger than the parser takes.",
      mend: "Send many records as an import of NDJSON.",
      "4 GB in one body"),
    .problem(
      .outOfMemory, "The machine has no memory left.",
      mend: "Come again later; send less at once.",
      "any body"),
    .problem(
      .empty, "The body or the text is empty.", mend: "Send a value; leave the field out, or send null.",
      "{\"title\":\" \"}"),
    .problem(
      .invalidUTF8, "Bytes are not UTF-8; mostly the file was saved in another encoding.",
      mend: "Save it as UTF-8 and send it again.", "\"S\\xE3o Tom\\xE9\" in Latin-1"),
  ]

  static let ofFiles: [ProblemPage] = [
    .problem(
      "bad_file", 422, "The file cannot be read",
      "The file as a whole is not of the form that its Content-Type says; `errors` names the place.",
      mend: "Mend the place that is named; check the Content-Type.", "a CSV file sent as application/x-ndjson"),
    .problem(
      "resource_missing", 400, "The rows do not say what they are", "A table has no column that says which kind of record a row is.",
      mend: "Send it to /v1/imports/events, /v1/imports/stakeholders …", "POST /v1/imports with text/csv"),
    .problem(
      "digest_mismatch", 400, "The body is not what its digest says", "It was damaged on its way, or the digest is of another file.",
      mend: "Send the file again.", "a file that was cut off"),
    .problem(
      "key_in_use", 409, "The same request is still at work", "Another request with this Idempotency-Key has not been answered yet.",
      mend: "Come again after Retry-After: the answer will be the same.", "a retry before the first has ended"),
    .problem(
      "import_running", 409, "The import goes on", "It has not ended yet, and cannot be undone.",
      mend: "POST to its /cancel ends it, or wait.", "DELETE of an import that goes on"),
    .problem(
      "not_running", 409, "The import has ended", "There is nothing to cancel any more.", mend: "DELETE takes back what it wrote.",
      "POST /v1/imports/{id}/cancel, too late"),
    .fault(
      "bad_digest", "No Content-Digest", "The field does not have the form of RFC 9530.", mend: "Write sha-256=:…base64…:.",
      "Content-Digest: abc"),
    .fault(
      "too_many_errors", "More rows were refused than `max_errors`", "The import was ended.",
      mend: "Mend the rows that are listed, or allow more.", "max_errors=10"),
    .fault(
      "not_in_this_profile", "The profile does not take the parameter", "What it means is clear for other kinds of files only.",
      mend: "Leave it out, or name another profile.", "?profile=chancery&group=true"),
    .fault(
      "not_a_zip", "The file is no zip", "It has no zip directory: it is cut off, or something else.", mend: "Check it with unzip -t.",
      "a gzip sent as application/zip"),
    .fault(
      "not_one_file", "The archive has several files", "One file with rows is wanted.", mend: "Send each on its own.", "a zip of two files"),
    .fault(
      "unsupported_zip", "The archive is of an unusual kind", "It is encrypted, or packed in a way that is not read.",
      mend: "Pack it plainly.", "zip -e"),
    .fault("corrupt_zip", "The zip is damaged", "The directory or a checksum is wrong.", mend: "Pack it again.", "a damaged zip"),
    .fault("truncated_zip", "The zip ends early", "The file was cut off on its way.", mend: "Send it again.", "half a zip"),
    .fault(
      "empty_file", "The file is empty", "There is no row in the file.",
      mend: "Check what the sender read; an export that failed is often empty.", "a file of 0 bytes"),
    .fault(
      "truncated_gzip", "The gzip stream ends early", "The file was cut off on its way.", mend: "Send it again; `gzip -t` checks it.",
      "head -c 1000 events.csv.gz"),
    .fault(
      "corrupt_gzip", "The gzip stream is damaged", "The bytes are no gzip, or a checksum is wrong.", mend: "Pack it again.",
      "a .zip sent as gzip"),
    .fault(
      "array_wanted", "The file does not begin with [", "application/json to an import is one array of objects.",
      mend: "Send an array, or one object a line as application/x-ndjson.", "{\"title\":\"A\"}"),
    .fault("object_wanted", "An element is no object", "Each element of the array is one record.", mend: "Send objects.", "[1, 2]"),
    .fault("comma_wanted", "A comma is missing", "Two elements of the array have no comma between them.", mend: "Put it there.", "[{} {}]"),
    .fault(
      "unterminated", "The array does not end", "The file ends before its ] does.", mend: "Send the whole file.", "[{\"title\":\"A\"}"),
    .fault(
      "element_too_long", "A row is too long", "One element is longer than `import.max_row_bytes`.",
      mend: "Shorten it, or raise the setting.",
      "an object of 2 MB"),
    .fault(
      "row_too_long", "A row is too long", "One row is longer than `import.max_row_bytes`, mostly because a quote was never closed.",
      mend: "Look for a quote without its partner at the line that is named.", "\"A visit,2024-06-18"),
    .fault(
      "line_too_long", "A line is too long", "One line is longer than `import.max_row_bytes`.",
      mend: "Put each record on a line of its own.",
      "a JSON array sent as NDJSON"),
    .fault(
      "too_many_columns", "A row has too many columns", "There are more columns than any form has.", mend: "Check the separator.",
      "a row of 5,000 cells"),
    .fault(
      "wrong_column_count", "A row has another number of columns", "The row has more or fewer cells than the header.",
      mend: "Quote cells that hold the separator.", "A visit, in Pyongyang,2024-06-18"),
    .fault(
      "unknown_column", "A column is not known", "The header names a column that the record has no field for.",
      mend: "Rename or remove it; the nearest name is in the detail.", "titel"),
    .fault(
      "missing_column", "A column is missing", "The profile needs a column that the header lacks.", mend: "Add it.",
      "a file without country"),
    .fault("repeated_column", "A column comes twice", "Two columns have the same name.", mend: "Remove one.", "title,title"),
    .fault(
      "bare_quote", "A quote stands inside a cell",
      "A cell that holds a quote is quoted itself, and the quote doubled (RFC 4180); behind the closing one comes the separator.",
      mend: "Write \"\" for a quote, in a quoted cell.", "say \"yes\",2024"),
    .fault(
      "unknown_resource", "A row names no resource", "`resource` says which kind of record a row is, and there is none of this name.",
      mend: "Use a name that `GET /v1` lists.", "{\"resource\":\"event\"}"),
    .fault(
      "other_resource", "A row is of another resource", "The path says what all rows are, and this one says something else.",
      mend: "Send mixed rows to /v1/imports.", "{\"resource\":\"outcomes\"} to /v1/imports/events"),
    .fault(
      "bare_cr", "A CR without LF", "Lines end with LF or CR LF; a CR alone belongs into quotes.", mend: "Convert the line ends.",
      "a file of an old Macintosh"),
    .fault(
      "field_too_long", "A cell is too long", "One cell is longer than a row may be.", mend: "Look for a quote that was never closed.",
      "a cell of 2 MB"),
    .fault(
      "unterminated_quote", "A quote is never closed", "The file ends inside a quoted cell.", mend: "Close it.", "\"A visit,2024-06-18"),
    .fault(
      "exists", "The record is there already", "`mode=insert` takes new records only.", mend: "Use mode=upsert or skip_existing.",
      "a row sent twice"),
    .fault(
      "unknown_id", "No record has this id", "A row that brings an id changes the record that has it.",
      mend: "Leave the id out to make a new record.",
      "evt_0hk3v9q2m7x8a"),
    .fault(
      "unknown_state", "The state is not known", "The profile knows no state of this name.",
      mend: "Use the name that `GET /v1/vocabularies/country` has.", "Ruritania"),
  ]
}

extension JSONError.Code {
  /// 400, or 503 where the fault is the server's.
  var status: Int { self == .outOfMemory ? 503 : 400 }

  /// The one title of all problems of this kind.
  var title: String {
    switch self {
    case .invalidJSON: "The body is not JSON"
    case .duplicateKey: "A name comes twice"
    case .trailingBytes: "Something follows the end"
    case .depth: "The JSON is nested too deeply"
    case .loneSurrogate: "A text holds half a character"
    case .numberPrecision: "A number would lose digits"
    case .byteOrderMark: "The body begins with a byte order mark"
    case .tooLarge: "The JSON is too large"
    case .outOfMemory: "There is no memory for the body"
    case .empty: "There is nothing"
    case .invalidUTF8: "The text is not UTF-8"
    }
  }
}
