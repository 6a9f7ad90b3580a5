internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import SQL
internal import Store

/// Collects errors and warnings of rows: the first ones for the answer, all of them for the tables, and the location of refused rows.
final class ImportReport {
  private typealias Entry = ImportReportStore.Entry

  private let options: ImportOptions
  private let spool: Spool
  private let maxShown: Int
  private let maxRejectBytes: Int
  private let evidence = RowEvidence()
  private let written = ByteBuffer(capacity: 1_024)
  private let values = Values()
  private var shown: [Entry] = []
  private var waiting: [Entry] = []
  private var rejects: [(line: Int, reason: String, bytes: Range<Int>)] = []
  private var errorCount: Int64 = 0
  private var rejectCount: Int64 = 0
  private(set) var warnings = 0

  /// - Parameters:
  ///   - shown: the number of errors that the record lists.
  ///   - maxRejectBytes: the longest refused row that is returned.
  init(_ options: ImportOptions, _ spool: Spool, shown: Int, maxRejectBytes: Int) {
    self.options = options
    self.spool = spool
    maxShown = shown
    self.maxRejectBytes = maxRejectBytes
  }

  // MARK: Noting

  /// - Parameter problem: the register's reason; `nil` when the draft's faults are the reason.
  func reject(_ row: ImportRow, _ problem: Problem?) {
    read(row.bytes)
    let first = waiting.count
    if let problem {
      note(problem, row)
    } else {
      for fault in row.draft.faults { note(fault, row, "error") }
    }
    let faults = waiting[first...].map { "\($0.column.isEmpty ? "" : "\($0.column): ")\($0.detail)" }.joined(separator: "; ")
    if !options.isDry { rejects.append((row.line, "line \(row.line): \(faults)\(lost(row.bytes))", row.bytes)) }
    show(from: first)
  }

  private func lost(_ bytes: Range<Int>) -> String {
    bytes.count <= maxRejectBytes ? "" : "; its \(bytes.count) bytes, from byte \(bytes.lowerBound) of the file, are too many to return"
  }

  func warn(_ row: ImportRow) {
    warnings += 1
    read(row.bytes)
    let first = waiting.count
    for warning in row.warnings { note(warning, row, "warning") }
    show(from: first)
  }

  /// Reports that the file itself cannot be read further.
  func refuseFile(_ problem: Problem) {
    let line = problem.faults.first.map { if case .line(let line, column: _) = $0.location { line } else { 1 } } ?? 1
    add(Entry(line: line, column: "", code: problem.faults.first?.code ?? problem.code, detail: problem.detail ?? problem.title))
  }

  func giveUp(at line: Int, after count: Int) {
    let detail = "more than \(count) rows were refused, so the rest of the file was not read; max_errors sets the limit"
    add(Entry(line: line, column: "", code: "too_many_errors", detail: detail))
  }

  private func add(_ entry: Entry) {
    waiting.append(entry)
    show(from: waiting.count - 1)
  }

  private func show(from first: Int) {
    shown += waiting[first...].prefix(max(0, maxShown - shown.count))
    if options.isDry { waiting.removeAll() }
  }

  private func note(_ problem: Problem, _ row: ImportRow) {
    guard !problem.faults.isEmpty else {
      return waiting.append(Entry(line: row.line, column: "", code: problem.code, detail: problem.detail ?? problem.title))
    }
    for fault in problem.faults {
      let path = if case .pointer(let pointer) = fault.location { FieldPath(pointer: pointer) } else { FieldPath("") }
      note(DraftFault(path: path, code: fault.code, detail: fault.detail, allowed: fault.allowed), row, "error")
    }
  }

  private func note(_ given: DraftFault, _ row: ImportRow, _ severity: String) {
    let fault = row.layout?.rename(given) ?? given
    let expected =
      fault.allowed.isEmpty
      ? row.draft.resource.column(given.path.field)?.expectation(of: given.path) : fault.allowed.joined(separator: ", ")
    waiting.append(
      Entry(
        line: row.line, column: String(fault.path.pointer.dropFirst()), severity: severity, code: fault.code,
        found: evidence.found(fault.path, in: written, row, options), expected: expected, detail: fault.detail))
  }

  private func read(_ bytes: Range<Int>) {
    written.clear(keeping: 1 << 16)
    guard bytes.count <= maxRejectBytes else { return }
    try? spool.read(into: written, from: bytes.lowerBound, atMost: bytes.count)
  }

  // MARK: Keeping

  /// Writes what was noted since the last call.
  func store(_ id: Int64, _ write: Write) throws {
    let store = ImportReportStore(write.connection)
    for entry in waiting {
      errorCount += 1
      try store.store(entry, number: errorCount, of: id, values)
    }
    waiting.removeAll()
    for reject in rejects {
      if rejectCount == 0 { try storeHeader(id, store) }
      rejectCount += 1
      read(reject.bytes)
      if options.form == .jsonArray { makeLine() }
      try keep(reject.reason, line: reject.line, number: rejectCount, of: id, in: store)
    }
    rejects.removeAll()
  }

  /// Elements of an array are returned as lines: text after an element is cut off, and line ends inside it, which only separate its parts,
  /// become blanks.
  private func makeLine() {
    var bytes = written.array
    while let last = bytes.last, Self.betweenElements.contains(last) { bytes.removeLast() }
    for place in bytes.indices where bytes[place] == 0x0A || bytes[place] == 0x0D { bytes[place] = 0x20 }
    written.clear()
    written.append(bytes)
  }

  private static let betweenElements: [UInt8] = [0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "]")]

  func forgetRejects() { rejects.removeAll() }

  /// A table's rows are returned with their header.
  private func storeHeader(_ id: Int64, _ store: ImportReportStore) throws {
    guard options.form == .csv || options.form == .tsv, options.profile.table?.hasHeader ?? true else { return }
    let header = try TableHeader.bytes(of: spool, options)
    written.clear()
    written.append(header)
    try keep("", line: 1, number: 0, of: id, in: store)
  }

  private func keep(_ reason: String, line: Int, number: Int64, of id: Int64, in store: ImportReportStore) throws {
    try written.withView { try store.store(reject: $0, number: number, line: line, reason: reason, of: id, values) }
  }

  // MARK: Showing

  var reasons: [String] { shown.map { "line \($0.line) \($0.column): \($0.detail)" } }

  func append(to json: ByteBuffer) {
    json.append("[")
    for (position, entry) in shown.enumerated() {
      if position > 0 { json.append(0x2C) }
      json.append("{\"line\":")
      json.append(integer: Int64(entry.line))
      for (name, value) in [
        ("column", entry.column), ("severity", entry.severity), ("code", entry.code), ("found", entry.found), ("expected", entry.expected),
        ("detail", entry.detail),
      ] {
        json.append(",\"\(name)\":")
        if let value { json.append(jsonString: value) } else { json.append("null") }
      }
      json.append("}")
    }
    json.append("]")
  }
}

/// A table's first row, as written.
enum TableHeader {
  private static let longest = 1 << 20

  static func bytes(of spool: Spool, _ options: ImportOptions) throws -> [UInt8] {
    let start = ByteBuffer(capacity: 4_096)
    try spool.read(into: start, from: 0, atMost: longest)
    var found: Range<Int>?
    var reader = CSVReader(.init(delimiter: options.delimiter, quotes: options.profile.table?.quotes ?? true))
    start.withView { reader.feed($0) { row in if found == nil { found = row.offset..<row.offset + row.length } } }
    guard let found else { return [] }
    return Array(start.array[found])
  }
}

/// The text of a refused row at its fault, found by parsing the row a second time, a cost for refused rows only.
final class RowEvidence {
  private static let longest = 200
  private let parser = JSONParser(maxDepth: 64)

  /// - Returns: the value as written, shortened; `nil` where there is none.
  func found(_ path: FieldPath, in written: ByteBuffer, _ row: ImportRow, _ options: ImportOptions) -> String? {
    guard !path.field.isEmpty, !written.isEmpty else { return nil }
    return switch options.form {
    case .ndjson, .jsonArray: member(path, written)
    case .csv, .tsv: cell(path.field, written, row.columnNames, options)
    }
  }

  private func member(_ path: FieldPath, _ written: ByteBuffer) -> String? {
    written.withView { bytes in
      guard let root = try? parser.parse(bytes), root.kind == .object, var node = root[path.field] else { return nil }
      if let element = path.element, node.kind == .array {
        var position = 0
        var found: JSONNode?
        node.forEachElement { item in
          if position == element { found = item }
          position += 1
        }
        guard let found else { return nil }
        node = found
      }
      if let part = path.part, node.kind == .object {
        guard let found = node[part] else { return nil }
        node = found
      }
      let json = ByteBuffer()
      if node.kind == .string { json.append(node.utf8) } else { node.append(to: json) }
      return Self.short(json)
    }
  }

  private func cell(_ name: String, _ written: ByteBuffer, _ names: [String], _ options: ImportOptions) -> String? {
    guard let place = names.firstIndex(of: name) else { return nil }
    var reader = CSVReader(.init(delimiter: options.delimiter, quotes: options.profile.table?.quotes ?? true))
    let text = ByteBuffer()
    let take = { (row: CSVRow) in
      if row.fault == nil, place < row.count { text.append(row[place]) }
    }
    written.withView { reader.feed($0) { take($0) } }
    reader.finish { take($0) }
    return Self.short(text)
  }

  private static func short(_ text: ByteBuffer) -> String {
    let words = text.string
    return words.count > longest ? String(words.prefix(longest)) + "…" : words
  }
}

extension FieldPath {
  /// From a JSON pointer made by us.
  init(pointer: String) {
    let steps = pointer.split(separator: "/", omittingEmptySubsequences: true).map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
    self.init(steps.first ?? "", element: steps.count > 1 ? Int(steps[1]) : nil, part: steps.count > 2 ? steps[2] : nil)
  }
}

extension Column {
  /// The accepted values in words; of a part if the path names one.
  func expectation(of path: FieldPath) -> String {
    if let part = path.part.flatMap({ name in parts.first { $0.name == name } }) { return part.expectation }
    return path.element == nil ? expectation : element?.expectation ?? expectation
  }

  private static let mostWords = 20

  /// The accepted values in words.
  var expectation: String {
    switch kind {
    case .text: "text of at most \(max) characters"
    case .word:
      vocabulary.map { $0.words.count <= Self.mostWords ? $0.words.joined(separator: ", ") : "a value of /v1/vocabularies/\($0.name)" }
        ?? ""
    case .handle: "a handle: letters, digits, - _ ."
    case .integer:
      "a whole number\(Self.range(integers.lowerBound == .min ? nil : "\(integers.lowerBound)", integers.upperBound == .max ? nil : "\(integers.upperBound)"))"
    case .real:
      reals.upperBound == .greatestFiniteMagnitude ? "a number" : "a number from \(reals.lowerBound) to \(reals.upperBound)"
    case .boolean: "true or false"
    case .date: "a date, YYYY-MM-DD"
    case .period: "a date, YYYY-MM-DD, or less exact: 2024-06, 2024, 2024-06-18/2024-06-21 (EDTF level 1)"
    case .timestamp: "a time such as 2024-06-18T09:30:00Z (RFC 3339)"
    case .url: "an http or https URL"
    case .reference, .handleOf, .target: "an id, handle or source/external_id of \(targets.joined(separator: ", "))"
    case .list: "a list of at most \(max)"
    case .object: "a JSON object of at most \(max) bytes"
    case .records: "a list of at most \(max) objects with \(parts.map(\.name).joined(separator: ", "))"
    }
  }

  private static func range(_ lower: String?, _ upper: String?) -> String {
    (lower.map { " from \($0)" } ?? "") + (upper.map { " to \($0)" } ?? "")
  }
}
