internal import Formats
internal import HTTP
internal import SQL

/// What lists and nested records refer to, kept beside the records so that it is found from the other end.
enum Links {
  private static let insert = SQLText("INSERT OR IGNORE INTO links (target, resource, field, id) VALUES (?1, ?2, ?3, ?4)")
  private static let removeOne = SQLText("DELETE FROM links WHERE target = ?1 AND resource = ?2 AND field = ?3 AND id = ?4")
  private static let participations = SQLText("SELECT count(*) FROM event_participants WHERE stakeholder = ?1")
  private static let byTarget = SQLText("SELECT resource, field, count(*) FROM links WHERE target = ?1 GROUP BY resource, field")

  /// Brings the links of a record to what it says now.
  static func replace(of new: Draft, old: Draft?, in write: Write) throws {
    for column in new.resource.linkedColumns {
      if let old {
        guard !new.values.equals(column.number, old[column.number]) else { continue }
        try each(column, old) { try run(removeOne, $0, column, old, write) }
      }
      try each(column, new) { try run(insert, $0, column, new, write) }
    }
  }

  static func remove(of old: Draft, in write: Write) throws {
    for column in old.resource.linkedColumns {
      try each(column, old) { try run(removeOne, $0, column, old, write) }
    }
  }

  /// - Throws: 409 when a list or nested record elsewhere names this one.
  static func checkUnreferenced(_ current: Draft, in write: Write) throws {
    let named = try linked(to: current, in: write)
    guard named.isEmpty else { throw Problem.referenced(current.resource, named) }
    guard let held = held[current.resource.name] else { return }
    let key = Values()
    key.append(integer: current.id)
    key.append(current.resource.handle.map { current[$0.number] } ?? .null)
    guard try write.connection.integer(held, key) == 1 else { return }
    throw Problem.referenced(current.resource, try referrers(of: current, in: write))
  }

  /// Whether a foreign key holds a record (?1 its number, ?2 its handle), by resource. Asked before anything of it is taken away: an undone
  /// import goes on after a record that must stay. Its own parts go with it.
  private static let held: [String: SQLText] = Dictionary(
    uniqueKeysWithValues: Catalogue.shared.all.compactMap { resource in
      var terms = resource.name == "stakeholders" ? ["EXISTS (SELECT 1 FROM event_participants WHERE stakeholder = ?2)"] : []
      for other in Catalogue.shared.all {
        for column in other.columns where column.targets.contains(resource.name) && other.parent?.field != column.name {
          guard column.kind == .reference || column.kind == .handleOf, column.name != "import_id" else { continue }
          terms.append("EXISTS (SELECT 1 FROM \(other.name) WHERE \(column.name) = \(column.kind == .reference ? "?1" : "?2"))")
        }
      }
      return terms.isEmpty ? nil : (resource.name, SQLText("SELECT \(terms.joined(separator: " OR "))"))
    })

  /// Who refers to a record, as `2 outcomes (event)`.
  static func referrers(of current: Draft, in write: Write) throws -> [String] {
    var found = try linked(to: current, in: write)
    if current.resource.name == "stakeholders" {
      let key = Values()
      key.append(handle(of: current))
      if let count = try write.connection.integer(participations, key), count > 0 { found.append("\(count) events (participants)") }
    }
    for resource in Catalogue.shared.all {
      for column in resource.columns where column.targets.contains(current.resource.name) && !column.isJSON {
        let key = Values()
        switch column.kind {
        case .handleOf: key.append(handle(of: current))
        case .reference: key.append(integer: current.id)
        default: key.append(text: idText(current))
        }
        let sql = SQLText("SELECT count(*) FROM \(resource.name) WHERE \(column.name) = ?1", isFixed: false)
        if let count = try write.connection.integer(sql, key), count > 0 { found.append("\(count) \(resource.name) (\(column.name))") }
      }
    }
    return found
  }

  private static func handle(of record: Draft) -> Cell {
    record[record.resource.handle.required("handle of \(record.resource.name)").number]
  }

  private static func linked(to current: Draft, in write: Write) throws -> [String] {
    var found: [String] = []
    var names = [idText(current)]
    if let handle = current.resource.handle { names.append(current[handle.number].string) }
    for name in names {
      let key = Values()
      key.append(text: name)
      try write.connection.query(byTarget, key) { row in
        found.append("\(row[2].integer) \(row[0].string) (\(row[1].string))")
        return true
      }
    }
    return found
  }

  static func idText(_ draft: Draft) -> String {
    let buffer = ByteBuffer(capacity: 32)
    buffer.append(id: draft.id, prefix: draft.resource.prefix)
    return buffer.string
  }

  private static func run(_ sql: SQLText, _ target: String, _ column: Column, _ draft: Draft, _ write: Write) throws {
    let key = Values()
    key.append(text: target)
    key.append(text: draft.resource.name)
    key.append(text: column.name)
    key.append(integer: draft.id)
    try write.connection.execute(sql, key)
  }

  /// Every mention in a linked field.
  private static func each(_ column: Column, _ draft: Draft, _ body: (String) throws -> Void) throws {
    let cell = draft[column.number]
    guard !cell.isNull else { return }
    guard column.isJSON else { return try body(cell.string) }
    var mentions: [String] = []
    try unsafe JSONParser.reading(cell.bytes) { list in
      list.forEachElement { item in
        if item.kind == .string { return mentions.append(item.string) }
        for part in column.parts where part.kind == .handleOf || part.kind == .target {
          if let value = item[part.name] { mentions.append(value.string) }
        }
      }
    }
    for mention in mentions { try body(mention) }
  }
}
