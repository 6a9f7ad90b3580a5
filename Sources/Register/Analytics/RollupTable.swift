internal import SQL

/// A table of sums, as it is written.
struct RollupTable {
  /// Whether it tells cooperation from conflict.
  private let hasQuads: Bool
  private let upsert: SQLText
  private let removeEmpty: SQLText

  init(_ name: String, key: [String], hasQuads: Bool) {
    self.hasQuads = hasQuads
    let sums = ["count"] + (hasQuads ? ["cooperative", "conflictual"] : []) + ["goldstein_count", "goldstein_sum"]
    let marks = (1...(key.count + sums.count)).map { "?\($0)" }.joined(separator: ", ")
    let changes = sums.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")
    upsert = SQLText(
      "INSERT INTO \(name) (\((key + sums).joined(separator: ", "))) VALUES (\(marks)) ON CONFLICT DO UPDATE SET \(changes)")
    let isRow = key.enumerated().map { "\($1) = ?\($0 + 1)" }.joined(separator: " AND ")
    removeEmpty = SQLText("DELETE FROM \(name) WHERE \(isRow) AND count = 0")
  }

  /// The sums in SQL, over events.
  static func sums(hasQuads: Bool) -> String {
    let quads = [QuadClass.isCooperative("quad_class"), QuadClass.isConflictual("quad_class")].map { "count(*) FILTER (WHERE \($0))" }
    return (["count(*)"] + (hasQuads ? quads : []) + ["count(goldstein)", Goldstein.total("goldstein")]).joined(separator: ", ")
  }

  /// Adds a change to a row, which goes when nothing is left of it.
  ///
  /// - Parameter row: the key; it is used up.
  func add(_ change: RollupChange, at row: Values, _ connection: any Connection) throws {
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
