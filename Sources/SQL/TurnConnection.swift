/// A read connection that keeps one snapshot for a turn of the event loop: all requests of the turn share the cost of its locks.
///
/// The snapshot never hides an acknowledged commit: it is renewed as soon as the register's change number moves.
package final class TurnConnection: Connection {
  private static let begin = SQLTemplate("BEGIN")
  private static let end = SQLTemplate("COMMIT")

  private let base: any Connection
  private let database: any Database
  private let nothing = Values()
  private var isOpen = false
  private var seq: Int64 = 0
  private var isHeld = false

  /// Opens a reader; the snapshot begins with the first statement.
  ///
  /// - Throws: `SQLError` when the database cannot be opened.
  package init(_ database: any Database) throws {
    self.database = database
    base = try database.makeReader()
  }

  /// Runs a template in the turn's snapshot.
  package func query(_ template: SQLTemplate, _ values: Values, _ row: (Row) throws -> Bool) throws -> Int {
    try renew()
    return try base.query(template, values, row)
  }

  /// Runs a template in the turn's snapshot.
  package func execute(_ template: SQLTemplate, _ values: Values) throws -> Int {
    try renew()
    return try base.execute(template, values)
  }

  /// Runs a composed statement in the turn's snapshot.
  package func query(_ statement: SQLFragment, _ row: (Row) throws -> Bool) throws -> Int {
    try renew()
    return try base.query(statement, row)
  }

  /// Runs a composed statement in the turn's snapshot.
  package func execute(_ statement: SQLFragment) throws -> Int {
    try renew()
    return try base.execute(statement)
  }

  /// Runs `body` in the turn's snapshot, which is not renewed meanwhile.
  package func inSnapshot<Result>(_ body: () throws -> Result) throws -> Result {
    try renew()
    let wasHeld = isHeld
    isHeld = true
    defer { isHeld = wasHeld }
    return try body()
  }

  /// Sets the deadline of the underlying reader, in milliseconds from now.
  package func setDeadline(milliseconds: Int?) { base.setDeadline(milliseconds: milliseconds) }

  /// Expires the deadline; safe from any thread.
  package func interrupt() { base.interrupt() }

  /// Releases the snapshot, so that a checkpoint can proceed.
  package func endTurn() {
    guard isOpen else { return }
    isOpen = false
    _ = try? base.execute(Self.end, nothing)
  }

  private func renew() throws {
    guard !(isHeld && isOpen) else { return }
    let current = database.lastSeq
    if isOpen, seq == current { return }
    endTurn()
    try base.execute(Self.begin, nothing)
    isOpen = true
    seq = current
  }
}
