internal import Formats
internal import HTTP
internal import Records
internal import SQL

/// Two stakeholders and what they did together or to each other: events in which both took part, each once.
enum Dyads {
  static let pair = Analytic(
    "analytics/dyads/{a}/{b}", "Two stakeholders over time, each event once.",
    [
      .path("a", ["type": "string", "pattern": .string(Patterns.handle)], "A stakeholder by code or id.", example: "RUS"),
      .path("b", ["type": "string", "pattern": .string(Patterns.handle)], "Another one; a suffix may stand behind it.", example: "PRK"),
      .word("bucket", Bucket.self, usual: .month, "Length of a bucket, which is named by its first day."),
    ] + Series.parameters, columns: [Figures.time] + columns
  ) { context, names, parameters in
    let codes = try names.map { try context.stakeholderCode($0) }
    guard codes[0] != codes[1] else {
      throw Problem(
        status: 400, code: "same_stakeholder", title: "Both are the same",
        detail: "both are \(codes[0]); a dyad is of two different stakeholders")
    }
    return try context.answer(parameters) {
      let bucket = parameters.word("bucket", Bucket.month)
      let form = Series.Form(parameters)
      let question = try context.events(parameters)
      let isCanned = question.isCanned() && bucket.isOfMonths
      var list = question.list
      list.participants += codes.map { [$0] }
      let counts = isCanned ? rollup(codes.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, bucket) : counted(list, bucket)
      let series = Series(counted: counts, sums: sums, bucket: bucket, span: DaySpan(list), form: form)
      return Figures(columns: [Figures.time] + columns) { series.sql([figures(areSummed: false)], $0) }
    }
  }

  static let strongest = Analytic(
    "analytics/dyads", "The dyads with the most events.",
    [
      .word("sort", columns.flatMap { [$0.name, "-\($0.name)"] }, "The figure to sort by, `-` for the largest first.", example: "-count"),
      .query(
        "of", ["type": "string", "pattern": .string(Patterns.handle)], "Only those of this stakeholder, by code or id.", example: "PRK"),
    ],
    columns: [a, b] + columns
  ) { context, _, parameters in
    try context.answer(parameters) {
      let order = order(parameters)
      let code = try parameters["of"].map { try context.lists.stakeholder($0, in: "of") }
      let pairs = try context.dyads(parameters, of: code)
      let grouped = pairs.areTotals ? "" : " GROUP BY a, b"
      // The places of the columns: their names could be those of the rows below.
      return Figures(
        columns: [a, b] + columns,
        sql: """
          SELECT a, b, \(figures(areSummed: !pairs.areTotals)) FROM (\(pairs.sql))\(raw: grouped) ORDER BY \(raw: order), 1, 2
          """)
    }
  }

  private static let a = Figures.column("a", .handleOf("stakeholders"))
  private static let b = Figures.column("b", .handleOf("stakeholders"))

  /// The place of the figure that `sort` names, and its direction; without it, the most events come first.
  private static func order(_ parameters: Parameters) -> String {
    let word = parameters["sort"] ?? ""
    let isDescending = word.hasPrefix("-")
    guard let place = columns.firstIndex(where: { $0.name == (isDescending ? String(word.dropFirst()) : word) }) else { return "3 DESC" }
    return "\(place + 3)\(isDescending ? " DESC" : "")"
  }

  /// What is told of a dyad.
  static let columns = [
    Figures.count, Figures.column("cooperative", .integer(0...Int64.max)), Figures.column("conflictual", .integer(0...Int64.max)),
    Figures.goldsteinCount, Figures.meanGoldstein, Figures.sumGoldstein,
  ]

  /// What the rollups hold of a dyad.
  private static let sums = ["count", "cooperative", "conflictual", "goldstein_count", "goldstein_sum"]

  private static func summed(_ name: String) -> SQLFragment { "coalesce(sum(\(raw: name)), 0)" }

  /// What is told, of the sums in a row or in a group of rows.
  static func figures(areSummed: Bool) -> SQLFragment {
    let names = areSummed ? sums.map(summed) : sums.map { SQLFragment(raw: $0) }
    let (count, sum) = (names[3], names[4])
    let goldstein: SQLFragment = "\(count), \(Goldstein.mean(sum: sum, count: count)), \(Goldstein.sum(sum, count: count))"
    return "\(names[0]), \(names[1]), \(names[2]), \(goldstein)"
  }

  /// The sums of events `r`.
  private static let counts: SQLFragment = """
    count(*) AS count, count(*) FILTER (WHERE \(QuadClass.isCooperative("r.quad_class"))) AS cooperative, \
    count(*) FILTER (WHERE \(QuadClass.isConflictual("r.quad_class"))) AS conflictual, \
    count(r.goldstein) AS goldstein_count, \(EventCounts.goldsteinSum) AS goldstein_sum
    """

  private static func rollup(_ codes: [String], _ bucket: Bucket) -> SQLFragment {
    let isMonth = bucket == .month
    let time = isMonth ? "month" : Dialect.start(of: bucket, "month")
    let selected = sums.map { isMonth ? "\(raw: $0)" : "\(summed($0)) AS \(raw: $0)" as SQLFragment }.joined(separator: ", ")
    return """
      SELECT \(time) AS time, \(selected) FROM event_dyad_months WHERE a = \(codes[0]) AND b = \(codes[1])\
      \(raw: isMonth ? "" : " GROUP BY 1")
      """
  }

  private static func counted(_ list: ListQuery, _ bucket: Bucket) -> SQLFragment {
    let select: SQLFragment = "\(Dialect.start(of: bucket, "r.start_date")) AS time, \(counts)"
    return ListSQL(grouping: list, select: select, tail: " GROUP BY 1").statement
  }
}

extension AnalyticContext {
  /// The dyads that an analytic is about.
  ///
  /// - Parameter code: of a stakeholder that is one of the two.
  func dyads(_ parameters: Parameters, of code: String? = nil) throws -> DyadRows {
    var question = try events(parameters)
    if let code { question.list.participants.append([code]) }
    let rows = DyadRows(question, hasTotals: try !DyadTotals.areLeftOut(records.connection))
    return code.map(rows.of) ?? rows
  }

  /// Takes the suffix of a form, `.csv`, off the last name of a path, unless a stakeholder is called so with it.
  ///
  /// - Returns: the form; `nil` where there is none.
  func takeForm(offLastOf names: inout [String]) throws -> ListFormat? {
    guard var last = names.last, let format = ListFormat.ofFigures.first(where: { last.hasSuffix(".\($0.rawValue)") }) else { return nil }
    let isStakeholder = try last.withUTF8 { try unsafe records.id(Stakeholders.resource, UnsafeRawBufferPointer($0)) } != nil
    guard !isStakeholder else { return nil }
    names[names.count - 1].removeLast(format.rawValue.count + 1)
    return format
  }

  /// The code of the stakeholder that a path segment names.
  ///
  /// - Throws: 404 when there is none.
  func stakeholderCode(_ name: String) throws -> String {
    var text = name
    let id = try text.withUTF8 { try unsafe records.id(Stakeholders.resource, UnsafeRawBufferPointer($0)) }
    guard let code = try records.connection.text(Self.codeByID, with: id ?? -1) else { throw Problem.noRecord(Stakeholders.resource, name) }
    return code
  }

  private static let codeByID = SQLTemplate("SELECT code FROM stakeholders WHERE id = \(parameter: "id")")
}

/// A statement that gives dyads with their sums, `a` before `b`: their totals, or several rows each of the events.
struct DyadRows {
  private(set) var sql: SQLFragment
  /// Whether each dyad has one row.
  let areTotals: Bool
  /// Whether they are read from what is added up, and not from the events.
  private let areStored: Bool

  /// - Parameter hasTotals: whether those of all dyads are there.
  init(_ question: EventQuestion, hasTotals: Bool) {
    areStored = question.isCanned()
    areTotals = hasTotals && areStored
    guard !areStored else {
      sql = "SELECT * FROM \(raw: hasTotals ? DyadTotals.name : "event_dyad_months")"
      return
    }
    let parties = { (alias: String) in Dialect.elements(of: "r.participants", as: alias) }
    let party = { (alias: String) in Dialect.member("stakeholder", of: Dialect.element(alias)) }
    let rows = ListSQL(
      grouping: question.list,
      select: "DISTINCT r.id, \(party("x")) AS a, \(party("y")) AS b, r.quad_class AS quad, r.goldstein AS goldstein",
      joining: ", \(parties("x")), \(parties("y"))", tail: " AND \(party("x")) < \(party("y"))")
    sql = """
      SELECT a, b, 1 AS count, \(QuadClass.isCooperative("quad")) AS cooperative, \(QuadClass.isConflictual("quad")) AS conflictual, \
      goldstein IS NOT NULL AS goldstein_count, coalesce(\(Goldstein.tenThousandths("goldstein")), 0) AS goldstein_sum \
      FROM (\(rows.statement))
      """
  }

  /// Those of one stakeholder: totals have an index for each side.
  func of(_ code: String) -> DyadRows {
    var rows = self
    rows.sql =
      areStored
      ? "\(sql) WHERE a = \(code) UNION ALL \(sql) WHERE b = \(code)" : "SELECT * FROM (\(sql)) WHERE \(code) IN (a, b)"
    return rows
  }
}
