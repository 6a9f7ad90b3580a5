internal import Formats

/// A field prepared for the hot path: flat values, no look-up by name.
package final class Column: Sendable {
  /// The storage and syntax class of a column, without its parameters; see `FieldType`.
  package enum Kind: UInt8, Sendable {
    /// As in `FieldType`; a `.word` column has its vocabulary, a reference its targets, a list its element.
    case text, word, handle, integer, real, boolean, date, period, timestamp, url, reference, handleOf, target, list, object,
      records
  }

  /// The value of a new record when the body has none.
  package enum Initial: Sendable {
    /// No value: null, or the empty JSON value.
    case none
    /// An integer, or 0 and 1 for a boolean.
    case integer(Int64)
    /// A text, also for words and dates.
    case text(String)
  }

  /// The declaration that the column was made from.
  package let field: Field
  /// The class of values that the column holds.
  package let kind: Kind
  /// The value of a new record when the body has none.
  package let initial: Initial
  /// Its position in the resource and in a draft; 0 is the id.
  package let number: Int
  /// The greatest length: Unicode scalars of a text, elements of a list, bytes of an object or URL.
  package let max: Int
  /// The valid range, inclusive, of an integer; all of `Int64` for other kinds.
  package let integers: ClosedRange<Int64>
  /// The valid range, inclusive, of a real; all finite doubles for other kinds.
  package let reals: ClosedRange<Double>
  /// The closed word list of a `.word` column; `nil` for other kinds.
  package let vocabulary: Vocabulary?
  /// Names of the resources that it may refer to; empty for other kinds.
  package let targets: [String]
  /// The element of a list; `nil` for other kinds.
  package let element: Column?
  /// The fields of nested records; empty for other kinds.
  package let parts: [Column]
  let bareParts: UncountedArray<Column>
  /// Numbers of the parts by name, for reading nested records.
  package let partIndex: ByteIndex
  /// `"name":`, ready to append to JSON.
  let jsonKey: [UInt8]

  /// SQL column and JSON member name.
  package var name: String { field.name }
  /// Whether a record without it is refused (422 `required`).
  package let isRequired: Bool
  /// Whether only the register sets it; computed columns included.
  package let isReadOnly: Bool
  /// Whether it is fixed once the record exists.
  package let isPermanent: Bool
  /// Whether `field__op=` and `filter=` take it.
  package let isFilterable: Bool
  /// Whether `sort=` takes it.
  package let isSortable: Bool
  /// Whether its mentions of records are kept in `links`.
  package let isLinked: Bool
  /// The words of a `.word` column; ends the program for other kinds.
  package var words: [String] { vocabulary.required("vocabulary of \(name)").words }
  /// Whether it is computed on read and has no SQL column.
  package let isComputed: Bool

  /// Whether a row may hold null; required columns and those with an initial value never do.
  package var isNullable: Bool {
    guard !isRequired, !isJSON, field.initial == nil, number != StandardColumns.idNumber else { return false }
    return !StandardColumns.alwaysThere.contains(name)
  }

  /// Whether a new record has a value here when the body has none.
  var hasInitial: Bool {
    if case .none = initial { isJSON } else { true }
  }

  /// Whether it is stored as JSON text, which is written out unchanged.
  package var isJSON: Bool { kind == .list || kind == .object || kind == .records }
  /// The empty value of a JSON column: `{}` or `[]`.
  package var emptyJSON: StaticString { kind == .object ? "{}" : "[]" }

  /// Prepares a declared field.
  ///
  /// - Parameter number: its position among the resource's columns, or among the parts of a nested record.
  package init(_ field: Field, number: Int) {
    self.field = field
    self.number = number
    let shape = Shape(field.type)
    kind = shape.kind
    max = shape.max
    integers = shape.integers
    reals = shape.reals
    vocabulary = shape.vocabulary
    targets = shape.targets
    element = shape.element
    parts = shape.parts
    bareParts = UncountedArray(shape.parts)
    partIndex = ByteIndex(shape.parts.map(\.name))
    jsonKey = Array("\"\(field.name)\":".utf8)
    initial = Self.initial(field.initial, kind)
    isRequired = field.has(.required)
    isComputed = field.computed != nil
    isReadOnly = field.has(.readOnly) || isComputed
    isPermanent = field.has(.permanent)
    isFilterable = field.has(.filterable)
    isSortable = field.has(.sortable)
    isLinked = field.has(.linked)
  }

  private static func initial(_ text: String?, _ kind: Kind) -> Initial {
    guard let text else { return .none }
    switch kind {
    case .integer, .boolean: return .integer(Int64(text).required("initial value \(text): a number"))
    default: return .text(text)
    }
  }
}

/// A field type's parameters as flat values.
private struct Shape {
  var kind = Column.Kind.text
  var max = 0
  var integers = Int64.min...Int64.max
  var reals = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  var vocabulary: Vocabulary?
  var targets: [String] = []
  var element: Column?
  var parts: [Column] = []

  init(_ type: FieldType) {
    switch type {
    case .text(let max): (kind, self.max) = (.text, max)
    case .word(let name): (kind, vocabulary) = (.word, Vocabularies.shared.required(name))
    case .handle: (kind, max) = (.handle, 64)
    case .integer(let range): (kind, integers) = (.integer, range)
    case .real(let range): (kind, reals) = (.real, range)
    case .boolean: kind = .boolean
    case .date: kind = .date
    case .period: kind = .period
    case .timestamp: kind = .timestamp
    case .url: (kind, max) = (.url, 2_048)
    case .reference(let resource): (kind, targets) = (.reference, [resource])
    case .handleOf(let resource): (kind, targets) = (.handleOf, [resource])
    case .target(let resources): (kind, targets) = (.target, resources)
    case .list(let element, let max):
      (kind, self.max) = (.list, max)
      self.element = Column(Field("", element, doc: ""), number: 0)
    case .object: (kind, max) = (.object, 65_536)
    case .records(let fields, let max):
      (kind, self.max) = (.records, max)
      parts = fields.enumerated().map { Column($1, number: $0) }
    }
  }
}
