internal import Formats
internal import SQL

/// Reports of the same thing become one event (domain §5): the first is the event, the others are counted in its `report_count`.
enum ReportGroups {
  enum Place {
    /// Counted as a report of an event that is there.
    case grouped
    /// It was counted before.
    case known
  }

  /// The event that a report counts for, by the report's name.
  static let report = SQLText("SELECT event_id FROM event_reports WHERE source = ?1 AND external_id = ?2")
  private static let leader = SQLText("SELECT event_id FROM event_groups WHERE source = ?1 AND key = ?2")
  private static let addReport = SQLText("INSERT INTO event_reports (source, external_id, event_id, import_id) VALUES (?1, ?2, ?3, ?4)")
  private static let addGroup = SQLText("INSERT OR IGNORE INTO event_groups (source, key, event_id) VALUES (?1, ?2, ?3)")
  private static let seq = SQLText("SELECT seq FROM events WHERE id = ?1 AND import_id = ?2")
  private static let count = SQLText("UPDATE events SET report_count = report_count + 1 WHERE id = ?1")
  /// Not a secret: only tells these hashes from others.
  private static let label = Array("chancery-group".utf8)

  /// Counts a row that is no event yet as a report of one; `nil` when it is the first of its kind.
  static func place(_ row: ImportRow, _ write: Write) throws -> Place? {
    let standard = row.draft.resource.standard
    let key = write.scratch
    key.reset()
    key.append(row.draft[standard.source])
    key.append(row.draft[standard.externalID])
    if try write.connection.integer(report, key) != nil { return .known }
    key.reset()
    key.append(row.draft[standard.source])
    key.append(text: name(of: row))
    guard let event = try write.connection.integer(leader, key) else { return nil }
    key.reset()
    key.append(row.draft[standard.source])
    key.append(row.draft[standard.externalID])
    key.append(integer: event)
    if let id = write.cause.importID { key.append(integer: id) } else { key.append(.null) }
    try write.connection.execute(addReport, key)
    try raise(event, write)
    return .grouped
  }

  /// An event is the first of its group.
  static func found(_ row: ImportRow, _ event: Int64, _ write: Write) throws {
    let key = write.scratch
    key.reset()
    key.append(row.draft[row.draft.resource.standard.source])
    key.append(text: name(of: row))
    key.append(integer: event)
    try write.connection.execute(addGroup, key)
  }

  private static func raise(_ event: Int64, _ write: Write) throws {
    let key = write.scratch
    key.reset()
    key.append(integer: event)
    if let id = write.cause.importID { key.append(integer: id) } else { key.append(.null) }
    // Nobody has seen what this transaction wrote: it needs no version of its own. What another import wrote in it does, to be undone alone.
    if try write.connection.integer(seq, key) ?? 0 > write.transaction.committedSeq {
      key.reset()
      key.append(integer: event)
      try write.connection.execute(count, key)
      return
    }
    try write.derive(Events.resource, event) { $0.set(Events.reportCount, integer: $0[Events.reportCount].integer + 1) }
  }

  /// 128 bits of hash: no two keys share them by chance.
  private static func name(of row: ImportRow) -> String { Base64URL.encode(Hash.tag(row.groupKey.array, key: label)) }
}
