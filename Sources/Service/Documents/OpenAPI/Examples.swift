internal import Records

/// Whole examples of bodies, from the examples that the declarations have for each field.
enum Examples {
  /// A body that makes a record; with the demo register it is taken as it is.
  ///
  /// - Parameter field: one that the path says already.
  static func input(_ resource: Resource, without field: String? = nil) -> JSONValue {
    .object(
      resource.columns.filter { $0.isWritable && $0.field.example != nil && $0.name != field && !isOfRow($0, resource) }.map {
        .init(name: $0.name, value: value(of: $0))
      })
  }

  /// A handle is unique: the example of the field is a record that is there, and a new one needs another.
  private static func value(of column: Column) -> JSONValue {
    let example = column.field.example ?? ""
    return column.kind == .handle ? .string("\(example)-new") : column.json(of: example)
  }

  /// One field that is not permanent and not an empty wish.
  static func patch(_ resource: Resource) -> JSONValue {
    let column = resource.columns.first { $0.isWritable && !$0.isPermanent && $0.field.example != nil && $0.targets.isEmpty }
    return column.map { .object([.init(name: $0.name, value: $0.json(of: $0.field.example ?? ""))]) } ?? [:]
  }

  /// A row's name at its source is an example for imports, and would make two examples the same record.
  private static func isOfRow(_ column: Column, _ resource: Resource) -> Bool {
    column.number == resource.standard.source || column.number == resource.standard.externalID
  }
}
