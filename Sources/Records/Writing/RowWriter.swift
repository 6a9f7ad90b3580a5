package import Formats
package import SQL

/// Writes rows of a SELECT as JSON objects from a flat table of steps, made once for a choice of columns.
///
/// A step costs one copy of `,"name":` and one of the value; no `String`, closure or look-up per field.
package final class RowWriter: Sendable {
  private enum Kind: UInt8 {
    case text, word, integer, real, boolean, timestamp, day, json, id
  }

  private struct Step {
    var kind: Kind
    var keyStart: Int32
    var keyCount: Int32
    /// The prefix of an id; empty for other kinds.
    var prefix: StaticString
  }

  private let steps: [Step]
  private let keys: [UInt8]
  /// The columns in the order of the SELECT.
  package let columns: [Column]

  /// Compiles the steps for a choice of columns.
  ///
  /// - Parameters:
  ///   - columns: in the order in which the SELECT gives them.
  ///   - isEpoch: writes timestamps and dates as Unix milliseconds.
  package init(_ columns: [Column], prefix: StaticString, isEpoch: Bool = false, prefixOf: (String) -> StaticString) {
    self.columns = columns
    var keys: [UInt8] = []
    var steps: [Step] = []
    for (position, column) in columns.enumerated() {
      let key = Array("\(position == 0 ? "{" : ",")\"\(column.name)\":".utf8)
      let owner = column.number == StandardColumns.idNumber ? prefix : column.targets.first.map(prefixOf) ?? ""
      steps.append(
        Step(kind: Self.kind(of: column, isEpoch), keyStart: Int32(keys.count), keyCount: Int32(key.count), prefix: owner))
      keys += key
    }
    self.keys = keys + [UInt8](repeating: 0, count: ByteBuffer.shortRoom)
    self.steps = steps
  }

  private static func kind(of column: Column, _ isEpoch: Bool) -> Kind {
    if column.number == StandardColumns.idNumber && column.name == "id" { return .id }
    return switch column.kind {
    case .integer: .integer
    case .real: .real
    case .boolean: .boolean
    case .timestamp: isEpoch ? .integer : .timestamp
    case .date, .period: isEpoch ? .day : .word
    case .reference: .id
    case .list, .object, .records: .json
    case .text, .url: .text
    // Checked on input: they never need an escape.
    case .word, .handle, .handleOf, .target: .word
    }
  }

  /// Writes one object without its closing brace, so that a caller can add members.
  ///
  /// - Parameter last: the last timestamp, kept between rows: records that came in together share one.
  package func writeOpen(_ row: Row, _ last: inout Moment, to buffer: ByteBuffer) {
    for index in steps.indices {
      let step = steps[index]
      buffer.append(keys, from: Int(step.keyStart), count: Int(step.keyCount))
      write(row[index], step, &last, to: buffer)
    }
    if steps.isEmpty { buffer.append(0x7B) }
  }

  /// The last timestamp as JSON, for reuse: an unchanged record has the same one twice.
  package struct Moment {
    fileprivate var milliseconds = Int64.min
    fileprivate var json = ByteBuffer.Short()

    /// No timestamp yet.
    package init() {}
  }

  private func write(timestamp milliseconds: Int64, _ last: inout Moment, to buffer: ByteBuffer) {
    if milliseconds == last.milliseconds { return buffer.append(last.json) }
    let start = buffer.count
    buffer.append(0x22)
    buffer.append(timestamp: milliseconds)
    buffer.append(0x22)
    (last.milliseconds, last.json) = (milliseconds, buffer.short(from: start))
  }

  /// Writes one complete object.
  package func write(_ row: Row, to buffer: ByteBuffer) {
    var last = Moment()
    writeOpen(row, &last, to: buffer)
    buffer.append(0x7D)
  }

  @inline(__always)
  private func write(_ cell: Cell, _ step: Step, _ last: inout Moment, to buffer: ByteBuffer) {
    guard !cell.isNull else { return buffer.append("null" as StaticString) }
    switch step.kind {
    case .text: buffer.append(jsonString: cell.utf8)
    case .word:
      buffer.append(0x22)
      buffer.append(cell.utf8)
      buffer.append(0x22)
    case .integer: buffer.append(integer: cell.integer)
    case .real: buffer.append(real: cell.real)
    case .boolean: buffer.append(cell.integer == 0 ? "false" as StaticString : "true")
    case .timestamp: write(timestamp: cell.integer, &last, to: buffer)
    case .day: buffer.append(epochOfDay: cell)
    case .json: buffer.append(cell.utf8)
    case .id:
      buffer.append(0x22)
      buffer.append(id: cell.integer, prefix: step.prefix)
      buffer.append(0x22)
    }
  }
}

extension ByteBuffer {
  /// Writes the first millisecond (UTC) of a `YYYY-MM-DD` day as Unix milliseconds; `null` for any other text.
  package func append(epochOfDay cell: Cell) {
    guard let day = CalendarDate(iso: cell.utf8) else { return append("null" as StaticString) }
    append(integer: Int64(day.days) * 86_400_000)
  }
}
