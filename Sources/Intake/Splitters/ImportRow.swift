package import Formats
package import Records
internal import SQL

/// One row on its way into the register: its draft, its place in the file, and what the profile adds. Reused.
package final class ImportRow {
  /// The record that the row becomes.
  package let draft: Draft
  /// The line on which the row starts, from 1.
  package var line = 0
  /// The row's bytes: offsets into the file.
  package var bytes = 0..<0
  /// The columns of a profile's row.
  package var layout: TableLayout?
  /// The column names of a table's row.
  package var columnNames: [String] = []
  /// The record number that the row's `id` gives.
  package var givenID: Int64?
  /// The faults it has if it must create a record.
  package var faultsWhenNew: [DraftFault] = []
  /// Oddities that do not refuse the row.
  package var warnings: [DraftFault] = []
  /// Groups reports of one event: the first row becomes the event, the others count as its reports. Empty for a row that is not grouped.
  package let groupKey = ByteBuffer(capacity: 64)
  /// Whether the request excludes the row (`interstate=true`).
  package var isPassedOver = false
  /// Stakeholders to create with `create_missing`.
  package var newcomers: [Newcomer] = []

  /// An empty row of `resource`.
  package init(_ resource: Resource) { draft = Draft(resource) }

  /// Empties the row for its next use; `line` and `bytes` are overwritten by then.
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

/// One row of a profile's table, for its `map`: cells by column, and the record they become.
@safe
package struct ProfileRow {
  /// The row whose draft is filled.
  package let row: ImportRow
  /// Sets fields with the usual checks; faults carry the given name, so that they point at the file's column.
  package let reader: DraftReader
  /// Whether the request wants only events between different states.
  package let isInterstate: Bool
  /// The number of cells in the row.
  package let count: Int
  private let cells: CSVRow
  private let layout: TableLayout
  private let extra: ByteBuffer

  /// Valid while `cells` is; `extra` must be open (`TableLayout.read`).
  package init(_ row: ImportRow, _ cells: CSVRow, _ layout: TableLayout, _ reader: DraftReader, _ extra: ByteBuffer, isInterstate: Bool) {
    self.row = row
    self.cells = cells
    self.layout = layout
    self.reader = reader
    self.extra = extra
    self.isInterstate = isInterstate
    count = cells.count
  }

  /// The record that the row becomes.
  package var draft: Draft { row.draft }

  /// A cell; empty where the row lacks the column or the cell holds one of the profile's null tokens. Valid during `map`.
  package subscript(_ column: Int) -> ByteView { layout.cell(column, in: cells) }

  /// A cell as text; invalid UTF-8 is replaced.
  package func string(_ column: Int) -> String { self[column].string }

  /// Whether a cell is empty, missing or a null token.
  package func isEmpty(_ column: Int) -> Bool { self[column].isEmpty }

  /// A numeric cell; `nil` where it is empty, or no number, which has its fault already.
  package func number(_ column: Int) -> Double? {
    guard !isEmpty(column), let number = Double(string(column)), number.isFinite else { return nil }
    return number
  }

  /// Refuses the row with a fault in one column.
  package func fault(_ column: Int, _ code: String, _ detail: String, allowed: [String] = []) {
    draft.fault(FieldPath(layout.name(of: column)), code, detail, allowed: allowed)
  }

  /// Adds a warning; the row is stored all the same.
  package func warn(_ column: Int, _ code: String, _ detail: String) {
    row.warnings.append(DraftFault(path: FieldPath(layout.name(of: column)), code: code, detail: detail, allowed: []))
  }

  /// Refuses the row if the cell's number is outside `range`.
  package func check(_ column: Int, in range: ClosedRange<Double>) {
    guard let value = number(column), !range.contains(value) else { return }
    fault(column, "out_of_range", "\(string(column)) is not in \(Int(range.lowerBound))…\(Int(range.upperBound))")
  }

  /// Sets a field from a text; faults are reported against `column`.
  package func set(_ field: String, _ text: String, of column: Int) {
    let before = draft.faults.count
    reader.set(field, text: text, in: draft)
    layout.rename(&draft.faults, from: before, to: column)
  }

  /// Sets a field from a text; faults are reported against `column`.
  package func set(_ field: Field, _ text: String, of column: Int) { set(field.name, text, of: column) }

  /// Sets a nested field from the JSON that `write` appends; faults are reported against `column`.
  package func setJSON(_ field: Field, of column: Int, _ write: (ByteBuffer) -> Void) {
    let before = draft.faults.count
    reader.setJSON(field, in: draft, write)
    layout.rename(&draft.faults, from: before, to: column)
  }

  /// Keeps a column's cell in `extra` under its own name.
  package func keep(_ column: Int) { layout.keep(column, of: cells, in: extra) }

  /// Adds a member to `extra`; `write` appends its JSON value.
  package func keep(as name: StaticString, _ write: (ByteBuffer) -> Void) {
    extra.append(extra.isEmpty ? 0x7B : 0x2C)
    extra.append(0x22)
    extra.append(name)
    extra.append("\":" as StaticString)
    write(extra)
  }
}
