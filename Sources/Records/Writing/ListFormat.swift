/// The forms of a list, by suffix or `Accept`; the suffix wins.
package enum ListFormat: String, CaseIterable, Sendable {
  case json, ndjson, csv, geojson

  /// Those of figures.
  package static let ofFigures: [ListFormat] = [.json, .ndjson, .csv]

  /// Those that a list of the resource has: a map needs places.
  package static func forms(of resource: Resource) -> [ListFormat] { allCases.filter { $0 != .geojson || resource.hasPoint } }

  package var contentType: StaticString {
    switch self {
    case .json: "application/json"
    case .ndjson: "application/x-ndjson"
    case .csv: "text/csv; charset=utf-8; header=present"
    case .geojson: "application/geo+json"
    }
  }
}
