internal import Formats
internal import HTTP
internal import Records
internal import SQL

/// A reverse index of the references in lists and nested records: table `links`, by target.
enum Links {
  private static let insert = SQLTemplate(
    """
    INSERT INTO links (target, resource, field, id)
    VALUES (\(parameter: "target"), \(parameter: "resource"), \(parameter: "field"), \(parameter: "id"))\(Dialect.orLeave)
    """)
  private static let removeOne = SQLTemplate(
    """
    DELETE FROM links WHERE target = \(parameter: "target") AND resource = \(parameter: "resource")
      AND field = \(parameter: "field") AND id = \(parameter: "id")
    """)
  private static let participations = SQLTemplate(
    "SELECT count(*) FROM event_participants WHERE stakeholder = \(parameter: "stakeholder")")
  private static let byTarget = SQLTemplate(
    "SELECT resource, field, count(*) FROM links WHERE target = \(parameter: "target") GROUP BY resource, field")

  /// Updates a record's links to its new state; only fields that changed.
  package static func replace(of new: Draft, old: Draft?, in write: Write) throws {
    for column in new.resource.linkedColumns {
      if let old {
        guard !new.values.equals(column.number, old[column.number]) else { continue }
        try each(column, old) { try run(removeOne, $0, column, old, write) }
      }
      try each(column, new) { try run(insert, $0, column, new, write) }
    }
  }

  /// Deletes a record's links.
  package static func remove(of old: Draft, in write: Write) throws {
    for column in old.resource.linkedColumns {
      try each(column, old) { try run(removeOne, $0, column, old, write) }
    }
  }

  /// Checks that no other record refers to this one.
  ///
  /// - Throws: `Problem` 409 that names the referring fields.
  static func checkUnreferenced(_ current: Draft, in write: Write) throws {
    let named = try linked(to: current, in: write)
    guard named.isEmpty else { throw Problem.referenced(current.resource, named) }
    guard let held = held[current.resource.name] else { return }
    let handle = current.resource.handle.map { current[$0.number] } ?? .null
    guard try write.connection.integer(held, with: current.id, handle) == 1 else { return }
    throw Problem.referenced(current.resource, try referrers(of: current, in: write))
  }

  /// Per resource, whether a foreign key refers to a record, by number or handle. Checked before anything is deleted, since the undo of an
  /// import continues after a record that must stay. Its own parts do not count: they are deleted with it.
  private static let held: [String: SQLTemplate] = Dictionary(
    uniqueKeysWithValues: Catalogue.shared.all.compactMap { resource in
      let (id, handle) = ("\(parameter: "id")" as SQLFragment, "\(parameter: "handle")" as SQLFragment)
      var terms: [SQLFragment] =
        resource.name == "stakeholders" ? ["EXISTS (SELECT 1 FROM event_participants WHERE stakeholder = \(handle))"] : []
      var unused: Set = terms.isEmpty ? ["id", "handle"] : ["id"]
      for other in Catalogue.shared.all {
        for column in other.columns where column.targets.contains(resource.name) && other.parent?.field != column.name {
          guard column.kind == .reference || column.kind == .handleOf, column.name != "import_id" else { continue }
          let isByID = column.kind == .reference
          unused.remove(isByID ? "id" : "handle")
          terms.append("EXISTS (SELECT 1 FROM \(raw: other.name) WHERE \(raw: column.name) = \(isByID ? id : handle))")
        }
      }
      guard !terms.isEmpty else { return nil }
      let isHeld: SQLFragment = "SELECT \(terms.joined(separator: " OR "))"
      return (resource.name, SQLTemplate(taking: ["id", "handle"], unused: unused, isHeld))
    })

  /// The referring fields with counts, such as `2 outcomes (event)`.
  static func referrers(of current: Draft, in write: Write) throws -> [String] {
    var found = try linked(to: current, in: write)
    if current.resource.name == "stakeholders" {
      if let count = try write.connection.integer(participations, with: handle(of: current)), count > 0 {
        found.append("\(count) events (participants)")
      }
    }
    for resource in Catalogue.shared.all {
      for column in resource.columns where column.targets.contains(current.resource.name) && !column.isJSON {
        let key: SQLValue =
          switch column.kind {
          case .handleOf: handle(of: current).sqlValue
          case .reference: .integer(current.id)
          default: .text(idText(current))
          }
        let count = try write.connection.integer("SELECT count(*) FROM \(raw: resource.name) WHERE \(raw: column.name) = \(key)")
        if let count, count > 0 { found.append("\(count) \(resource.name) (\(column.name))") }
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
      try write.connection.query(byTarget, with: name) { row in
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

  private static func run(_ sql: SQLTemplate, _ target: String, _ column: Column, _ draft: Draft, _ write: Write) throws {
    let key = write.scratch
    key.reset()
    key.append(text: target)
    key.append(text: draft.resource.name)
    key.append(text: column.name)
    key.append(integer: draft.id)
    try write.connection.execute(sql, key)
  }

  /// Calls `body` for each mention in a linked field.
  private static func each(_ column: Column, _ draft: Draft, _ body: (String) throws -> Void) throws {
    let cell = draft[column.number]
    guard !cell.isNull else { return }
    guard column.isJSON else { return try body(cell.string) }
    var mentions: [String] = []
    try JSONParser.reading(cell.utf8) { list in
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
