/// A read connection that keeps its snapshot for one turn of a loop: the locks that a snapshot takes are paid once for all
/// requests of the turn.
///
/// A snapshot never hides a commit that has been answered: it is renewed as soon as the register's change number has moved.
package final class TurnConnection: Connection {
  private static let begin = SQLTemplate("BEGIN")
  private static let end = SQLTemplate("COMMIT")

  private let base: any Connection
  private let database: any Database
  private let nothing = Values()
  private var isOpen = false
  private var seq: Int64 = 0

  package init(_ database: any Database) throws {
    self.database = database
    base = try database.makeReader()
  }

  package func query(_ template: SQLTemplate, _ values: Values, _ row: (Row) throws -> Bool) throws -> Int {
    try renew()
    return try base.query(template, values, row)
  }

  package func execute(_ template: SQLTemplate, _ values: Values) throws -> Int {
    try renew()
    return try base.execute(template, values)
  }

  package func query(_ statement: SQLFragment, _ row: (Row) throws -> Bool) throws -> Int {
    try renew()
    return try base.query(statement, row)
  }

  package func execute(_ statement: SQLFragment) throws -> Int {
    try renew()
    return try base.execute(statement)
  }

  package func setDeadline(milliseconds: Int?) { base.setDeadline(milliseconds: milliseconds) }

  package func interrupt() { base.interrupt() }

  /// Lets the snapshot go; the log can be moved again.
  package func endTurn() {
    guard isOpen else { return }
    isOpen = false
    _ = try? base.execute(Self.end, nothing)
  }

  private func renew() throws {
    let current = database.lastSeq
    if isOpen, seq == current { return }
    endTurn()
    try base.execute(Self.begin, nothing)
    isOpen = true
    seq = current
  }
}
