internal import Records
package import SQL

/// A relation in SQL.
package struct RelationSQL {
  private let relation: Relation
  /// The table of the related records.
  private var table: String { relation.resource }

  fileprivate init(_ relation: Relation) { self.relation = relation }

  /// A condition on `r`: it refers to the record with this key.
  package func condition(_ key: SQLFragment) -> SQLFragment {
    switch relation.way {
    case .participation: "r.id IN (SELECT event_id FROM event_participants WHERE stakeholder = \(key))"
    case .links: "r.id IN (SELECT id FROM links WHERE target = \(key) AND resource = '\(raw: table)')"
    case .column(let column): "r.\(raw: column) = \(key)"
    }
  }

  /// The same of what `r` says itself: for records as they were, which no index beside them knows.
  func conditionThen(_ key: SQLFragment) -> SQLFragment {
    switch relation.way {
    case .participation: "\(key) IN (\(Self.elements(of: "participants", part: "stakeholder")))"
    case .links: "\(key) IN (\(mentions.joined(separator: " UNION ALL ")))"
    case .column: condition(key)
    }
  }

  /// A SELECT for each list and each part of nested records in which a record `r` may mention one of the owner's resource.
  private var mentions: [SQLFragment] {
    let linked = Catalogue.shared[table]?.linkedColumns ?? []
    return linked.flatMap { column in
      let isElement = column.element?.targets.contains(relation.owner) ?? false
      guard !isElement else { return [Self.elements(of: column.name)] }
      return column.parts.filter { $0.targets.contains(relation.owner) }.map { Self.elements(of: column.name, part: $0.name) }
    }
  }

  /// The elements of an array of `r`, or a member of each.
  private static func elements(of array: String, part: String? = nil) -> SQLFragment {
    let element = Dialect.element("m")
    return "SELECT \(part.map { Dialect.member($0, of: element) } ?? element) FROM \(Dialect.elements(of: "r.\(raw: array)", as: "m"))"
  }

  /// A SELECT of the numbers of the records `x` that belong to the owner with a key, without order.
  package func members(_ key: SQLFragment) -> SQLFragment {
    switch relation.way {
    case .participation: "SELECT x.event_id FROM event_participants x WHERE x.stakeholder = \(key)"
    case .links: "SELECT DISTINCT x.id FROM links x WHERE x.target = \(key) AND x.resource = '\(raw: table)'"
    case .column(let column): "SELECT x.id FROM \(raw: table) x WHERE x.\(raw: column) = \(key)"
    }
  }

  /// The owner's column that `owners` gives.
  var ownerColumn: String {
    relation.key == .handle ? Catalogue.shared[relation.owner]?.handle?.name ?? "id" : "id"
  }

  /// A SELECT of the owners of related records `o`, to be ended with ` AND ` and a condition on `o`.
  var owners: SQLFragment {
    /// What names the owner, in the terms of `from`; and the related records as `o`, with a condition.
    let (target, from): (SQLFragment, SQLFragment) =
      switch relation.way {
      case .participation: ("l.stakeholder", "event_participants l JOIN events o ON o.id = l.event_id WHERE \(Dialect.always)")
      case .links: ("l.target", "links l JOIN \(raw: table) o ON o.id = l.id WHERE l.resource = '\(raw: table)'")
      case .column(let column): ("o.\(raw: column)", "\(raw: table) o WHERE \(Dialect.always)")
      }
    guard relation.key == .id else { return "SELECT \(target) FROM \(from)" }
    let prefix = Catalogue.shared.prefix(of: relation.owner)
    // Ids of one resource lie together: `evt_` to what follows the underscore.
    return """
      SELECT \(Dialect.recordNumber(target)) FROM \(from) AND \(target) >= '\(raw: "\(prefix)_")' AND \(target) < '\(raw: "\(prefix)`")'
      """
  }
}

extension Relation {
  /// How the relation is asked for.
  package var sql: RelationSQL { RelationSQL(self) }
}
