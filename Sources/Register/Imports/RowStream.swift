internal import Formats
internal import HTTP

/// Bytes of a file in, drafts out: splits, parses and validates, without I/O. Memory is one row and one draft per resource.
final class RowStream {
  typealias Take = (_ draft: Draft, _ line: Int) throws -> Void

  private enum Splitter {
    case lines(LineSplitter)
    case array(JSONArraySplitter)
    case table(CSVReader)
  }

  private let options: ImportOptions
  private var splitter: Splitter
  private let parser = JSONParser(maxDepth: 64)
  private let reader = DraftReader()
  private var drafts: [String: Draft] = [:]
  /// Where the columns of a table go, once its header has been read.
  private var header: Header?

  private enum Header {
    /// The resource's fields, by column.
    case fields([Column])
    /// The profile's columns, by their place in the table.
    case profile([Int], count: Int)
  }

  init(_ options: ImportOptions, maxRowBytes: Int) {
    self.options = options
    switch options.form {
    case .ndjson: splitter = .lines(LineSplitter(maxLineBytes: maxRowBytes))
    case .jsonArray: splitter = .array(JSONArraySplitter(maxElementBytes: maxRowBytes))
    case .csv: splitter = .table(CSVReader(.init(maxFieldBytes: maxRowBytes, maxRowBytes: maxRowBytes)))
    case .tsv: splitter = .table(CSVReader(.init(delimiter: 0x09, maxFieldBytes: maxRowBytes, maxRowBytes: maxRowBytes)))
    }
  }

  /// - Throws: what `take` throws; 422 for a header or a stream that cannot be read.
  func feed(_ bytes: UnsafeRawBufferPointer, _ take: Take) throws {
    switch splitter {
    case .lines(var lines):
      defer { splitter = .lines(lines) }
      try unsafe lines.feed(bytes) { (record) throws(any Error) in try object(record, take) }
    case .array(var array):
      defer { splitter = .array(array) }
      try unsafe array.feed(bytes) { (record) throws(any Error) in try object(record, take) }
    case .table(var table):
      defer { splitter = .table(table) }
      try unsafe table.feed(bytes) { (row) throws(any Error) in try line(row, take) }
    }
  }

  func finish(_ take: Take) throws {
    switch splitter {
    case .lines(var lines): try lines.finish { (record) throws(any Error) in try object(record, take) }
    case .array(var array): try array.finish { (record) throws(any Error) in try object(record, take) }
    case .table(var table):
      try table.finish { (row) throws(any Error) in try line(row, take) }
      guard header != nil else { throw Problem.badFile("empty_file", "the file has no header line") }
    }
  }

  // MARK: JSON

  private func object(_ record: StreamRecord, _ take: Take) throws {
    if let fault = record.fault {
      guard !fault.endsStream else { throw Problem.badFile(fault.code, fault.detail, line: fault.line) }
      return try refuse(fault.code, fault.detail, line: record.line, take)
    }
    let node: JSONNode
    do { node = try unsafe parser.parse(record.bytes) } catch {
      return try refuse(error.code, error.detail, line: record.line + (error.line ?? 1) - 1, take)
    }
    if let expected = options.resource, saysOther(node, expected) {
      return try refuse("other_resource", "the path takes \(expected.name), the line says another resource", line: record.line, take)
    }
    guard let resource = options.resource ?? named(node) else {
      let names = Catalogue.shared.all.filter { !$0.isSystem }.map(\.name)
      return try refuse(
        "unknown_resource", "the line must say its \"resource\", one of \(names.joined(separator: ", "))", line: record.line, take)
    }
    let draft = draft(of: resource)
    reader.read(node, into: draft, ignoring: "resource")
    try take(draft, record.line)
  }

  private func saysOther(_ node: JSONNode, _ expected: Resource) -> Bool {
    guard node.kind == .object, let said = node["resource"] else { return false }
    return said.kind != .string || said.string != expected.name
  }

  private func named(_ node: JSONNode) -> Resource? {
    guard node.kind == .object, let name = node["resource"], name.kind == .string else { return nil }
    return Catalogue.shared[name.string].flatMap { $0.isSystem ? nil : $0 }
  }

  private func draft(of resource: Resource) -> Draft {
    if let known = drafts[resource.name] {
      known.reset()
      return known
    }
    let made = Draft(resource)
    drafts[resource.name] = made
    return made
  }

  private func refuse(_ code: String, _ detail: String, line: Int, _ take: Take) throws {
    let draft = draft(of: options.resource ?? options.profile.resource ?? Events.resource)
    draft.fault(FieldPath(""), code, detail)
    try take(draft, line)
  }

  // MARK: Tables

  private func line(_ row: CSVRow, _ take: Take) throws {
    if let fault = row.fault {
      guard header != nil else { throw Problem.badFile(fault.code, "the header cannot be read: \(fault.detail)", line: row.line) }
      return try refuse(fault.code, fault.detail, line: row.line, take)
    }
    switch header {
    case nil: header = try readHeader(row)
    case .fields(let columns): try fields(row, columns, take)
    case .profile(let places, let count): try profile(row, places, count, take)
    }
  }

  private func readHeader(_ row: CSVRow) throws -> Header {
    guard (0..<row.count).allSatisfy({ unsafe isValidUTF8(row[$0]) }) else {
      throw Problem.badFile("invalid_utf8", "the header is not UTF-8; save the file as UTF-8 and send it again", line: row.line)
    }
    let names = (0..<row.count).map { row.string($0) }
    guard options.profile.columns.isEmpty else { return try profileHeader(names) }
    guard let resource = options.resource ?? options.profile.resource else {
      throw Problem.badFile("resource_missing", "the rows of a table do not say what they are", line: row.line)
    }
    let columns = try names.map { name throws -> Column in
      guard let column = resource.column(name) else {
        let hint = nearest(name, in: resource.columns.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
        throw Problem.badFile("unknown_column", "\(resource.name) have no field \"\(name.prefix(80))\"\(hint)", line: row.line)
      }
      return column
    }
    guard Set(names).count == names.count else {
      throw Problem.badFile("repeated_column", "a column stands in the header twice", line: row.line)
    }
    return .fields(columns)
  }

  private func profileHeader(_ names: [String]) throws -> Header {
    let wanted = options.profile.columns.map(\.name)
    let missing = wanted.filter { !names.contains($0) }
    guard missing.isEmpty else {
      throw Problem.badFile(
        "missing_column",
        "the file lacks \(missing.joined(separator: ", ")), which \(options.profile.name) needs; it has \(names.prefix(40).joined(separator: ", "))",
        line: 1)
    }
    return .profile(wanted.map { names.firstIndex(of: $0) ?? 0 }, count: names.count)
  }

  private func fields(_ row: CSVRow, _ columns: [Column], _ take: Take) throws {
    guard row.count == columns.count, let resource = options.resource ?? options.profile.resource else {
      return try refuse("wrong_column_count", "\(row.count) cells; the header has \(columns.count)", line: row.line, take)
    }
    let draft = draft(of: resource)
    // What the register gives is not taken from a file: an export of one register can be read into another.
    // An id is: it says which record is meant.
    for (place, column) in columns.enumerated() where !column.isReadOnly || column.number == StandardColumns.idNumber {
      unsafe reader.read(row[place], column, into: draft)
    }
    try take(draft, row.line)
  }

  private func profile(_ row: CSVRow, _ places: [Int], _ count: Int, _ take: Take) throws {
    guard row.count == count else {
      return try refuse("wrong_column_count", "\(row.count) cells; the header has \(count)", line: row.line, take)
    }
    let draft = draft(of: options.profile.resource ?? Events.resource)
    options.profile.read(ProfileRow(row, places: places), into: draft, reader)
    try take(draft, row.line)
  }
}

extension Problem {
  /// 422: the file as a whole cannot be read.
  static func badFile(_ code: String, _ detail: String, line: Int = 1) -> Problem {
    Problem(
      status: 422, code: "bad_file", title: "The file cannot be read", detail: detail,
      faults: [.init(.line(line, column: nil), code: code, detail: detail)], hint: "nothing was imported")
  }
}
