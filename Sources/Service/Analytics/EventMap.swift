internal import Records
internal import Store

/// Where events took place: `/v1/analytics/map` and `/v1/analytics/map.geojson`.
enum EventMap {
  static let byCountry = Analytic("analytics/map", "Events by country.", [], columns: MapFigures.columns) { context, _, parameters in
    try context.answer(parameters) { MapFigures.byCountry(try context.events(parameters)) }
  }

  static let points = Analytic(
    "analytics/map.geojson", "Events as GeoJSON points (RFC 7946), each with what its coordinates stand for.", [], columns: [],
    contentType: "application/geo+json"
  ) { context, _, parameters in
    let (seal, page) = (context.seal, context.page(parameters))
    let question = try context.events(parameters)
    return { connection, _, buffer in
      try MapFigures.writePoints(of: question, page, over: connection, to: buffer) { parameters.cursor(after: page, seal) }
    }
  }
}
