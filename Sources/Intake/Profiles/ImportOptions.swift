internal import Formats
package import HTTP
package import Records

/// How a file is to be taken: `?profile=…&mode=…&on_error=…`.
package struct ImportOptions: Sendable {
  package enum Mode: String, CaseIterable, Sendable {
    case upsert, insert
    case skipExisting = "skip_existing"
  }

  package enum OnError: String, CaseIterable, Sendable {
    /// All or nothing.
    case abort
    /// Good rows go in, bad ones are reported.
    case `continue`
  }

  /// How rows are written in the file.
  package enum Form: Sendable {
    case ndjson, jsonArray, csv, tsv

    /// By the body's media type.
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

  /// What the rows are packed in.
  package enum Packing: Sendable { case none, gzip, zip }

  package var profile = ImportProfile.chancery
  package var resource: Resource?
  package var mode = Mode.upsert
  package var onError = OnError.abort
  package var isDry = false
  package var fileName: String?
  package var source: String?
  package var mediaType = ""
  package var form = Form.ndjson
  package var packing = Packing.none
  /// Only events between different states.
  package var isInterstate = false
  /// Reports of the same thing become one event.
  package var isGrouped = false
  /// Stakeholders that a row names and the register lacks are made.
  package var createsStakeholders = false
  /// More refused rows than this end the import.
  package var maxErrors = Int.max
  /// The answer comes as soon as the file is safe (RFC 7240).
  package var isAsynchronous = false

  package var delimiter: UInt8 { profile.table?.delimiter ?? UInt8(ascii: form == .tsv ? "\t" : ",") }

  /// The media type of the rows; that of an archive says nothing of them.
  package var rowsType: String {
    guard packing == .zip || mediaType.hasSuffix("gzip") else { return mediaType }
    return switch form {
    case .ndjson: "application/x-ndjson"
    case .jsonArray: "application/json"
    case .csv, .tsv: delimiter == UInt8(ascii: "\t") ? "text/tab-separated-values" : "text/csv"
    }
  }

  /// What rows are where they do not say it themselves.
  package var rowResource: Resource? { resource ?? profile.resource }

  /// The register that comes with the program.
  package static var demo: ImportOptions {
    var options = ImportOptions()
    options.fileName = "demo.ndjson"
    options.mediaType = "application/x-ndjson"
    return options
  }

  package init() {}

  /// The form of rows that lie in an archive, by the name of their file.
  ///
  /// - Throws: 415 for a name that does not say.
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
      status: 415, code: "unsupported_media_type", title: "The body's type is not taken here",
      detail: "the file's name does not say its form: \"\(name.prefix(100))\" ends in none of .ndjson, .jsonl, .json, .csv, .tsv",
      hint: "name the file so, or give file_name=")
  }
}

extension Problem {
  /// 400: a table has no column that says what its rows are.
  package static let resourceMissing = Problem(
    status: 400, code: "resource_missing", title: "The rows do not say what they are",
    detail: "the rows of a table do not say what they are", hint: "POST to /v1/imports/events, /v1/imports/stakeholders …")
}
