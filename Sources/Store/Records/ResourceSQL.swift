internal import Records
package import SQL

/// A resource's templates, put together once from its declaration.
package final class ResourceSQL: Sendable {
  /// Of each resource, by its place in the catalogue.
  fileprivate static let all = Catalogue.shared.all.map { ResourceSQL(table: $0.name, columns: $0.columns) }

  /// `r.a, r.b, …`: every column in the order of the declaration, computed ones as their expressions.
  package let selectList: String
  /// A record by its number.
  package let byID: SQLTemplate
  /// A record by `source` and `external_id`.
  package let byExternal: SQLTemplate
  /// Takes a draft's values.
  package let insert: SQLTemplate
  /// Takes a draft's values; the record is found by its number.
  package let update: SQLTemplate
  package let delete: SQLTemplate
  /// Copies the state that ends into the history. Takes the record's number, when its state ended (Unix milliseconds), the change
  /// number and the word for what ended it.
  package let supersede: SQLTemplate
  /// Takes the record's number and the version that did not end.
  package let forgetSuperseded: SQLTemplate
  /// The versions below one, newest first, up to a number of them.
  package let history: SQLTemplate
  package let wasDeleted: SQLTemplate
  package let idByExternal: SQLTemplate
  package let exists: SQLTemplate
  package let byHandle: SQLTemplate?
  package let idByHandle: SQLTemplate?
  /// Whether a record with this handle was deleted.
  package let wasDeletedByHandle: SQLTemplate?

  private init(table: String, columns: [Column]) {
    let stored = columns.filter { !$0.isComputed }
    let list = columns.map { $0.sql("r") }.joined(separator: ", ")
    let names = stored.map(\.name).joined(separator: ", ")
    selectList = list
    let id: SQLFragment = "id = \(parameter: "id")"
    let external: SQLFragment = "source = \(parameter: "source") AND external_id = \(parameter: "external_id")"
    let whole: SQLFragment = "SELECT \(raw: list) FROM \(raw: table) r"
    byID = SQLTemplate("\(whole) WHERE r.\(id)")
    byExternal = SQLTemplate("\(whole) WHERE \(external)")
    idByExternal = SQLTemplate("SELECT id FROM \(raw: table) WHERE \(external)")
    exists = SQLTemplate("SELECT id FROM \(raw: table) WHERE \(id)")
    let handle = columns.first { $0.kind == .handle }.map { "\(raw: $0.name) = \(parameter: "handle")" as SQLFragment }
    byHandle = handle.map { SQLTemplate("\(whole) WHERE r.\($0)") }
    idByHandle = handle.map { SQLTemplate("SELECT id FROM \(raw: table) WHERE \($0)") }
    wasDeletedByHandle = handle.map {
      SQLTemplate("SELECT 1 FROM \(raw: table)_history WHERE \($0) AND ended_by = 'delete' LIMIT 1")
    }
    // A draft is bound whole: it has a slot for a computed column, too, which is not stored.
    let draft = columns.map(\.name)
    let computed = Set(columns.filter(\.isComputed).map(\.name))
    let values = stored.map { "\(parameter: $0.name)" as SQLFragment }.joined(separator: ", ")
    insert = SQLTemplate(taking: draft, unused: computed, "INSERT INTO \(raw: table) (\(raw: names)) VALUES (\(values))")
    let changes = stored.dropFirst().map { "\(raw: $0.name) = \(parameter: $0.name)" as SQLFragment }.joined(separator: ", ")
    update = SQLTemplate(taking: draft, unused: computed, "UPDATE \(raw: table) SET \(changes) WHERE \(id)")
    delete = SQLTemplate("DELETE FROM \(raw: table) WHERE \(id)")
    supersede = SQLTemplate(
      taking: ["id", "at", "seq", "by"],
      """
      INSERT INTO \(raw: table)_history (\(raw: names), ended_at, ended_seq, ended_by)
      SELECT \(raw: names), \(parameter: "at"), \(parameter: "seq"), \(parameter: "by") FROM \(raw: table) WHERE \(id)
      """)
    forgetSuperseded = SQLTemplate("DELETE FROM \(raw: table)_history WHERE \(id) AND version = \(parameter: "version")")
    wasDeleted = SQLTemplate("SELECT ended_seq FROM \(raw: table)_history WHERE \(id) AND ended_by = 'delete'")
    let version = 1 + columns.firstIndex { $0.name == "version" }.required("\(table).version")
    let below: SQLFragment = "WHERE r.\(id) AND r.version < \(parameter: "below")"
    history = SQLTemplate(
      """
      SELECT \(raw: list), NULL, NULL FROM \(raw: table) r \(below)
      UNION ALL SELECT \(raw: list), r.ended_at, r.ended_by FROM \(raw: table)_history r \(below)
      ORDER BY \(raw: String(version)) DESC LIMIT \(parameter: "limit")
      """)
  }
}

extension Resource {
  /// The statements that read and write its records.
  package var sql: ResourceSQL { ResourceSQL.all[place] }
}
