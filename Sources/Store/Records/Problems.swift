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
      status: 409, code: "conflict", title: "Conflict",
      detail: "another record has this key: \(fields.joined(separator: " and ")) must be unique",
      faults: faults)
  }

  /// 409: other records refer to this one.
  package static func referenced(_ resource: Resource, _ by: [String]) -> Problem {
    Problem(
      status: 409, code: "referenced", title: "Other records refer to this one",
      detail: "this \(resource.singular) is referred to by \(by.joined(separator: ", "))",
      hint: "change or delete those first; nothing was deleted")
  }

  /// 409: the resource is append-only.
  package static func appendOnly(_ resource: Resource) -> Problem {
    Problem(
      status: 409, code: "append_only", title: "The resource is append-only",
      detail: "this \(resource.singular) exists with other values",
      hint: "add a new record")
  }

  /// 412: `If-Match` does not accept the record's version (RFC 9110 §13.1.1).
  package static func stale(_ version: Int64) -> Problem {
    Problem(
      status: 412, code: "stale", title: "The record has changed", detail: "its version is now \(version)",
      hint: "read the record again, apply the change to it, and send it with the new ETag")
  }

  /// 404: no record ever had this id or handle; at most 100 characters of it are repeated.
  ///
  /// - Parameter resembling: the handle that is probably meant.
  package static func noRecord(_ resource: Resource, _ name: String, resembling: String? = nil) -> Problem {
    Problem(
      status: 404, code: "not_found", title: "Not found", detail: "there is no \(resource.singular) \"\(name.prefix(100))\"",
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
      hint: "GET \(path)/history shows its versions")
  }

  /// A failure of the engine for a client: 507 for a full disk, 503 for a timeout or an unavailable or damaged file, else 500. The
  /// detail stays in the log.
  package static func engine(_ error: SQLError) -> Problem {
    switch error.kind {
    case .full:
      Problem(status: 507, code: "storage_full", title: "The disk is full", detail: "nothing was written; reading still works")
    case .interrupted:
      Problem(
        status: 503, code: "query_timeout", title: "The query took too long",
        hint: "narrow it: fewer days, one country, or an indexed sort",
        retryAfterSeconds: 1)
    case .unavailable, .damaged:
      Problem(status: 503, code: "busy", title: "The register cannot answer now", retryAfterSeconds: 1)
    default: .internalError
    }
  }
}
