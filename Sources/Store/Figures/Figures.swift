package import Formats
package import Records
package import SQL

/// What a page of figures starts at and holds.
package struct FigurePage {
  /// Most rows.
  package var limit: Int
  /// Rows before it.
  package var offset = 0
  /// How values are shown.
  package var form = ListQuery.Form()

  package init(limit: Int, offset: Int = 0, form: ListQuery.Form = ListQuery.Form()) {
    self.limit = limit
    self.offset = offset
    self.form = form
  }
}

/// The rows of an analytic before they are read: one flat row a group, named by `columns`.
package struct Figures {
  package let columns: [Column]
  /// Gives the columns in their order: the rows of a page, and one more where more follow.
  package let statement: (FigurePage) -> SQLFragment

  package init(columns: [Column], statement: @escaping (FigurePage) -> SQLFragment) {
    self.columns = columns
    self.statement = statement
  }

  /// - Parameter sql: everything but LIMIT.
  package init(columns: [Column], sql: SQLFragment) {
    self.init(columns: columns) { "\(sql) LIMIT \($0.limit + 1) OFFSET \($0.offset)" }
  }

  /// A column that is no field of a record.
  package static func column(_ name: String, _ type: FieldType) -> Column {
    // Behind all fields of all records: the first ones have a meaning of their own.
    Column(Field(name, type, doc: ""), number: 1_000)
  }

  package static let time = column("time", .date)
  package static let count = column("count", .integer(0...Int64.max))
  /// How many events have a value: by it means are added up to one.
  package static let goldsteinCount = column("goldstein_count", .integer(0...Int64.max))
  package static let meanGoldstein = column("mean_goldstein", .real(-10...10))
  static let sumGoldstein = column("sum_goldstein", .real(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude))

  /// Writes the rows of a page; `cursor` is asked for when there are more.
  ///
  /// - Returns: the cursor that was written.
  package func write(
    _ page: FigurePage, _ format: ListFormat, over connection: any Connection, to buffer: ByteBuffer, cursor: () -> String
  ) throws -> String? {
    let lines = FigureLines(columns, page.form)
    if format == .json { ListFrame.begin(buffer) }
    if format == .csv { lines.csv.writeHeader(to: buffer) }
    var rows = 0
    var hasMore = false
    try connection.query(statement(page)) { row in
      guard rows < page.limit else {
        hasMore = true
        return false
      }
      if format == .json {
        if rows > 0 { buffer.append(0x2C) }
        lines.json.write(row, to: buffer)
      } else {
        lines.write(row, format, to: buffer)
      }
      rows += 1
      return true
    }
    let next = hasMore ? cursor() : nil
    if format == .json { ListFrame.end(buffer, cursor: next) }
    return next
  }
}

/// The rows of an analytic as text.
private final class FigureLines {
  let json: RowWriter
  let csv: CSVWriter
  private let scratch = ByteBuffer(capacity: 256)
  private let parser = JSONParser(maxDepth: 64)

  init(_ columns: [Column], _ form: ListQuery.Form) {
    json = RowWriter(columns, prefix: "", isEpoch: form.isEpoch, prefixOf: Catalogue.shared.prefix(of:))
    csv = CSVWriter(columns, prefix: "", form: form, prefixOf: Catalogue.shared.prefix(of:))
  }

  func write(_ row: Row, _ format: ListFormat, to buffer: ByteBuffer) {
    guard format == .csv else {
      json.write(row, to: buffer)
      return buffer.append(0x0A)
    }
    csv.write(row, to: buffer, scratch, parser)
  }
}
