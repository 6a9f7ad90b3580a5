internal import SQL

/// The statements that write one rollup table.
struct RollupTable {
  /// Whether it counts cooperation and conflict.
  private let hasQuads: Bool
  private let upsert: SQLTemplate
  private let removeEmpty: SQLTemplate

  /// - Parameters:
  ///   - name: the table.
  ///   - key: its key columns, in order.
  ///   - hasQuads: whether it counts cooperation and conflict.
  package init(_ name: String, key: [String], hasQuads: Bool) {
    self.hasQuads = hasQuads
    let sums = ["count"] + (hasQuads ? ["cooperative", "conflictual"] : []) + ["goldstein_count", "goldstein_sum"]
    let row = key + sums
    let values = row.map { "\(parameter: $0)" as SQLFragment }.joined(separator: ", ")
    let added = Dialect.orChange(key, sums.map { "\($0) = \($0) + excluded.\($0)" })
    upsert = SQLTemplate("INSERT INTO \(raw: name) (\(raw: row.joined(separator: ", "))) VALUES (\(values))\(added)")
    let isRow = key.map { "\(raw: $0) = \(parameter: $0)" as SQLFragment }.joined(separator: " AND ")
    // Bound with the same row as the upsert.
    removeEmpty = SQLTemplate(taking: row, unused: Set(sums), "DELETE FROM \(raw: name) WHERE \(isRow) AND count = 0")
  }

  /// Adds a change to a row; deletes the row when its count becomes 0.
  ///
  /// - Parameter row: the key; the sums are appended to it.
  /// - Throws: `SQLError`.
  package func add(_ change: RollupChange, at row: Values, _ connection: any Connection) throws {
    row.append(integer: Int64(change.count))
    if hasQuads {
      row.append(integer: Int64(change.cooperative))
      row.append(integer: Int64(change.conflictual))
    }
    row.append(integer: Int64(change.goldsteinCount))
    row.append(integer: change.goldstein)
    try connection.execute(upsert, row)
    if change.count < 0 { try connection.execute(removeEmpty, row) }
  }
}
