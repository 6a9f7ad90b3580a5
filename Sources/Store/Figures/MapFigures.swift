package import Formats
package import Records
package import SQL

/// Locations of events: by country, or as points.
package enum MapFigures {
  /// Country (ISO 3166-1 alpha-3 where it is listed) and its figures.
  package static let columns =
    [Events.resource[Events.country], Figures.count, Figures.goldsteinCount, Figures.meanGoldstein, Figures.sumGoldstein]

  /// One row per country, most events first; events without a country are left out.
  package static func byCountry(_ question: EventQuestion) -> Figures {
    let groups = Grouping.all(of: Events.resource).filter { $0.column.name == "country" }
    let counts = EventCounts(question, bucket: nil, groups: groups, needsGoldstein: true)
    return Figures(
      columns: columns,
      sql: """
        SELECT g1, n, gn, \(Goldstein.mean(sum: "gs", count: "gn")), \(Goldstein.sum("gs", count: "gn")) \
        FROM (\(counts.sql)) WHERE g1 IS NOT NULL ORDER BY n DESC, g1
        """)
  }

  /// Writes a page of points as a GeoJSON FeatureCollection (RFC 7946), most events first.
  ///
  /// - Parameter cursor: called only if more points follow.
  /// - Returns: the cursor of the next page, or `nil` on the last one.
  /// - Throws: `SQLError`.
  package static func writePoints(
    of list: ListQuery, _ page: FigurePage, over connection: any Connection, to buffer: ByteBuffer, cursor: () -> String
  ) throws -> String? {
    let mean = Goldstein.mean(sum: EventCounts.goldsteinSum, count: "count(r.goldstein)")
    let points = ListSQL(
      grouping: list,
      select: "r.longitude, r.latitude, r.geo_precision, r.country, count(*), count(r.goldstein), \(mean)",
      tail: """
         AND r.longitude IS NOT NULL GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4 \
        LIMIT \(page.limit + 1) OFFSET \(page.offset)
        """)
    return try write(points.statement, page, over: connection, to: buffer, cursor: cursor)
  }

  private static func write(
    _ points: SQLFragment, _ page: FigurePage, over connection: any Connection, to buffer: ByteBuffer, cursor: () -> String
  ) throws -> String? {
    buffer.append("{\"type\":\"FeatureCollection\",\"features\":[" as StaticString)
    var rows = 0
    try connection.query(points) { row in
      rows += 1
      guard rows <= page.limit else { return false }
      if rows > 1 { buffer.append(0x2C) }
      write(row, to: buffer)
      return true
    }
    let next = rows > page.limit ? cursor() : nil
    ListFrame.end(buffer, cursor: next)
    return next
  }

  /// A point always carries its `geo_precision`: the centroid of a country is not a place.
  private static func write(_ row: Row, to buffer: ByteBuffer) {
    buffer.append("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[" as StaticString)
    buffer.append(real: row[0].real)
    buffer.append(0x2C)
    buffer.append(real: row[1].real)
    buffer.append("]},\"properties\":{\"geo_precision\":" as StaticString)
    append(word: row[2], to: buffer)
    buffer.append(",\"country\":" as StaticString)
    append(word: row[3], to: buffer)
    buffer.append(",\"count\":" as StaticString)
    buffer.append(integer: row[4].integer)
    buffer.append(",\"goldstein_count\":" as StaticString)
    buffer.append(integer: row[5].integer)
    buffer.append(",\"mean_goldstein\":" as StaticString)
    if row[6].isNull { buffer.append("null" as StaticString) } else { buffer.append(real: row[6].real) }
    buffer.append("}}" as StaticString)
  }

  private static func append(word cell: Cell, to buffer: ByteBuffer) {
    if cell.isNull { buffer.append("null" as StaticString) } else { buffer.append(jsonString: cell.utf8) }
  }
}
