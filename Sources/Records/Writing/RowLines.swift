package import Formats
package import SQL

/// Writes a streamed list as NDJSON, CSV (RFC 4180) or GeoJSON (RFC 7946), with header and trailer.
package final class RowLines {
  /// Columns of the SELECT: those that are written, then those of the id and the coordinates.
  package let columns: [Column]

  private let format: ListFormat
  private let object: ObjectWriter
  private let csv: CSVWriter
  private let point: Point?
  private let prefix: StaticString
  private let scratch = ByteBuffer(capacity: 256)
  private let parser = JSONParser(maxDepth: 64)
  private var isFirst = true

  /// Cell positions of the id and the coordinates.
  private struct Point {
    let id, latitude, longitude: Int
  }

  /// Chooses the columns and the writer of a query.
  ///
  /// - Parameter format: NDJSON, CSV or GeoJSON; GeoJSON adds the id and coordinates to `columns`.
  package init(_ query: ListQuery, _ format: ListFormat) {
    self.format = format
    prefix = query.resource.prefix
    var shown = query.columns
    var columns = shown
    if format == .geojson {
      shown = Self.withPrecision(shown, query)
      columns = shown
      point = Point(
        id: Self.position("id", &columns, query.resource), latitude: Self.position("latitude", &columns, query.resource),
        longitude: Self.position("longitude", &columns, query.resource))
    } else {
      point = nil
    }
    self.columns = columns
    object = ObjectWriter(shown, of: query.resource, query.form)
    csv = CSVWriter(shown, prefix: prefix, form: query.form, prefixOf: Catalogue.shared.prefix(of:))
  }

  /// Adds `geo_precision` whatever `fields` says: without it a centroid would look like an exact point.
  private static func withPrecision(_ shown: [Column], _ query: ListQuery) -> [Column] {
    guard let precision = query.resource.column("geo_precision"), !shown.contains(where: { $0 === precision }) else { return shown }
    return query.form.isFlat ? ObjectWriter.flatOrder(shown + [precision]) : shown + [precision]
  }

  private static func position(_ name: String, _ columns: inout [Column], _ resource: Resource) -> Int {
    let column = resource.columns[resource.number(name)]
    if let known = columns.firstIndex(where: { $0 === column }) { return known }
    columns.append(column)
    return columns.count - 1
  }

  /// Writes what precedes the rows: the CSV header, or the start of the FeatureCollection.
  package func begin(_ buffer: ByteBuffer) {
    if format == .csv { csv.writeHeader(to: buffer) }
    if format == .geojson { buffer.append("{\"type\":\"FeatureCollection\",\"features\":[" as StaticString) }
  }

  /// Writes what follows the rows: the end of the FeatureCollection.
  package func end(_ buffer: ByteBuffer) { if format == .geojson { buffer.append("]}\n" as StaticString) } }

  /// Writes one row: a line, or a Feature with its point or a null geometry.
  package func write(_ row: Row, to buffer: ByteBuffer) {
    if let point { return feature(row, point, to: buffer) }
    if format == .csv { return csv.write(row, to: buffer, scratch, parser) }
    object.writeOpen(row, to: buffer)
    buffer.append("}\n" as StaticString)
  }

  private func feature(_ row: Row, _ point: Point, to buffer: ByteBuffer) {
    buffer.append(isFirst ? "\n" as StaticString : ",\n")
    isFirst = false
    buffer.append("{\"type\":\"Feature\",\"id\":\"" as StaticString)
    buffer.append(id: row[point.id].integer, prefix: prefix)
    buffer.append("\",\"geometry\":" as StaticString)
    geometry(row[point.latitude], row[point.longitude], to: buffer)
    buffer.append(",\"properties\":" as StaticString)
    object.writeOpen(row, to: buffer)
    buffer.append("}}" as StaticString)
  }

  private func geometry(_ latitude: Cell, _ longitude: Cell, to buffer: ByteBuffer) {
    guard !latitude.isNull, !longitude.isNull else { return buffer.append("null" as StaticString) }
    buffer.append("{\"type\":\"Point\",\"coordinates\":[" as StaticString)
    buffer.append(real: longitude.real)
    buffer.append(0x2C)
    buffer.append(real: latitude.real)
    buffer.append("]}" as StaticString)
  }
}
