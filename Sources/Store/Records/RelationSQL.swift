internal import Records
package import SQL

/// The conditions and sub-selects of a relation.
package struct RelationSQL {
  private let relation: Relation
  /// The table of the related records.
  private var table: String { relation.resource }

  fileprivate init(_ relation: Relation) { self.relation = relation }

  /// A condition on `r`: it refers to the owner with this key (number, id or handle, as the relation declares).
  package func condition(_ key: SQLFragment) -> SQLFragment {
    switch relation.way {
    case .participation: "r.id IN (SELECT event_id FROM event_participants WHERE stakeholder = \(key))"
    case .links: "r.id IN (SELECT id FROM links WHERE target = \(key) AND resource = '\(raw: table)')"
    case .column(let column): "r.\(raw: column) = \(key)"
    }
  }

  /// The same from the contents of `r` alone: for past states, which are in no reverse index.
  func conditionThen(_ key: SQLFragment) -> SQLFragment {
    switch relation.way {
    case .participation: "\(key) IN (\(Self.elements(of: "participants", part: "stakeholder")))"
    case .links: "\(key) IN (\(mentions.joined(separator: " UNION ALL ")))"
    case .column: condition(key)
    }
  }

  /// One SELECT per list and per part of nested records in which `r` may mention the owner.
  private var mentions: [SQLFragment] {
    let linked = Catalogue.shared[table]?.linkedColumns ?? []
    return linked.flatMap { column in
      let isElement = column.element?.targets.contains(relation.owner) ?? false
      guard !isElement else { return [Self.elements(of: column.name)] }
      return column.parts.filter { $0.targets.contains(relation.owner) }.map { Self.elements(of: column.name, part: $0.name) }
    }
  }

  /// A SELECT of the elements of an array of `r`, or of a member of each.
  private static func elements(of array: String, part: String? = nil) -> SQLFragment {
    let element = Dialect.element("m")
    return "SELECT \(part.map { Dialect.member($0, of: element) } ?? element) FROM \(Dialect.elements(of: "r.\(raw: array)", as: "m"))"
  }

  /// A SELECT of the numbers of the records that belong to the owner with this key, unordered.
  package func members(_ key: SQLFragment) -> SQLFragment {
    switch relation.way {
    case .participation: "SELECT x.event_id FROM event_participants x WHERE x.stakeholder = \(key)"
    case .links: "SELECT DISTINCT x.id FROM links x WHERE x.target = \(key) AND x.resource = '\(raw: table)'"
    case .column(let column): "SELECT x.id FROM \(raw: table) x WHERE x.\(raw: column) = \(key)"
    }
  }

  /// The owner's column whose values `owners` selects.
  var ownerColumn: String {
    relation.key == .handle ? Catalogue.shared[relation.owner]?.handle?.name ?? "id" : "id"
  }

  /// A SELECT of the owners of related records `o`; the caller appends ` AND ` and a condition on `o`.
  var owners: SQLFragment {
    /// The expression that names the owner; and the FROM clause with the related records as `o` and a WHERE.
    let (target, from): (SQLFragment, SQLFragment) =
      switch relation.way {
      case .participation: ("l.stakeholder", "event_participants l JOIN events o ON o.id = l.event_id WHERE \(Dialect.always)")
      case .links: ("l.target", "links l JOIN \(raw: table) o ON o.id = l.id WHERE l.resource = '\(raw: table)'")
      case .column(let column): ("o.\(raw: column)", "\(raw: table) o WHERE \(Dialect.always)")
      }
    guard relation.key == .id else { return "SELECT \(target) FROM \(from)" }
    let prefix = Catalogue.shared.prefix(of: relation.owner)
    // A range of ids of one resource: from `evt_` to the character after the underscore.
    return """
      SELECT \(Dialect.recordNumber(target)) FROM \(from) AND \(target) >= '\(raw: "\(prefix)_")' AND \(target) < '\(raw: "\(prefix)`")'
      """
  }
}

extension Relation {
  /// The relation's SQL.
  package var sql: RelationSQL { RelationSQL(self) }
}
