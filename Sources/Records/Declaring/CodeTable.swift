package import Assets
package import Formats

extension Assets {
  /// The bytes of a file that the program cannot do without.
  package static func required(_ path: String) -> UnsafeRawBufferPointer { unsafe bytes(path).required(path) }

  /// A file that the program cannot do without; it holds as long as the program runs.
  package static func requiredFile(_ path: String) -> ByteView { file(path).required(path) }
}

/// An embedded CSV file: a header, and rows of which no cell may lie under a name that the header lacks.
package struct CodeTable: Sendable {
  /// One row; a column is asked for by its name.
  package struct Row: Sendable {
    private let cells: [String: String]
    private let place: String

    /// - Parameter cells: all of them, empty ones too.
    fileprivate init(_ cells: [String: String], place: String) { (self.cells, self.place) = (cells, place) }

    /// A cell that may be empty: `nil` then. A column that the file lacks is a broken promise.
    package subscript(column: String) -> String? {
      let cell = cells[column].required("\(place).\(column)")
      return cell.isEmpty ? nil : cell
    }

    /// A cell that must say something.
    package func required(_ column: String) -> String { self[column].required("\(place).\(column)") }
  }

  /// The columns in the order of the file.
  package private(set) var names: [String] = []
  package private(set) var rows: [Row] = []

  /// - Parameter path: of the embedded file: `data/countries.csv`.
  package init(_ path: String) {
    var (names, rows): ([String], [Row]) = ([], [])
    let add = { (row: CSVRow) in
      let cells = (0..<row.count).map { unsafe String(decoding: row[$0], as: UTF8.self) }
      guard !names.isEmpty else { return names = cells }
      let place = "\(path):\(rows.count + 2)"
      guard cells.count == names.count else { BrokenPromise.stop("\(place): a cell for each column") }
      rows.append(Row(Dictionary(zip(names, cells), uniquingKeysWith: { first, _ in first }), place: place))
    }
    var reader = CSVReader()
    reader.feed(Assets.requiredFile(path)) { add($0) }
    reader.finish { add($0) }
    (self.names, self.rows) = (names, rows)
  }
}
