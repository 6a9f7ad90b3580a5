package import Formats
package import Records
internal import SQL

/// Where a profile's columns stand in the rows of one file (or of one version of it), made once per header.
@safe
package final class TableLayout: Sendable {
  private enum Use: Sendable {
    case field(Column)
    case extra
    case none
  }

  private struct Step: Sendable {
    let column: ProfileColumn
    let use: Use
    /// Its place in the row; -1 where this version lacks it.
    let place: Int
    /// `"name":` for extra.
    let key: [UInt8]
  }

  /// How many cells a row has.
  package var count: Int { fileNames.count }
  /// The file's columns, in its order.
  let fileNames: [String]
  private let steps: [Step]
  private let nulls: [[UInt8]]
  private let extraNumber: Int
  private let fieldNames: [String: Int]

  /// - Parameter names: of the file's columns, in its order.
  package init(_ table: ProfileTable, _ resource: Resource, names: [String]) {
    fileNames = names
    nulls = table.nulls.map { Array($0.utf8) }
    extraNumber = resource.standard.extra
    var places: [String: Int] = [:]
    for (place, name) in names.enumerated() { places[name] = place }
    steps = table.columns.map { column in
      let key = ByteBuffer(capacity: 32)
      key.append(jsonString: column.name)
      key.append(0x3A)
      return Step(column: column, use: Self.use(column, resource), place: places[column.name] ?? -1, key: key.array)
    }
    var fields: [String: Int] = [:]
    for (number, step) in steps.enumerated() {
      if case .field(let name) = step.column.use { fields[name] = number }
    }
    fieldNames = fields
  }

  private static func use(_ column: ProfileColumn, _ resource: Resource) -> Use {
    switch column.use {
    case .field(let name): .field(resource.required(name))
    case .extra: .extra
    default: .none
    }
  }

  package func name(of column: Int) -> String { steps.indices.contains(column) ? steps[column].column.name : "" }

  /// A column's cell; empty for a null token.
  package func cell(_ column: Int, in row: CSVRow) -> UnsafeRawBufferPointer {
    guard steps.indices.contains(column), steps[column].place >= 0, steps[column].place < row.count else {
      return unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    }
    let cell = unsafe row[steps[column].place]
    guard !nulls.isEmpty else { return unsafe cell }
    for index in nulls.indices where unsafe cell.elementsEqual(nulls[index]) { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    return unsafe cell
  }

  /// Reads what columns alone say: fields, and `extra`, which stays open for more until `close`.
  package func read(_ row: CSVRow, into draft: Draft, _ reader: DraftReader, _ extra: ByteBuffer) {
    extra.clear(keeping: 1 << 16)
    for (number, step) in steps.enumerated() {
      let cell = unsafe cell(number, in: row)
      guard unsafe !cell.isEmpty else { continue }
      guard unsafe isValidUTF8(cell) else {
        draft.fault(FieldPath(step.column.name), "invalid_utf8", "the cell is not UTF-8")
        continue
      }
      switch step.use {
      case .field(let column):
        let before = draft.faults.count
        unsafe reader.read(cell, column, into: draft)
        rename(&draft.faults, from: before, to: number)
      case .extra: if unsafe check(cell, step, draft) { unsafe keep(cell, step, extra) }
      case .none: unsafe check(cell, step, draft)
      }
    }
  }

  /// Puts what was kept into the record.
  package func close(_ extra: ByteBuffer, into draft: Draft) {
    guard !extra.isEmpty else { return }
    extra.append(0x7D)
    _ = draft.markGiven(extraNumber)
    unsafe extra.withBytes { unsafe draft.values.set(extraNumber, text: $0) }
  }

  /// Keeps a column's cell under its own name, for a profile that found no better place for it.
  package func keep(_ column: Int, of row: CSVRow, in extra: ByteBuffer) {
    let cell = unsafe cell(column, in: row)
    guard unsafe !cell.isEmpty, unsafe isValidUTF8(cell) else { return }
    unsafe keep(cell, steps[column], extra)
  }

  /// A cell in `extra`: numbers as they are written.
  private func keep(_ cell: UnsafeRawBufferPointer, _ step: Step, _ extra: ByteBuffer) {
    extra.append(extra.isEmpty ? 0x7B : 0x2C)
    extra.append(step.key)
    if step.column.kind == .text {
      unsafe extra.append(jsonString: cell)
    } else {
      unsafe extra.append(number: cell)
    }
  }

  /// Whether a cell is what its column says it is.
  @discardableResult
  private func check(_ cell: UnsafeRawBufferPointer, _ step: Step, _ draft: Draft) -> Bool {
    let text = unsafe String(decoding: cell.prefix(64), as: UTF8.self)
    let isRight =
      switch step.column.kind {
      case .text: true
      case .integer: Int64(text) != nil
      case .real: unsafe cell.count <= 64 && isDecimal(cell) && (Double(text)?.isFinite ?? false)
      }
    if !isRight {
      let wanted = step.column.kind == .integer ? "a whole number" : "a number"
      unsafe draft.fault(FieldPath(step.column.name), "malformed_value", "\(quoted(cell)) is not \(wanted)")
    }
    return isRight
  }

  private func isDecimal(_ cell: UnsafeRawBufferPointer) -> Bool {
    unsafe cell.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E || $0 == 0x45 || $0 == 0x65 }
  }

  /// Faults of a field are told of the file's column that it comes from.
  package func rename(_ faults: inout [DraftFault], from first: Int, to column: Int) {
    for index in first..<faults.count {
      faults[index] = DraftFault(
        path: FieldPath(name(of: column)), code: faults[index].code, detail: faults[index].detail, allowed: faults[index].allowed)
    }
  }

  /// Faults that completing the record found, under the names of the file's columns.
  package func rename(_ fault: DraftFault) -> DraftFault {
    guard fault.path.element == nil, let number = fieldNames[fault.path.field] else { return fault }
    return DraftFault(path: FieldPath(name(of: number)), code: fault.code, detail: fault.detail, allowed: fault.allowed)
  }
}

extension ByteBuffer {
  /// A number that was written in a table, as JSON writes it: without `+`, leading zeros and a bare point; whole where it is.
  fileprivate func append(number text: UnsafeRawBufferPointer) {
    let written = unsafe String(decoding: text, as: UTF8.self)
    if let whole = Int64(written) { return append(integer: whole) }
    let value = Double(written) ?? 0
    if let whole = Int64(exactly: value) { append(integer: whole) } else { append(real: value) }
  }
}

extension ProfileTable {
  /// A column's number, for `ProfileRow`; the table declares it.
  package func number(_ name: String) -> Int { columns.firstIndex { $0.name == name }.required("a profile's column \(name)") }
}
