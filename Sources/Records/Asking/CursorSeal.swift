internal import Formats
package import SQL

/// Seals and opens cursors: only this register can make them, and each is valid for one query.
///
/// A cursor is base64url(MAC, last sort keys); the MAC covers the keys and the query.
package struct CursorSeal: Sendable {
  private static let tagBytes = 16
  private let key: [UInt8]

  /// Seals with the register's secret, so that cursors survive a restart.
  ///
  /// - Parameter key: the register's secret (`register_state.cursor_key`).
  package init(key: String) { self.key = Array(key.utf8) }

  /// Seals the last row's sort keys into a cursor.
  ///
  /// - Parameter shape: what the cursor is bound to (`shape(_:)`); `open` needs the same.
  package func seal(_ keys: Values, shape: [UInt8]) -> String {
    var payload: [UInt8] = []
    for index in 0..<keys.count { append(keys[index], to: &payload) }
    return Base64URL.encode(Hash.tag(shape + payload, key: key) + payload)
  }

  /// Seals a cursor of a list ordered by one number.
  package func seal(number: Int64, shape: [UInt8]) -> String {
    let keys = Values()
    keys.append(integer: number)
    return seal(keys, shape: shape)
  }

  /// Encodes the parts that a cursor is bound to; length prefixes keep different lists different.
  package static func shape(_ parts: [String]) -> [UInt8] { parts.flatMap { Array("\($0.utf8.count):\($0)".utf8) } }

  /// The sort keys; `nil` for a cursor that this register did not make, or made for another query, or above 4,096 bytes.
  package func open(_ cursor: String, shape: [UInt8]) -> Values? {
    guard cursor.utf8.count <= 4_096, let bytes = Base64URL.decode(cursor), bytes.count > Self.tagBytes else { return nil }
    let payload = Array(bytes[Self.tagBytes...])
    guard Hash.equal(Array(bytes[..<Self.tagBytes]), Hash.tag(shape + payload, key: key)) else { return nil }
    return decode(payload)
  }

  /// One letter for the kind, then the number, or the length and the bytes. Decoding trusts this: the tag is checked first.
  private func append(_ cell: Cell, to payload: inout [UInt8]) {
    switch cell.kind {
    case .null: payload.append(0x6E)
    case .integer: append(0x69, UInt64(bitPattern: cell.integer), to: &payload)
    case .real: append(0x72, cell.real.bitPattern, to: &payload)
    case .text:
      append(0x74, UInt64(cell.utf8.count), to: &payload)
      payload.append(contentsOf: cell.utf8)
    }
  }

  private func append(_ letter: UInt8, _ number: UInt64, to payload: inout [UInt8]) {
    payload.append(letter)
    for shift in stride(from: UInt64(0), to: 64, by: 8) { payload.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  private func decode(_ payload: [UInt8]) -> Values? {
    let values = Values()
    var position = 0
    while position < payload.count {
      let letter = payload[position]
      position += 1
      if letter == 0x6E {
        values.append(.null)
        continue
      }
      guard position + 8 <= payload.count else { return nil }
      let number = (0..<8).reduce(UInt64(0)) { $0 | UInt64(payload[position + $1]) << UInt64($1 * 8) }
      position += 8
      switch letter {
      case 0x69: values.append(integer: Int64(bitPattern: number))
      case 0x72: values.append(real: Double(bitPattern: number))
      default:
        guard number <= UInt64(payload.count - position) else { return nil }
        values.append(text: String(decoding: payload[position..<position + Int(number)], as: UTF8.self))
        position += Int(number)
      }
    }
    return values
  }
}
