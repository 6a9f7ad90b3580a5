internal import Formats
internal import Records
internal import SQL

/// A page of records with their `include`d relations: one query per relation for all records of the page, and one per nested relation.
final class Embedding {
  private let connection: any Connection
  private let list: ListQuery

  /// - Parameter list: names the relations to embed in `includes`.
  package init(_ connection: any Connection, _ list: ListQuery) {
    self.connection = connection
    self.list = list
  }

  /// Writes the page's records as JSON, separated by commas.
  ///
  /// - Throws: `SQLError`.
  package func items(_ reader: RecordReader, to buffer: ByteBuffer) throws -> RecordReader.Page {
    let records = EmbeddedRecords(list.resource, list.columns, list.form)
    var query = list
    // Some relations are looked up by handle, whether it is shown or not.
    query.columns = list.columns + [list.resource.handle].compactMap { $0 }
    let handle = list.resource.handle == nil ? nil : list.columns.count
    let id = ListSQL(query).idPosition
    let page = try reader.page(query) { records.append($0, id: id, handle: handle) }
    let levels = try list.includes.map { try read($0, in: records) }
    for index in records.indices {
      if index > 0 { buffer.append(0x2C) }
      write(records, index, levels, to: buffer)
    }
    return page
  }

  private func write(_ records: EmbeddedRecords, _ index: Int, _ levels: [Level], to buffer: ByteBuffer) {
    records.writeOpen(index, to: buffer)
    for level in levels { write(level, of: records, index, to: buffer) }
    buffer.append(0x7D)
  }

  /// `,"outcomes":[…]`, and `outcomes_continue_at` with a path if the list is cut.
  private func write(_ level: Level, of owners: EmbeddedRecords, _ owner: Int, to buffer: ByteBuffer) {
    buffer.append(0x2C)
    buffer.append(jsonString: level.relation.name)
    buffer.append(":[" as StaticString)
    for (position, member) in level.members[owner].enumerated() {
      if position > 0 { buffer.append(0x2C) }
      write(level.records, member, level.nested, to: buffer)
    }
    buffer.append(0x5D)
    guard level.isCut[owner] else { return }
    buffer.append(",\"\(level.relation.name)_continue_at\":\"/v1/\(owners.resource.path)/")
    buffer.append(id: owners.id(owner), prefix: owners.resource.prefix)
    buffer.append("/\(level.records.resource.path)\"")
  }

  // MARK: Reading

  /// One relation of all records of the level above.
  private struct Level {
    let relation: Relation
    let records: EmbeddedRecords
    /// For each record above, the positions of its own in `records`.
    var members: [[Int]]
    /// For each record above, whether its list is cut.
    var isCut: [Bool]
    var nested: [Level] = []
  }

  private func read(_ inclusion: ListQuery.Inclusion, in owners: EmbeddedRecords) throws -> Level {
    let relation = inclusion.relation
    let resource = Catalogue.shared.required(relation.resource)
    var level = Level(
      relation: relation, records: EmbeddedRecords(resource, resource.columns, list.form),
      members: Array(repeating: [], count: owners.count), isCut: Array(repeating: false, count: owners.count))
    try read(&level, owners)
    level.nested = try inclusion.nested.map { try read($0, in: level.records) }
    return level
  }

  private func read(_ level: inout Level, _ owners: EmbeddedRecords) throws {
    let (records, most, mostInAll) = (level.records, list.limits.included, list.limits.includedInAll)
    let resource = records.resource
    let keys = Dialect.elements(of: "\(owners.keys(level.relation.key))", as: "k")
    let members = level.relation.sql.members(Dialect.element("k"))
    var last = -1
    let handle = resource.handle?.number
    // Owner by owner, reading only as many ids of each as are shown.
    try connection.query(
      """
      SELECT \(raw: resource.sql.selectList), \(Dialect.position("k")) FROM \(keys) \(raw: Dialect.joinInOrder) \(raw: resource.name) r \
      ON r.id IN (\(members) ORDER BY 1 LIMIT \(most + 1))
      """
    ) { row in
      let owner = Int(row[resource.columns.count].integer)
      guard level.members.indices.contains(owner) else { return true }
      last = owner
      guard records.count < mostInAll else {
        for later in last..<level.isCut.count { level.isCut[later] = true }
        return false
      }
      guard level.members[owner].count < most else {
        level.isCut[owner] = true
        return true
      }
      level.members[owner].append(records.count)
      records.append(row, id: StandardColumns.idNumber, handle: handle)
      return true
    }
  }
}

/// Records read and not yet written: their JSON without the closing brace, their numbers and handles.
final class EmbeddedRecords {
  /// The resource of all records.
  package let resource: Resource
  private let writer: ObjectWriter
  private let json = ByteBuffer(capacity: 4_096)
  private var records: [(id: Int64, handle: String, end: Int)] = []

  /// - Parameter shown: the columns written as JSON.
  package init(_ resource: Resource, _ shown: [Column], _ form: ListQuery.Form) {
    self.resource = resource
    writer = ObjectWriter(shown, of: resource, form)
  }

  /// The number of records held.
  package var count: Int { records.count }
  /// Positions of the records, in the order read.
  package var indices: Range<Int> { records.indices }
  /// The number of the record at a position.
  package func id(_ index: Int) -> Int64 { records[index].id }

  /// Adds the record of a row.
  ///
  /// - Parameters:
  ///   - id: position of the number in the row.
  ///   - handle: position of the handle, if the resource has one.
  package func append(_ row: Row, id: Int, handle: Int?) {
    writer.writeOpen(row, to: json)
    records.append((row[id].integer, handle.map { row[$0].string } ?? "", json.count))
  }

  /// Writes the JSON of the record at a position, without its closing brace.
  package func writeOpen(_ index: Int, to buffer: ByteBuffer) {
    let start = index == 0 ? 0 : records[index - 1].end
    json.withView { buffer.append($0[start..<records[index].end]) }
  }

  /// The lookup keys of all records for a relation, as a JSON array in their order.
  package func keys(_ key: Relation.Key) -> String {
    let buffer = ByteBuffer(capacity: records.count * 24 + 2)
    buffer.append(0x5B)
    for (position, record) in records.enumerated() {
      if position > 0 { buffer.append(0x2C) }
      switch key {
      case .number: buffer.append(integer: record.id)
      case .handle: buffer.append(jsonString: record.handle)
      case .id:
        buffer.append(0x22)
        buffer.append(id: record.id, prefix: resource.prefix)
        buffer.append(0x22)
      }
    }
    buffer.append(0x5D)
    return buffer.string
  }
}
