package import Formats
internal import Records
package import SQL

/// Faults found in the rows of imports, and the refused rows themselves. All calls throw `SQLError`.
package struct ImportReportStore {
  /// One fault or oddity of a row.
  package struct Entry {
    /// The row's first line in the file, from 1.
    package let line: Int
    /// The column's name or a path; empty for the row as a whole.
    package let column: String
    /// `error` or `warning`.
    package var severity = "error"
    /// A stable word such as `unknown_reference`.
    package let code: String
    /// The value found.
    package var found: String?
    /// What would be valid.
    package var expected: String?
    /// A sentence for the reader.
    package let detail: String

    /// - Parameters:
    ///   - line: from 1.
    ///   - column: empty for the whole row.
    package init(
      line: Int, column: String, severity: String = "error", code: String, found: String? = nil, expected: String? = nil, detail: String
    ) {
      self.line = line
      self.column = column
      self.severity = severity
      self.code = code
      self.found = found
      self.expected = expected
      self.detail = detail
    }
  }

  private static let storeError = SQLTemplate(
    """
    INSERT INTO import_errors (import_id, number, line, at_column, severity, code, found, expected, detail)
    VALUES (\(parameter: "import"), \(parameter: "number"), \(parameter: "line"), \(parameter: "column"), \(parameter: "severity"),
      \(parameter: "code"), \(parameter: "found"), \(parameter: "expected"), \(parameter: "detail"))
    """)
  private static let storeReject = SQLTemplate(
    """
    INSERT INTO import_rejects (import_id, number, line, reason, written)
    VALUES (\(parameter: "import"), \(parameter: "number"), \(parameter: "line"), \(parameter: "reason"), \(parameter: "written"))
    """)
  private static let errors = SQLTemplate(
    """
    SELECT number, line, at_column, severity, code, found, expected, detail FROM import_errors
    WHERE import_id = \(parameter: "import") AND number > \(parameter: "after") ORDER BY number LIMIT \(parameter: "limit")
    """)
  private static let rejects = SQLTemplate(
    """
    SELECT number, line, reason, written FROM import_rejects
    WHERE import_id = \(parameter: "import") AND number > \(parameter: "after") ORDER BY number LIMIT \(parameter: "limit")
    """)
  private static let header = SQLTemplate("SELECT written FROM import_rejects WHERE import_id = \(parameter: "import") AND number = 0")
  private static let shape = SQLTemplate("SELECT content_type, profile FROM imports WHERE id = \(parameter: "import")")
  private static let storeCounts = SQLTemplate("UPDATE imports SET counts = \(parameter: "counts") WHERE id = \(parameter: "import")")

  private let connection: any Connection

  /// - Parameter connection: the writer's for `store`.
  package init(_ connection: any Connection) { self.connection = connection }

  // MARK: Writing

  /// Stores a fault.
  ///
  /// - Parameters:
  ///   - number: its position among the import's faults, from 1.
  ///   - id: the import.
  ///   - row: scratch.
  package func store(_ entry: Entry, number: Int64, of id: Int64, _ row: Values) throws {
    start(row, id, number, entry.line)
    for text in [entry.column, entry.severity, entry.code] { row.append(text: text) }
    for text in [entry.found, entry.expected] { row.append(value: text.sqlValue) }
    row.append(text: entry.detail)
    try connection.execute(Self.storeError, row)
  }

  /// Stores a refused row, or as number 0 the header of the file.
  ///
  /// - Parameters:
  ///   - written: the row's bytes in the file.
  ///   - number: its position among the refused rows, from 1.
  ///   - line: its first line in the file, from 1.
  ///   - reason: why it is refused.
  ///   - id: the import.
  ///   - row: scratch.
  package func store(
    reject written: ByteView, number: Int64, line: Int, reason: String, of id: Int64, _ row: Values
  ) throws {
    start(row, id, number, line)
    row.append(text: reason)
    row.append(text: written)
    try connection.execute(Self.storeReject, row)
  }

  private func start(_ row: Values, _ id: Int64, _ number: Int64, _ line: Int) {
    row.reset()
    row.append(integer: id)
    row.append(integer: number)
    row.append(integer: Int64(line))
  }

  /// Sets the counts of an import, a JSON object, without a new version.
  package func store(counts: String, of id: Int64) throws { try connection.execute(Self.storeCounts, with: counts, id) }

  // MARK: Reading

  /// Calls `row` for the faults of an import after a number, in order: `number, line, column, severity, code, found, expected, detail`.
  package func errors(of id: Int64, after: Int64, limit: Int, _ row: (Row) throws -> Bool) throws {
    try connection.query(Self.errors, with: id, after, limit, row: row)
  }

  /// Calls `row` for the refused rows of an import after a number, in order: `number, line, reason, written`. Number 0 is the header.
  package func rejects(of id: Int64, after: Int64, limit: Int, _ row: (Row) throws -> Bool) throws {
    try connection.query(Self.rejects, with: id, after, limit, row: row)
  }

  /// The header line of a refused table; `nil` if there is none.
  package func header(of id: Int64) throws -> String? { try connection.text(Self.header, with: id) }

  /// The media type and the profile of an import's file; `nil` for an unknown import.
  package func shape(of id: Int64) throws -> (contentType: String, profile: String)? {
    var found: (String, String)?
    try connection.query(Self.shape, with: id) { row in
      found = (row[0].string, row[1].string)
      return false
    }
    return found
  }
}
