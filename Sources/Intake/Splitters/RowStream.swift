package import Formats
package import HTTP
package import Records

/// Receives a file's rows.
package protocol RowReceiver: AnyObject {
  /// An empty row to fill.
  func room(for resource: Resource) -> ImportRow
  /// Takes a filled row: its offset and length in bytes. `length` is `nil` when only the next row's start reveals it.
  func take(_ row: ImportRow, at offset: Int, length: Int?) throws
}

/// Bytes of a file in, rows out: splits, parses and validates, without I/O.
package final class RowStream {
  private enum Splitter {
    case lines(LineSplitter)
    case array(JSONArraySplitter)
    case table(CSVReader)
  }

  /// Where a table's columns go, once they are known.
  private enum Header {
    /// The resource's fields by column; `nil` for an ignored column.
    case fields([Column?])
    /// A profile's columns.
    case profile(TableLayout)
    /// The versions of a profile's table without a header, by number of cells.
    case versions([Int: TableLayout])
  }

  /// The column of a rejects file that says why a row was refused. Ignored when the mended file is imported.
  package static let reasonColumn = "_rejected"
  /// Begins such a line where the file has no header.
  package static let reasonComment: StaticString = "#_rejected "

  private let options: ImportOptions
  private unowned let receiver: any RowReceiver
  private var splitter: Splitter
  private let parser = JSONParser(maxDepth: 64)
  private let reader = DraftReader()
  private let extra = ByteBuffer(capacity: 1_024)
  private var header: Header?
  private var names: [String] = []

  /// - Parameters:
  ///   - maxRowBytes: the longest row, in bytes; a longer one is refused.
  ///   - receiver: provides empty rows and takes the filled ones.
  package init(_ options: ImportOptions, maxRowBytes: Int, _ receiver: any RowReceiver) {
    self.options = options
    self.receiver = receiver
    switch options.form {
    case .ndjson: splitter = .lines(LineSplitter(maxLineBytes: maxRowBytes))
    case .jsonArray: splitter = .array(JSONArraySplitter(maxElementBytes: maxRowBytes))
    case .csv, .tsv:
      let table = options.profile.table
      splitter = .table(
        CSVReader(.init(delimiter: options.delimiter, quotes: table?.quotes ?? true, maxFieldBytes: maxRowBytes, maxRowBytes: maxRowBytes)))
      header = table.flatMap { options.profile.versions(of: $0) }.map { .versions($0) }
    }
  }

  /// Reads the next bytes of the file; rows may be split anywhere.
  ///
  /// - Throws: what the receiver throws; 422 for a header or a stream that cannot be read.
  package func feed(_ bytes: ByteView) throws {
    switch splitter {
    case .lines(var lines):
      defer { splitter = .lines(lines) }
      try lines.feed(bytes) { (record) throws(any Error) in try object(record) }
    case .array(var array):
      defer { splitter = .array(array) }
      try array.feed(bytes) { (record) throws(any Error) in try object(record) }
    case .table(var table):
      defer { splitter = .table(table) }
      try table.feed(bytes) { (row) throws(any Error) in try line(row) }
    }
  }

  /// Reads what the end of the file completes.
  ///
  /// - Throws: what the receiver throws; 422 for a truncated file, or a table without a header line.
  package func finish() throws {
    switch splitter {
    case .lines(var lines): try lines.finish { (record) throws(any Error) in try object(record) }
    case .array(var array): try array.finish { (record) throws(any Error) in try object(record) }
    case .table(var table):
      try table.finish { (row) throws(any Error) in try line(row) }
      guard header != nil else { throw Problem.badFile("empty_file", "the file has no header line") }
    }
  }

  // MARK: JSON

  private func object(_ record: StreamRecord) throws {
    if let fault = record.fault {
      guard !fault.endsStream else { throw Problem.badFile(fault.code, fault.detail, line: fault.line) }
      return try refuse(fault.code, fault.detail, line: record.line, at: record.offset, length: nil)
    }
    let length = record.bytes.count
    let node: JSONNode
    do { node = try parser.parse(record.bytes) } catch {
      return try refuse(error.code, error.detail, line: record.line + (error.line ?? 1) - 1, at: record.offset, length: length)
    }
    guard let resource = options.resource ?? named(node) else {
      let names = Catalogue.shared.all.filter { !$0.isSystem }.map(\.name).joined(separator: ", ")
      return try refuse(
        "unknown_resource", "the line must name its \"resource\", one of \(names)", line: record.line, at: record.offset, length: length)
    }
    if let expected = options.resource, saysOther(node, expected) {
      return try refuse(
        "other_resource", "the path expects \(expected.name), but the line names another resource", line: record.line, at: record.offset,
        length: length)
    }
    let row = receiver.room(for: resource)
    row.line = record.line
    reader.read(node, into: row.draft, ignoring: ["resource", "_rejected"])
    try receiver.take(row, at: record.offset, length: length)
  }

  private func saysOther(_ node: JSONNode, _ expected: Resource) -> Bool {
    guard node.kind == .object, let said = node["resource"] else { return false }
    return said.kind != .string || said.string != expected.name
  }

  private func named(_ node: JSONNode) -> Resource? {
    guard node.kind == .object, let name = node["resource"], name.kind == .string else { return nil }
    return Catalogue.shared[name.string].flatMap { $0.isSystem ? nil : $0 }
  }

  private func refuse(_ code: String, _ detail: String, line: Int, at offset: Int, length: Int?) throws {
    let row = receiver.room(for: options.rowResource ?? Events.resource)
    row.line = line
    row.draft.fault(FieldPath(""), code, detail)
    try receiver.take(row, at: offset, length: length)
  }

  // MARK: Tables

  private func line(_ row: CSVRow) throws {
    if let fault = row.fault {
      guard header != nil else { throw Problem.badFile(fault.code, "the header cannot be read: \(fault.detail)", line: row.line) }
      return try refuse(fault.code, fault.detail, line: row.line, at: row.offset, length: nil)
    }
    switch header {
    case nil: header = try readHeader(row)
    case .fields(let columns): try fields(row, columns)
    case .profile(let layout): try profile(row, layout)
    case .versions(let layouts): try profile(row, layouts)
    }
  }

  private func readHeader(_ row: CSVRow) throws -> Header {
    guard (0..<row.count).allSatisfy({ row[$0].isValidUTF8 }) else {
      throw Problem.badFile("invalid_utf8", "the header is not UTF-8; save the file as UTF-8 and send it again", line: row.line)
    }
    names = (0..<row.count).map { row.string($0) }
    guard Set(names).count == names.count else {
      throw Problem.badFile("repeated_column", "the header has a column twice", line: row.line)
    }
    if let table = options.profile.table { return try profileHeader(names, table) }
    guard let resource = options.rowResource else {
      throw Problem.badFile("resource_missing", "the rows of a table do not name their resource", line: row.line)
    }
    let columns = try names.map { name throws -> Column? in
      guard name != Self.reasonColumn else { return nil }
      guard let column = resource.column(name) else {
        let hint = nearest(name, in: resource.columns.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
        throw Problem.badFile("unknown_column", "\(resource.name) have no field \"\(name.prefix(80))\"\(hint)", line: row.line)
      }
      // Fields that the register assigns are not imported, so an export of one register can be read into another. The id is: it identifies
      // the record.
      return column.isReadOnly && column.number != StandardColumns.idNumber ? nil : column
    }
    return .fields(columns)
  }

  private func profileHeader(_ names: [String], _ table: ProfileTable) throws -> Header {
    let missing = table.columns.filter { !$0.isOptional && !names.contains($0.name) }.map(\.name)
    guard missing.isEmpty else {
      let wanted = "\(missing.joined(separator: ", ")), required by \(options.profile.name)"
      throw Problem.badFile("missing_column", "the file lacks \(wanted); it has \(names.prefix(60).joined(separator: ", "))", line: 1)
    }
    // Columns of a newer edition are reported, not ignored.
    let known = Set(table.columns.map(\.name) + [Self.reasonColumn])
    if let stranger = names.first(where: { !known.contains($0) }) {
      let hint = nearest(stranger, in: table.columns.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
      throw Problem.badFile("unknown_column", "\(options.profile.name) has no column \"\(stranger.prefix(80))\"\(hint)", line: 1)
    }
    return .profile(TableLayout(table, options.rowResource ?? Events.resource, names: names))
  }

  private func fields(_ cells: CSVRow, _ columns: [Column?]) throws {
    guard cells.count == columns.count, let resource = options.rowResource else {
      let detail = "\(cells.count) cells; the header has \(columns.count)"
      return try refuse("wrong_column_count", detail, line: cells.line, at: cells.offset, length: cells.length)
    }
    let row = receiver.room(for: resource)
    row.line = cells.line
    row.columnNames = names
    for (place, column) in columns.enumerated() {
      guard let column else { continue }
      reader.read(cells[place], column, into: row.draft)
    }
    try receiver.take(row, at: cells.offset, length: cells.length)
  }

  private func profile(_ cells: CSVRow, _ layouts: [Int: TableLayout]) throws {
    if let layout = layouts[cells.count] { return try profile(cells, layout) }
    // Our own remark about the next row.
    if cells.count == 1, cells[0].starts(with: Self.reasonComment) { return }
    let known = options.profile.table?.layouts.map { "\($0.name) has \($0.columns.count)" }.joined(separator: ", ") ?? ""
    let hint = cells.count == 1 ? "; cells are separated by tabs" : ""
    try refuse(
      "wrong_column_count", "\(cells.count) cells; \(known)\(hint)", line: cells.line, at: cells.offset, length: cells.length)
  }

  private func profile(_ cells: CSVRow, _ layout: TableLayout) throws {
    guard cells.count == layout.count else {
      let detail = "\(cells.count) cells; the header has \(layout.count)"
      return try refuse("wrong_column_count", detail, line: cells.line, at: cells.offset, length: cells.length)
    }
    let row = receiver.room(for: options.rowResource ?? Events.resource)
    row.line = cells.line
    row.layout = layout
    row.columnNames = layout.fileNames
    layout.read(cells, into: row.draft, reader, extra)
    options.profile.map(ProfileRow(row, cells, layout, reader, extra, isInterstate: options.isInterstate))
    layout.close(extra, into: row.draft)
    try receiver.take(row, at: cells.offset, length: cells.length)
  }
}

extension ImportProfile {
  /// The versions of a table without a header, by number of cells; `nil` where there is a header.
  fileprivate func versions(of table: ProfileTable) -> [Int: TableLayout]? {
    guard !table.hasHeader else { return nil }
    let owner = resource ?? Events.resource
    return Dictionary(
      table.layouts.map { ($0.columns.count, TableLayout(table, owner, names: $0.columns)) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Problem {
  /// 422: the file as a whole cannot be read.
  package static func badFile(_ code: String, _ detail: String, line: Int = 1) -> Problem {
    Problem(
      status: 422, code: "bad_file", title: "The file cannot be read", detail: detail,
      faults: [.init(.line(line, column: nil), code: code, detail: detail)], hint: "nothing was imported")
  }
}
