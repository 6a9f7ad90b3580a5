package import Assets
package import Formats

extension Assets {
  /// The bytes of an embedded file, valid for as long as the program runs; ends the program if it is missing.
  package static func required(_ path: String) -> ByteView { bytes(path).required(path) }
}

/// An embedded CSV file: a header, and rows with exactly one cell for each column.
package struct CodeTable: Sendable {
  /// One row, read by column name.
  package struct Row: Sendable {
    private let cells: [String: String]
    private let place: String

    /// - Parameter cells: one for each column, empty ones included.
    fileprivate init(_ cells: [String: String], place: String) { (self.cells, self.place) = (cells, place) }

    /// An optional cell: `nil` when empty. Ends the program if the file has no such column.
    package subscript(column: String) -> String? {
      let cell = cells[column].required("\(place).\(column)")
      return cell.isEmpty ? nil : cell
    }

    /// A cell that must not be empty; ends the program if it is.
    package func required(_ column: String) -> String { self[column].required("\(place).\(column)") }
  }

  /// The header: column names in the order of the file.
  package private(set) var names: [String] = []
  /// The rows in the order of the file, without the header.
  package private(set) var rows: [Row] = []

  /// Reads an embedded file; ends the program if it is missing or a row has too few or too many cells.
  ///
  /// - Parameter path: the embedded file's path: `data/countries.csv`.
  package init(_ path: String) {
    var (names, rows): ([String], [Row]) = ([], [])
    let add = { (row: CSVRow) in
      let cells = (0..<row.count).map { row.string($0) }
      guard !names.isEmpty else { return names = cells }
      let place = "\(path):\(rows.count + 2)"
      guard cells.count == names.count else { BrokenPromise.stop("\(place): a cell for each column") }
      rows.append(Row(Dictionary(zip(names, cells), uniquingKeysWith: { first, _ in first }), place: place))
    }
    var reader = CSVReader()
    reader.feed(Assets.required(path)) { add($0) }
    reader.finish { add($0) }
    (self.names, self.rows) = (names, rows)
  }
}
