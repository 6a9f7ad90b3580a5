package import HTTP
package import Records
package import SQL

extension Problem {
  /// 409: a unique key is taken by another record.
  package static func taken(_ resource: Resource, _ error: SQLError) -> Problem {
    // SQLite's message: `UNIQUE constraint failed: stakeholders.code`.
    let fields = resource.columns.map(\.name).filter { error.detail.contains("\(resource.name).\($0)") }
    let faults = fields.map { Fault(.pointer("/\($0)"), code: "taken", detail: "another \(resource.singular) has this \($0)") }
    return Problem(
      status: 409, code: "conflict", title: "Two things exclude each other",
      detail: "another record has this key: \(fields.joined(separator: " and ")) must be unique",
      faults: faults)
  }

  /// 409: other records refer to this one.
  package static func referenced(_ resource: Resource, _ by: [String]) -> Problem {
    Problem(
      status: 409, code: "referenced", title: "Other records refer to this one",
      detail: "this \(resource.singular) is named by \(by.joined(separator: ", "))",
      hint: "change or delete those first; nothing has been deleted")
  }

  /// 409: the resource is append-only.
  package static func appendOnly(_ resource: Resource) -> Problem {
    Problem(
      status: 409, code: "append_only", title: "Such records are not changed",
      detail: "this \(resource.singular) is there and says something else",
      hint: "add a new one")
  }

  /// 412: `If-Match` does not accept the record's version (RFC 9110 §13.1.1).
  package static func stale(_ version: Int64) -> Problem {
    Problem(
      status: 412, code: "stale", title: "The record has changed", detail: "its version is \(version) now",
      hint: "read it again, make the change on what it says now, and send it with the new ETag")
  }

  /// 404: no record ever had this id or handle; at most 100 characters of it are repeated.
  ///
  /// - Parameter resembling: the handle that is probably meant.
  package static func noRecord(_ resource: Resource, _ name: String, resembling: String? = nil) -> Problem {
    Problem(
      status: 404, code: "not_found", title: "There is nothing there", detail: "no \(resource.singular) is called \"\(name.prefix(100))\"",
      hint: resembling.map { "did you mean \($0)?" })
  }

  /// The same with the handle that resembles the name, where there is one.
  ///
  /// - Parameter connection: to the register that lacks the record.
  package static func noRecord(_ resource: Resource, _ name: String, over connection: any Connection) throws -> Problem {
    noRecord(resource, name, resembling: try StoredNames(connection).handle(resembling: name, of: resource))
  }

  /// 410: the record was deleted; its history remains.
  ///
  /// - Parameter path: of the record.
  package static func deleted(_ resource: Resource, _ path: String) -> Problem {
    Problem(
      status: 410, code: "deleted", title: "The record has been deleted", detail: "this \(resource.singular) was deleted",
      hint: "GET \(path)/history shows what it said")
  }

  /// A failure of the engine for a client: 507 for a full disk, 503 for a timeout or an unavailable or damaged file, else 500. The
  /// detail stays in the log.
  package static func engine(_ error: SQLError) -> Problem {
    switch error.kind {
    case .full:
      Problem(status: 507, code: "storage_full", title: "No room on the disk", detail: "nothing was written; reading goes on")
    case .interrupted:
      Problem(
        status: 503, code: "query_timeout", title: "The question took too long",
        hint: "narrow it: fewer days, one country, an indexed sort",
        retryAfterSeconds: 1)
    case .unavailable, .damaged:
      Problem(status: 503, code: "busy", title: "The register cannot answer now", retryAfterSeconds: 1)
    default: .internalError
    }
  }
}
