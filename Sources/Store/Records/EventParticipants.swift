internal import Records
package import SQL

/// Who took part in an event, with what the register knows of each.
package struct EventParticipants {
  private static let list = SQLTemplate(
    """
    SELECT \(Dialect.element("j")), s.id, s.name, s.type, s.country FROM events r, \(Dialect.elements(of: "r.participants", as: "j"))
    LEFT JOIN stakeholders s ON s.code = \(Dialect.member("stakeholder", of: Dialect.element("j")))
    WHERE r.id = \(parameter: "event") ORDER BY \(Dialect.position("j"))
    """)

  private let connection: any Connection

  package init(_ connection: any Connection) { self.connection = connection }

  /// Gives the participants in their order: the stored object, then the stakeholder's `id, name, type, country`.
  package func list(of event: Int64, _ row: (Row) throws -> Void) throws {
    try connection.query(Self.list, with: event) {
      try row($0)
      return true
    }
  }
}
