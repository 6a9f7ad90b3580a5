/// Output formats of a list, chosen by path suffix or `Accept`; the suffix takes precedence.
package enum ListFormat: String, CaseIterable, Sendable {
  /// RFC 8259, NDJSON, RFC 4180 and RFC 7946; the raw value is the path suffix.
  case json, ndjson, csv, geojson

  /// The formats of aggregates and other figures.
  package static let ofFigures: [ListFormat] = [.json, .ndjson, .csv]

  /// The formats of a resource's lists; GeoJSON only where records have coordinates.
  package static func forms(of resource: Resource) -> [ListFormat] { allCases.filter { $0 != .geojson || resource.hasPoint } }

  /// The media type of `Content-Type`; CSV as in RFC 4180 §3, GeoJSON as in RFC 7946 §12.
  package var contentType: StaticString {
    switch self {
    case .json: "application/json"
    case .ndjson: "application/x-ndjson"
    case .csv: "text/csv; charset=utf-8; header=present"
    case .geojson: "application/geo+json"
    }
  }
}
