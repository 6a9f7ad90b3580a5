internal import Formats
internal import HTTP
internal import Records

/// A write's `If-Match` (RFC 9110 §13.1.1): one of these versions, or any record at all.
package struct VersionGuard: Sendable {
  private var versions: [Int64] = []
  private var isAny = false

  /// - Returns: `nil` without the header field.
  /// - Throws: 400 for a field without an entity tag of a record.
  init?(_ request: Request) throws {
    guard let field = unsafe request.header("if-match") else { return nil }
    let text = unsafe String(decoding: field, as: UTF8.self)
    for tag in text.split(separator: ",") {
      let word = tag.trimmingSpaces
      if word == "*" {
        isAny = true
      } else if !word.hasPrefix("W/") {
        // A weak tag never matches here (RFC 9110 §13.1.1).
        versions.append(try Self.version(of: word))
      }
    }
  }

  /// The version of `"3"`; marks that a coding or an overdue date appends do not matter for an update.
  fileprivate static func version(of tag: Substring) throws -> Int64 {
    var inner = tag.dropFirst().dropLast()
    for mark in ["-gzip", ".overdue"] where inner.hasSuffix(mark) { inner = inner.dropLast(mark.count) }
    guard tag.count > 2, tag.first == "\"", tag.last == "\"", let version = Int64(inner), inner.allSatisfy(\.isNumber) else {
      throw Problem(
        status: 400, code: "bad_header", title: "A header field is malformed",
        faults: [
          .init(.header("If-Match"), code: "bad_etag", detail: "\(tag.prefix(40)) is not a strong entity tag of a record, such as \"3\"")
        ])
    }
    return version
  }

  func allows(_ version: Int64) -> Bool { isAny || versions.contains(version) }
}

/// A write's `If-None-Match` (RFC 9110 §13.1.2): no record at all, or none of these versions.
package struct VersionExclusion: Sendable {
  private var versions: Set<Int64> = []
  private var isAny = false

  /// An entity tag that is not a record's excludes nothing.
  ///
  /// - Returns: `nil` without the header field.
  init?(_ request: Request) {
    guard let field = request.field("If-None-Match") else { return nil }
    for tag in field.string.split(separator: ",") {
      let word = tag.trimmingSpaces
      if word == "*" { isAny = true }
      // Weak comparison (RFC 9110 §8.8.3.2).
      let strong = word.hasPrefix("W/") ? word.dropFirst(2) : word[...]
      if let version = try? VersionGuard.version(of: strong) { versions.insert(version) }
    }
  }

  /// - Throws: 412 if the record is excluded.
  func check(_ current: Draft) throws {
    guard isAny || versions.contains(current.version) else { return }
    throw Problem(
      status: 412, code: "excluded", title: "The request excludes the record as it is",
      detail: isAny ? "If-None-Match is *, and there is such a record" : "If-None-Match names its version, which is \(current.version)")
  }
}
