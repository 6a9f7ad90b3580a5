package import Formats
internal import HTTP
package import Records
package import SQL

/// Reads records over one connection: items, lists and histories. All calls throw `SQLError`.
package final class RecordReader {
  /// The connection that every statement runs on.
  package let connection: any Connection
  private let key = Values()
  private let last = Values()
  /// The search over the same connection; `nil` without a full-text index.
  package let search: SearchReader?

  /// A reader without full-text search.
  package init(_ connection: any Connection) {
    self.connection = connection
    search = nil
  }

  /// A reader that sees the full-text index.
  package init(_ search: SearchReader) {
    connection = search.connection
    self.search = search
  }

  /// The result of a look-up.
  package enum Found {
    /// The number, the version and whether it is overdue: the parts of the ETag.
    case record(id: Int64, version: Int64, isOverdue: Bool)
    /// It existed and was deleted.
    case deleted
    /// It never existed.
    case missing
  }

  // MARK: Items

  /// Writes the record that a path segment names, by id or handle, as a JSON object; nothing unless found.
  package func item(_ resource: Resource, _ name: ByteView, to buffer: ByteBuffer) throws -> Found {
    key.reset()
    if let id = Identifier.parse(name, prefix: resource.prefix) {
      key.append(integer: id)
      return try item(resource, resource.sql.byID, to: buffer, id: id)
    }
    guard let sql = resource.sql.byHandle else { return .missing }
    key.append(text: name)
    let found = try item(resource, sql, to: buffer, id: nil)
    guard case .missing = found, let wasDeleted = resource.sql.wasDeletedByHandle else { return found }
    return try connection.integer(wasDeleted, key) == nil ? .missing : .deleted
  }

  /// Writes the record with this source and external id; for a grouped report, the event it counts towards.
  package func item(_ resource: Resource, source: String, externalID: String, to buffer: ByteBuffer) throws -> Found {
    key.reset()
    key.append(text: source)
    key.append(text: externalID)
    let found = try item(resource, resource.sql.byExternal, to: buffer, id: nil)
    guard case .missing = found, resource === Events.resource,
      let event = try EventReports(connection).event(ofReport: key[1], from: key[0])
    else { return found }
    key.reset()
    key.append(integer: event)
    return try item(resource, resource.sql.byID, to: buffer, id: event)
  }

  private func item(_ resource: Resource, _ sql: SQLTemplate, to buffer: ByteBuffer, id: Int64?) throws -> Found {
    var found = Found.missing
    let writer = writer(resource)
    let version = resource.standard.version
    try connection.query(sql, key) { row in
      writer.write(row, to: buffer)
      found = .record(id: row[0].integer, version: row[version].integer, isOverdue: resource.overdue.map { row[$0].integer == 1 } ?? false)
      return false
    }
    if case .missing = found, id != nil { return try connection.integer(resource.sql.wasDeleted, key) == nil ? .missing : .deleted }
    return found
  }

  /// The number that a path segment names: any well-formed id, of a deleted record too, or the handle of an existing record; else `nil`.
  package func id(_ resource: Resource, _ name: ByteView) throws -> Int64? {
    if let id = Identifier.parse(name, prefix: resource.prefix) { return id }
    guard let sql = resource.sql.idByHandle else { return nil }
    key.reset()
    key.append(text: name)
    return try connection.integer(sql, key)
  }

  /// The identity of a record at a moment.
  package struct Past {
    /// The number.
    package let id: Int64
    /// `nil` for a resource without handles.
    package let handle: String?
  }

  /// The record named `name`, an id or a handle, at a moment; `nil` if there was none.
  ///
  /// - Parameter asOf: Unix milliseconds.
  package func past(_ resource: Resource, _ name: ByteView, asOf: Int64) throws -> Past? {
    let id = Identifier.parse(name, prefix: resource.prefix)
    guard let column = id == nil ? resource.handle?.name : "id" else { return nil }
    let handle = name.string
    let key = id.map { "\($0)" as SQLFragment } ?? "\(handle)"
    let select = "SELECT id, \(resource.handle?.name ?? "NULL") FROM \(resource.name)"
    var past: Past?
    try connection.query(
      """
      \(raw: select) WHERE \(raw: column) = \(key) AND updated_at <= \(asOf) \
      UNION ALL \(raw: select)_history WHERE \(raw: column) = \(key) AND updated_at <= \(asOf) AND ended_at > \(asOf)
      """
    ) { row in
      past = Past(id: row[0].integer, handle: row[1].isNull ? nil : row[1].string)
      return false
    }
    return past
  }

  /// Whether a record exists, was deleted, or never existed; the version given is 0.
  package func state(_ resource: Resource, _ id: Int64) throws -> Found {
    key.reset()
    key.append(integer: id)
    if try connection.integer(resource.sql.exists, key) != nil { return .record(id: id, version: 0, isOverdue: false) }
    return try connection.integer(resource.sql.wasDeleted, key) == nil ? .missing : .deleted
  }

  /// The shared JSON writer of a resource, for all its columns.
  package func writer(_ resource: Resource) -> RowWriter { Catalogue.shared.writer(resource) }

  // MARK: History

  /// Writes versions as an unfinished JSON list, newest first, each with `held_from`, `held_until` and `ended_by`; the caller closes it.
  ///
  /// - Parameter below: the last version of the previous page; `nil` for the first page.
  /// - Returns: number of versions written, and the last one if more follow.
  package func history(_ resource: Resource, _ id: Int64, below: Int64?, limit: Int, to buffer: ByteBuffer) throws -> (
    rows: Int, next: Int64?
  ) {
    key.reset()
    key.append(integer: id)
    key.append(integer: below ?? .max)
    key.append(integer: Int64(limit + 1))
    let writer = writer(resource)
    let count = resource.columns.count
    ListFrame.begin(buffer)
    var (rows, version, hasMore) = (0, Int64(0), false)
    var last = RowWriter.Moment()
    try connection.query(resource.sql.history, key) { row in
      guard rows < limit else {
        hasMore = true
        return false
      }
      if rows > 0 { buffer.append(0x2C) }
      (rows, version) = (rows + 1, row[resource.standard.version].integer)
      writer.writeOpen(row, &last, to: buffer)
      buffer.append(",\"held_from\":")
      moment(row[resource.standard.updatedAt], to: buffer)
      buffer.append(",\"held_until\":")
      moment(row[count], to: buffer)
      buffer.append(",\"ended_by\":")
      if row[count + 1].isNull { buffer.append("null") } else { buffer.append(jsonString: row[count + 1].utf8) }
      buffer.append(0x7D)
      return true
    }
    return (rows, hasMore ? version : nil)
  }

  private func moment(_ cell: Cell, to buffer: ByteBuffer) {
    guard !cell.isNull else { return buffer.append("null") }
    buffer.append(0x22)
    buffer.append(timestamp: cell.integer)
    buffer.append(0x22)
  }

  // MARK: Lists

  /// The outcome of reading a page.
  package struct Page {
    /// Number of rows given; rows outdated in the index are left out.
    package var rows = 0
    /// Whether another page follows.
    package var hasMore = false
  }

  /// The keyset of the last row of the latest page.
  package var lastKeys: Values { last }

  /// Reads a page of a list and calls `row` for each row; afterwards `lastKeys` is the keyset for the next page.
  package func page(_ list: ListQuery, _ row: (Row) throws -> Void) throws -> Page {
    let sql = ListSQL(list)
    var page = Page()
    var found = 0
    try connection.query(sql.statement) { cells in
      guard found < list.limit else {
        page.hasMore = true
        return false
      }
      found += 1
      if try isCurrent(cells, sql, list) {
        page.rows += 1
        try row(cells)
      }
      if found == list.limit {
        last.reset()
        for position in sql.keyPositions { last.append(cells[position]) }
      }
      return true
    }
    return page
  }

  /// Whether a row from the index still matches: its record may have been deleted or changed since it was indexed.
  private func isCurrent(_ cells: Row, _ sql: ListSQL, _ list: ListQuery) throws -> Bool {
    guard let versions = sql.versionPositions, let match = list.match, let part = SearchLayout.shared.part(of: list.resource) else {
      return true
    }
    guard !cells[sql.idPosition].isNull else { return false }
    guard cells[versions.indexed].integer != cells[versions.current].integer else { return true }
    let record = SearchReader.Record(part: part, id: cells[sql.idPosition].integer)
    return try search?.show([record], match.terms).first.map { $0 != nil } ?? false
  }

  /// The number of rows of a list, counted up to `cap`.
  package func count(_ list: ListQuery, cap: Int?) throws -> Int64 {
    try connection.integer(ListSQL.counting(list, cap: cap).statement) ?? 0
  }

  /// Writes a page as `{"items":[…],"next_cursor":…}`, with `count` if the list asks for it.
  ///
  /// - Returns: the page, and the sealed cursor of the next one.
  package func list(_ list: ListQuery, seal: CursorSeal, to buffer: ByteBuffer) throws -> (Page, cursor: String?) {
    ListFrame.begin(buffer)
    let page = try list.includes.isEmpty ? plainItems(list, to: buffer) : Embedding(connection, list).items(self, to: buffer)
    let cursor = page.hasMore ? seal.seal(last, shape: list.shape) : nil
    ListFrame.endRows(buffer, cursor: cursor)
    if list.count != .none {
      let cap = list.count == .capped ? 10_000 : nil
      let count = try self.count(list, cap: cap.map { $0 + 1 })
      buffer.append(",\"count\":")
      buffer.append(integer: cap.map { min(count, Int64($0)) } ?? count)
      if let cap { buffer.append(count > Int64(cap) ? ",\"count_is_capped\":true" : ",\"count_is_capped\":false") }
    }
    buffer.append(0x7D)
    return (page, cursor)
  }

  private func plainItems(_ list: ListQuery, to buffer: ByteBuffer) throws -> Page {
    let writer = ObjectWriter(list.columns, of: list.resource, list.form)
    var isFirst = true
    return try page(list) { row in
      if !isFirst { buffer.append(0x2C) }
      isFirst = false
      writer.writeOpen(row, to: buffer)
      buffer.append(0x7D)
    }
  }

  // MARK: Relations

  /// The value for a relation's condition: the owner's number, id or handle; `nil` if it has no handle.
  package func relationKey(_ relation: Relation, _ owner: Resource, _ id: Int64) throws -> Values? {
    guard relation.key == .handle else { return relationKey(relation, owner, id, handle: nil) }
    guard owner.handle != nil else { return nil }
    return relationKey(relation, owner, id, handle: try handle(owner, id))
  }

  /// The handle of the record with a number; `nil` if there is no record, or the resource has no handles.
  package func handle(_ resource: Resource, _ id: Int64) throws -> String? {
    guard let handle = resource.handle else { return nil }
    return try connection.text("SELECT \(raw: handle.name) FROM \(raw: resource.name) WHERE id = \(id)")
  }

  /// The same, with the owner's handle already known.
  package func relationKey(_ relation: Relation, _ owner: Resource, _ id: Int64, handle: String?) -> Values? {
    let values = Values()
    switch relation.key {
    case .number: values.append(integer: id)
    case .id: values.append(text: owner.text(of: id))
    case .handle:
      guard let handle else { return nil }
      values.append(text: handle)
    }
    return values
  }
}
