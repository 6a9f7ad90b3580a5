package import Formats
package import SQL

/// Writes rows as CSV (RFC 4180) in the form in which an import reads them back.
package struct CSVWriter: Sendable {
  package let columns: [Column]
  private let prefixes: [StaticString]

  package init(_ columns: [Column], prefix: StaticString, prefixOf: (String) -> StaticString) {
    self.columns = columns
    prefixes = columns.map { $0.number == StandardColumns.idNumber ? prefix : $0.targets.first.map(prefixOf) ?? "" }
  }

  package func writeHeader(to buffer: ByteBuffer) {
    for (position, column) in columns.enumerated() {
      if position > 0 { buffer.append(0x2C) }
      buffer.append(column.name)
    }
    buffer.append("\r\n")
  }

  package func write(_ row: Row, to buffer: ByteBuffer, _ scratch: ByteBuffer, _ parser: JSONParser) {
    for (position, column) in columns.enumerated() {
      if position > 0 { buffer.append(0x2C) }
      write(row[position], column, prefixes[position], to: buffer, scratch, parser)
    }
    buffer.append("\r\n")
  }

  private func write(
    _ cell: Cell, _ column: Column, _ prefix: StaticString, to buffer: ByteBuffer, _ scratch: ByteBuffer, _ parser: JSONParser
  ) {
    guard !cell.isNull else { return }
    switch column.kind {
    case .integer where column.number == StandardColumns.idNumber, .reference: buffer.append(id: cell.integer, prefix: prefix)
    case .integer: buffer.append(integer: cell.integer)
    case .real: buffer.append(real: cell.real)
    case .boolean: buffer.append(cell.integer == 0 ? "false" : "true")
    case .timestamp: buffer.append(timestamp: cell.integer)
    case .list, .records: unsafe list(cell.bytes, column, to: buffer, scratch, parser)
    case .object: if unsafe cell.bytes.count > 2 { unsafe buffer.append(csvField: cell.bytes) }
    default: unsafe buffer.append(csvField: cell.bytes)
    }
  }

  /// Lists as `a;b`, participants as `RUS:visitor;PRK:host`, other nested records and whatever has such a sign in its text as JSON.
  private func list(_ json: UnsafeRawBufferPointer, _ column: Column, to buffer: ByteBuffer, _ scratch: ByteBuffer, _ parser: JSONParser) {
    guard json.count > 2, let node = try? unsafe parser.parse(json) else { return }
    let isParties = column.name == "participants"
    guard column.kind == .list || isParties, isPlain(node, isParties) else { return unsafe buffer.append(csvField: json) }
    scratch.clear(keeping: 1 << 16)
    node.forEachElement { item in
      if !scratch.isEmpty { scratch.append(0x3B) }
      guard isParties else { return scalar(item, to: scratch) }
      var missing = 0
      for part in column.parts {
        guard let value = item[part.name] else {
          missing += 1
          continue
        }
        for _ in 0..<missing { scratch.append(0x3A) }
        missing = 0
        if part.number > 0 { scratch.append(0x3A) }
        scalar(value, to: scratch)
      }
    }
    unsafe buffer.append(csvField: scratch.rawBytes)
  }

  /// Whether no text in a list holds what separates its elements, and none looks like JSON.
  private func isPlain(_ list: JSONNode, _ isParties: Bool) -> Bool {
    var isPlain = true
    let check = { (value: JSONNode) in
      guard value.kind == .string else { return }
      let text = unsafe value.text
      if unsafe text.first == 0x5B || text.contains(0x3B) || (isParties && text.contains(0x3A)) { isPlain = false }
    }
    list.forEachElement { item in
      guard isParties else { return check(item) }
      unsafe item.forEachMember { _, value in check(value) }
    }
    return isPlain
  }

  private func scalar(_ node: JSONNode, to buffer: ByteBuffer) {
    if node.kind == .string { unsafe buffer.append(node.text) } else { node.append(to: buffer) }
  }
}
