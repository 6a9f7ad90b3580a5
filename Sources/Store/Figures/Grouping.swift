package import Records
package import SQL

/// What records are put into groups by: a field, each element of a list, or whoever took part.
package struct Grouping {
  /// Names and types the group in the answer.
  package let column: Column
  /// The value, over the list's row `r` and, for elements, `j`.
  package let expression: SQLFragment
  /// Joins the elements as `j`, with the comma before them; empty for a field of one value.
  var joining = SQLFragment()
  /// A condition that takes an element that is there twice once.
  package var condition = SQLFragment()

  /// Whether a record can be in several groups.
  package var hasElements: Bool { !joining.isEmpty }

  private init(_ column: Column) {
    self.column = column
    expression = "\(raw: column.sql("r"))"
  }

  /// - Parameter value: what is taken of an element.
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

  /// What a resource's records may be grouped by: what can be filtered by and is one value or a list of such.
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
  /// What brings their elements in.
  var joining: SQLFragment { map(\.joining).joined(separator: "") }
  /// What takes each element once, behind other conditions.
  package var condition: SQLFragment { map(\.condition).joined(separator: "") }
  /// `GROUP BY` the first columns of the statement.
  func groupBy(after columns: Int = 0) -> SQLFragment {
    guard columns + count > 0 else { return "" }
    return " GROUP BY \(raw: (1...(columns + count)).map(String.init).joined(separator: ", "))"
  }
}
