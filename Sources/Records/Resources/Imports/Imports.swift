/// Imports: what came in by file, how, and the result for each row.
package enum Imports {
  package static let profile = Field(
    "profile", .text(max: 64), .required, .filterable, .sortable, doc: "How rows were understood.", example: "historian-visits")
  package static let rowResource = Field(
    "resource", .text(max: 64), .filterable, .sortable, doc: "What rows became, where the path says so.", example: "events")
  package static let fileName = Field("file_name", .text(max: 300), .filterable, doc: "The file's name, where the sender gave it.")
  package static let contentType = Field("content_type", .text(max: 100), .filterable, doc: "The form of the rows.")
  package static let bytes = Field("bytes", .integer(0...Int64.max), .filterable, .sortable, doc: "Bytes of the rows, unpacked.")
  package static let sha256 = Field("sha256", .text(max: 64), .filterable, doc: "SHA-256 of the file as it was sent, hexadecimal.")
  package static let mode = Field("mode", .word("import_mode"), .required, .filterable, doc: "What becomes of rows that the register has.")
  package static let onError = Field(
    "on_error", .word("import_on_error"), .required, .filterable, doc: "What becomes of the other rows when one is refused.")
  package static let options = Field("options", .object, doc: "What else was asked: create_missing, interstate, group, max_errors, source.")
  package static let state = Field(
    "state", .word("import_state"), .required, .filterable, .sortable, doc: "How far it is, or how it ended.")
  package static let progress = Field(
    "progress", .real(0...100), doc: "How much of the file has been read, in percent.",
    computed: .number(ofWord: state, [("done", 100), ("undone", 100), ("queued", 0), ("running", 0)]))
  package static let counts = Field(
    "counts", .object, doc: "read, created, updated, unchanged, grouped, skipped, rejected: what follows `read` adds up to it.")
  package static let warnings = Field(
    "warnings", .integer(0...Int64.max), .filterable, .sortable, doc: "Rows that went in although something in them is odd.")
  package static let errors = Field(
    "errors", .records(error, max: 100_000), .onRequest,
    doc: "What was wrong or odd: the first of it, /v1/imports/{id}/errors has all. Lists show it with include=errors.")
  package static let undo = Field("undo", .object, doc: "What undoing it took back, restored and kept.")
  package static let startedAt = Field("started_at", .timestamp, .required, .filterable, .sortable, doc: "When it began.")
  package static let finishedAt = Field("finished_at", .timestamp, .filterable, .sortable, doc: "When it ended.")
  package static let rowsPerSecond = Field("rows_per_second", .real(0...1_000_000_000), .filterable, .sortable, doc: "Rows read a second.")

  /// Table `imports`, ids `imp_…`; only the register writes it.
  package static let resource = Resource(
    "imports", prefix: "imp", doc: "What came in by file, how, and what became of each row.", isSystem: true,
    fields: [
      profile, rowResource, fileName, contentType, bytes, sha256, mode, onError, options, state, progress, counts, warnings, errors, undo,
      startedAt, finishedAt, rowsPerSecond,
    ])

  private static let error = [
    Field("line", .integer(0...Int64.max), doc: "Line of the file, from 1."),
    Field("column", .text(max: 100), doc: "Column or field."),
    Field("severity", .text(max: 10), doc: "error (the row was refused) or warning (it went in)."),
    Field("code", .text(max: 64), doc: "Stable word."),
    Field("found", .text(max: 200), doc: "What the file has there, shortened."),
    Field("expected", .text(max: 300), doc: "What would do."),
    Field("detail", .text(max: 1_000), doc: "Both in a sentence."),
  ]
}
