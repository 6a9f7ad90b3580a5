/// Why the engine refused a statement.
package struct SQLError: Error, CustomStringConvertible {
  /// The causes that callers handle differently.
  package enum Kind: Sendable {
    /// A unique key is taken. `detail` names table and columns as `table.column`.
    case unique
    /// A row that others refer to is deleted, or a row refers to a missing one.
    case foreignKey
    /// Any other constraint (CHECK, NOT NULL, STRICT type).
    case constraint
    /// The deadline has passed, or `interrupt` was called.
    case interrupted
    /// The disk is full.
    case full
    /// The file is locked or cannot be opened.
    case unavailable
    /// The file is damaged or not a database.
    case damaged
    /// A bug in the program: values do not match the statement's parameters, or a template contradicts itself.
    case misuse
    /// Any other result code.
    case other
  }

  /// The cause, from the SQLite result code (https://www.sqlite.org/rescode.html).
  package let kind: Kind
  /// For the log, never for a client: it can hold SQL.
  package let detail: String

  /// - Parameter detail: for the log; may hold SQL.
  package init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }

  /// `kind: detail`, for the log.
  package var description: String { "\(kind): \(detail)" }
}

/// One connection to the database, used by one thread at a time.
///
/// A statement takes exactly the values it names: one more or one fewer throws `SQLError.Kind.misuse`, and nothing runs. Every call
/// throws `SQLError` when the engine refuses the statement.
package protocol Connection: AnyObject {
  /// Runs a template and calls `row` for each row; stops when `row` returns `false`.
  ///
  /// The prepared statement is cached for good, keyed by the template's identity: a run allocates nothing.
  ///
  /// - Parameter values: must not change while the statement runs.
  /// - Returns: number of calls of `row`.
  @discardableResult
  func query(_ template: SQLTemplate, _ values: Values, _ row: (Row) throws -> Bool) throws -> Int

  /// Runs a template that returns no rows.
  ///
  /// - Returns: number of rows changed.
  @discardableResult
  func execute(_ template: SQLTemplate, _ values: Values) throws -> Int

  /// Runs a statement composed for one request and calls `row` for each row; stops when `row` returns `false`.
  ///
  /// The most recent prepared statements are cached, keyed by their text.
  ///
  /// - Returns: number of calls of `row`.
  @discardableResult
  func query(_ statement: SQLFragment, _ row: (Row) throws -> Bool) throws -> Int

  /// Runs a composed statement that returns no rows.
  ///
  /// - Returns: number of rows changed.
  @discardableResult
  func execute(_ statement: SQLFragment) throws -> Int

  /// Runs `body` with all its statements on one snapshot of the database.
  func inSnapshot<Result>(_ body: () throws -> Result) throws -> Result

  /// Aborts statements that still run this many milliseconds from now, with `.interrupted`; `nil` removes the deadline.
  func setDeadline(milliseconds: Int?)

  /// Expires the current deadline at once. The only call allowed from another thread.
  func interrupt()
}

extension Connection {
  /// Runs a template with these values, in the order of its parameters; returns the number of rows changed.
  @discardableResult
  package func execute(_ template: SQLTemplate, with values: any SQLConvertible...) throws -> Int {
    try execute(template, Values(values))
  }

  /// Runs a template with these values, in the order of its parameters; returns the number of calls of `row`.
  @discardableResult
  package func query(_ template: SQLTemplate, with values: any SQLConvertible..., row: (Row) throws -> Bool) throws -> Int {
    try query(template, Values(values), row)
  }

  /// The first column of the first row as an integer; `nil` when there is no row or it is null.
  package func integer(_ template: SQLTemplate, _ values: Values) throws -> Int64? {
    var found: Int64?
    try query(template, values) { row in
      found = row[0].isNull ? nil : row[0].integer
      return false
    }
    return found
  }

  /// The first column of the first row as an integer; `nil` when there is no row or it is null.
  package func integer(_ template: SQLTemplate, with values: any SQLConvertible...) throws -> Int64? {
    try integer(template, Values(values))
  }

  /// The first column of the first row as an integer; `nil` when there is no row or it is null.
  package func integer(_ statement: SQLFragment) throws -> Int64? {
    var found: Int64?
    try query(statement) { row in
      found = row[0].isNull ? nil : row[0].integer
      return false
    }
    return found
  }

  /// The first column of the first row as text; `nil` when there is no row or it is null.
  package func text(_ template: SQLTemplate, _ values: Values) throws -> String? {
    var found: String?
    try query(template, values) { row in
      found = row[0].isNull ? nil : row[0].string
      return false
    }
    return found
  }

  /// The first column of the first row as text; `nil` when there is no row or it is null.
  package func text(_ template: SQLTemplate, with values: any SQLConvertible...) throws -> String? {
    try text(template, Values(values))
  }

  /// The first column of the first row as text; `nil` when there is no row or it is null.
  package func text(_ statement: SQLFragment) throws -> String? {
    var found: String?
    try query(statement) { row in
      found = row[0].isNull ? nil : row[0].string
      return false
    }
    return found
  }
}
