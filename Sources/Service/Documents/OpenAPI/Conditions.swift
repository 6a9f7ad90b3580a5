internal import Records
internal import Store

/// A list's conditions, `field__op=value`, as one schema: each member is a query parameter.
enum Conditions {
  static func schema(of resource: Resource) -> JSONValue {
    let properties = resource.columns.filter(\.isFilterable).flatMap { column -> [JSONValue.Member] in
      let parts = column.parts.filter(\.isFilterable)
      return members("\(column.name)", column) + parts.flatMap { members("\(column.name).\($0.name)", $0) }
    }
    let steps = Relation.all(of: resource).filter { resource.column($0.name) == nil }.flatMap { members(of: $0) }
    return [
      "type": "object", "additionalProperties": false,
      "description": .string(
        "Conditions on \(resource.name.replacing("_", with: " ")). All of them must hold; commas between values mean any of them. \(more)"),
      "properties": .object(properties + steps),
    ]
  }

  private static let more =
    "Fields of related records (`outcomes.status__in=open,occurred`) and of referenced records (`event.country=PRK`) support all operators, too: a condition holds if some related record meets it. On a record's own arrays (`tags`, `participants.role`), `ne` and `nin` mean that no element matches."

  /// One step to related records: whether there are any, and each of their fields.
  private static func members(of relation: Relation) -> [JSONValue.Member] {
    let fields = Catalogue.shared.required(relation.resource).columns.filter(\.isFilterable)
    return [.init(name: "\(relation.name)__null", value: ["type": "boolean"])]
      + fields.map { column in
        let op = Operator.allowed(for: column).first ?? .null
        return .init(name: "\(relation.name).\(column.name)\(suffix(op))", value: value(column.element ?? column, op))
      }
  }

  private static func suffix(_ op: Operator) -> String { op == .eq ? "" : "__\(op.rawValue)" }

  private static func members(_ name: String, _ column: Column) -> [JSONValue.Member] {
    Operator.allowed(for: column).map { op in
      .init(name: name + suffix(op), value: value(column.element ?? column, op))
    }
  }

  private static func value(_ column: Column, _ op: Operator) -> JSONValue {
    switch op {
    case .null: ["type": "boolean"]
    case .like:
      .shared(
        .schemas, "LikePattern",
        [
          "type": "string", "minLength": 1, "pattern": .string(Patterns.like),
          "description": "`%` matches any text and `_` one character; `\\%`, `\\_` and `\\\\` match these characters themselves.",
        ])
    case .prefix, .contains:
      .shared(
        .schemas, "Words",
        ["type": "string", "minLength": 1, "pattern": "^[^\\u0000]+$", "description": "Part of the text; there are no wildcards."])
    case .gt, .gte, .lt, .lte: shared(column, "", "^\(form(column, isBound: true))$", "One value.")
    case .between:
      shared(column, "Range", "^\(form(column, isBound: true)),\(form(column, isBound: true))$", "The lower and the upper bound.")
    case .eq, .ne, .in, .nin, .has:
      shared(column, "List", "^\(form(column))(?:,\(form(column)))*$", "One value, or several separated by commas.")
    }
  }

  private static func shared(_ column: Column, _ suffix: String, _ pattern: String, _ doc: String) -> JSONValue {
    .shared(
      .schemas, "\(name(of: column))Value\(suffix)", ["type": "string", "pattern": .string(pattern), "description": .string(doc)])
  }

  /// Columns with the same name share a form.
  private static func name(of column: Column) -> String {
    switch column.kind {
    case .word: column.vocabulary?.typeName ?? "Word"
    case .integer where column.isID: "Reference"
    case .integer: "\(column.integers.lowerBound < 0 ? "Signed" : "")Integer\(digits(column))"
    case .real: "Number"
    case .boolean: "Boolean"
    case .date, .period: "Date"
    case .timestamp: "Timestamp"
    case .url: "Url"
    case .handle: "Handle"
    case .reference, .handleOf, .target: "Reference"
    case .text, .list, .object, .records: "Text"
    }
  }

  /// - Parameter isBound: for a comparison, in which a month stands for its first or last day.
  private static func form(_ column: Column, isBound: Bool = false) -> String {
    switch column.kind {
    case .word: "(?:\(column.words.joined(separator: "|")))"
    case .integer where column.isID: Patterns.mention
    case .integer: "\(column.integers.lowerBound < 0 ? "-?" : "")[0-9]{1,\(digits(column))}"
    case .real: "-?[0-9]{1,10}(?:\\.[0-9]{1,6})?"
    case .boolean: "(?:true|false)"
    case .date, .period: isBound ? Patterns.period : Patterns.day
    case .timestamp: Patterns.timestamp
    case .url: "[Hh][Tt][Tt][Pp][Ss]?://[^\\u0000-\\u0020\\u007F\"<>,]+"
    case .handle: "[A-Za-z0-9._-]{1,64}"
    case .reference, .handleOf, .target: Patterns.mention
    case .text, .list, .object, .records: Patterns.word
    }
  }

  private static func digits(_ column: Column) -> Int { min(18, String(column.integers.upperBound).count) }
}
