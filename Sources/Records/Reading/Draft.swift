package import Formats
package import HTTP
package import SQL

/// The place of a fault in a record: a field, or a part of one of its elements.
package struct FieldPath: Sendable, Equatable {
  /// The field's name as the sender wrote it; empty for the record itself.
  package var field: String
  /// Index in a list or in nested records, from 0; `nil` for the whole field.
  package var element: Int?
  /// The name of a nested record's part; `nil` for the whole element.
  package var part: String?

  /// A field, an element of it, or a part of that element.
  package init(_ field: String, element: Int? = nil, part: String? = nil) {
    self.field = field
    self.element = element
    self.part = part
  }

  /// The path as a JSON pointer (RFC 6901). Our field names need no escapes; an unknown member's name may.
  package var pointer: String {
    guard !field.isEmpty else { return "" }
    var text = "/" + field.replacing("~", with: "~0").replacing("/", with: "~1")
    if let element { text += "/\(element)" }
    if let part { text += "/" + part.replacing("~", with: "~0").replacing("/", with: "~1") }
    return text
  }
}

/// One fault of a record.
package struct DraftFault: Sendable, Equatable {
  /// The place of the fault in the record.
  package let path: FieldPath
  /// Stable: `required`, `unknown_field`, `not_a_word` …
  package let code: String
  /// A sentence for people.
  package let detail: String
  /// Valid alternatives; empty where they are many or `detail` names one.
  package let allowed: [String]

  /// A fault at a place.
  ///
  /// - Parameters:
  ///   - code: stable, for programs.
  ///   - allowed: valid alternatives; may be empty.
  package init(path: FieldPath, code: String, detail: String, allowed: [String]) {
    self.path = path
    self.code = code
    self.detail = detail
    self.allowed = allowed
  }
}

/// A mention of another record, resolved inside the transaction.
package struct PendingReference {
  /// The field that holds the mention.
  package let column: Column
  /// The column whose targets apply: the field itself, its element, or one of its parts.
  package let target: Column
  /// The index in a list; -1 for a scalar.
  package let element: Int
  /// The mention's offset in the field's text, bytes; 0 for a scalar, which is the whole text. In a list the text is JSON and may hold
  /// escapes.
  package var offset: Int
  /// The mention's length in bytes; without the quotes in a list.
  package var count: Int
}

/// An incoming record: one slot per column of its resource, which fields were given, and all faults.
///
/// Made once and reused for every row of an import.
package final class Draft {
  /// The resource that the record belongs to.
  package let resource: Resource
  /// One slot per column, at the column's number.
  package let values: Values
  /// All faults so far, in the order found; empty for a valid record.
  package var faults: [DraftFault] = []
  /// The parsed `period` field, from which end date and precision are derived; `nil` if it was not given.
  package var period: EDTFDate?
  /// Mentions of other records, to be resolved in the transaction.
  package var references: [PendingReference] = []
  /// The record before this change; `nil` for a new one.
  package var previous: Draft?
  private var given: UInt64 = 0

  /// An empty draft: all slots null, nothing given.
  package init(_ resource: Resource) {
    self.resource = resource
    values = Values(count: resource.columns.count)
  }

  /// Empties the draft for the next record; keeps its buffers.
  package func reset() {
    values.reset(count: resource.columns.count)
    faults.removeAll(keepingCapacity: true)
    references.removeAll(keepingCapacity: true)
    period = nil
    previous = nil
    given = 0
  }

  /// The record's number; 0 before one is assigned.
  package var id: Int64 { values[StandardColumns.idNumber].integer }
  /// 1, 2, 3 …, one per change; 0 before the first.
  package var version: Int64 { values[resource.standard.version].integer }

  /// Whether the sender gave the field, even as null.
  package func isGiven(_ number: Int) -> Bool { given & (1 << UInt64(number)) != 0 }

  /// Marks a field as given; `false` if it was marked before.
  package func markGiven(_ number: Int) -> Bool {
    defer { given |= 1 << UInt64(number) }
    return !isGiven(number)
  }

  /// The cell of a column by its number; its bytes are valid until the draft changes.
  @inline(__always)
  package subscript(_ number: Int) -> Cell { values[number] }

  /// The cell of a field of this resource; its bytes are valid until the draft changes.
  @inline(__always)
  package subscript(_ field: Field) -> Cell { values[field.number] }

  /// Whether a field equals `other`; an integer equals the real of the same value.
  package func equals(_ field: Field, _ other: Cell) -> Bool { values.equals(field.number, other) }

  /// Whether the sender gave the field, even as null.
  package func isGiven(_ field: Field) -> Bool { isGiven(field.number) }

  /// Sets a field to a text, unchecked; does not mark it as given.
  package func set(_ field: Field, text: String) { values.set(field.number, text: text) }
  /// Sets a field to an integer, unchecked; does not mark it as given.
  package func set(_ field: Field, integer: Int64) { values.set(field.number, integer: integer) }
  /// Sets a field to a real, unchecked; does not mark it as given.
  package func set(_ field: Field, real: Double) { values.set(field.number, real: real) }
  /// Sets a field to a copy of a cell, bytes included.
  package func set(_ field: Field, _ cell: Cell) { values.set(field.number, cell) }
  /// Sets a field to the text that `write` appends.
  package func set(_ field: Field, _ write: (ByteBuffer) -> Void) { values.set(field.number, write) }
  /// Sets a field to null; does not mark it as given.
  package func setNull(_ field: Field) { values.setNull(field.number) }

  /// A copy of a text slot, safe when the draft's last use is this call.
  package func text(_ number: Int) -> String {
    defer { withExtendedLifetime(self) {} }
    return values[number].string
  }

  /// Calls `body` with a mention, JSON escapes decoded; `nil` if the slot has changed since.
  ///
  /// - Throws: what `body` throws; `JSONError` for a mention that is not valid JSON.
  package func withMention<Result>(
    _ reference: PendingReference, _ body: (ByteView) throws -> Result?
  ) throws -> Result? {
    let (cell, end) = (values[reference.column.number], reference.offset + reference.count)
    guard cell.kind == .text, end <= cell.utf8.count else { return nil }
    let written = cell.utf8[reference.offset..<end]
    guard reference.element >= 0, written.firstIndex(of: UInt8(ascii: "\\")) != nil else { return try body(written) }
    // With its quotes the mention is a JSON document.
    return try JSONParser.reading(cell.utf8[reference.offset - 1...end]) {
      try body($0.utf8)
    }
  }

  /// Adds a fault at any place in the record.
  package func fault(_ path: FieldPath, _ code: String, _ detail: String, allowed: [String] = []) {
    faults.append(DraftFault(path: path, code: code, detail: detail, allowed: allowed))
  }

  /// Adds a fault of the column with this number.
  package func fault(_ number: Int, _ code: String, _ detail: String, allowed: [String] = []) {
    fault(FieldPath(resource.columns[number].name), code, detail, allowed: allowed)
  }

  /// Adds a fault of a field.
  package func fault(_ field: Field, _ code: String, _ detail: String, allowed: [String] = []) {
    fault(FieldPath(field.name), code, detail, allowed: allowed)
  }

  /// Fills a new record's null slots with declared initial values and empty lists.
  func fillInitial() {
    for column in resource.initialColumns where values[column.number].isNull { fillInitial(column) }
  }

  /// Adds `before_start` if the second date is before the first.
  func checkOrder(_ first: Field, _ second: Field) {
    let (start, end) = (self[first], self[second])
    guard !start.isNull, !end.isNull, end.utf8.lexicographicallyPrecedes(start.utf8) else { return }
    fault(second, "before_start", "\(second.name) \(end.string) is before \(first.name) \(start.string)")
  }

  private func fillInitial(_ column: Column) {
    switch column.initial {
    case .none: if column.isJSON { values.set(column.number) { $0.append(column.emptyJSON) } }
    case .integer(let value): values.set(column.number, integer: value)
    case .text(let value): values.set(column.number, text: value)
    }
  }

  /// Fills, derives and checks everything that needs no look-up; faults go into `faults`.
  package func complete() {
    fillInitial()
    resource.rules.prepare(self)
    checkRequired()
  }

  /// Drops read-only fields of a file, so that an export can be imported again, into another register too.
  package func forgetReadOnly() {
    guard given & resource.readOnlyMask != 0 else { return }
    for column in resource.columns where column.isReadOnly && isGiven(column.number) {
      given &= ~(1 << UInt64(column.number))
      values.setNull(column.number)
    }
    references.removeAll { $0.column.isReadOnly }
  }

  /// Refuses read-only fields of a new record (`read_only`); the register sets them.
  package func refuseReadOnly() {
    for column in resource.columns where column.isReadOnly && isGiven(column.number) && !values[column.number].isNull {
      fault(column.number, "read_only", "\(column.name) is set by the register")
      values.setNull(column.number)
    }
    references.removeAll { $0.column.isReadOnly }
  }

  /// Adds `required` for each missing required field.
  func checkRequired() {
    for column in resource.requiredColumns where values[column.number].isNull {
      // A field that was given and refused has a fault already.
      guard !faults.contains(where: { $0.path.field == column.name }) else { continue }
      fault(column.number, "required", "\(column.name) is required")
    }
  }
}

extension Problem {
  /// 422 `invalid_record` with the record's first 100 faults, each with a JSON pointer.
  package static func invalid(_ draft: Draft) -> Problem {
    invalid(draft.resource, draft.faults)
  }

  /// 422 `invalid_record` for a record of `resource`, with its first 100 faults.
  package static func invalid(_ resource: Resource, _ faults: [DraftFault]) -> Problem {
    let listed = faults.prefix(100).map {
      Fault(.pointer($0.path.pointer), code: $0.code, detail: $0.detail, allowed: $0.allowed)
    }
    let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
    return Problem(
      status: 422, code: "invalid_record", title: "The record is not valid", detail: "\(count) in this \(resource.singular)",
      faults: Array(listed))
  }
}
