internal import Formats
package import Records
package import SQL

/// A list's SQL: identifiers from the declarations, every value bound.
package struct ListSQL {
  package private(set) var statement = SQLFragment()
  /// Where each sort key and then the id stand in a row; of a search in its own order, the score and the document's number.
  package private(set) var keyPositions: [Int] = []
  /// Where the id stands in a row.
  package private(set) var idPosition = 0
  /// Of a search: where the version that the index knows stands, and the one that the register has.
  package private(set) var versionPositions: (indexed: Int, current: Int)?

  package let list: ListQuery
  /// Events by one stakeholder in order of date: the index of participants leads.
  let isLedByParticipants: Bool

  /// A page of a list, and one row more where more follow.
  package init(_ list: ListQuery) {
    self.list = list
    isLedByParticipants =
      list.match == nil && list.participants.first?.count == 1 && list.sort.count == 1 && list.sort[0].column.name == "start_date"
      && list.asOf == nil
    let names = selectList()
    // What most questions come to; put together piece by piece, each would be copied several times.
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

  /// Conditions, order and limit.
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

  /// How many rows the list has in all, up to `cap`.
  package static func counting(_ list: ListQuery, cap: Int?) -> ListSQL { ListSQL(counting: list, cap: cap) }

  private init(counting list: ListQuery, cap: Int?) {
    self.list = list
    isLedByParticipants = false
    statement.append("SELECT count(*) FROM (SELECT 1 FROM \(source())")
    appendWhere()
    if let cap { statement.append(" LIMIT \(cap)") }
    statement.append(raw: ")")
  }

  /// The rows of a list put together in groups.
  ///
  /// - Parameters:
  ///   - select: what is told of them, over the list's row `r`.
  ///   - joining: a further table for each row, with the comma before it.
  ///   - tail: what follows the filters: further conditions, GROUP BY, ORDER BY.
  package init(grouping list: ListQuery, select: SQLFragment, joining: SQLFragment = "", tail: SQLFragment) {
    self.list = list
    isLedByParticipants = false
    statement.append("SELECT \(select) FROM \(source())\(joining)")
    appendWhere()
    statement.append(tail)
  }

  // MARK: Parts

  private mutating func selectList() -> String {
    // What most lists show is put together already.
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
  /// A document's number.
  private static let number = Dialect.documentNumber(SearchLayout.texts)

  /// Best first: numbers and scores of all that match are sorted, and only the page's rows are read. A row that has gone since it was
  /// indexed comes as nulls, so that the page is as long as the index says.
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
    // What depends on the day, such as being overdue, depends on the day of then.
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
    if list.isInIndexOrder { return "\(Self.number.text)\(isLastDescending ? " DESC" : "")" }
    let id = isLedByParticipants ? "p.event_id" : "r.id"
    let keys = list.sort.map { "\(key($0.column))\($0.isDescending ? " DESC" : "")" }
    guard list.sort.last?.column.number != StandardColumns.idNumber else { return keys.joined(separator: ", ") }
    return (keys + ["\(id)\(isLastDescending ? " DESC" : "")"]).joined(separator: ", ")
  }

  /// What rows are sorted by for a column. Names come as a reader looks for them, without case and marks; no index has that order, so
  /// such a sort reads all rows that the filters leave: a second and a half for a million (docs/performance.md).
  private func key(_ column: Column) -> String {
    column.isFolded ? Dialect.folded("\(raw: column.sql("r"))").text : expression(of: column, "r")
  }

  private var isLastDescending: Bool { list.sort.last?.isDescending ?? false }

  /// What comes after the last row of the page before.
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
      guard let step = later(keys[position], after[position]) else { continue }
      let equal = (0..<position).map { Dialect.isSame("\(raw: keys[$0].0)", "\(after[$0])") }
      alternatives.append("(\((equal + [step]).joined(separator: " AND ")))")
    }
    return "(\(alternatives.isEmpty ? Dialect.never : alternatives.joined(separator: " OR ")))"
  }

  /// Strictly behind `cell` in the order of one key; nulls come first going up, last going down.
  private func later(_ key: (name: String, isDescending: Bool, isNullable: Bool), _ cell: Cell) -> SQLFragment? {
    if cell.isNull { return key.isDescending ? nil : "\(raw: key.name) IS NOT NULL" }
    guard key.isDescending else { return "\(raw: key.name) > \(cell)" }
    return key.isNullable ? "(\(raw: key.name) < \(cell) OR \(raw: key.name) IS NULL)" : "\(raw: key.name) < \(cell)"
  }
}
