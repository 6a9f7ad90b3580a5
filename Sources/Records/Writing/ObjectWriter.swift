package import Formats
package import SQL

/// Writes rows as JSON objects in a list's form; `flatten` turns nested fields into dotted members.
///
/// `extra.key` for the members of an object, at any depth; `participants.count` and `participants.0.role` for nested records; an array of
/// scalars is one text, as in CSV. Empty values have no members.
package final class ObjectWriter {
  private let plain: RowWriter
  /// The JSON columns, which follow the plain ones.
  private let nested: [Column]
  private let plainCount: Int
  private var last = RowWriter.Moment()
  private let path = ByteBuffer(capacity: 256)
  private let text = ByteBuffer(capacity: 256)
  private lazy var parser = JSONParser(maxDepth: JSONParser.greatestDepth)

  /// Prepares a writer; whole records in the default form share the catalogue's.
  ///
  /// - Parameter columns: the columns to write, first in each row; with `flatten` in `flatOrder`.
  package init(_ columns: [Column], of resource: Resource, _ form: ListQuery.Form) {
    if !form.isFlat, !form.isEpoch, resource.isWhole(columns) {
      plain = Catalogue.shared.writer(resource)
    } else {
      let shown = form.isFlat ? columns.filter { !$0.isJSON } : columns
      plain = RowWriter(shown, prefix: resource.prefix, isEpoch: form.isEpoch, prefixOf: Catalogue.shared.prefix(of:))
    }
    nested = form.isFlat ? columns.filter(\.isJSON) : []
    plainCount = plain.columns.count
  }

  /// Plain columns first, then the JSON columns that are flattened.
  static func flatOrder(_ columns: [Column]) -> [Column] { columns.filter { !$0.isJSON } + columns.filter(\.isJSON) }

  /// Writes one object without its closing brace, so that a caller can add members.
  package func writeOpen(_ row: Row, to buffer: ByteBuffer) {
    plain.writeOpen(row, &last, to: buffer)
    guard !nested.isEmpty else { return }
    var isFirst = plainCount == 0
    for (position, column) in nested.enumerated() { spread(row[plainCount + position], column, &isFirst, to: buffer) }
  }

  private func spread(_ cell: Cell, _ column: Column, _ isFirst: inout Bool, to buffer: ByteBuffer) {
    path.clear()
    path.append(column.name)
    guard column.kind != .list else {
      key(&isFirst, to: buffer)
      guard ListText.write(cell.utf8, column, to: text, parser) else { return buffer.append("null" as StaticString) }
      return text.withView { buffer.append(jsonString: $0) }
    }
    let value = cell.isNull ? nil : try? parser.parse(cell.utf8)
    if column.kind == .records {
      path.append(".count")
      key(&isFirst, to: buffer)
      buffer.append(integer: Int64(value?.count ?? 0))
      path.truncate(to: column.name.utf8.count)
    }
    if let value { spread(value, &isFirst, to: buffer) }
  }

  /// Writes the leaves of a value, each under its dotted path.
  private func spread(_ value: JSONNode, _ isFirst: inout Bool, to buffer: ByteBuffer) {
    let length = path.count
    var number: Int64 = 0
    switch value.kind {
    case .object:
      value.forEachMember { name, inner in
        path.append(0x2E)
        path.append(name)
        spread(inner, &isFirst, to: buffer)
        path.truncate(to: length)
      }
    case .array:
      value.forEachElement { inner in
        path.append(0x2E)
        path.append(integer: number)
        number += 1
        spread(inner, &isFirst, to: buffer)
        path.truncate(to: length)
      }
    default:
      key(&isFirst, to: buffer)
      value.append(to: buffer)
    }
  }

  private func key(_ isFirst: inout Bool, to buffer: ByteBuffer) {
    if !isFirst { buffer.append(0x2C) }
    isFirst = false
    path.withView { buffer.append(jsonString: $0) }
    buffer.append(0x3A)
  }
}
