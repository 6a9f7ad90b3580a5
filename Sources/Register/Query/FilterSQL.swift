internal import Records
internal import SQL

// Conditions as SQL. `r` is the record, `o` another one that a condition steps to, `j` an element of a JSON array.

extension ListSQL {
  mutating func sql(_ filter: Filter) -> String {
    switch filter {
    case .all(let parts): join(parts, " AND ")
    case .any(let parts): join(parts, " OR ")
    // What is unknown is not true: the opposite of `country = PRK` holds for an event without a country, as `country__ne` does.
    case .not(let inner): "((\(sql(inner))) IS NOT TRUE)"
    case .condition(let condition): sql(condition)
    case .participation(let codes): participation(of: codes)
    case .acting(let actors): sql(actors)
    case .box(let box): sql(box)
    }
  }

  private mutating func join(_ parts: [Filter], _ word: String) -> String {
    var terms: [String] = []
    for part in parts { terms.append(sql(part)) }
    return "(\(terms.joined(separator: word)))"
  }

  mutating func participation(of codes: [String]) -> String {
    let marks = codes.map { bind(text: $0) }.joined(separator: ", ")
    guard list.asOf == nil else {
      return "EXISTS (SELECT 1 FROM json_each(r.participants) WHERE json_extract(value, '$.stakeholder') IN (\(marks)))"
    }
    guard !isLedByParticipants else {
      return """
        EXISTS (SELECT 1 FROM event_participants q WHERE q.stakeholder IN (\(marks)) AND q.start_date = p.start_date \
        AND q.event_id = p.event_id)
        """
    }
    return "r.id IN (SELECT event_id FROM event_participants WHERE stakeholder IN (\(marks)))"
  }

  /// Who takes part is in an index, in which role is not.
  private mutating func sql(_ actors: [Filter.Actor]) -> String {
    var terms: [String] = []
    for actor in actors {
      var term = "json_extract(j.value, '$.stakeholder') = \(bind(text: actor.code))"
      if let role = actor.role { term += " AND json_extract(j.value, '$.role') = \(bind(text: role))" }
      terms.append(term)
    }
    return "EXISTS (SELECT 1 FROM json_each(r.participants) j WHERE \(terms.joined(separator: " OR ")))"
  }

  /// Nothing without a point lies in a box: a comparison with null is not true.
  private mutating func sql(_ box: Filter.BoundingBox) -> String {
    let latitude = "r.latitude BETWEEN \(bind(real: box.south)) AND \(bind(real: box.north))"
    let (west, east) = (bind(real: box.west), bind(real: box.east))
    guard box.west > box.east else { return "(\(latitude) AND r.longitude BETWEEN \(west) AND \(east))" }
    return "(\(latitude) AND (r.longitude >= \(west) OR r.longitude <= \(east)))"
  }

  // MARK: One condition

  private mutating func sql(_ condition: Filter.Condition) -> String {
    guard let hop = condition.hop else { return term(condition, "r") }
    let inner = term(condition, "o")
    switch hop {
    case .backward(let relation): return "r.\(relation.sql.ownerColumn) IN (\(relation.sql.owners) AND \(inner))"
    case .forward(let column, let target):
      // One look-up by key for each row.
      let key = column.kind == .reference ? "id" : target.handle?.name ?? "id"
      guard column.kind == .list else { return "EXISTS (SELECT 1 FROM \(target.name) o WHERE o.\(key) = r.\(column.name) AND \(inner))" }
      return "EXISTS (SELECT 1 FROM json_each(r.\(column.name)) e JOIN \(target.name) o ON o.\(key) = e.value WHERE \(inner))"
    }
  }

  private mutating func term(_ condition: Filter.Condition, _ alias: String) -> String {
    let column = condition.column
    guard let part = condition.part else { return term(expression(of: column, alias), column, condition.op, condition.values) }
    // As of every array: some element is it, or with `ne` and `nin` none.
    let isNone = condition.op == .ne || condition.op == .nin
    let inner = term("json_extract(j.value, '$.\(part.name)')", part, isNone ? .in : condition.op, condition.values)
    return "\(isNone ? "NOT " : "")EXISTS (SELECT 1 FROM json_each(\(alias).\(column.name)) j WHERE \(inner))"
  }

  func expression(of column: Column, _ alias: String) -> String {
    alias == "r" && isLedByParticipants && column.name == "start_date" ? "p.start_date" : column.sql(alias)
  }

  private mutating func term(_ expression: String, _ column: Column, _ op: Operator, _ given: Values) -> String {
    if column.kind == .list { return listTerm(expression, column, op, given) }
    switch op {
    case .eq: return "\(expression) = \(bind(given[0]))"
    case .ne: return "\(expression) IS NOT \(bind(given[0]))"
    case .gt: return "\(expression) > \(bind(given[0]))"
    case .gte: return "\(expression) >= \(bind(given[0]))"
    case .lt: return "\(expression) < \(bind(given[0]))"
    case .lte: return "\(expression) <= \(bind(given[0]))"
    case .in, .has: return "\(expression) IN (\(bindAll(given)))"
    case .nin: return "(\(expression) NOT IN (\(bindAll(given))) OR \(expression) IS NULL)"
    case .between: return "\(expression) BETWEEN \(bind(given[0])) AND \(bind(given[1]))"
    case .like: return "\(expression) LIKE \(bind(given[0])) ESCAPE '\\'"
    case .contains: return "folded_contains(\(expression), \(bind(given[0])))"
    // A range, so that an index serves it; U+10FFFF comes after every text that starts like this.
    case .prefix: return "(\(expression) >= \(bind(given[0])) AND \(expression) < \(bind(text: given[0].string + "\u{10FFFF}")))"
    case .null:
      if column.isJSON { return "\(expression) \(given[0].integer == 1 ? "=" : "<>") '\(column.emptyJSON)'" }
      return "\(expression) IS \(given[0].integer == 1 ? "" : "NOT ")NULL"
    }
  }

  /// Of an array: that some element is it, or with `ne` and `nin` that none is.
  private mutating func listTerm(_ expression: String, _ column: Column, _ op: Operator, _ given: Values) -> String {
    switch op {
    case .null: return "\(expression) \(given[0].integer == 1 ? "=" : "<>") '[]'"
    case .ne, .nin: return "NOT EXISTS (SELECT 1 FROM json_each(\(expression)) j WHERE j.value IN (\(bindAll(given))))"
    case .like, .prefix, .contains:
      let inner = term("j.value", column.element ?? column, op, given)
      return "EXISTS (SELECT 1 FROM json_each(\(expression)) j WHERE \(inner))"
    default: return "EXISTS (SELECT 1 FROM json_each(\(expression)) j WHERE j.value IN (\(bindAll(given))))"
    }
  }
}
