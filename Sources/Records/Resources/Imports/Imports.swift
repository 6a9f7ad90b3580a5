/// Imports: what came in by file, how, and the result for each row.
package enum Imports {
  package static let profile = Field(
    "profile", .text(max: 64), .required, .filterable, .sortable, doc: "The profile by which the rows were read.",
    example: "historian-visits")
  package static let rowResource = Field(
    "resource", .text(max: 64), .filterable, .sortable, doc: "The resource of the rows, if the path names it.", example: "events")
  package static let fileName = Field("file_name", .text(max: 300), .filterable, doc: "The file's name, if the sender gave it.")
  package static let contentType = Field("content_type", .text(max: 100), .filterable, doc: "Media type of the rows.")
  package static let bytes = Field(
    "bytes", .integer(0...Int64.max), .filterable, .sortable, doc: "Size of the rows in bytes, uncompressed.")
  package static let sha256 = Field("sha256", .text(max: 64), .filterable, doc: "SHA-256 of the file as sent, in hexadecimal.")
  package static let mode = Field(
    "mode", .word("import_mode"), .required, .filterable, doc: "What happens to rows whose record already exists.")
  package static let onError = Field(
    "on_error", .word("import_on_error"), .required, .filterable, doc: "What happens to the other rows if one is refused.")
  package static let options = Field("options", .object, doc: "The other options: create_missing, interstate, group, max_errors, source.")
  package static let state = Field(
    "state", .word("import_state"), .required, .filterable, .sortable, doc: "Its state while it runs, or how it ended.")
  package static let progress = Field(
    "progress", .real(0...100), doc: "Percentage of the file read so far.",
    computed: .number(ofWord: state, [("done", 100), ("undone", 100), ("queued", 0), ("running", 0)]))
  package static let counts = Field(
    "counts", .object, doc: "Row counts: read, created, updated, unchanged, grouped, skipped, rejected. All but `read` add up to `read`.")
  package static let warnings = Field(
    "warnings", .integer(0...Int64.max), .filterable, .sortable, doc: "Number of rows accepted with a warning.")
  package static let errors = Field(
    "errors", .records(error, max: 100_000), .onRequest,
    doc: "The first errors and warnings; /v1/imports/{id}/errors has all. Lists show them with include=errors.")
  package static let undo = Field("undo", .object, doc: "What the undo removed, restored and kept.")
  package static let startedAt = Field("started_at", .timestamp, .required, .filterable, .sortable, doc: "When the import began.")
  package static let finishedAt = Field("finished_at", .timestamp, .filterable, .sortable, doc: "When the import ended.")
  package static let rowsPerSecond = Field(
    "rows_per_second", .real(0...1_000_000_000), .filterable, .sortable, doc: "Rows read per second.")

  /// Table `imports`, ids `imp_…`; only the register writes it.
  package static let resource = Resource(
    "imports", prefix: "imp", doc: "Files imported, how, and what became of each row.", isSystem: true,
    fields: [
      profile, rowResource, fileName, contentType, bytes, sha256, mode, onError, options, state, progress, counts, warnings, errors, undo,
      startedAt, finishedAt, rowsPerSecond,
    ])

  private static let error = [
    Field("line", .integer(0...Int64.max), doc: "Line of the file, counted from 1."),
    Field("column", .text(max: 100), doc: "Column or field."),
    Field("severity", .text(max: 10), doc: "error (the row was refused) or warning (the row was accepted)."),
    Field("code", .text(max: 64), doc: "The stable code of the fault."),
    Field("found", .text(max: 200), doc: "The value found, shortened."),
    Field("expected", .text(max: 300), doc: "The value expected."),
    Field("detail", .text(max: 1_000), doc: "The fault in a sentence."),
  ]
}
