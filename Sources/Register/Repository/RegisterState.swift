internal import Records
internal import SQL

/// The register's own row of each name, which its migrations put there.
enum RegisterState {
  private static let value = SQLTemplate("SELECT CAST(value AS TEXT) FROM register_state WHERE name = \(parameter: "name")")

  /// The secret that seals cursors; the numbers that the writer goes on from are looked for, too.
  ///
  /// - Throws: `BrokenPromise` for a row that is not there or empty: with an empty secret anybody could seal cursors, and without the last
  ///   numbers the writer would give them again.
  static func cursorKey(_ connection: any Connection) throws -> String {
    for name in ["seq", "last_id"] { _ = try text(name, connection) }
    return try text("cursor_key", connection)
  }

  private static func text(_ name: String, _ connection: any Connection) throws -> String {
    guard let text = try connection.text(value, with: name), !text.isEmpty else { throw BrokenPromise("register_state.\(name)") }
    return text
  }
}
