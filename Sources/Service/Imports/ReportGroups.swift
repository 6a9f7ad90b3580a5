internal import Formats
internal import Intake
internal import Records
internal import SQL
internal import Store

/// Merges reports of the same event (domain §5): the first becomes the event, the others count in its `report_count`.
enum ReportGroups {
  enum Place {
    /// Counted as a report of an existing event.
    case grouped
    /// Counted before.
    case known
  }

  /// Not a secret: separates these hashes from others.
  private static let label = Array("chancery-group".utf8)

  /// Counts a new row as a report of an existing event; `nil` if it is the first of its group.
  static func place(_ row: ImportRow, _ write: Write) throws -> Place? {
    let standard = row.draft.resource.standard
    let (source, externalID) = (row.draft[standard.source], row.draft[standard.externalID])
    let reports = EventReports(write.connection, write.scratch)
    if try reports.event(ofReport: externalID, from: source) != nil { return .known }
    guard let event = try reports.leader(of: name(of: row), from: source) else { return nil }
    try reports.add(externalID, from: source, to: event, importID: write.cause.importID)
    try raise(event, write)
    return .grouped
  }

  /// Records an event as the first of its group.
  static func found(_ row: ImportRow, _ event: Int64, _ write: Write) throws {
    let source = row.draft[row.draft.resource.standard.source]
    try EventReports(write.connection, write.scratch).lead(name(of: row), from: source, event)
  }

  private static func raise(_ event: Int64, _ write: Write) throws {
    let reports = EventReports(write.connection, write.scratch)
    // Nobody has seen this transaction's rows, so the count needs no version of its own. The event of another import does, so that each can
    // be undone alone.
    if let seq = try reports.seq(of: event, by: write.cause.importID), seq > write.transaction.committedSeq {
      return try reports.count(event)
    }
    try write.derive(Events.resource, event) { $0.set(Events.reportCount, integer: $0[Events.reportCount].integer + 1) }
  }

  /// 128 bits of hash: no two keys collide by chance.
  private static func name(of row: ImportRow) -> String { Base64URL.encode(Hash.tag(row.groupKey.array, key: label)) }
}
