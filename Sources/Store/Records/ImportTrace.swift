package import Records
package import SQL

/// The traces of imports in the records of a resource and in their history. All calls throw `SQLError`.
package struct ImportTrace {
  /// One version of a record.
  package struct Version: Sendable {
    /// From 1.
    package let number: Int64
    /// 0 if no import wrote it.
    package let importID: Int64
    /// What ended the version before it: `update`, `import` or `undo`; empty for the first.
    package let cameBy: String
  }

  private let connection: any Connection
  private let resource: Resource

  /// - Parameter resource: its records are looked at.
  package init(_ resource: Resource, _ connection: any Connection) {
    self.resource = resource
    self.connection = connection
  }

  /// The numbers of the records whose current version an import wrote, below `last`, descending.
  package func records(of importID: Int64, below last: Int64, atMost limit: Int) throws -> [Int64] {
    try ids(
      """
      SELECT id FROM \(raw: resource.name) WHERE import_id = \(importID) AND id < \(last) ORDER BY id DESC LIMIT \(limit)
      """)
  }

  /// The numbers of the records that an import wrote and another write has changed since, descending.
  package func changedSince(_ importID: Int64) throws -> [Int64] {
    try ids(
      """
      SELECT DISTINCT h.id FROM \(raw: resource.name)_history h JOIN \(raw: resource.name) r ON r.id = h.id \
      WHERE h.import_id = \(importID) AND \(Dialect.differs("r.import_id", "\(importID)")) AND h.ended_by <> 'undo' ORDER BY h.id DESC
      """)
  }

  private func ids(_ statement: SQLFragment) throws -> [Int64] {
    var ids: [Int64] = []
    try connection.query(statement) { row in
      ids.append(row[0].integer)
      return true
    }
    return ids
  }

  /// All versions of a record, oldest first.
  package func versions(of current: Draft) throws -> [Version] {
    var versions: [Version] = []
    var cameBy = ""
    try connection.query(
      "SELECT version, import_id, ended_by FROM \(raw: resource.name)_history WHERE id = \(current.id) ORDER BY version"
    ) { row in
      versions.append(Version(number: row[0].integer, importID: row[1].integer, cameBy: cameBy))
      cameBy = row[2].string
      return true
    }
    return versions + [Version(number: current.version, importID: current[resource.standard.importID].integer, cameBy: cameBy)]
  }

  /// A record in an earlier version; `nil` if the history lacks it.
  package func record(_ id: Int64, version: Int64) throws -> Draft? {
    var found: Draft?
    try connection.query(
      "SELECT \(raw: resource.sql.selectList) FROM \(raw: resource.name)_history r WHERE r.id = \(id) AND r.version = \(version)"
    ) { row in
      found = Draft(resource, row: row)
      return false
    }
    return found
  }

  /// The number of a record's parts of one resource; 0 for a resource without a parent.
  package func parts(_ part: Resource, of id: Int64) throws -> Int64 {
    guard let field = part.parent?.field else { return 0 }
    return try connection.integer("SELECT count(*) FROM \(raw: part.name) WHERE \(raw: field) = \(id)") ?? 0
  }
}
