internal import Records

/// What records are put into groups by: a field, each element of a list, or whoever took part.
struct Grouping {
  /// Names and types the group in the answer.
  let column: Column
  /// The value, over the list's row `r` and, for elements, `j`.
  let expression: String
  /// Joins the elements as `j`; empty for a field of one value.
  var joining = ""
  /// A condition that takes an element that is there twice once.
  var condition = ""

  private init(_ column: Column) {
    self.column = column
    expression = column.sql("r")
  }

  /// - Parameter value: what is taken of the element, which is written `%`.
  private init(_ name: String, _ type: FieldType, of list: String, value: String) {
    column = Figures.column(name, type)
    expression = value.replacing("%", with: "j.value")
    joining = ", json_each(r.\(list)) j"
    condition = """
       AND NOT EXISTS (SELECT 1 FROM json_each(r.\(list)) k WHERE k.key < j.key \
      AND \(value.replacing("%", with: "k.value")) = \(expression))
      """
  }

  private static let participant = Grouping(
    "participant", .handleOf("stakeholders"), of: "participants", value: "json_extract(%, '$.stakeholder')")

  /// What a resource's records may be grouped by: what can be filtered by and is one value or a list of such.
  static func all(of resource: Resource) -> [Grouping] {
    let columns = resource.columns.filter { $0.isFilterable && $0.number != StandardColumns.idNumber }
    let fields = columns.compactMap { column -> Grouping? in
      if let element = column.element { return Grouping(column.name, element.field.type, of: column.name, value: "%") }
      return column.isJSON ? nil : Grouping(column)
    }
    return resource.name == "events" ? fields + [participant] : fields
  }

  /// Reads fields; unknown ones become faults.
  ///
  /// - Parameter without: fields whose name a figure has.
  static func read(
    _ words: [String], _ parameter: String, of resource: Resource, max: Int, without: Set<String> = [], _ parameters: Parameters
  )
    -> [Grouping]
  {
    if words.count > max { parameters.fault(parameter, "too_many", "at most \(max) fields are taken") }
    let all = all(of: resource).filter { !without.contains($0.column.name) }
    let groups = words.compactMap { word in
      let group = all.first { $0.column.name == word }
      if group == nil { parameters.notAWord(parameter, word, all.map(\.column.name)) }
      return group
    }
    if groups.filter({ !$0.joining.isEmpty }).count > 1 {
      parameters.fault(parameter, "conflict", "one field with several values can be taken at a time")
    }
    return groups
  }
}

extension [Grouping] {
  var joining: String { map(\.joining).joined() }
  var condition: String { map(\.condition).joined() }
  /// `GROUP BY` the first columns of the statement.
  func groupBy(after columns: Int = 0) -> String {
    guard columns + count > 0 else { return "" }
    return " GROUP BY \((1...(columns + count)).map(String.init).joined(separator: ", "))"
  }
}
