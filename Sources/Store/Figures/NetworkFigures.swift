package import Formats
package import Records
package import SQL

/// A network of dyads: the ties around one stakeholder, or the strongest of all that match.
///
/// Breadth first: nodes level by level, strongest ties first, then all edges between the nodes found.
package struct NetworkFigures {
  /// The two codes of an edge and the figures of the dyad.
  package static let columns =
    [Figures.column("source", .handleOf("stakeholders")), Figures.column("target", .handleOf("stakeholders"))] + DyadFigures.columns

  private let rows: DyadRows
  private let centre: String?
  private let depth: Int
  private let maxNodes: Int

  /// - Parameters:
  ///   - centre: a stakeholder's code; `nil` for the strongest ties overall.
  ///   - depth: most steps from the centre, at least 1; unused without a centre.
  ///   - maxNodes: most nodes, the centre included.
  package init(_ rows: DyadRows, centre: String?, depth: Int, maxNodes: Int) {
    self.rows = rows
    self.centre = centre
    self.depth = depth
    self.maxNodes = maxNodes
  }

  /// Writes a page of edges and, in JSON, all nodes and whether `maxNodes` cut them off.
  ///
  /// - Parameter cursor: called only if more edges follow.
  /// - Returns: the cursor of the next page, or `nil` on the last one.
  /// - Throws: `SQLError`.
  package func write(
    _ page: FigurePage, _ format: ListFormat, over connection: any Connection, to buffer: ByteBuffer, cursor: () -> String
  ) throws -> String? {
    let (nodes, isCut) = try nodes(connection)
    let figures = edges(nodes)
    let next = try figures.write(page, format, over: connection, to: buffer, cursor: cursor)
    guard format == .json else { return next }
    buffer.truncate(to: buffer.count - 1)
    buffer.append(",\"nodes\":[" as StaticString)
    try append(nodes, connection, to: buffer)
    buffer.append(isCut ? "],\"nodes_are_cut\":true}" as StaticString : "],\"nodes_are_cut\":false}")
    return next
  }

  /// Codes with their distance from the centre, and whether `maxNodes` cut some off.
  private func nodes(_ connection: any Connection) throws -> (nodes: [(code: String, depth: Int)], isCut: Bool) {
    guard let centre else { return try strongest(connection) }
    var nodes = [(code: centre, depth: 0)]
    for level in 1...depth {
      let found = try neighbours(of: nodes.map(\.code), connection)
      let left = maxNodes - nodes.count
      nodes += found.prefix(left).map { ($0, level) }
      if found.count > left { return (nodes, true) }
      if found.isEmpty { break }
    }
    return (nodes, false)
  }

  /// The stakeholders of the strongest ties, at distance 0.
  private func strongest(_ connection: any Connection) throws -> (nodes: [(code: String, depth: Int)], isCut: Bool) {
    var codes: [String] = []
    var isCut = false
    let order = rows.areTotals ? "ORDER BY count" : "GROUP BY a, b HAVING sum(count) <> 0 ORDER BY sum(count)"
    try connection.query("SELECT a, b FROM (\(rows.sql)) \(raw: order) DESC, a, b") { row in
      for code in [row[0].string, row[1].string] where !codes.contains(code) {
        if codes.count < maxNodes { codes.append(code) } else { isCut = true }
      }
      return !isCut
    }
    return (codes.map { ($0, 0) }, isCut)
  }

  /// Stakeholders tied to `codes` and not among them, strongest ties first; at most `maxNodes`, which is more than
  /// there is room for and so shows a cut.
  private func neighbours(of codes: [String], _ connection: any Connection) throws -> [String] {
    let ties: SQLFragment =
      // Totals have an index on each side; rows from events are scanned once.
      rows.areTotals
      ? """
      SELECT b AS other, count FROM (\(rows.sql)) WHERE a IN (\(codes)) AND b NOT IN (\(codes)) \
      UNION ALL SELECT a, count FROM (\(rows.sql)) WHERE b IN (\(codes)) AND a NOT IN (\(codes))
      """
      : """
      SELECT CASE WHEN a IN (\(codes)) THEN b ELSE a END AS other, count FROM (\(rows.sql)) \
      WHERE (a IN (\(codes))) <> (b IN (\(codes)))
      """
    var found: [String] = []
    try connection.query(
      "SELECT other FROM (\(ties)) GROUP BY other HAVING sum(count) <> 0 ORDER BY sum(count) DESC, other LIMIT \(maxNodes)"
    ) { row in
      found.append(row[0].string)
      return true
    }
    return found
  }

  private func edges(_ nodes: [(code: String, depth: Int)]) -> Figures {
    let codes = nodes.map(\.code)
    return Figures(
      columns: Self.columns,
      sql: """
        SELECT a, b, \(DyadFigures.figures(areSummed: true)) FROM (\(rows.sql)) WHERE a IN (\(codes)) AND b IN (\(codes)) \
        GROUP BY a, b HAVING sum(count) <> 0 ORDER BY 3 DESC, 1, 2
        """)
  }

  private static let stakeholder = SQLTemplate("SELECT name, type, country FROM stakeholders WHERE code = \(parameter: "code")")

  private func append(_ nodes: [(code: String, depth: Int)], _ connection: any Connection, to buffer: ByteBuffer) throws {
    let key = Values()
    for (place, node) in nodes.enumerated() {
      key.reset()
      key.append(text: node.code)
      buffer.append(place == 0 ? "{\"id\":" as StaticString : ",{\"id\":")
      buffer.append(jsonString: node.code)
      try connection.query(Self.stakeholder, key) { row in
        for (name, column) in [(",\"name\":" as StaticString, 0), (",\"type\":", 1), (",\"country\":", 2)] {
          buffer.append(name)
          if row[column].isNull { buffer.append("null" as StaticString) } else { buffer.append(jsonString: row[column].utf8) }
        }
        return false
      }
      if centre != nil {
        buffer.append(",\"depth\":" as StaticString)
        buffer.append(integer: Int64(node.depth))
      }
      buffer.append(0x7D)
    }
  }
}
