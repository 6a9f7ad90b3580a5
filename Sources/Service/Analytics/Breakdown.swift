internal import Records
internal import Store

/// Events by one field: `/v1/analytics/breakdown`.
enum Breakdown {
  static let analytic = Analytic(
    "analytics/breakdown", "Events by one field, largest group first, with shares.",
    [
      .word("field", Grouping.all(of: Events.resource).map(\.column.name), "The field to group by.", example: "type", isRequired: true),
      .number("top", 1...1_000, "Only the largest groups."), .flag("other", "With `top`: adds a row for the rest."),
    ],
    columns: Grouping.all(of: Events.resource).map(\.column) + [
      Figures.count, BreakdownFigures.share, Figures.goldsteinCount, Figures.meanGoldstein, BreakdownFigures.isOther,
    ]
  ) { context, _, parameters in
    try context.answer(parameters) {
      let groups = Grouping.read(parameters["field"].map { [$0] } ?? [], "field", of: Events.resource, parameters)
      let top = parameters.number("top")
      let showsOther = parameters.flag("other")
      if showsOther, top == nil { parameters.fault("other", "conflict", "other requires the parameter top") }
      let events = try context.events(parameters)
      return { BreakdownFigures.rows(of: events($0), by: groups, top: top, showsOther: showsOther) }
    }
  }
}
