package import Records
package import SQL

// Filters as SQL. `r` is the record, `o` a related record that a condition reaches, `j` an element of a JSON array.

extension ListSQL {
  /// The filter as a condition on the row `r`, in parentheses where needed; values are bound.
  package func sql(_ filter: Filter) -> SQLFragment {
    switch filter {
    case .all(let parts): "(\(parts.map(sql).joined(separator: " AND ")))"
    case .any(let parts): "(\(parts.map(sql).joined(separator: " OR ")))"
    // `IS NOT TRUE` instead of NOT: like `country__ne`, the negation of `country = PRK` holds for an event without a country.
    case .not(let inner): "((\(sql(inner))) IS NOT TRUE)"
    case .condition(let condition): sql(condition)
    case .participation(let codes): participation(of: codes)
    case .acting(let actors): sql(actors)
    case .box(let box): sql(box)
    }
  }

  /// A condition on the event `r`: at least one of these stakeholders takes part.
  package func participation(of codes: [String]) -> SQLFragment {
    guard list.asOf == nil else {
      return "\(Self.some("j", of: "r.participants")) WHERE \(Self.member("stakeholder")) IN (\(codes)))"
    }
    guard !isLedByParticipants else {
      return """
        EXISTS (SELECT 1 FROM event_participants q WHERE q.stakeholder IN (\(codes)) AND q.start_date = p.start_date \
        AND q.event_id = p.event_id)
        """
    }
    return "r.id IN (SELECT event_id FROM event_participants WHERE stakeholder IN (\(codes)))"
  }

  /// Reads the JSON: the index of participants does not hold roles.
  private func sql(_ actors: [Filter.Actor]) -> SQLFragment {
    let terms = actors.map { actor -> SQLFragment in
      let isActor: SQLFragment = "\(Self.member("stakeholder")) = \(actor.code)"
      guard let role = actor.role else { return isActor }
      return "\(isActor) AND \(Self.member("role")) = \(role)"
    }
    return "\(Self.some("j", of: "r.participants")) WHERE \(terms.joined(separator: " OR ")))"
  }

  /// Opens a condition that some element of an array meets; the caller adds WHERE and the closing parenthesis.
  private static func some(_ alias: String, of array: SQLFragment) -> SQLFragment {
    "EXISTS (SELECT 1 FROM \(Dialect.elements(of: array, as: alias))"
  }

  /// A member of the element `j`.
  private static func member(_ name: String) -> SQLFragment { Dialect.member(name, of: Dialect.element("j")) }

  /// A record without a point is in no box: comparisons with null are not true. A box with west > east crosses the antimeridian.
  private func sql(_ box: Filter.BoundingBox) -> SQLFragment {
    let latitude: SQLFragment = "r.latitude BETWEEN \(box.south) AND \(box.north)"
    guard box.west > box.east else { return "(\(latitude) AND r.longitude BETWEEN \(box.west) AND \(box.east))" }
    return "(\(latitude) AND (r.longitude >= \(box.west) OR r.longitude <= \(box.east)))"
  }

  // MARK: One condition

  private func sql(_ condition: Filter.Condition) -> SQLFragment {
    guard let hop = condition.hop else { return term(condition, "r") }
    let inner = term(condition, "o")
    switch hop {
    case .backward(let relation): return "r.\(raw: relation.sql.ownerColumn) IN (\(relation.sql.owners) AND \(inner))"
    case .forward(let column, let target):
      // One lookup by key per row.
      let key = column.kind == .reference ? "id" : target.handle?.name ?? "id"
      guard column.kind == .list else {
        return "EXISTS (SELECT 1 FROM \(raw: target.name) o WHERE o.\(raw: key) = r.\(raw: column.name) AND \(inner))"
      }
      return """
        \(Self.some("e", of: "r.\(raw: column.name)")) JOIN \(raw: target.name) o ON o.\(raw: key) = \(Dialect.element("e")) \
        WHERE \(inner))
        """
    }
  }

  private func term(_ condition: Filter.Condition, _ alias: String) -> SQLFragment {
    let column = condition.column
    guard let part = condition.part else {
      return term("\(raw: expression(of: column, alias))", column, condition.op, condition.values)
    }
    // As for every array: some element matches, or none does for `ne` and `nin`.
    let isNone = condition.op == .ne || condition.op == .nin
    let inner = term(Self.member(part.name), part, isNone ? .in : condition.op, condition.values)
    return "\(raw: isNone ? "NOT " : "")\(Self.some("j", of: "\(raw: alias).\(raw: column.name)")) WHERE \(inner))"
  }

  /// SQL of a column of the table `alias`; the start date comes from the index of participants when that leads.
  package func expression(of column: Column, _ alias: String) -> String {
    alias == "r" && isLedByParticipants && column.name == "start_date" ? "p.start_date" : column.sql(alias)
  }

  private func term(_ expression: SQLFragment, _ column: Column, _ op: Operator, _ given: Values) -> SQLFragment {
    if column.kind == .list { return listTerm(expression, column, op, given) }
    switch op {
    case .eq: return "\(expression) = \(given[0])"
    case .ne: return Dialect.differs(expression, "\(given[0])")
    case .gt: return "\(expression) > \(given[0])"
    case .gte: return "\(expression) >= \(given[0])"
    case .lt: return "\(expression) < \(given[0])"
    case .lte: return "\(expression) <= \(given[0])"
    case .in, .has: return "\(expression) IN (\(given))"
    case .nin: return "(\(expression) NOT IN (\(given)) OR \(expression) IS NULL)"
    case .between: return "\(expression) BETWEEN \(given[0]) AND \(given[1])"
    case .like: return Dialect.like(expression, "\(given[0])")
    case .contains: return Dialect.foldedContains(expression, "\(given[0])")
    // A range, so that an index can serve it; U+10FFFF sorts after every text with this prefix.
    case .prefix: return "(\(expression) >= \(given[0]) AND \(expression) < \(given[0].string + "\u{10FFFF}"))"
    case .null:
      let isNull = given[0].integer == 1
      if column.isJSON { return "\(expression) \(raw: isNull ? "=" : "<>") '\(raw: "\(column.emptyJSON)")'" }
      return "\(expression) IS \(raw: isNull ? "" : "NOT ")NULL"
    }
  }

  /// A condition on an array: some element matches, or none does for `ne` and `nin`.
  private func listTerm(_ expression: SQLFragment, _ column: Column, _ op: Operator, _ given: Values) -> SQLFragment {
    let some = Self.some("j", of: expression)
    switch op {
    case .null: return "\(expression) \(raw: given[0].integer == 1 ? "=" : "<>") '[]'"
    case .ne, .nin: return "NOT \(some) WHERE \(Dialect.element("j")) IN (\(given)))"
    case .like, .prefix, .contains: return "\(some) WHERE \(term(Dialect.element("j"), column.element ?? column, op, given)))"
    default: return "\(some) WHERE \(Dialect.element("j")) IN (\(given)))"
    }
  }
}
