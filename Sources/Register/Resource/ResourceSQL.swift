package import SQL

/// A resource's fixed statements, put together once from its declaration.
package struct ResourceSQL: Sendable {
  /// `r.a, r.b, …`: every column in the order of the declaration, computed ones as their expressions.
  package let selectList: String
  package let byID: SQLText
  package let byExternal: SQLText
  package let insert: SQLText
  package let update: SQLText
  package let delete: SQLText
  package let supersede: SQLText
  package let forgetSuperseded: SQLText
  /// The versions below one, newest first, up to a number of them.
  package let history: SQLText
  package let wasDeleted: SQLText
  package let idByExternal: SQLText
  package let exists: SQLText
  package let byHandle: SQLText?
  package let idByHandle: SQLText?
  /// Whether a record with this handle was deleted.
  package let wasDeletedByHandle: SQLText?

  init(table: String, columns: [Column]) {
    let stored = columns.filter { !$0.isComputed }.map(\.name)
    let list = columns.map { $0.sql("r") }.joined(separator: ", ")
    let names = stored.joined(separator: ", ")
    selectList = list
    byID = SQLText("SELECT \(list) FROM \(table) r WHERE r.id = ?1")
    byExternal = SQLText("SELECT \(list) FROM \(table) r WHERE r.source = ?1 AND r.external_id = ?2")
    idByExternal = SQLText("SELECT id FROM \(table) WHERE source = ?1 AND external_id = ?2")
    exists = SQLText("SELECT id FROM \(table) WHERE id = ?1")
    let handle = columns.first { $0.kind == .handle }?.name
    byHandle = handle.map { SQLText("SELECT \(list) FROM \(table) r WHERE r.\($0) = ?1") }
    idByHandle = handle.map { SQLText("SELECT id FROM \(table) WHERE \($0) = ?1") }
    wasDeletedByHandle = handle.map { SQLText("SELECT 1 FROM \(table)_history WHERE \($0) = ?1 AND ended_by = 'delete' LIMIT 1") }
    // Computed columns have a parameter too, which no statement names: a draft is bound whole.
    let slots = columns.filter { !$0.isComputed }.map { "?\($0.number + 1)" }.joined(separator: ", ")
    insert = SQLText("INSERT INTO \(table) (\(names)) VALUES (\(slots))")
    let changes = columns.dropFirst().filter { !$0.isComputed }.map { "\($0.name) = ?\($0.number + 1)" }.joined(separator: ", ")
    update = SQLText("UPDATE \(table) SET \(changes) WHERE id = ?1")
    delete = SQLText("DELETE FROM \(table) WHERE id = ?1")
    supersede = SQLText(
      """
      INSERT INTO \(table)_history (\(names), ended_at, ended_seq, ended_by) SELECT \(names), ?2, ?3, ?4 FROM \(table) WHERE id = ?1
      """)
    forgetSuperseded = SQLText("DELETE FROM \(table)_history WHERE id = ?1 AND version = ?2")
    wasDeleted = SQLText("SELECT ended_seq FROM \(table)_history WHERE id = ?1 AND ended_by = 'delete'")
    let version = 1 + columns.firstIndex { $0.name == "version" }.required("\(table).version")
    history = SQLText(
      """
      SELECT \(list), NULL, NULL FROM \(table) r WHERE r.id = ?1 AND r.version < ?2
      UNION ALL SELECT \(list), r.ended_at, r.ended_by FROM \(table)_history r WHERE r.id = ?1 AND r.version < ?2
      ORDER BY \(version) DESC LIMIT ?3
      """)
  }
}
