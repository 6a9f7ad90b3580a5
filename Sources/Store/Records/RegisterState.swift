internal import Records
package import SQL

/// The register's own row of each name, which its migrations put there.
package enum RegisterState {
  private static let value = SQLTemplate("SELECT CAST(value AS TEXT) FROM register_state WHERE name = \(parameter: "name")")

  /// The secret that seals cursors; the numbers that the writer goes on from are looked for, too.
  ///
  /// - Throws: `BrokenPromise` for a row that is not there or empty: with an empty secret anybody could seal cursors, and without the last
  ///   numbers the writer would give them again.
  package static func cursorKey(_ connection: any Connection) throws -> String {
    for name in ["seq", "last_id"] { _ = try text(name, connection) }
    return try text("cursor_key", connection)
  }

  private static func text(_ name: String, _ connection: any Connection) throws -> String {
    guard let text = try connection.text(value, with: name), !text.isEmpty else { throw BrokenPromise("register_state.\(name)") }
    return text
  }

  private static let isEmpty = SQLTemplate("SELECT NOT EXISTS (SELECT 1 FROM stakeholders) AND NOT EXISTS (SELECT 1 FROM strategies)")
  private static let hasEvents = SQLTemplate("SELECT EXISTS (SELECT 1 FROM events)")
  private static let unfinished = SQLTemplate("SELECT id FROM imports WHERE state IN ('queued', 'running')")

  /// Whether the register lacks what each one comes with: neither a stakeholder nor a strategy is there.
  package static func isNew(_ connection: any Connection) throws -> Bool { try connection.integer(isEmpty) == 1 }

  package static func hasEvents(_ connection: any Connection) throws -> Bool { try connection.integer(hasEvents) == 1 }

  /// Numbers of the imports that have begun and not ended.
  package static func unfinishedImports(_ connection: any Connection) throws -> [Int64] {
    var ids: [Int64] = []
    try connection.query(unfinished) { row in
      ids.append(row[0].integer)
      return true
    }
    return ids
  }

  /// Throws where the database cannot be read.
  package static func check(_ connection: any Connection) throws { _ = try connection.integer("SELECT 1") }
}
