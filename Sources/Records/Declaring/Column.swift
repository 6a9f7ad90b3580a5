internal import Formats

/// A field made ready for the hot path: flat values, nothing looked up by name.
package final class Column: Sendable {
  package enum Kind: UInt8, Sendable {
    case text, word, handle, integer, real, boolean, date, period, timestamp, url, reference, handleOf, target, list, object,
      records
  }

  /// What a new record has when the body is silent.
  package enum Initial: Sendable {
    case none
    case integer(Int64)
    case text(String)
  }

  package let field: Field
  package let kind: Kind
  package let initial: Initial
  /// Where it stands in the resource, and so in a draft.
  package let number: Int
  /// Most scalars of a text, most elements of a list.
  package let max: Int
  package let integers: ClosedRange<Int64>
  package let reals: ClosedRange<Double>
  package let vocabulary: Vocabulary?
  /// Names of the resources that it may refer to.
  package let targets: [String]
  /// The element of a list.
  package let element: Column?
  /// The fields of nested records.
  package let parts: [Column]
  let bareParts: BareColumns
  package let partIndex: ByteIndex
  /// `"name":`, as it stands in JSON.
  let jsonKey: [UInt8]

  package var name: String { field.name }
  package let isRequired: Bool
  package let isReadOnly: Bool
  package let isPermanent: Bool
  package let isFilterable: Bool
  package let isSortable: Bool
  package let isLinked: Bool
  /// The words that a field of words takes.
  package var words: [String] { vocabulary.required("vocabulary of \(name)").words }
  /// Computed when read, so not in the table.
  package let isComputed: Bool

  /// Whether a row may lack it; what is required or has an initial value is always there.
  package var isNullable: Bool {
    guard !isRequired, !isJSON, field.initial == nil, number != StandardColumns.idNumber else { return false }
    return !StandardColumns.alwaysThere.contains(name)
  }

  /// Whether a new record has something in it when the body is silent.
  var hasInitial: Bool {
    if case .none = initial { isJSON } else { true }
  }

  /// Stored as JSON text, which goes out as it is.
  package var isJSON: Bool { kind == .list || kind == .object || kind == .records }
  /// What stands for "nothing" in JSON columns.
  package var emptyJSON: StaticString { kind == .object ? "{}" : "[]" }

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
    bareParts = BareColumns(shape.parts)
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

/// Columns by their number, looked at without a reference being counted: for all the fields of all the rows of a file that was a fifth of
/// the time to read it.
@safe
struct BareColumns: Sendable {
  // Holds the columns, so that the others never point at nothing.
  private let columns: [Column]
  private let bare: [Unmanaged<Column>]

  package init(_ columns: [Column]) {
    self.columns = columns
    unsafe bare = unsafe columns.map { unsafe Unmanaged.passUnretained($0) }
  }

  package var count: Int { columns.count }

  @inline(__always)
  package func with<Result>(_ number: Int, _ body: (Column) -> Result) -> Result {
    unsafe bare[number]._withUnsafeGuaranteedRef { body($0) }
  }
}

/// What a type says, spread out.
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
