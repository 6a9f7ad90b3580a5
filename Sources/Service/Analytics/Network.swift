internal import Records
internal import SQL
internal import Store

/// Ties between stakeholders: those around one of them, or the strongest that a filter leaves.
enum Network {
  static let analytic = Analytic(
    "analytics/network", "Stakeholders as nodes and their dyads as edges: those around one stakeholder, or the strongest of all.",
    [
      .query(
        "stakeholder", ["type": "string", "pattern": .string(Patterns.handle)], "The stakeholder at the centre, by code or id.",
        example: "PRK"),
      .number("depth", 1...3, "Number of steps from the stakeholder."),
      .number(
        "nodes", 2...RegisterConfiguration().maxNodes, "Maximum number of stakeholders, up to `analytics.max_nodes`.", isConfigured: true),
    ], columns: NetworkFigures.columns
  ) { context, _, parameters in
    let depth = parameters.number("depth") ?? 1
    let most = context.maxNodes
    let maxNodes = parameters.number("nodes", in: 2...most) ?? min(50, most)
    if parameters["stakeholder"] == nil, parameters["depth"] != nil {
      parameters.fault("depth", "conflict", "depth requires the parameter stakeholder")
    }
    let (seal, page) = (context.seal, context.page(parameters))
    let dyads = try context.dyads(parameters)
    let centre = try parameters["stakeholder"].map { try context.lists.stakeholder($0, in: "stakeholder") }
    return { connection, format, buffer in
      try connection.inSnapshot {
        let network = NetworkFigures(dyads(try context.state(connection)), centre: centre, depth: depth, maxNodes: maxNodes)
        return try network.write(page, format, over: connection, to: buffer) { parameters.cursor(after: page, seal) }
      }
    }
  }
}
