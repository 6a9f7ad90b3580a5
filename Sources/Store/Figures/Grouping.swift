package import Records
package import SQL

/// A grouping key: a field, each element of a list, or each participant.
package struct Grouping {
  /// Name and type of the group in the answer.
  package let column: Column
  /// SQL of the key, over the list's row `r` and, for elements, `j`.
  package let expression: SQLFragment
  /// Joins the elements as `j`, with a leading comma; empty for a single-valued field.
  var joining = SQLFragment()
  /// Keeps only the first of equal elements, with a leading AND; empty for a single-valued field.
  package var condition = SQLFragment()

  /// Whether a record can be in several groups.
  package var hasElements: Bool { !joining.isEmpty }

  private init(_ column: Column) {
    self.column = column
    expression = "\(raw: column.sql("r"))"
  }

  /// - Parameter value: SQL of the key, given an element.
  private init(_ name: String, _ type: FieldType, of list: String, value: (SQLFragment) -> SQLFragment = { $0 }) {
    let elements = { (alias: String) in Dialect.elements(of: "r.\(raw: list)", as: alias) }
    column = Figures.column(name, type)
    expression = value(Dialect.element("j"))
    joining = ", \(elements("j"))"
    condition = """
       AND NOT EXISTS (SELECT 1 FROM \(elements("k")) WHERE \(Dialect.position("k")) < \(Dialect.position("j")) \
      AND \(value(Dialect.element("k"))) = \(expression))
      """
  }

  private static let participant = Grouping("participant", .handleOf("stakeholders"), of: "participants") {
    Dialect.member("stakeholder", of: $0)
  }

  /// The groupings of a resource: its filterable fields with one value or a list of values, and for events `participant`.
  package static func all(of resource: Resource) -> [Grouping] {
    let columns = resource.columns.filter { $0.isFilterable && $0.number != StandardColumns.idNumber }
    let fields = columns.compactMap { column -> Grouping? in
      if let element = column.element { return Grouping(column.name, element.field.type, of: column.name) }
      return column.isJSON ? nil : Grouping(column)
    }
    return resource.name == "events" ? fields + [participant] : fields
  }
}

extension [Grouping] {
  /// The joins of all groupings.
  var joining: SQLFragment { map(\.joining).joined(separator: "") }
  /// The conditions of all groupings, to follow other conditions.
  package var condition: SQLFragment { map(\.condition).joined(separator: "") }
  /// `GROUP BY` the first columns of the SELECT: `columns` others, then the groupings.
  func groupBy(after columns: Int = 0) -> SQLFragment {
    guard columns + count > 0 else { return "" }
    return " GROUP BY \(raw: (1...(columns + count)).map(String.init).joined(separator: ", "))"
  }
}
