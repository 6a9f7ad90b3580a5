internal import Formats
package import Records
package import SQL

/// A list's SQL: identifiers from the declarations, every value bound.
package struct ListSQL {
  package private(set) var text = ""
  package let values: Values
  /// Where each sort key and then the id stand in a row; of a search in its own order, the score and the document's number.
  package private(set) var keyPositions: [Int] = []
  /// Where the id stands in a row.
  package private(set) var idPosition = 0
  /// Of a search: where the version that the index knows stands, and the one that the register has.
  package private(set) var versionPositions: (indexed: Int, current: Int)?

  let list: ListQuery
  /// Events by one stakeholder in order of date: the index of participants leads.
  let isLedByParticipants: Bool

  package init(_ list: ListQuery) {
    self.list = list
    values = Values()
    isLedByParticipants =
      list.match == nil && list.participants.first?.count == 1 && list.sort.count == 1 && list.sort[0].column.name == "start_date"
      && list.asOf == nil
    let names = selectList()
    // What most questions come to; put together piece by piece, each would be copied several times.
    text.reserveCapacity(names.utf8.count + 512)
    if list.isRanked {
      appendRanked(names)
      return
    }
    text += "SELECT "
    text += names
    text += " FROM "
    text += source()
    appendRows(orderedBy: order())
  }

  /// Conditions, order and limit.
  private mutating func appendRows(orderedBy order: String) {
    appendWhere()
    if let after = list.after { text += " AND \(keyset(after))" }
    text += " ORDER BY \(order) LIMIT \(bind(integer: Int64(list.limit + 1)))"
    if list.offset > 0 { text += " OFFSET \(bind(integer: Int64(list.offset)))" }
  }

  /// How many rows the list has in all, up to `cap`.
  package static func counting(_ list: ListQuery, cap: Int?) -> ListSQL { ListSQL(counting: list, cap: cap) }

  private init(counting list: ListQuery, cap: Int?) {
    self.list = list
    values = Values()
    isLedByParticipants = false
    text = "SELECT count(*) FROM (SELECT 1 FROM \(source())"
    appendWhere()
    if let cap { text += " LIMIT \(bind(integer: Int64(cap)))" }
    text += ")"
  }

  /// The rows of a list put together in groups.
  ///
  /// - Parameters:
  ///   - select: what is told of them, over the list's row `r`.
  ///   - joining: a further table for each row, with the comma before it.
  ///   - tail: what follows the filters: further conditions, GROUP BY, ORDER BY.
  ///   - values: those of the statement of which this is a part.
  package init(grouping list: ListQuery, select: String, joining: String = "", tail: String, values: Values = Values()) {
    self.list = list
    self.values = values
    isLedByParticipants = false
    text = "SELECT \(select) FROM \(source())\(joining)"
    appendWhere()
    text += tail
  }

  /// Adds to the end: text of declared names, and a value behind it.
  package mutating func append(_ sql: String, bound cell: Cell) { text += sql + bind(cell) }

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
      keyPositions = [add("texts.rowid")]
    } else {
      keyPositions = list.sort.map { $0.column.isFolded ? add(key($0.column)) : place($0.column) } + [place(list.resource.columns[0])]
    }
    idPosition = place(list.resource.columns[0])
    if list.match != nil { versionPositions = (add("d.version"), place(list.resource.columns[list.resource.standard.version])) }
    return names
  }

  // MARK: Full text

  private static let documents = "search.documents d ON d.birth ="

  /// Best first: numbers and scores of all that match are sorted, and only the page's rows are read. A row that has gone since it was
  /// indexed comes as nulls, so that the page is as long as the index says.
  private mutating func appendRanked(_ names: String) {
    text = "SELECT \(names) FROM (SELECT texts.rowid AS number, \(SearchLayout.shared.score.text) AS score FROM "
    text += isFiltered ? source() : "search.texts"
    appendRows(orderedBy: "score, number")
    text += """
      ) h LEFT JOIN \(Self.documents) h.number & \(SearchLayout.birthMask) LEFT JOIN \(list.resource.name) r ON r.id = d.record \
      ORDER BY h.score, h.number
      """
  }

  private var isFiltered: Bool {
    !list.conditions.isEmpty || !list.participants.isEmpty || list.scope != nil || list.from != nil || list.to != nil
  }

  private mutating func source() -> String {
    let table = list.resource.name
    guard list.match == nil else {
      return "search.texts CROSS JOIN \(Self.documents) texts.rowid & \(SearchLayout.birthMask) CROSS JOIN \(table) r ON r.id = d.record"
    }
    if let asOf = list.asOf {
      let names = list.resource.columns.filter { !$0.isComputed }.map(\.name).joined(separator: ", ")
      let (one, two, three) = (bind(integer: asOf), bind(integer: asOf), bind(integer: asOf))
      return """
        (SELECT \(names) FROM \(table) WHERE updated_at <= \(one) UNION ALL \
        SELECT \(names) FROM \(table)_history WHERE updated_at <= \(two) AND ended_at > \(three)) r
        """
    }
    // The order of a CROSS JOIN is kept by SQLite's planner.
    return isLedByParticipants ? "event_participants p CROSS JOIN events r ON r.id = p.event_id" : "\(table) r"
  }

  private mutating func appendWhere() {
    var terms: [String] = []
    if let match = list.match {
      let range = SearchLayout.shared.range(of: list.resource)
      terms.append("texts MATCH \(bind(text: match.terms.expression))")
      terms.append("texts.rowid BETWEEN \(bind(integer: range.lowerBound)) AND \(bind(integer: range.upperBound))")
    }
    for (position, group) in list.participants.enumerated() {
      terms.append(position == 0 && isLedByParticipants ? "p.stakeholder = \(bind(text: group[0]))" : participation(of: group))
    }
    if let scope = list.scope {
      for index in 0..<scope.key.count { values.append(scope.key[index]) }
      switch scope.members {
      case .record: terms.append("r.id = ?")
      case .related(let relation): terms.append("(\(list.asOf == nil ? relation.sql.condition : relation.sql.conditionThen))")
      }
    }
    if let to = list.to { terms.append("\(dateColumn) <= \(bind(text: to))") }
    if let from = list.from { terms.append("coalesce(r.end_date, r.start_date) >= \(bind(text: from))") }
    for condition in list.conditions { terms.append(sql(condition)) }
    text += " WHERE " + (terms.isEmpty ? "1" : terms.joined(separator: " AND "))
    // What depends on the day, such as being overdue, depends on the day of then.
    if let asOf = list.asOf { text = text.replacing("date('now')", with: "'\(CalendarDate(utcDayOf: asOf))'") }
  }

  private var dateColumn: String { isLedByParticipants ? "p.start_date" : "r.start_date" }

  // MARK: Order and keyset

  private func order() -> String {
    if list.isInIndexOrder { return "texts.rowid\(isLastDescending ? " DESC" : "")" }
    let id = isLedByParticipants ? "p.event_id" : "r.id"
    let keys = list.sort.map { "\(key($0.column))\($0.isDescending ? " DESC" : "")" }
    guard list.sort.last?.column.number != StandardColumns.idNumber else { return keys.joined(separator: ", ") }
    return (keys + ["\(id)\(isLastDescending ? " DESC" : "")"]).joined(separator: ", ")
  }

  /// What rows are sorted by for a column. Names come as a reader looks for them, without case and marks; no index has that order, so
  /// such a sort reads all rows that the filters leave: a second and a half for a million (docs/performance.md).
  private func key(_ column: Column) -> String { column.isFolded ? "folded(\(column.sql("r")))" : expression(of: column, "r") }

  private var isLastDescending: Bool { list.sort.last?.isDescending ?? false }

  /// What comes after the last row of the page before.
  private mutating func keyset(_ after: Values) -> String {
    if list.isRanked { return "(\(SearchLayout.shared.score.text), texts.rowid) > (\(bind(after[0])), \(bind(after[1])))" }
    if list.isInIndexOrder { return "texts.rowid \(isLastDescending ? "<" : ">") \(bind(after[0]))" }
    var keys = list.sort.map { (key($0.column), $0.isDescending, $0.column.isNullable) }
    keys.append((isLedByParticipants ? "p.event_id" : "r.id", isLastDescending, false))
    let sameWay = keys.allSatisfy { $0.1 == isLastDescending && !$0.2 }
    if sameWay {
      let names = keys.map(\.0).joined(separator: ", ")
      let marks = (0..<keys.count).map { bind(after[$0]) }.joined(separator: ", ")
      return "(\(names)) \(isLastDescending ? "<" : ">") (\(marks))"
    }
    var alternatives: [String] = []
    for position in keys.indices {
      guard let step = later(keys[position], after[position]) else { continue }
      let equal = (0..<position).map { "\(keys[$0].0) IS \(bind(after[$0]))" }
      alternatives.append((equal + [step]).joined(separator: " AND "))
    }
    return "(\(alternatives.isEmpty ? "0" : alternatives.map { "(\($0))" }.joined(separator: " OR ")))"
  }

  /// Strictly behind `cell` in the order of one key; nulls come first going up, last going down.
  private mutating func later(_ key: (name: String, isDescending: Bool, isNullable: Bool), _ cell: Cell) -> String? {
    if cell.isNull { return key.isDescending ? nil : "\(key.name) IS NOT NULL" }
    guard key.isDescending else { return "\(key.name) > \(bind(cell))" }
    return key.isNullable ? "(\(key.name) < \(bind(cell)) OR \(key.name) IS NULL)" : "\(key.name) < \(bind(cell))"
  }

  // MARK: Binding

  mutating func bind(_ cell: Cell) -> String {
    values.append(cell)
    return "?\(values.count)"
  }

  mutating func bind(integer: Int64) -> String {
    values.append(integer: integer)
    return "?\(values.count)"
  }

  mutating func bind(real: Double) -> String {
    values.append(real: real)
    return "?\(values.count)"
  }

  mutating func bind(text: String) -> String {
    values.append(text: text)
    return "?\(values.count)"
  }

  mutating func bindAll(_ given: Values) -> String { (0..<given.count).map { bind(given[$0]) }.joined(separator: ", ") }
}
