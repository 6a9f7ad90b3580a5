internal import Records
package import SQL

/// The participants of an event, joined with their stakeholder records.
package struct EventParticipants {
  private static let list = SQLTemplate(
    """
    SELECT \(Dialect.element("j")), s.id, s.name, s.type, s.country FROM events r, \(Dialect.elements(of: "r.participants", as: "j"))
    LEFT JOIN stakeholders s ON s.code = \(Dialect.member("stakeholder", of: Dialect.element("j")))
    WHERE r.id = \(parameter: "event") ORDER BY \(Dialect.position("j"))
    """)

  private let connection: any Connection

  /// - Parameter connection: a reader's or the writer's.
  package init(_ connection: any Connection) { self.connection = connection }

  /// Calls `row` per participant in stored order: the stored object as JSON, then the stakeholder's `id, name, type, country`, which are
  /// null for a code without a record.
  ///
  /// - Throws: `SQLError`, or what `row` throws.
  package func list(of event: Int64, _ row: (Row) throws -> Void) throws {
    try connection.query(Self.list, with: event) {
      try row($0)
      return true
    }
  }
}
