internal import Records

/// A relation in SQL, put together once from its declaration.
struct RelationSQL: Sendable {
  /// A condition on `r` with `?` for the key.
  let condition: String
  /// The same of what `r` says itself: for records as they were, which no index beside them knows.
  let conditionThen: String
  /// The owner's column that `owners` gives.
  let ownerColumn: String
  /// A SELECT of the owners of related records `o`, to be ended with ` AND ` and a condition on `o`.
  let owners: String
  /// A SELECT of the numbers of the records `x` that belong to the owner with the key `k.value`, without order.
  let members: String

  fileprivate static let all = Relation.all.map(RelationSQL.init)

  private init(_ relation: Relation) {
    let (table, owner) = (relation.resource, Catalogue.shared[relation.owner])
    /// What names the owner, in the terms of `from`; and the related records as `o`, with a condition.
    let (target, from): (String, String)
    switch relation.way {
    case .participation:
      condition = "r.id IN (SELECT event_id FROM event_participants WHERE stakeholder = ?)"
      conditionThen = "? IN (SELECT json_extract(value, '$.stakeholder') FROM json_each(r.participants))"
      members = "SELECT x.event_id FROM event_participants x WHERE x.stakeholder = k.value"
      (target, from) = ("l.stakeholder", "event_participants l JOIN events o ON o.id = l.event_id WHERE 1")
    case .links:
      condition = "r.id IN (SELECT id FROM links WHERE target = ? AND resource = '\(table)')"
      conditionThen = "? IN (\(Self.mentions(of: relation.owner, in: table).joined(separator: " UNION ALL ")))"
      members = "SELECT DISTINCT x.id FROM links x WHERE x.target = k.value AND x.resource = '\(table)'"
      (target, from) = ("l.target", "links l JOIN \(table) o ON o.id = l.id WHERE l.resource = '\(table)'")
    case .column(let column):
      condition = "r.\(column) = ?"
      conditionThen = condition
      members = "SELECT x.id FROM \(table) x WHERE x.\(column) = k.value"
      (target, from) = ("o.\(column)", "\(table) o WHERE 1")
    }
    switch relation.key {
    case .number: (ownerColumn, owners) = ("id", "SELECT \(target) FROM \(from)")
    case .handle: (ownerColumn, owners) = (owner?.handle?.name ?? "id", "SELECT \(target) FROM \(from)")
    case .id:
      let prefix = Catalogue.shared.prefix(of: relation.owner)
      // Ids of one resource lie together: `evt_` to what follows the underscore.
      ownerColumn = "id"
      owners = "SELECT record_number(\(target)) FROM \(from) AND \(target) >= '\(prefix)_' AND \(target) < '\(prefix)`'"
    }
  }

  /// A SELECT for each list and each part of nested records in which a record `r` may mention one of `owner`.
  private static func mentions(of owner: String, in table: String) -> [String] {
    let linked = Catalogue.shared[table]?.linkedColumns ?? []
    return linked.flatMap { column in
      let isElement = column.element?.targets.contains(owner) ?? false
      let parts = column.parts.filter { $0.targets.contains(owner) }
      return (isElement ? ["value"] : parts.map { "json_extract(value, '$.\($0.name)')" }).map {
        "SELECT \($0) FROM json_each(r.\(column.name))"
      }
    }
  }
}

extension Relation {
  /// How the relation is asked for.
  var sql: RelationSQL { RelationSQL.all[number] }
}
