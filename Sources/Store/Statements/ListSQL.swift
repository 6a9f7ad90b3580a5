internal import Formats
package import Records
package import SQL

/// A list as a SELECT: identifiers come from the declarations, every value is bound.
package struct ListSQL {
  /// The whole SELECT with its bound values.
  package private(set) var statement = SQLFragment()
  /// Positions of the keyset in a row: sort keys, then the id. A search in index order has the document's number, a ranked one score and
  /// number.
  package private(set) var keyPositions: [Int] = []
  /// Position of the id in a row.
  package private(set) var idPosition = 0
  /// For a search, positions of the version that the index holds and of the current one; `nil` otherwise.
  package private(set) var versionPositions: (indexed: Int, current: Int)?

  /// The list that the statement answers.
  package let list: ListQuery
  /// Whether the index of participants is the outer loop: events of one stakeholder in order of date.
  let isLedByParticipants: Bool

  /// The SELECT of a page, plus one row if more follow.
  package init(_ list: ListQuery) {
    self.list = list
    isLedByParticipants =
      list.match == nil && list.participants.first?.count == 1 && list.sort.count == 1 && list.sort[0].column.name == "start_date"
      && list.asOf == nil
    let names = selectList()
    // Enough for most statements, which would otherwise be copied several times while they grow.
    statement.reserve(bytes: names.utf8.count + 512, values: 8)
    if list.isRanked {
      appendRanked(names)
      return
    }
    statement.append(raw: "SELECT ")
    statement.append(raw: names)
    statement.append(raw: " FROM ")
    statement.append(source())
    appendRows(orderedBy: order())
  }

  /// Appends conditions, keyset, order and limit.
  private mutating func appendRows(orderedBy order: String) {
    appendWhere()
    if let after = list.after {
      statement.append(raw: " AND ")
      statement.append(keyset(after))
    }
    statement.append(raw: " ORDER BY ")
    statement.append(raw: order)
    statement.append(raw: " LIMIT ")
    statement.bind(list.limit + 1)
    if list.offset > 0 { statement.append(" OFFSET \(list.offset)") }
  }

  /// A SELECT of the list's total number of rows, counted up to `cap`.
  package static func counting(_ list: ListQuery, cap: Int?) -> ListSQL { ListSQL(counting: list, cap: cap) }

  private init(counting list: ListQuery, cap: Int?) {
    self.list = list
    isLedByParticipants = false
    statement.append("SELECT count(*) FROM (SELECT 1 FROM \(source())")
    appendWhere()
    if let cap { statement.append(" LIMIT \(cap)") }
    statement.append(raw: ")")
  }

  /// An aggregate over the rows of a list; ignores the list's order, keyset and limit.
  ///
  /// - Parameters:
  ///   - select: result columns, over the list's row `r`.
  ///   - joining: a further table, with its leading comma or JOIN.
  ///   - tail: follows the filters: further conditions with AND, GROUP BY, ORDER BY.
  package init(grouping list: ListQuery, select: SQLFragment, joining: SQLFragment = "", tail: SQLFragment) {
    self.list = list
    isLedByParticipants = false
    statement.append("SELECT \(select) FROM \(source())\(joining)")
    appendWhere()
    statement.append(tail)
  }

  // MARK: Parts

  private mutating func selectList() -> String {
    // Most lists show all columns: that text is prepared.
    var names =
      list.resource.isWhole(list.columns) ? list.resource.sql.selectList : list.columns.map { $0.sql("r") }.joined(separator: ", ")
    var count = list.columns.count
    func add(_ name: String) -> Int {
      names += ", \(name)"
      count += 1
      return count - 1
    }
    func place(_ column: Column) -> Int { list.columns.firstIndex { $0 === column } ?? add(column.sql("r")) }
    if list.isRanked {
      keyPositions = [add("h.score"), add("h.number")]
    } else if list.isInIndexOrder {
      keyPositions = [add(Self.number.text)]
    } else {
      keyPositions = list.sort.map { $0.column.isFolded ? add(key($0.column)) : place($0.column) } + [place(list.resource.columns[0])]
    }
    idPosition = place(list.resource.columns[0])
    if list.match != nil { versionPositions = (add("d.version"), place(list.resource.columns[list.resource.standard.version])) }
    return names
  }

  // MARK: Full text

  private static let texts = Dialect.indexed(SearchLayout.texts)
  private static let documents = "\(Dialect.indexed("documents")) d ON d.birth ="
  /// SQL of a document's number.
  private static let number = Dialect.documentNumber(SearchLayout.texts)

  /// Best match first: sorts the numbers and scores of all matches and reads only the page's rows. A record deleted since it was indexed
  /// comes as nulls, so that the page keeps the length that the index gives it.
  private mutating func appendRanked(_ names: String) {
    statement.append("SELECT \(raw: names) FROM (SELECT \(Self.number) AS number, \(SearchLayout.shared.score) AS score FROM ")
    statement.append(isFiltered ? source() : "\(raw: Self.texts)")
    appendRows(orderedBy: "score, number")
    statement.append(
      """
      ) h LEFT JOIN \(raw: Self.documents) h.number & \(SearchLayout.birthMask) \
      LEFT JOIN \(raw: list.resource.name) r ON r.id = d.record ORDER BY h.score, h.number
      """)
  }

  private var isFiltered: Bool {
    !list.conditions.isEmpty || !list.participants.isEmpty || list.scope != nil || list.from != nil || list.to != nil
  }

  private func source() -> SQLFragment {
    let table = list.resource.name
    guard list.match == nil else {
      return """
        \(raw: Self.texts) \(raw: Dialect.joinInOrder) \(raw: Self.documents) \(Self.number) & \(SearchLayout.birthMask) \
        \(raw: Dialect.joinInOrder) \(raw: table) r ON r.id = d.record
        """
    }
    if let asOf = list.asOf {
      let names = list.resource.columns.filter { !$0.isComputed }.map(\.name).joined(separator: ", ")
      return """
        (SELECT \(raw: names) FROM \(raw: table) WHERE updated_at <= \(asOf) UNION ALL \
        SELECT \(raw: names) FROM \(raw: table)_history WHERE updated_at <= \(asOf) AND ended_at > \(asOf)) r
        """
    }
    guard isLedByParticipants else { return "\(raw: table) r" }
    return "event_participants p \(raw: Dialect.joinInOrder) events r ON r.id = p.event_id"
  }

  private mutating func appendWhere() {
    var terms: [SQLFragment] = []
    if let match = list.match {
      let range = SearchLayout.shared.range(of: list.resource)
      terms.append(Dialect.matches(SearchLayout.texts, "\(match.terms.expression)"))
      terms.append("\(Self.number) BETWEEN \(range.lowerBound) AND \(range.upperBound)")
    }
    for (position, group) in list.participants.enumerated() {
      terms.append(position == 0 && isLedByParticipants ? "p.stakeholder = \(group[0])" : participation(of: group))
    }
    if let scope = list.scope { terms.append(sql(scope)) }
    if let to = list.to { terms.append("\(raw: dateColumn) <= \(to)") }
    if let from = list.from { terms.append("coalesce(r.end_date, r.start_date) >= \(from)") }
    for condition in list.conditions { terms.append(sql(condition)) }
    statement.append(raw: " WHERE ")
    if terms.isEmpty { statement.append(Dialect.always) }
    for (position, term) in terms.enumerated() {
      if position > 0 { statement.append(raw: " AND ") }
      statement.append(term)
    }
    // Conditions that depend on today, such as overdue, use the day of `asOf`.
    if let asOf = list.asOf { statement.replace(raw: Dialect.today.text, with: "'\(CalendarDate(utcDayOf: asOf))'") }
  }

  private func sql(_ scope: ListQuery.Scope) -> SQLFragment {
    let key: SQLFragment = "\(scope.key)"
    return switch scope.members {
    case .record: "r.id = \(key)"
    case .related(let relation): list.asOf == nil ? "(\(relation.sql.condition(key)))" : "(\(relation.sql.conditionThen(key)))"
    }
  }

  private var dateColumn: String { isLedByParticipants ? "p.start_date" : "r.start_date" }

  // MARK: Order and keyset

  private func order() -> String {
    if list.isInIndexOrder { return Dialect.order(by: Self.number, isDescending: isLastDescending).text }
    var keys = list.sort.map { Dialect.order(by: "\(raw: key($0.column))", isDescending: $0.isDescending).text }
    if list.sort.last?.column.number != StandardColumns.idNumber {
      keys.append(Dialect.order(by: isLedByParticipants ? "p.event_id" : "r.id", isDescending: isLastDescending).text)
    }
    return keys.joined(separator: ", ")
  }

  /// The sort key of a column. Names sort without case and diacritics; no index has that order, so the sort reads all rows that match the
  /// filters: a second and a half for a million (docs/performance.md).
  private func key(_ column: Column) -> String {
    column.isFolded ? Dialect.folded("\(raw: column.sql("r"))").text : expression(of: column, "r")
  }

  private var isLastDescending: Bool { list.sort.last?.isDescending ?? false }

  /// The keyset condition: rows after the last row of the previous page.
  private func keyset(_ after: Values) -> SQLFragment {
    if list.isRanked { return "(\(SearchLayout.shared.score), \(Self.number)) > (\(after[0]), \(after[1]))" }
    if list.isInIndexOrder { return "\(Self.number) \(raw: isLastDescending ? "<" : ">") \(after[0])" }
    var keys = list.sort.map { (key($0.column), $0.isDescending, $0.column.isNullable) }
    keys.append((isLedByParticipants ? "p.event_id" : "r.id", isLastDescending, false))
    let sameWay = keys.allSatisfy { $0.1 == isLastDescending && !$0.2 }
    if sameWay {
      let names = keys.map(\.0).joined(separator: ", ")
      return "(\(raw: names)) \(raw: isLastDescending ? "<" : ">") (\(keys.indices.map { after[$0] }))"
    }
    var alternatives: [SQLFragment] = []
    for position in keys.indices {
      let key = keys[position]
      guard let step = Dialect.comesAfter(after[position], "\(raw: key.0)", isDescending: key.1, isNullable: key.2) else { continue }
      let equal = (0..<position).map { Dialect.isSame("\(raw: keys[$0].0)", "\(after[$0])") }
      alternatives.append("(\((equal + [step]).joined(separator: " AND ")))")
    }
    return "(\(alternatives.isEmpty ? Dialect.never : alternatives.joined(separator: " OR ")))"
  }
}
