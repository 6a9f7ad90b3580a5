internal import Records
package import SQL

/// A resource's templates, generated once from its declaration. Selected records have the columns of `selectList`.
package final class ResourceSQL: Sendable {
  /// By the resource's place in the catalogue.
  fileprivate static let all = Catalogue.shared.all.map { ResourceSQL(table: $0.name, columns: $0.columns) }

  /// `r.a, r.b, …`: every column in the order of the declaration, computed ones as their expressions.
  package let selectList: String
  /// Selects a record; takes its number.
  package let byID: SQLTemplate
  /// Selects a record; takes source and external id.
  package let byExternal: SQLTemplate
  /// Inserts a record; takes a draft's values.
  package let insert: SQLTemplate
  /// Updates the record with the draft's number; takes a draft's values.
  package let update: SQLTemplate
  /// Deletes a record; takes its number.
  package let delete: SQLTemplate
  /// Copies the current state into the history; takes the record's number, the end of the state (Unix milliseconds), the change number,
  /// and what ended it.
  package let supersede: SQLTemplate
  /// Removes a version from the history again; takes the record's number and the version.
  package let forgetSuperseded: SQLTemplate
  /// Selects the versions below one, newest first, each with `ended_at` and `ended_by`; takes the number, that version and a limit.
  package let history: SQLTemplate
  /// Selects the change number of a deletion; takes the record's number.
  package let wasDeleted: SQLTemplate
  /// Selects a record's number; takes source and external id.
  package let idByExternal: SQLTemplate
  /// Selects a record's number if it exists; takes its number.
  package let exists: SQLTemplate
  /// Selects a record; takes its handle. `nil` for a resource without handles.
  package let byHandle: SQLTemplate?
  /// Selects a record's number; takes its handle. `nil` for a resource without handles.
  package let idByHandle: SQLTemplate?
  /// Selects 1 if a record with this handle was deleted; takes the handle.
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
    // A draft is bound whole, including slots for computed columns, which are not stored.
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
  /// The statements that read and write the resource's records.
  package var sql: ResourceSQL { ResourceSQL.all[place] }
}
