internal import Formats
package import HTTP
package import Records

/// How an import reads and stores a file: `?profile=…&mode=…&on_error=…`.
package struct ImportOptions: Sendable {
  /// What happens to a row whose record exists already: updated, refused or left alone.
  package enum Mode: String, CaseIterable, Sendable {
    /// `upsert` creates or updates; `insert` refuses rows whose record exists.
    case upsert, insert
    /// Leaves existing records alone and counts their rows as skipped.
    case skipExisting = "skip_existing"
  }

  /// What happens after a row has been refused.
  package enum OnError: String, CaseIterable, Sendable {
    /// All or nothing.
    case abort
    /// Good rows are stored, refused ones reported.
    case `continue`
  }

  /// The file's format.
  package enum Form: Sendable {
    /// One JSON object per line; one array of objects; a table (CSV: RFC 4180), with a header unless the profile has none.
    case ndjson, jsonArray, csv, tsv

    /// The format of a body's media type, which must be in lower case and without parameters; `nil` for any other type.
    package init?(mediaType: String) {
      switch mediaType {
      case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines": self = .ndjson
      case "application/json": self = .jsonArray
      case "text/csv", "application/csv": self = .csv
      case "text/tab-separated-values", "text/tsv": self = .tsv
      default: return nil
      }
    }
  }

  /// The container or coding around the rows.
  package enum Packing: Sendable { case none, gzip, zip }

  /// How columns become fields; our own form unless the request names a profile.
  package var profile = ImportProfile.chancery
  /// What the rows are, as the path says; `nil` for `/v1/imports`.
  package var resource: Resource?
  /// Whether rows may create records, update them, or both.
  package var mode = Mode.upsert
  /// Whether one refused row ends the import.
  package var onError = OnError.abort
  /// Whether everything is rolled back at the end (`dry_run=true`).
  package var isDry = false
  /// The file's name, for the import's record.
  package var fileName: String?
  /// `source` of rows that have an `external_id` and name no source.
  package var source: String?
  /// The body's media type, in lower case and without parameters; empty if the sender gives none.
  package var mediaType = ""
  /// The format of the rows; set after unpacking for an archive.
  package var form = Form.ndjson
  /// How the body is compressed.
  package var packing = Packing.none
  /// Keeps only events between different states.
  package var isInterstate = false
  /// Merges reports of the same event.
  package var isGrouped = false
  /// Creates stakeholders that a row names and the register lacks.
  package var createsStakeholders = false
  /// The import ends when more rows than this have been refused.
  package var maxErrors = Int.max
  /// Answers as soon as the file is stored (`Prefer: respond-async`, RFC 7240).
  package var isAsynchronous = false

  /// The byte between cells: the profile's, or tab for TSV and comma for CSV.
  package var delimiter: UInt8 { profile.table?.delimiter ?? UInt8(ascii: form == .tsv ? "\t" : ",") }

  /// The media type of the rows; an archive's own type says nothing about them.
  package var rowsType: String {
    guard packing == .zip || mediaType.hasSuffix("gzip") else { return mediaType }
    return switch form {
    case .ndjson: "application/x-ndjson"
    case .jsonArray: "application/json"
    case .csv, .tsv: delimiter == UInt8(ascii: "\t") ? "text/tab-separated-values" : "text/csv"
    }
  }

  /// The resource of rows that do not name theirs; `nil` when each must.
  package var rowResource: Resource? { resource ?? profile.resource }

  /// The options that load the demo register.
  package static var demo: ImportOptions {
    var options = ImportOptions()
    options.fileName = "demo.ndjson"
    options.mediaType = "application/x-ndjson"
    return options
  }

  /// The defaults: NDJSON, upsert, abort on the first refused row.
  package init() {}

  /// The format of rows inside an archive, by the file's extension.
  ///
  /// - Throws: 415 for an extension that names no format.
  package func form(ofArchived name: String) throws -> Form {
    if profile.table != nil { return .csv }
    let lower = name.lowercased()
    for (suffix, form) in [(".ndjson", Form.ndjson), (".jsonl", .ndjson), (".json", .jsonArray), (".csv", .csv), (".tsv", .tsv)]
    where lower.hasSuffix(suffix) {
      guard form == .ndjson || form == .jsonArray || rowResource != nil else {
        throw Problem.resourceMissing
      }
      return form
    }
    throw Problem(
      status: 415, code: "unsupported_media_type", title: "The body's media type is not supported",
      detail: "the file's name does not show its format: \"\(name.prefix(100))\" does not end in .ndjson, .jsonl, .json, .csv or .tsv",
      hint: "rename the file, or send file_name=")
  }
}

extension Problem {
  /// 400: the table's rows do not name their resource, and neither does the path.
  package static let resourceMissing = Problem(
    status: 400, code: "resource_missing", title: "The resource of the rows is missing",
    detail: "the rows of a table do not name their resource", hint: "POST to /v1/imports/events, /v1/imports/stakeholders, and so on")
}
