package import SQL

/// Which reports count towards which event (domain §5): reports of the same occurrence are one event. All calls throw `SQLError`.
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

  /// - Parameter row: reused for the values of each statement.
  package init(_ connection: any Connection, _ row: Values = Values()) {
    self.connection = connection
    self.row = row
  }

  /// The number of the event that a report counts towards; `nil` for an unknown report.
  package func event(ofReport externalID: Cell, from source: Cell) throws -> Int64? {
    row.reset()
    row.append(source)
    row.append(externalID)
    return try connection.integer(Self.event, row)
  }

  /// The number of the first event of a group, by the group's key; `nil` for a new group.
  package func leader(of key: String, from source: Cell) throws -> Int64? {
    row.reset()
    row.append(source)
    row.append(text: key)
    return try connection.integer(Self.leader, row)
  }

  /// Makes an event the first of its group; no effect if the group has one.
  package func lead(_ key: String, from source: Cell, _ event: Int64) throws {
    row.reset()
    row.append(source)
    row.append(text: key)
    row.append(integer: event)
    try connection.execute(Self.addGroup, row)
  }

  /// Counts a report towards an event.
  ///
  /// - Parameter importID: the import that brought the report; `nil` for none.
  package func add(_ externalID: Cell, from source: Cell, to event: Int64, importID: Int64?) throws {
    row.reset()
    row.append(source)
    row.append(externalID)
    row.append(integer: event)
    row.append(value: importID.sqlValue)
    try connection.execute(Self.addReport, row)
  }

  /// Deletes the reports of an event that an import brought, so that the same rows can be imported again.
  package func forget(of event: Int64, by importID: Int64) throws {
    row.reset()
    row.append(integer: event)
    row.append(integer: importID)
    try connection.execute(Self.forget, row)
  }

  /// The change number of an event's current version; `nil` if another import or none wrote it.
  package func seq(of event: Int64, by importID: Int64?) throws -> Int64? {
    row.reset()
    row.append(integer: event)
    row.append(value: importID.sqlValue)
    return try connection.integer(Self.seq, row)
  }

  /// Adds one to the event's `report_count`, without a new version.
  package func count(_ event: Int64) throws {
    row.reset()
    row.append(integer: event)
    try connection.execute(Self.count, row)
  }
}
