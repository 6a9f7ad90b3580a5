internal import Records

/// Complete example bodies, built from each field's declared example.
enum Examples {
  /// A body that creates a record; valid as it is with the demo register.
  ///
  /// - Parameter field: the field that the path sets.
  static func input(_ resource: Resource, without field: String? = nil) -> JSONValue {
    .object(
      resource.columns.filter { $0.isWritable && $0.field.example != nil && $0.name != field && !isOfRow($0, resource) }.map {
        .init(name: $0.name, value: value(of: $0))
      })
  }

  /// A handle is unique: the field's example is an existing record, and a new one needs another handle.
  private static func value(of column: Column) -> JSONValue {
    let example = column.field.example ?? ""
    return column.kind == .handle ? .string("\(example)-new") : column.json(of: example)
  }

  /// One field that is neither permanent nor empty.
  static func patch(_ resource: Resource) -> JSONValue {
    let column = resource.columns.first { $0.isWritable && !$0.isPermanent && $0.field.example != nil && $0.targets.isEmpty }
    return column.map { .object([.init(name: $0.name, value: $0.json(of: $0.field.example ?? ""))]) } ?? [:]
  }

  /// External ids are examples for imports, and would make two examples the same record.
  private static func isOfRow(_ column: Column, _ resource: Resource) -> Bool {
    column.number == resource.standard.source || column.number == resource.standard.externalID
  }
}
