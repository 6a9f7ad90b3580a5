/// Why the engine refused a statement.
package struct SQLError: Error, CustomStringConvertible {
  package enum Kind: Sendable {
    /// A unique key is taken. `detail` names table and columns as `table.column`.
    case unique
    /// A row that others refer to, or that refers to nothing.
    case foreignKey
    /// Any other constraint (CHECK, NOT NULL, STRICT type).
    case constraint
    /// The deadline has passed, or the work was cancelled.
    case interrupted
    /// No room on the disk.
    case full
    /// The file is locked or cannot be opened.
    case unavailable
    /// The file is damaged or not a database.
    case damaged
    /// A fault of the program: values that do not fit the statement's parameters, or a template that contradicts itself.
    case misuse
    case other
  }

  package let kind: Kind
  /// For the log, never for a client: it can hold SQL.
  package let detail: String

  package init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }

  package var description: String { "\(kind): \(detail)" }
}

/// One connection to the database: used by one thread at a time.
///
/// Both forms of a statement take exactly the values that they name: one more or one less is `SQLError.Kind.misuse`, and nothing runs.
package protocol Connection: AnyObject {
  /// Runs a template and gives its rows one by one; stops early when `row` answers `false`.
  ///
  /// The prepared statement is kept for good, and found by the template's identity: a run allocates nothing.
  ///
  /// - Parameter values: must not change while the statement runs.
  /// - Returns: how many rows were given.
  @discardableResult
  func query(_ template: SQLTemplate, _ values: Values, _ row: (Row) throws -> Bool) throws -> Int

  /// Runs a template that gives no rows.
  ///
  /// - Returns: how many rows it changed.
  @discardableResult
  func execute(_ template: SQLTemplate, _ values: Values) throws -> Int

  /// Runs the statement of one question and gives its rows one by one; stops early when `row` answers `false`.
  ///
  /// The prepared statements of the latest questions are kept, and found by their text.
  ///
  /// - Returns: how many rows were given.
  @discardableResult
  func query(_ statement: SQLFragment, _ row: (Row) throws -> Bool) throws -> Int

  /// Runs a statement of one use that gives no rows.
  ///
  /// - Returns: how many rows it changed.
  @discardableResult
  func execute(_ statement: SQLFragment) throws -> Int

  /// Cuts off whatever runs longer than this many milliseconds from now, with `.interrupted`; `nil` lets it run.
  func setDeadline(milliseconds: Int?)

  /// Makes the deadline that was set be over. The one call that may come from another thread.
  func interrupt()
}

extension Connection {
  /// Runs a template with these values, in the order of its parameters.
  @discardableResult
  package func execute(_ template: SQLTemplate, with values: any SQLConvertible...) throws -> Int {
    try execute(template, Values(values))
  }

  /// Runs a template with these values, in the order of its parameters.
  @discardableResult
  package func query(_ template: SQLTemplate, with values: any SQLConvertible..., row: (Row) throws -> Bool) throws -> Int {
    try query(template, Values(values), row)
  }

  /// The first column of the first row as an integer; `nil` where there is no row or it is null.
  package func integer(_ template: SQLTemplate, _ values: Values) throws -> Int64? {
    var found: Int64?
    try query(template, values) { row in
      found = row[0].isNull ? nil : row[0].integer
      return false
    }
    return found
  }

  /// The first column of the first row as an integer; `nil` where there is no row or it is null.
  package func integer(_ template: SQLTemplate, with values: any SQLConvertible...) throws -> Int64? {
    try integer(template, Values(values))
  }

  /// The first column of the first row as an integer; `nil` where there is no row or it is null.
  package func integer(_ statement: SQLFragment) throws -> Int64? {
    var found: Int64?
    try query(statement) { row in
      found = row[0].isNull ? nil : row[0].integer
      return false
    }
    return found
  }

  /// The first column of the first row as text; `nil` where there is no row or it is null.
  package func text(_ template: SQLTemplate, _ values: Values) throws -> String? {
    var found: String?
    try query(template, values) { row in
      found = row[0].isNull ? nil : row[0].string
      return false
    }
    return found
  }

  /// The first column of the first row as text; `nil` where there is no row or it is null.
  package func text(_ template: SQLTemplate, with values: any SQLConvertible...) throws -> String? {
    try text(template, Values(values))
  }

  /// The first column of the first row as text; `nil` where there is no row or it is null.
  package func text(_ statement: SQLFragment) throws -> String? {
    var found: String?
    try query(statement) { row in
      found = row[0].isNull ? nil : row[0].string
      return false
    }
    return found
  }
}
