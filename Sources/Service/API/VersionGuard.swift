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
    guard let tags = try EntityTags(request, "If-Match") else { return nil }
    isAny = tags.isAny
    // A weak tag never matches here (RFC 9110 §13.1.1).
    for tag in tags.list where !tag.isWeak {
      guard let version = tag.version else {
        throw Problem.badETag("If-Match", "\"\(tag.opaque.prefix(40))\" is not a strong entity tag of a record, such as \"3\"")
      }
      versions.append(version)
    }
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
  /// - Throws: 400 for a field that holds no entity tags: nothing would be excluded, and the sender would not know.
  init?(_ request: Request) throws {
    guard let tags = try EntityTags(request, "If-None-Match") else { return nil }
    isAny = tags.isAny
    // Weak comparison (RFC 9110 §8.8.3.2).
    versions = Set(tags.list.compactMap(\.version))
  }

  /// - Throws: 412 if the record is excluded.
  func check(_ current: Draft) throws {
    guard isAny || versions.contains(current.version) else { return }
    throw Problem(
      status: 412, code: "excluded", title: "If-None-Match matches the record",
      detail: isAny ? "If-None-Match is *, and the record exists" : "If-None-Match names its current version, \(current.version)")
  }
}

/// The entity tags of a precondition (RFC 9110 §8.8.3): `*`, or one or more in any number of fields.
private struct EntityTags {
  struct Tag {
    let isWeak: Bool
    /// What stands between the quotes.
    let opaque: Substring

    /// The version of `"3"`; marks that a coding or an overdue date appends do not matter for a write.
    var version: Int64? {
      var inner = opaque
      for mark in ["-gzip", ".overdue"] where inner.hasSuffix(mark) { inner = inner.dropLast(mark.count) }
      return inner.allSatisfy(\.isNumber) ? Int64(inner) : nil
    }
  }

  let isAny: Bool
  let list: [Tag]

  /// - Returns: `nil` without the field.
  /// - Throws: 400 for anything but `*` or a list of at least one tag.
  init?(_ request: Request, _ name: StaticString) throws {
    var fields: [String] = []
    request.headers(named: name) { fields.append($0.string) }
    guard !fields.isEmpty else { return nil }
    let text = fields.joined(separator: ",")
    isAny = text == "*"
    list = isAny ? [] : Self.tags(of: text)
    guard isAny || !list.isEmpty else {
      throw Problem.badETag("\(name)", "\"\(text.prefix(40))\" is neither * nor a list of entity tags in quotes, such as \"3\"")
    }
  }

  /// Commas between tags; a tag may hold them, too. Empty for malformed text.
  private static func tags(of text: String) -> [Tag] {
    var tags: [Tag] = []
    var rest = text[...].drop { " \t,".contains($0) }
    while !rest.isEmpty {
      let isWeak = rest.hasPrefix("W/")
      let quoted = isWeak ? rest.dropFirst(2) : rest
      guard quoted.first == "\"", let end = quoted.dropFirst().firstIndex(of: "\"") else { return [] }
      tags.append(Tag(isWeak: isWeak, opaque: quoted[..<end].dropFirst()))
      let next = quoted[end...].dropFirst().drop { " \t".contains($0) }
      guard next.isEmpty || next.first == "," else { return [] }
      rest = next.drop { " \t,".contains($0) }
    }
    return tags
  }
}

extension Problem {
  fileprivate static func badETag(_ header: String, _ detail: String) -> Problem {
    Problem(
      status: 400, code: "bad_header", title: "A header field is malformed",
      faults: [.init(.header(header), code: "bad_etag", detail: detail)])
  }
}
