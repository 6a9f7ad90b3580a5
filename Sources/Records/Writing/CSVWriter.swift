package import Formats
package import SQL

/// Writes rows as CSV (RFC 4180) in a form that an import reads back.
///
/// With `flatten` the first `form.flattened` nested records of a field get a column for each part, `participants.0.role`, after
/// `participants.count` with their number. The number of columns is fixed because the header precedes all rows.
package struct CSVWriter: Sendable {
  /// The columns in the order of the SELECT, which is the order of the cells.
  package let columns: [Column]
  private let prefixes: [StaticString]
  private let form: ListQuery.Form

  /// Prepares a writer for a choice of columns.
  ///
  /// - Parameters:
  ///   - prefix: id prefix of the resource itself.
  ///   - prefixOf: id prefix of another resource by its name.
  package init(_ columns: [Column], prefix: StaticString, form: ListQuery.Form = .init(), prefixOf: (String) -> StaticString) {
    self.columns = columns
    self.form = form
    prefixes = columns.map { $0.number == StandardColumns.idNumber ? prefix : $0.targets.first.map(prefixOf) ?? "" }
  }

  /// Writes the header line, ended by CRLF.
  package func writeHeader(to buffer: ByteBuffer) {
    for (position, column) in columns.enumerated() {
      if position > 0 { buffer.append(0x2C) }
      buffer.append(column.name)
      guard isSpread(column) else { continue }
      buffer.append(".count")
      for element in 0..<form.flattened {
        for part in column.parts { buffer.append(",\(column.name).\(element).\(part.name)") }
      }
    }
    buffer.append("\r\n")
  }

  /// Writes one row, ended by CRLF.
  ///
  /// - Parameters:
  ///   - scratch: overwritten; kept by the caller for reuse.
  ///   - parser: for lists and nested records; its last document is dropped.
  package func write(_ row: Row, to buffer: ByteBuffer, _ scratch: ByteBuffer, _ parser: JSONParser) {
    let start = buffer.count
    for (position, column) in columns.enumerated() {
      if position > 0 { buffer.append(0x2C) }
      write(row[position], column, prefixes[position], to: buffer, scratch, parser)
    }
    // Most readers skip a blank line, so an empty single cell is quoted.
    if buffer.count == start { buffer.append("\"\"") }
    buffer.append("\r\n")
  }

  private func isSpread(_ column: Column) -> Bool { form.isFlat && column.kind == .records }

  private func write(
    _ cell: Cell, _ column: Column, _ prefix: StaticString, to buffer: ByteBuffer, _ scratch: ByteBuffer, _ parser: JSONParser
  ) {
    if isSpread(column) { return spread(cell.utf8, column, to: buffer, scratch, parser) }
    guard !cell.isNull else { return }
    switch column.kind {
    case .integer where column.number == StandardColumns.idNumber, .reference: buffer.append(id: cell.integer, prefix: prefix)
    case .integer: buffer.append(integer: cell.integer)
    case .real: buffer.append(real: cell.real)
    case .boolean: buffer.append(cell.integer == 0 ? "false" : "true")
    case .timestamp where form.isEpoch: buffer.append(integer: cell.integer)
    case .timestamp: buffer.append(timestamp: cell.integer)
    case .date where form.isEpoch, .period where form.isEpoch: buffer.append(epochOfDay: cell)
    case .list, .records:
      if ListText.write(cell.utf8, column, to: scratch, parser) { scratch.withView { text($0, to: buffer) } }
    case .object: if cell.utf8.count > 2 { text(cell.utf8, to: buffer) }
    default: text(cell.utf8, to: buffer)
    }
  }

  private func text(_ text: ByteView, to buffer: ByteBuffer) {
    if form.isCSVSafe { buffer.append(csvSafe: text) } else { buffer.append(csvField: text) }
  }

  private func spread(_ json: ByteView, _ column: Column, to buffer: ByteBuffer, _ scratch: ByteBuffer, _ parser: JSONParser) {
    let list = try? parser.parse(json)
    buffer.append(integer: Int64(list?.count ?? 0))
    var element = 0
    list?.forEachElement { record in
      guard element < form.flattened else { return }
      element += 1
      for part in column.parts {
        buffer.append(0x2C)
        guard let value = record[part.name] else { continue }
        scratch.clear(keeping: 1 << 16)
        ListText.scalar(value, to: scratch)
        scratch.withView { text($0, to: buffer) }
      }
    }
    for _ in 0..<(form.flattened - element) * column.parts.count { buffer.append(0x2C) }
  }
}

/// An array in one cell: `a;b`, participants as `RUS:visitor;PRK:host`. Other nested records, and texts that hold a separator, are JSON.
/// An import reads all forms back.
enum ListText {
  /// Replaces the content of `text` by the cell.
  ///
  /// - Returns: `false` for an empty array, which is an empty cell.
  package static func write(_ json: ByteView, _ column: Column, to text: ByteBuffer, _ parser: JSONParser) -> Bool {
    text.clear(keeping: 1 << 16)
    guard json.count > 2, let node = try? parser.parse(json) else { return false }
    let isParties = column.name == "participants"
    guard column.kind == .list || isParties, isPlain(node, isParties) else {
      text.append(json)
      return true
    }
    node.forEachElement { item in
      if !text.isEmpty { text.append(0x3B) }
      if isParties { party(item, column, to: text) } else { scalar(item, to: text) }
    }
    return true
  }

  /// Writes a string without quotes and escapes, any other value as compact JSON.
  package static func scalar(_ node: JSONNode, to buffer: ByteBuffer) {
    if node.kind == .string { buffer.append(node.utf8) } else { node.append(to: buffer) }
  }

  private static func party(_ item: JSONNode, _ column: Column, to text: ByteBuffer) {
    var missing = 0
    for part in column.parts {
      guard let value = item[part.name] else {
        missing += 1
        continue
      }
      for _ in 0..<missing { text.append(0x3A) }
      missing = 0
      if part.number > 0 { text.append(0x3A) }
      scalar(value, to: text)
    }
  }

  /// Whether no text in the list holds a separator or starts like a JSON array.
  private static func isPlain(_ list: JSONNode, _ isParties: Bool) -> Bool {
    var isPlain = true
    let check = { (value: JSONNode) in
      guard value.kind == .string else { return }
      let text = value.utf8
      if text.first == 0x5B || text.contains(0x3B) || (isParties && text.contains(0x3A)) { isPlain = false }
    }
    list.forEachElement { item in
      guard isParties else { return check(item) }
      item.forEachMember { _, value in check(value) }
    }
    return isPlain
  }
}
