internal import Formats
internal import HTTP
internal import Records

extension Request {
  /// The format that `Accept` prefers among those of a list (RFC 9110 §12.5.1); JSON without the field.
  ///
  /// - Throws: 406 when it accepts none of them.
  func preferredFormat(of forms: [ListFormat] = ListFormat.ofFigures) throws -> ListFormat {
    var lines: [String] = []
    headers(named: "accept") { lines.append($0.string.lowercased()) }
    guard !lines.isEmpty else { return .json }
    var best: (format: ListFormat, weight: Double)?
    // Several field lines are one list (RFC 9110 §5.3).
    for item in lines.joined(separator: ",").split(separator: ",") {
      let parts = item.split(separator: ";").map(\.trimmingSpaces)
      guard let type = parts.first, let format = Self.format(of: String(type)), forms.contains(format) else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
      if weight > best?.weight ?? 0 { best = (format, weight) }
    }
    guard let best else {
      throw Problem(
        status: 406, code: "not_acceptable", title: "The format is not available",
        detail: "this list is available as \(forms.map { "\($0.contentType)".prefix { $0 != ";" } }.joined(separator: ", "))",
        hint: "or append \(forms.map { ".\($0.rawValue)" }.joined(separator: ", ")) to the path")
    }
    return best.format
  }

  private static func format(of type: String) -> ListFormat? {
    switch type {
    case "*/*", "application/*", "application/json", "application/problem+json": .json
    case "application/x-ndjson", "application/ndjson", "application/jsonl": .ndjson
    case "text/csv", "text/*": .csv
    case "application/geo+json", "application/vnd.geo+json": .geojson
    default: nil
    }
  }

  /// The body's media type in lower case, without parameters; `nil` if the sender gives none.
  var mediaType: String? {
    guard let field = header("content-type") else { return nil }
    let text = field.string.lowercased()
    return String(text.prefix { $0 != ";" }.trimmingSpaces)
  }

  /// - Throws: 415 unless the body is JSON.
  func requireJSON(_ alternative: String? = nil) throws {
    if let coding = header("content-encoding"), !coding.string.isEmpty {
      throw Problem(
        status: 415, code: "unsupported_coding", title: "The body's content coding is not supported",
        detail: "a single record must be sent without a content coding", hint: "imports accept gzip")
    }
    guard let type = mediaType, type != "application/json", type != alternative else { return }
    throw Problem(
      status: 415, code: "unsupported_media_type", title: "The body's media type is not supported",
      detail: "\(type.prefix(80)) is not application/json\(alternative.map { " or \($0)" } ?? "")",
      hint: "with curl, add -H 'Content-Type: application/json'")
  }
}
