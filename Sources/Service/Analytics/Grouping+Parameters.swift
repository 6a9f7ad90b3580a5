internal import Records
internal import Store

extension Grouping {
  /// The groupings of the fields that a parameter names; two multi-valued fields are a fault.
  static func read(_ words: [String], _ parameter: String, of resource: Resource, _ parameters: Parameters) -> [Grouping] {
    let all = all(of: resource)
    let groups = words.compactMap { word in all.first { $0.column.name == word } }
    if groups.filter(\.hasElements).count > 1 {
      parameters.fault(parameter, "conflict", "only one field with several values is allowed at a time")
    }
    return groups
  }
}
