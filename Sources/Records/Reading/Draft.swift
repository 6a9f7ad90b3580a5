package import Formats
package import HTTP
package import SQL

/// Where in a record a fault lies: a field, or a part of an element of it.
package struct FieldPath: Sendable, Equatable {
  package var field: String
  package var element: Int?
  package var part: String?

  package init(_ field: String, element: Int? = nil, part: String? = nil) {
    self.field = field
    self.element = element
    self.part = part
  }

  /// As a JSON pointer (RFC 6901); the names we have need no escapes, a stranger's may.
  package var pointer: String {
    guard !field.isEmpty else { return "" }
    var text = "/" + field.replacing("~", with: "~0").replacing("/", with: "~1")
    if let element { text += "/\(element)" }
    if let part { text += "/" + part.replacing("~", with: "~0").replacing("/", with: "~1") }
    return text
  }
}

/// One thing that is wrong with a record.
package struct DraftFault: Sendable, Equatable {
  package let path: FieldPath
  /// Stable: `required`, `unknown_field`, `not_a_word` …
  package let code: String
  package let detail: String
  package let allowed: [String]

  package init(path: FieldPath, code: String, detail: String, allowed: [String]) {
    self.path = path
    self.code = code
    self.detail = detail
    self.allowed = allowed
  }
}

/// A mention of another record that is looked up inside the transaction.
package struct PendingReference {
  package let column: Column
  /// The column that says what may be meant: the field itself, its element, or a part of it.
  package let target: Column
  /// Its place in a list; -1 for a scalar.
  package let element: Int
  /// Where the mention lies in the field's text; the whole of it for a scalar. In a list it is JSON, and may hold escapes.
  package var offset: Int
  package var count: Int
}

/// A record on its way in: one slot per column of its resource, what the sender gave, and everything wrong with it.
///
/// Made once and used again for every row of an import.
package final class Draft {
  package let resource: Resource
  package let values: Values
  package var faults: [DraftFault] = []
  /// What a date of less than day precision says about its neighbours.
  package var period: EDTFDate?
  package var references: [PendingReference] = []
  /// What the record said before this change.
  package var previous: Draft?
  private var given: UInt64 = 0

  package init(_ resource: Resource) {
    self.resource = resource
    values = Values(count: resource.columns.count)
  }

  package func reset() {
    values.reset(count: resource.columns.count)
    faults.removeAll(keepingCapacity: true)
    references.removeAll(keepingCapacity: true)
    period = nil
    previous = nil
    given = 0
  }

  package var id: Int64 { values[StandardColumns.idNumber].integer }
  package var version: Int64 { values[resource.standard.version].integer }

  /// Whether the sender said something about a field, be it null.
  package func isGiven(_ number: Int) -> Bool { given & (1 << UInt64(number)) != 0 }

  /// Notes that the sender said something; `false` when it was said before.
  package func markGiven(_ number: Int) -> Bool {
    defer { given |= 1 << UInt64(number) }
    return !isGiven(number)
  }

  @inline(__always)
  package subscript(_ number: Int) -> Cell { values[number] }

  @inline(__always)
  package subscript(_ field: Field) -> Cell { values[field.number] }

  /// Whether a field says the same as `other`; an integer equals the real of its value.
  package func equals(_ field: Field, _ other: Cell) -> Bool { values.equals(field.number, other) }

  /// Whether the sender said something about a field, be it null.
  package func isGiven(_ field: Field) -> Bool { isGiven(field.number) }

  package func set(_ field: Field, text: String) { values.set(field.number, text: text) }
  package func set(_ field: Field, integer: Int64) { values.set(field.number, integer: integer) }
  package func set(_ field: Field, real: Double) { values.set(field.number, real: real) }
  /// Copies a cell, bytes and all.
  package func set(_ field: Field, _ cell: Cell) { values.set(field.number, cell) }
  /// Sets a text that `write` appends.
  package func set(_ field: Field, _ write: (ByteBuffer) -> Void) { values.set(field.number, write) }
  package func setNull(_ field: Field) { values.setNull(field.number) }

  /// A text, copied: for a draft that is not held by anyone else.
  package func text(_ number: Int) -> String {
    defer { withExtendedLifetime(self) {} }
    return values[number].string
  }

  /// Gives `body` a mention as it was meant, without the escapes of JSON; `nil` where something else stands there by now.
  package func withMention<Result>(
    _ reference: PendingReference, _ body: (UnsafeRawBufferPointer) throws -> Result?
  ) throws -> Result? {
    let (cell, end) = (values[reference.column.number], reference.offset + reference.count)
    guard cell.kind == .text, unsafe end <= cell.bytes.count else { return nil }
    let written = unsafe UnsafeRawBufferPointer(rebasing: cell.bytes[reference.offset..<end])
    guard reference.element >= 0, unsafe written.contains(UInt8(ascii: "\\")) else { return try unsafe body(written) }
    // With the quotes around it, it is a document of its own.
    return try unsafe JSONParser.reading(UnsafeRawBufferPointer(rebasing: cell.bytes[reference.offset - 1...end])) {
      try unsafe body($0.text)
    }
  }

  package func fault(_ path: FieldPath, _ code: String, _ detail: String, allowed: [String] = []) {
    faults.append(DraftFault(path: path, code: code, detail: detail, allowed: allowed))
  }

  package func fault(_ number: Int, _ code: String, _ detail: String, allowed: [String] = []) {
    fault(FieldPath(resource.columns[number].name), code, detail, allowed: allowed)
  }

  package func fault(_ field: Field, _ code: String, _ detail: String, allowed: [String] = []) {
    fault(FieldPath(field.name), code, detail, allowed: allowed)
  }

  /// Fills what a new record has when nobody says: declared initial values and empty lists.
  func fillInitial() {
    for column in resource.initialColumns where values[column.number].isNull { fillInitial(column) }
  }

  /// The second date is not before the first.
  func checkOrder(_ first: Field, _ second: Field) {
    let (start, end) = (self[first], self[second])
    guard !start.isNull, !end.isNull, unsafe end.bytes.lexicographicallyPrecedes(start.bytes) else { return }
    fault(second, "before_start", "\(second.name) \(end.string) is before \(first.name) \(start.string)")
  }

  private func fillInitial(_ column: Column) {
    switch column.initial {
    case .none: if column.isJSON { values.set(column.number) { $0.append(column.emptyJSON) } }
    case .integer(let value): values.set(column.number, integer: value)
    case .text(let value): values.set(column.number, text: value)
    }
  }

  /// Fills, derives and checks all that needs no look-up. What is wrong is in `faults`.
  package func complete() {
    fillInitial()
    resource.rules.prepare(self)
    checkRequired()
  }

  /// What only the register gives is not taken from a file: an export can be read back, and into another register.
  package func forgetReadOnly() {
    guard given & resource.readOnlyMask != 0 else { return }
    for column in resource.columns where column.isReadOnly && isGiven(column.number) {
      given &= ~(1 << UInt64(column.number))
      values.setNull(column.number)
    }
    references.removeAll { $0.column.isReadOnly }
  }

  /// A new record gets from the register what only the register gives.
  package func refuseReadOnly() {
    for column in resource.columns where column.isReadOnly && isGiven(column.number) && !values[column.number].isNull {
      fault(column.number, "read_only", "\(column.name) is given by the register")
      values.setNull(column.number)
    }
    references.removeAll { $0.column.isReadOnly }
  }

  /// Names what must be there and is not.
  func checkRequired() {
    for column in resource.requiredColumns where values[column.number].isNull {
      // A field that was given and refused has its fault already.
      guard !faults.contains(where: { $0.path.field == column.name }) else { continue }
      fault(column.number, "required", "\(column.name) is required")
    }
  }
}

extension Problem {
  /// All faults of one record at once: 422, a pointer each.
  package static func invalid(_ draft: Draft) -> Problem {
    invalid(draft.resource, draft.faults)
  }

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
