internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import Store

// How a request describes its file: `?profile=…&mode=…&on_error=…`, and its header.

extension ImportOptions {
  /// - Parameter resource: the resource of the rows, if the path names it.
  /// - Throws: 400 with all invalid parameters, 415 for an unsupported media type.
  init(_ call: Call, resource: Resource?) throws {
    self.init()
    self.resource = resource
    let parameters = try call.parameters()
    read(parameters)
    isAsynchronous = call.request.header("prefer").map { Self.asksForAsynchrony($0) } ?? false
    if isAsynchronous, isDry {
      parameters.fault(
        "dry_run", "conflict", "a dry run leaves no record to read later: omit Prefer: respond-async")
    }
    try parameters.check()
    try readHeaders(call.request)
  }

  private static func asksForAsynchrony(_ field: ByteView) -> Bool {
    field.string.lowercased().split(separator: ",").contains { $0.trimmingSpaces == "respond-async" }
  }

  private mutating func read(_ parameters: Parameters) {
    profile = parameters["profile"].flatMap { name in Profiles.all.first { $0.name == name } } ?? profile
    mode = parameters.word("mode", mode)
    onError = parameters.word("on_error", onError)
    isDry = parameters.flag("dry_run")
    isInterstate = parameters.flag("interstate")
    isGrouped = parameters.isGiven("group") ? parameters.flag("group") : profile.isGrouped
    createsStakeholders = parameters.isGiven("create_missing")
    maxErrors = parameters.number("max_errors") ?? maxErrors
    fileName = parameters["file_name"]
    source = parameters["source"]
    checkProfile(parameters)
  }

  private func checkProfile(_ parameters: Parameters) {
    if isGrouped, !profile.isGrouped {
      parameters.fault("group", "not_in_this_profile", "\(profile.name) has no reports to group")
    }
    if isInterstate, !profile.takesInterstate {
      parameters.fault("interstate", "not_in_this_profile", "\(profile.name) does not identify the states of its actors")
    }
    if let wanted = profile.resource, let resource, resource !== wanted {
      parameters.fault("profile", "other_resource", "rows of \(profile.name) are \(wanted.name), but the path names \(resource.name)")
    }
    if let own = profile.source, source != nil {
      parameters.fault("source", "not_in_this_profile", "the source of \(profile.name) is \(own)")
    }
  }

  // MARK: Header

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
      throw Problem.resourceMissing
    }
    try readCoding(request)
  }

  private func plainForm() throws -> Form {
    if profile.table != nil {
      // The profile knows the table's format; its media type varies (GDELT's tab-separated files end in .CSV).
      guard ["text/csv", "text/tab-separated-values", "text/plain", "application/csv", "text/tsv"].contains(mediaType) else {
        throw Self.unsupported(mediaType, "\(profile.name) is a table: send text/csv, text/tab-separated-values or application/zip")
      }
      return .csv
    }
    guard let form = Form(mediaType: mediaType) else {
      throw Self.unsupported(
        mediaType,
        "send application/x-ndjson, application/json, text/csv, text/tab-separated-values or application/zip; with curl: -H 'Content-Type: text/csv'"
      )
    }
    return form
  }

  private static func unsupported(_ mediaType: String, _ hint: String) -> Problem {
    Problem(
      status: 415, code: "unsupported_media_type", title: "The body's media type is not supported",
      detail: mediaType.isEmpty ? "the Content-Type is missing" : "this import does not support \(mediaType.prefix(80))", hint: hint)
  }

  private mutating func readCoding(_ request: Request) throws {
    guard let coding = request.header("content-encoding") else { return }
    switch coding.string.lowercased() {
    case "gzip", "x-gzip":
      guard packing == .none else {
        throw Problem(
          status: 415, code: "unsupported_coding", title: "The body's content coding is not supported",
          detail: "\(mediaType) is compressed already")
      }
      packing = .gzip
    case "", "identity": break
    case let other:
      throw Problem(
        status: 415, code: "unsupported_coding", title: "The body's content coding is not supported",
        detail: "\(other.prefix(40)) is not gzip")
    }
  }
}
