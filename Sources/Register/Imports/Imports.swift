/// An import is a record: what came in, how, and what became of each row.
package enum Imports {
  package static let resource = Resource(
    "imports", prefix: "imp", doc: "What came in by file, how, and what became of each row.", isSystem: true,
    // An import that ends leaves no rollup behind.
    rules: Rules(stored: { _, _, _, write in write.settleRollups() }),
    fields: [
      Field("profile", .text(max: 64), .required, .filterable, .sortable, doc: "How rows were understood.", example: "historian-visits"),
      Field("resource", .text(max: 64), .filterable, .sortable, doc: "What rows became, where the path says so.", example: "events"),
      Field("file_name", .text(max: 300), .filterable, doc: "The file's name, where the sender gave it."),
      Field("content_type", .text(max: 100), .filterable, doc: "The form of the rows."),
      Field("bytes", .integer(0...Int64.max), .filterable, .sortable, doc: "Bytes read, after decompression."),
      Field("mode", .text(max: 20), .required, .filterable, doc: "upsert, insert or skip_existing."),
      Field("on_error", .text(max: 20), .required, .filterable, doc: "abort (all or nothing) or continue."),
      Field("state", .text(max: 20), .required, .filterable, .sortable, doc: "done or refused."),
      Field("counts", .object, doc: "read, created, updated, unchanged, grouped, skipped, rejected: what follows `read` adds up to it."),
      Field("errors", .records(error, max: 100_000), doc: "The refused rows, the first of them when there are many."),
      Field("started_at", .timestamp, .required, .filterable, .sortable, doc: "When it began."),
      Field("finished_at", .timestamp, .filterable, .sortable, doc: "When it ended."),
      Field("rows_per_second", .real(0...1_000_000_000), .filterable, .sortable, doc: "Rows read a second."),
    ])

  private static let error = [
    Field("line", .integer(1...Int64.max), doc: "Line of the file, from 1."),
    Field("column", .text(max: 100), doc: "Column or field."),
    Field("code", .text(max: 64), doc: "Stable word."),
    Field("detail", .text(max: 1_000), doc: "What was found and what was expected."),
  ]
}
