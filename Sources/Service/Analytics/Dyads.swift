internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import Store

/// Dyads: `/v1/analytics/dyads` and `/v1/analytics/dyads/{a}/{b}`.
enum Dyads {
  static let pair = Analytic(
    "analytics/dyads/{a}/{b}", "Two stakeholders over time, each event once.",
    [
      .path("a", ["type": "string", "pattern": .string(Patterns.handle)], "A stakeholder by code or id.", example: "RUS"),
      .path(
        "b", ["type": "string", "pattern": .string(Patterns.handle)],
        "Another stakeholder by code or id; may be followed by a suffix such as `.csv`.", example: "PRK"),
      .word("bucket", Bucket.self, usual: .month, "Length of a bucket; its first day is its name."),
    ] + Series.parameters, columns: [Figures.time] + DyadFigures.columns
  ) { context, names, parameters in
    let codes = try names.map { try context.stakeholderCode($0) }
    guard codes[0] != codes[1] else {
      throw Problem(
        status: 400, code: "same_stakeholder", title: "The two stakeholders are the same",
        detail: "both are \(codes[0]); a dyad needs two different stakeholders")
    }
    return try context.answer(parameters) {
      let bucket = parameters.word("bucket", Bucket.month)
      let form = Series.Form(parameters)
      let events = try context.events(parameters)
      return { DyadFigures.rows(of: codes, events($0), by: bucket, form) }
    }
  }

  static let strongest = Analytic(
    "analytics/dyads", "The dyads with the most events.",
    [
      .word(
        "sort", DyadFigures.columns.flatMap { [$0.name, "-\($0.name)"] }, "The figure to sort by; `-` means largest first.",
        example: "-count"),
      .query(
        "of", ["type": "string", "pattern": .string(Patterns.handle)], "Only dyads of this stakeholder, by code or id.", example: "PRK"),
    ],
    columns: [DyadFigures.a, DyadFigures.b] + DyadFigures.columns
  ) { context, _, parameters in
    try context.answer(parameters) {
      let order = order(parameters)
      let code = try parameters["of"].map { try context.lists.stakeholder($0, in: "of") }
      let dyads = try context.dyads(parameters, of: code)
      return { DyadFigures.strongest(dyads($0), sortedBy: order.column, isDescending: order.isDescending) }
    }
  }

  /// The figure and direction of `sort`; by default the most events first.
  private static func order(_ parameters: Parameters) -> (column: Int, isDescending: Bool) {
    let word = parameters["sort"] ?? ""
    let isDescending = word.hasPrefix("-")
    let column = DyadFigures.columns.firstIndex { $0.name == (isDescending ? String(word.dropFirst()) : word) }
    return column.map { ($0, isDescending) } ?? (0, true)
  }
}

extension AnalyticContext {
  /// The dyads that an analytic selects, for rollups in a given state.
  ///
  /// - Parameter code: a stakeholder that must be one of the two; `nil` for any.
  func dyads(_ parameters: Parameters, of code: String? = nil) throws -> (RollupState) -> DyadRows {
    let events = try events(parameters)
    return { state in
      var question = events(state)
      if let code { question.list.participants.append([code]) }
      let rows = DyadRows(question)
      return code.map(rows.of) ?? rows
    }
  }

  /// Removes a format's suffix, `.csv`, from the last name of a path, unless a stakeholder's name includes it.
  ///
  /// - Returns: the format; `nil` without a suffix.
  func takeForm(offLastOf names: inout [String]) throws -> ListFormat? {
    guard let last = names.last, let format = ListFormat.ofFigures.first(where: { last.hasSuffix(".\($0.rawValue)") }) else { return nil }
    let isStakeholder = try last.withByteView { try records.id(Stakeholders.resource, $0) } != nil
    guard !isStakeholder else { return nil }
    names[names.count - 1].removeLast(format.rawValue.count + 1)
    return format
  }

  /// The code of the stakeholder named by a path segment.
  ///
  /// - Throws: 404 if there is none.
  func stakeholderCode(_ name: String) throws -> String {
    let id = try name.withByteView { try records.id(Stakeholders.resource, $0) }
    guard let code = try id.flatMap({ try records.handle(Stakeholders.resource, $0) }) else {
      throw try Problem.noRecord(Stakeholders.resource, name, over: records.connection)
    }
    return code
  }
}
