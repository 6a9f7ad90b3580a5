internal import Formats
internal import HTTP

/// How a file is to be taken: `?profile=…&mode=…&on_error=…`.
struct ImportOptions: Sendable {
  enum Mode: String, CaseIterable, Sendable {
    case upsert, insert
    case skipExisting = "skip_existing"
  }

  enum OnError: String, CaseIterable, Sendable {
    /// All or nothing.
    case abort
    /// Good rows go in, bad ones are reported.
    case `continue`
  }

  /// How rows are written in the file.
  enum Form: Sendable {
    case ndjson, jsonArray, csv, tsv

    /// By the body's media type.
    init?(mediaType: String) {
      switch mediaType {
      case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines": self = .ndjson
      case "application/json": self = .jsonArray
      case "text/csv", "application/csv": self = .csv
      case "text/tab-separated-values", "text/tsv": self = .tsv
      default: return nil
      }
    }
  }

  var profile = ImportProfile.chancery
  var resource: Resource?
  var mode = Mode.upsert
  var onError = OnError.abort
  var isDry = false
  var fileName: String?
  var source: String?
  var mediaType = ""
  var form = Form.ndjson
  var isGzipped = false
  /// Only events between different states.
  var isInterstate = false

  /// What rows are where they do not say it themselves.
  var rowResource: Resource? { resource ?? profile.resource }

  /// The register that comes with the program.
  static var demo: ImportOptions {
    var options = ImportOptions()
    options.fileName = "demo.ndjson"
    options.mediaType = "application/x-ndjson"
    return options
  }

  private init() {}

  /// - Throws: 400 for parameters that are not understood, 415 for a body that is none of the forms.
  init(_ request: Request, resource: Resource?) throws {
    self.resource = resource
    try readParameters(request)
    try readHeaders(request)
  }

  private mutating func readParameters(_ request: Request) throws {
    var items = unsafe QueryItems(request.query)
    let buffer = ByteBuffer(capacity: 128)
    var seen: Set<String> = []
    while let item = try items.next(into: buffer) {
      let name = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.name]), as: UTF8.self)
      let value = unsafe String(decoding: UnsafeRawBufferPointer(rebasing: buffer.rawBytes[item.value]), as: UTF8.self)
      guard seen.insert(name).inserted else {
        throw Problem.badParameter(name, code: "repeated_parameter", "the parameter is given twice")
      }
      try take(name, value)
    }
  }

  private mutating func take(_ name: String, _ value: String) throws {
    switch name {
    case "profile":
      guard let known = Profiles.all.first(where: { $0.name == value }) else { throw Self.notAWord(name, value, Profiles.all.map(\.name)) }
      profile = known
    case "mode": mode = try Self.word(name, value)
    case "on_error": onError = try Self.word(name, value)
    case "dry_run":
      guard value == "true" || value == "false" else { throw Self.notAWord(name, value, ["true", "false"]) }
      isDry = value == "true"
    case "file_name": fileName = try Self.words(name, value, max: 300)
    case "source": source = try Self.words(name, value, max: 64)
    default:
      let names = ["profile", "mode", "on_error", "dry_run", "file_name", "source"]
      let hint = nearest(name, in: names).map { "; did you mean \($0)?" } ?? ""
      throw Problem.badParameter(name, code: "unknown_parameter", "an import has no parameter \"\(name)\"\(hint)", allowed: names)
    }
  }

  private static func words(_ name: String, _ value: String, max: Int) throws -> String {
    guard (1...max).contains(value.unicodeScalars.count), value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw Problem.badParameter(name, code: "malformed_value", "1 to \(max) characters without control characters are wanted")
    }
    return value
  }

  private static func word<Word: RawRepresentable & CaseIterable>(_ name: String, _ value: String) throws -> Word
  where Word.RawValue == String {
    guard let word = Word(rawValue: value) else { throw notAWord(name, value, Word.allCases.map(\.rawValue)) }
    return word
  }

  private static func notAWord(_ name: String, _ value: String, _ allowed: [String]) -> Problem {
    let hint = nearest(value, in: allowed).map { "; did you mean \($0)?" } ?? ""
    return .badParameter(name, code: "not_a_word", "\"\(value)\" is not known here\(hint)", allowed: allowed)
  }

  private mutating func readHeaders(_ request: Request) throws {
    mediaType = request.mediaType ?? ""
    guard let form = Form(mediaType: mediaType) else {
      throw Problem(
        status: 415, code: "unsupported_media_type", title: "The body's type is not taken here",
        detail: mediaType.isEmpty ? "the Content-Type is missing" : "\(mediaType.prefix(80)) is none of the forms of an import",
        hint: "say application/x-ndjson, application/json, text/csv or text/tab-separated-values; with curl -H 'Content-Type: text/csv'")
    }
    self.form = form
    guard profile.table == nil || form == .csv || form == .tsv else {
      throw Problem(
        status: 415, code: "unsupported_media_type", title: "The profile does not take this form",
        detail: "\(profile.name) is a table: send text/csv")
    }
    guard rowResource != nil || form == .ndjson || form == .jsonArray else {
      throw Problem.badRequest(
        "resource_missing", "the rows of a table do not say what they are", hint: "POST to /v1/imports/events, /v1/imports/stakeholders …")
    }
    try readCoding(request)
  }

  private mutating func readCoding(_ request: Request) throws {
    guard let coding = unsafe request.header("content-encoding") else { return }
    switch unsafe String(decoding: coding, as: UTF8.self).lowercased() {
    case "gzip", "x-gzip": isGzipped = true
    case "", "identity": break
    case let other:
      throw Problem(
        status: 415, code: "unsupported_coding", title: "The body's coding is not taken here", detail: "\(other.prefix(40)) is not gzip")
    }
  }
}
