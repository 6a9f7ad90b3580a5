internal import Formats
internal import HTTP
internal import Records

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

  /// What the rows are packed in.
  enum Packing: Sendable { case none, gzip, zip }

  var profile = ImportProfile.chancery
  var resource: Resource?
  var mode = Mode.upsert
  var onError = OnError.abort
  var isDry = false
  var fileName: String?
  var source: String?
  var mediaType = ""
  var form = Form.ndjson
  var packing = Packing.none
  /// Only events between different states.
  var isInterstate = false
  /// Reports of the same thing become one event.
  var isGrouped = false
  /// Stakeholders that a row names and the register lacks are made.
  var createsStakeholders = false
  /// More refused rows than this end the import.
  var maxErrors = Int.max
  /// The answer comes as soon as the file is safe (RFC 7240).
  var isAsynchronous = false

  var delimiter: UInt8 { profile.table?.delimiter ?? UInt8(ascii: form == .tsv ? "\t" : ",") }

  /// The media type of the rows; that of an archive says nothing of them.
  var rowsType: String {
    guard packing == .zip || mediaType.hasSuffix("gzip") else { return mediaType }
    return switch form {
    case .ndjson: "application/x-ndjson"
    case .jsonArray: "application/json"
    case .csv, .tsv: delimiter == UInt8(ascii: "\t") ? "text/tab-separated-values" : "text/csv"
    }
  }

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
    isAsynchronous = unsafe request.header("prefer").map { unsafe Self.asksForAsynchrony($0) } ?? false
    if isAsynchronous, isDry {
      throw Problem.badParameter(
        "dry_run", code: "conflict", "what is only tried leaves no record to ask for later: leave out Prefer: respond-async")
    }
  }

  private static func asksForAsynchrony(_ field: UnsafeRawBufferPointer) -> Bool {
    unsafe String(decoding: field, as: UTF8.self).lowercased().split(separator: ",").contains { $0.trimmingSpaces == "respond-async" }
  }

  private mutating func readParameters(_ request: Request) throws {
    var seen: Set<String> = []
    try request.forEachParameter { name, value in
      seen.insert(name)
      try take(name, value)
    }
    if !seen.contains("group") { isGrouped = profile.isGrouped }
    try checkProfile(seen)
  }

  private func checkProfile(_ seen: Set<String>) throws {
    if seen.contains("group"), isGrouped, !profile.isGrouped {
      throw Problem.badParameter("group", code: "not_in_this_profile", "\(profile.name) has no reports to group")
    }
    if isInterstate, !profile.takesInterstate {
      throw Problem.badParameter("interstate", code: "not_in_this_profile", "\(profile.name) does not tell the states of its actors")
    }
    if let wanted = profile.resource, let resource, resource !== wanted {
      throw Problem.badParameter(
        "profile", code: "other_resource", "rows of \(profile.name) are \(wanted.name), the path says \(resource.name)")
    }
    if let own = profile.source, source != nil {
      throw Problem.badParameter("source", code: "not_in_this_profile", "the source of \(profile.name) is \(own)")
    }
  }

  private mutating func take(_ name: String, _ value: String) throws {
    switch name {
    case "profile":
      guard let known = Profiles.all.first(where: { $0.name == value }) else { throw Self.notAWord(name, value, Profiles.all.map(\.name)) }
      profile = known
    case "mode": mode = try Self.word(name, value)
    case "on_error": onError = try Self.word(name, value)
    case "dry_run": isDry = try Self.flag(name, value)
    case "interstate": isInterstate = try Self.flag(name, value)
    case "group": isGrouped = try Self.flag(name, value)
    case "create_missing":
      guard value == "stakeholders" else { throw Self.notAWord(name, value, ["stakeholders"]) }
      createsStakeholders = true
    case "max_errors":
      guard let number = Int(value), (0...Self.mostErrors).contains(number) else {
        throw Problem.badParameter(name, code: "malformed_value", "a whole number from 0 to \(Self.mostErrors) is wanted")
      }
      maxErrors = number
    case "file_name": fileName = try Self.words(name, value, max: 300)
    case "source": source = try Self.words(name, value, max: 64)
    default:
      let names = Self.parameters
      let hint = nearest(name, in: names).map { "; did you mean \($0)?" } ?? ""
      throw Problem.badParameter(name, code: "unknown_parameter", "an import has no parameter \"\(name)\"\(hint)", allowed: names)
    }
  }

  static let parameters = [
    "profile", "mode", "on_error", "dry_run", "max_errors", "create_missing", "interstate", "group", "file_name", "source",
  ]
  private static let mostErrors = 1_000_000

  private static func flag(_ name: String, _ value: String) throws -> Bool {
    guard value == "true" || value == "false" else { throw notAWord(name, value, ["true", "false"]) }
    return value == "true"
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
    switch mediaType {
    case "application/zip", "application/x-zip-compressed": packing = .zip
    case "application/gzip", "application/x-gzip":
      packing = .gzip
      form = try form(ofArchived: fileName.map { $0.hasSuffix(".gz") ? String($0.dropLast(3)) : $0 } ?? "")
    default: form = try plainForm()
    }
    guard packing == .zip || rowResource != nil || form == .ndjson || form == .jsonArray else {
      throw Problem.badRequest(
        "resource_missing", "the rows of a table do not say what they are", hint: "POST to /v1/imports/events, /v1/imports/stakeholders …")
    }
    try readCoding(request)
  }

  private func plainForm() throws -> Form {
    if profile.table != nil {
      // How a table is written is the profile's to say; what it is called varies (GDELT's tab-separated files end in .CSV).
      guard ["text/csv", "text/tab-separated-values", "text/plain", "application/csv", "text/tsv"].contains(mediaType) else {
        throw Self.unsupported(mediaType, "\(profile.name) is a table: send text/csv, text/tab-separated-values or application/zip")
      }
      return .csv
    }
    guard let form = Form(mediaType: mediaType) else {
      throw Self.unsupported(
        mediaType,
        "say application/x-ndjson, application/json, text/csv, text/tab-separated-values or application/zip; with curl -H 'Content-Type: text/csv'"
      )
    }
    return form
  }

  private static func unsupported(_ mediaType: String, _ hint: String) -> Problem {
    Problem(
      status: 415, code: "unsupported_media_type", title: "The body's type is not taken here",
      detail: mediaType.isEmpty ? "the Content-Type is missing" : "\(mediaType.prefix(80)) is none of the forms of this import", hint: hint)
  }

  /// The form of rows that lie in an archive, by the name of their file.
  ///
  /// - Throws: 415 for a name that does not say.
  func form(ofArchived name: String) throws -> Form {
    if profile.table != nil { return .csv }
    let lower = name.lowercased()
    for (suffix, form) in [(".ndjson", Form.ndjson), (".jsonl", .ndjson), (".json", .jsonArray), (".csv", .csv), (".tsv", .tsv)]
    where lower.hasSuffix(suffix) {
      guard form == .ndjson || form == .jsonArray || rowResource != nil else {
        throw Problem.badRequest("resource_missing", "the rows of a table do not say what they are", hint: "POST to /v1/imports/events …")
      }
      return form
    }
    throw Problem(
      status: 415, code: "unsupported_media_type", title: "The file's name does not say its form",
      detail: "\"\(name.prefix(100))\" ends in none of .ndjson, .jsonl, .json, .csv, .tsv", hint: "name the file so, or give file_name=")
  }

  private mutating func readCoding(_ request: Request) throws {
    guard let coding = unsafe request.header("content-encoding") else { return }
    switch unsafe String(decoding: coding, as: UTF8.self).lowercased() {
    case "gzip", "x-gzip":
      guard packing == .none else {
        throw Problem(
          status: 415, code: "unsupported_coding", title: "The body's coding is not taken here", detail: "\(mediaType) is packed already")
      }
      packing = .gzip
    case "", "identity": break
    case let other:
      throw Problem(
        status: 415, code: "unsupported_coding", title: "The body's coding is not taken here", detail: "\(other.prefix(40)) is not gzip")
    }
  }
}
