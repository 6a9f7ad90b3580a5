internal import Records
internal import Store

/// Where events took place: `/v1/analytics/map` and `/v1/analytics/map.geojson`.
enum EventMap {
  static let byCountry = Analytic("analytics/map", "Events by country.", [], columns: MapFigures.columns) { context, _, parameters in
    try context.answer(parameters) {
      let events = try context.events(parameters)
      return { MapFigures.byCountry(events($0)) }
    }
  }

  static let points = Analytic(
    "analytics/map.geojson", "Events as GeoJSON points (RFC 7946), each with what its coordinates stand for.", [], columns: [],
    contentType: "application/geo+json"
  ) { context, _, parameters in
    let (seal, page) = (context.seal, context.page(parameters))
    let list = try context.list(Events.resource, parameters)
    return { connection, _, buffer in
      try MapFigures.writePoints(of: list, page, over: connection, to: buffer) { parameters.cursor(after: page, seal) }
    }
  }
}
