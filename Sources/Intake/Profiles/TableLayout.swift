package import Formats
package import Records
internal import SQL

/// Maps a profile's columns to the cells of one file, or of one version of it; built once per header.
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
    /// The cell's index in the row; -1 where this version lacks the column.
    let place: Int
    /// `"name":`, for `extra`.
    let key: [UInt8]
  }

  /// The number of cells per row.
  package var count: Int { fileNames.count }
  /// The file's column names, in its order.
  let fileNames: [String]
  private let steps: [Step]
  private let nulls: [[UInt8]]
  private let extraNumber: Int
  private let fieldNames: [String: Int]

  /// - Parameter names: the file's column names, in its order.
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

  /// The profile's name of a column; empty for a number out of range.
  package func name(of column: Int) -> String { steps.indices.contains(column) ? steps[column].column.name : "" }

  /// A column's cell; empty for a null token or a missing column. Valid as long as `row`.
  package func cell(_ column: Int, in row: CSVRow) -> ByteView {
    guard steps.indices.contains(column), steps[column].place >= 0, steps[column].place < row.count else {
      return .empty
    }
    let cell = row[steps[column].place]
    guard !nulls.isEmpty else { return cell }
    for index in nulls.indices where cell == nulls[index] { return .empty }
    return cell
  }

  /// Reads all columns that need no `map`: fields, and `extra`, which stays open for more members until `close`.
  package func read(_ row: CSVRow, into draft: Draft, _ reader: DraftReader, _ extra: ByteBuffer) {
    extra.clear(keeping: 1 << 16)
    for (number, step) in steps.enumerated() {
      let cell = cell(number, in: row)
      guard !cell.isEmpty else { continue }
      guard cell.isValidUTF8 else {
        draft.fault(FieldPath(step.column.name), "invalid_utf8", "the cell is not UTF-8")
        continue
      }
      switch step.use {
      case .field(let column):
        let before = draft.faults.count
        reader.read(cell, column, into: draft)
        rename(&draft.faults, from: before, to: number)
      case .extra: if check(cell, step, draft) { keep(cell, step, extra) }
      case .none: check(cell, step, draft)
      }
    }
  }

  /// Closes `extra` and stores it in the record.
  package func close(_ extra: ByteBuffer, into draft: Draft) {
    guard !extra.isEmpty else { return }
    extra.append(0x7D)
    _ = draft.markGiven(extraNumber)
    extra.withView { draft.values.set(extraNumber, text: $0) }
  }

  /// Keeps a column's cell in `extra` under its own name, for a profile that has no field for it.
  package func keep(_ column: Int, of row: CSVRow, in extra: ByteBuffer) {
    let cell = cell(column, in: row)
    guard !cell.isEmpty, cell.isValidUTF8 else { return }
    keep(cell, steps[column], extra)
  }

  /// Appends a cell to `extra`; numbers stay numbers.
  private func keep(_ cell: ByteView, _ step: Step, _ extra: ByteBuffer) {
    extra.append(extra.isEmpty ? 0x7B : 0x2C)
    extra.append(step.key)
    if step.column.kind == .text {
      extra.append(jsonString: cell)
    } else {
      extra.append(number: cell)
    }
  }

  /// Whether a cell matches its column's kind; reports a fault if not.
  @discardableResult
  private func check(_ cell: ByteView, _ step: Step, _ draft: Draft) -> Bool {
    let text = cell.prefix(64).string
    let isRight =
      switch step.column.kind {
      case .text: true
      case .integer: Int64(text) != nil
      case .real: cell.count <= 64 && isDecimal(cell) && (Double(text)?.isFinite ?? false)
      }
    if !isRight {
      let wanted = step.column.kind == .integer ? "a whole number" : "a number"
      draft.fault(FieldPath(step.column.name), "malformed_value", "\(quoted(cell)) is not \(wanted)")
    }
    return isRight
  }

  private func isDecimal(_ cell: ByteView) -> Bool {
    cell.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E || $0 == 0x45 || $0 == 0x65 }
  }

  /// Reports faults of a field against `column`, the file's column it comes from; `first` is the index of the first such fault.
  package func rename(_ faults: inout [DraftFault], from first: Int, to column: Int) {
    for index in first..<faults.count {
      faults[index] = DraftFault(
        path: FieldPath(name(of: column)), code: faults[index].code, detail: faults[index].detail, allowed: faults[index].allowed)
    }
  }

  /// Reports a fault found while completing the record against the file's column.
  package func rename(_ fault: DraftFault) -> DraftFault {
    guard fault.path.element == nil, let number = fieldNames[fault.path.field] else { return fault }
    return DraftFault(path: FieldPath(name(of: number)), code: fault.code, detail: fault.detail, allowed: fault.allowed)
  }
}

extension ByteBuffer {
  /// Appends a table's number in JSON syntax: without `+`, leading zeros or a bare point; an integer where it is whole.
  fileprivate func append(number text: ByteView) {
    let written = text.string
    if let whole = Int64(written) { return append(integer: whole) }
    let value = Double(written) ?? 0
    if let whole = Int64(exactly: value) { append(integer: whole) } else { append(real: value) }
  }
}

extension ProfileTable {
  /// The index of a column that the table declares, for `ProfileRow`; stops the program for an unknown name.
  package func number(_ name: String) -> Int { columns.firstIndex { $0.name == name }.required("a profile's column \(name)") }
}
