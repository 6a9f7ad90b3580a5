/// What records are put into groups by: a field, or whoever took part.
struct Grouping {
  /// Names and types the group in the answer.
  let column: Column
  /// The value, over the list's row `r`.
  let expression: String
  /// Each participant of an event is a row of its own, `j`.
  var isParticipant = false

  static let participant = Grouping(
    column: Figures.column("participant", .handleOf("stakeholders")), expression: "json_extract(j.value, '$.stakeholder')",
    isParticipant: true
  )

  /// The fields that a resource's records may be grouped by: what can be filtered by and is one value.
  static func names(of resource: Resource) -> [String] {
    let names = resource.columns.filter { $0.isFilterable && !$0.isJSON && $0.number != StandardColumns.idNumber }.map(\.name)
    return resource.name == "events" ? names + ["participant"] : names
  }

  /// Reads a comma list of fields; unknown ones become faults.
  static func read(_ words: [String], _ parameter: String, of resource: Resource, max: Int, _ parameters: Parameters) -> [Grouping] {
    if words.count > max { parameters.fault(parameter, "too_many", "at most \(max) fields are taken") }
    let names = names(of: resource)
    return words.compactMap { word in
      guard names.contains(word) else {
        parameters.notAWord(parameter, word, names)
        return nil
      }
      if word == "participant" { return participant }
      return resource.column(word).map { Grouping(column: $0, expression: $0.sql("r")) }
    }
  }

  /// Joined to the list's row.
  static let eachParticipant = ", json_each(r.participants) j"
  /// One row for a stakeholder that has several roles.
  static let firstMention = """
     AND NOT EXISTS (SELECT 1 FROM json_each(r.participants) k WHERE k.key < j.key \
    AND json_extract(k.value, '$.stakeholder') = json_extract(j.value, '$.stakeholder'))
    """
}
