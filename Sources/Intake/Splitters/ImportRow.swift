package import Formats
package import Records
internal import SQL

/// One row of a file on its way: its draft, where it stood, and what a profile says beside the record. Used again for later rows.
package final class ImportRow {
  package let draft: Draft
  /// Line of the file that the row starts on, from 1.
  package var line = 0
  /// Where the row's bytes lie in the file.
  package var bytes = 0..<0
  /// The columns that it came in, for a profile's row.
  package var layout: TableLayout?
  /// The names of the columns that it came in, for a row of a table.
  package var columnNames: [String] = []
  /// The id that it says it has.
  package var givenID: Int64?
  /// What is wrong with it if it is no record yet.
  package var faultsWhenNew: [DraftFault] = []
  /// What is odd and no reason to refuse the row.
  package var warnings: [DraftFault] = []
  /// Rows with the same key tell of the same thing: the first is the event, the others count as its reports.
  package let groupKey = ByteBuffer(capacity: 64)
  /// Left out because the request asked for other rows (`interstate=true`).
  package var isPassedOver = false
  /// Stakeholders to make with `create_missing`.
  package var newcomers: [Newcomer] = []

  package init(_ resource: Resource) { draft = Draft(resource) }

  package func reset() {
    draft.reset()
    layout = nil
    columnNames = []
    givenID = nil
    faultsWhenNew.removeAll(keepingCapacity: true)
    warnings.removeAll(keepingCapacity: true)
    groupKey.clear(keeping: 256)
    isPassedOver = false
    newcomers.removeAll(keepingCapacity: true)
  }
}

/// One row of a profile's table, for its `map`: cells by the column's name, and the record that they become.
@safe
package struct ProfileRow {
  package let row: ImportRow
  /// Sets fields, checked like any other value; faults are kept under the name given, so that they point at the file's column.
  package let reader: DraftReader
  /// Whether the request wants events between different states only.
  package let isInterstate: Bool
  /// How many cells the row has.
  package let count: Int
  private let cells: CSVRow
  private let layout: TableLayout
  private let extra: ByteBuffer

  package init(_ row: ImportRow, _ cells: CSVRow, _ layout: TableLayout, _ reader: DraftReader, _ extra: ByteBuffer, isInterstate: Bool) {
    self.row = row
    self.cells = cells
    self.layout = layout
    self.reader = reader
    self.extra = extra
    self.isInterstate = isInterstate
    count = cells.count
  }

  package var draft: Draft { row.draft }

  /// A cell; empty where the row has no such column or the cell holds one of the profile's null tokens.
  package subscript(_ column: Int) -> UnsafeRawBufferPointer { unsafe layout.cell(column, in: cells) }

  /// A cell as text.
  package func string(_ column: Int) -> String { unsafe String(decoding: self[column], as: UTF8.self) }

  package func isEmpty(_ column: Int) -> Bool { unsafe self[column].isEmpty }

  /// A cell that the column's kind says is a number; `nil` where it is empty, and where it is none, which has its fault already.
  package func number(_ column: Int) -> Double? {
    guard !isEmpty(column), let number = Double(string(column)), number.isFinite else { return nil }
    return number
  }

  /// Refuses the row because of one column of the file.
  package func fault(_ column: Int, _ code: String, _ detail: String, allowed: [String] = []) {
    draft.fault(FieldPath(layout.name(of: column)), code, detail, allowed: allowed)
  }

  /// Notes what is odd; the row goes in.
  package func warn(_ column: Int, _ code: String, _ detail: String) {
    row.warnings.append(DraftFault(path: FieldPath(layout.name(of: column)), code: code, detail: detail, allowed: []))
  }

  /// Refuses the row where a number is not in `range`.
  package func check(_ column: Int, in range: ClosedRange<Double>) {
    guard let value = number(column), !range.contains(value) else { return }
    fault(column, "out_of_range", "\(string(column)) is not in \(Int(range.lowerBound))…\(Int(range.upperBound))")
  }

  /// Sets a field from a text; what is wrong with it is told of `column`.
  package func set(_ field: String, _ text: String, of column: Int) {
    let before = draft.faults.count
    reader.set(field, text: text, in: draft)
    layout.rename(&draft.faults, from: before, to: column)
  }

  package func set(_ field: Field, _ text: String, of column: Int) { set(field.name, text, of: column) }

  /// Sets a nested field from JSON that `write` makes; what is wrong with it is told of `column`.
  package func setJSON(_ field: Field, of column: Int, _ write: (ByteBuffer) -> Void) {
    let before = draft.faults.count
    reader.setJSON(field, in: draft, write)
    layout.rename(&draft.faults, from: before, to: column)
  }

  /// Keeps a column's cell in `extra` under its own name.
  package func keep(_ column: Int) { layout.keep(column, of: cells, in: extra) }

  /// Adds a member to `extra`; `write` makes its JSON.
  package func keep(as name: StaticString, _ write: (ByteBuffer) -> Void) {
    extra.append(extra.isEmpty ? 0x7B : 0x2C)
    extra.append(0x22)
    extra.append(name)
    extra.append("\":" as StaticString)
    write(extra)
  }
}
