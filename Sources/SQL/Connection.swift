/// The text of a statement. An object, so that a connection finds what it has prepared by identity.
package final class SQLText: Sendable {
  package let text: String
  /// Made once and kept for good; one made for a single question is found by its text instead.
  package let isFixed: Bool

  package init(_ text: String, isFixed: Bool = true) {
    self.text = text
    self.isFixed = isFixed
  }
}

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
package protocol Connection: AnyObject {
  /// Runs a statement and gives its rows one by one; stops early when `row` answers `false`.
  ///
  /// - Returns: how many rows were given.
  @discardableResult
  func query(_ sql: SQLText, _ values: Values, _ row: (Row) throws -> Bool) throws -> Int

  /// Runs a statement that gives no rows.
  ///
  /// - Returns: how many rows it changed.
  @discardableResult
  func execute(_ sql: SQLText, _ values: Values) throws -> Int

  /// Cuts off whatever runs longer than this many milliseconds from now, with `.interrupted`; `nil` lets it run.
  func setDeadline(milliseconds: Int?)

  /// Makes the deadline that was set be over. The one call that may come from another thread.
  func interrupt()
}

extension Connection {
  @discardableResult
  package func execute(_ sql: SQLText) throws -> Int { try execute(sql, Values()) }

  /// The first column of the first row as an integer; `nil` where there is no row or it is null.
  package func integer(_ sql: SQLText, _ values: Values = Values()) throws -> Int64? {
    var found: Int64?
    try query(sql, values) { row in
      found = row[0].isNull ? nil : row[0].integer
      return false
    }
    return found
  }

  /// The first column of the first row as text; `nil` where there is no row or it is null.
  package func text(_ sql: SQLText, _ values: Values = Values()) throws -> String? {
    var found: String?
    try query(sql, values) { row in
      found = row[0].isNull ? nil : row[0].string
      return false
    }
    return found
  }
}
