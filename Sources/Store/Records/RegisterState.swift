internal import Records
package import SQL

/// The table `register_state`: one value per name, created by the migrations. All calls throw `SQLError`.
package enum RegisterState {
  private static let value = SQLTemplate("SELECT CAST(value AS TEXT) FROM register_state WHERE name = \(parameter: "name")")

  /// The secret that seals cursors. Also checks the last change number and id, from which the writer continues.
  ///
  /// - Throws: `BrokenPromise` for a missing or empty row: with an empty secret anybody could seal cursors, and without the last numbers
  ///   the writer would reuse them.
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

  /// Whether the register is not seeded yet: it has neither a stakeholder nor a strategy.
  package static func isNew(_ connection: any Connection) throws -> Bool { try connection.integer(isEmpty) == 1 }

  /// Whether the register holds an event.
  package static func hasEvents(_ connection: any Connection) throws -> Bool { try connection.integer(hasEvents) == 1 }

  /// The numbers of the queued and running imports.
  package static func unfinishedImports(_ connection: any Connection) throws -> [Int64] {
    var ids: [Int64] = []
    try connection.query(unfinished) { row in
      ids.append(row[0].integer)
      return true
    }
    return ids
  }

  /// Throws when the database cannot be read; a health check.
  package static func check(_ connection: any Connection) throws { _ = try connection.integer("SELECT 1") }
}
