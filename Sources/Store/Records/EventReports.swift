package import SQL

/// Which reports count for which event (domain §5): reports of the same thing are one event.
package struct EventReports {
  private static let event = SQLTemplate(
    "SELECT event_id FROM event_reports WHERE source = \(parameter: "source") AND external_id = \(parameter: "external_id")")
  private static let leader = SQLTemplate(
    "SELECT event_id FROM event_groups WHERE source = \(parameter: "source") AND key = \(parameter: "key")")
  private static let addReport = SQLTemplate(
    """
    INSERT INTO event_reports (source, external_id, event_id, import_id)
    VALUES (\(parameter: "source"), \(parameter: "external_id"), \(parameter: "event"), \(parameter: "import"))
    """)
  private static let addGroup = SQLTemplate(
    """
    INSERT INTO event_groups (source, key, event_id)
    VALUES (\(parameter: "source"), \(parameter: "key"), \(parameter: "event"))\(Dialect.orLeave)
    """)
  private static let forget = SQLTemplate(
    "DELETE FROM event_reports WHERE event_id = \(parameter: "event") AND import_id = \(parameter: "import")")
  private static let seq = SQLTemplate("SELECT seq FROM events WHERE id = \(parameter: "event") AND import_id = \(parameter: "import")")
  private static let count = SQLTemplate("UPDATE events SET report_count = report_count + 1 WHERE id = \(parameter: "event")")

  private let connection: any Connection
  private let row: Values

  /// - Parameter row: room for the values of one statement, which is used again.
  package init(_ connection: any Connection, _ row: Values = Values()) {
    self.connection = connection
    self.row = row
  }

  /// The event that a report counts for, by the report's name.
  package func event(ofReport externalID: Cell, from source: Cell) throws -> Int64? {
    row.reset()
    row.append(source)
    row.append(externalID)
    return try connection.integer(Self.event, row)
  }

  /// The event that reports with a key count for: the first of its group.
  package func leader(of key: String, from source: Cell) throws -> Int64? {
    row.reset()
    row.append(source)
    row.append(text: key)
    return try connection.integer(Self.leader, row)
  }

  /// Makes an event the first of its group; where the group has one already, nothing happens.
  package func lead(_ key: String, from source: Cell, _ event: Int64) throws {
    row.reset()
    row.append(source)
    row.append(text: key)
    row.append(integer: event)
    try connection.execute(Self.addGroup, row)
  }

  /// Notes that a report counts for an event.
  package func add(_ externalID: Cell, from source: Cell, to event: Int64, importID: Int64?) throws {
    row.reset()
    row.append(source)
    row.append(externalID)
    row.append(integer: event)
    row.append(value: importID.sqlValue)
    try connection.execute(Self.addReport, row)
  }

  /// Forgets the reports of an event that came by an import: the same rows can come again.
  package func forget(of event: Int64, by importID: Int64) throws {
    row.reset()
    row.append(integer: event)
    row.append(integer: importID)
    try connection.execute(Self.forget, row)
  }

  /// The change number of an event as an import wrote it; `nil` when its version is of another import or of none.
  package func seq(of event: Int64, by importID: Int64?) throws -> Int64? {
    row.reset()
    row.append(integer: event)
    row.append(value: importID.sqlValue)
    return try connection.integer(Self.seq, row)
  }

  /// Counts one more report in the event's row, without a version of its own.
  package func count(_ event: Int64) throws {
    row.reset()
    row.append(integer: event)
    try connection.execute(Self.count, row)
  }
}
