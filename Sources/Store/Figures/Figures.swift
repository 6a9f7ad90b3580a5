package import Formats
package import Records
package import SQL

/// One page of an analytic: where it starts, its size and format of values.
package struct FigurePage {
  /// Most rows on the page.
  package var limit: Int
  /// Rows before the page.
  package var offset = 0
  /// How values are written.
  package var form = ListQuery.Form()

  /// - Parameters:
  ///   - limit: most rows.
  ///   - offset: rows skipped.
  package init(limit: Int, offset: Int = 0, form: ListQuery.Form = ListQuery.Form()) {
    self.limit = limit
    self.offset = offset
    self.form = form
  }
}

/// An analytic as a statement: one flat row per group, with the given columns.
package struct Figures {
  /// Names and types of the columns, in the order of the statement.
  package let columns: [Column]
  /// The SELECT of a page's rows, plus one if more follow.
  package let statement: (FigurePage) -> SQLFragment

  /// - Parameter statement: must honour limit and offset of its page, and select one row more than the limit.
  package init(columns: [Column], statement: @escaping (FigurePage) -> SQLFragment) {
    self.columns = columns
    self.statement = statement
  }

  /// - Parameter sql: a SELECT with ORDER BY, without LIMIT.
  package init(columns: [Column], sql: SQLFragment) {
    self.init(columns: columns) { "\(sql) LIMIT \($0.limit + 1) OFFSET \($0.offset)" }
  }

  /// A column that is not a field of any resource.
  package static func column(_ name: String, _ type: FieldType) -> Column {
    // Above all field numbers: low numbers are the standard columns.
    Column(Field(name, type, doc: ""), number: 1_000)
  }

  /// The first day of a bucket.
  package static let time = column("time", .date)
  /// The number of events or records.
  package static let count = column("count", .integer(0...Int64.max))
  /// The number of events with a Goldstein value: the weight for combining means.
  package static let goldsteinCount = column("goldstein_count", .integer(0...Int64.max))
  /// The mean Goldstein value, rounded to 4 decimals; null without values.
  package static let meanGoldstein = column("mean_goldstein", .real(-10...10))
  static let sumGoldstein = column("sum_goldstein", .real(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude))

  /// Writes a page as JSON `{"items":[…],"next_cursor":…}`, as one JSON object per line, or as CSV with a header.
  ///
  /// - Parameter cursor: called only if more rows follow.
  /// - Returns: the cursor of the next page, or `nil` on the last one.
  /// - Throws: `SQLError`.
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

/// Writes the rows of an analytic as JSON or CSV.
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
