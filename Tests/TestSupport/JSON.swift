internal import FoundationEssentials

/// A JSON value as `JSONReader` reads it: independent of our own parser.
package enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case real(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  package init(_ bytes: [UInt8]) throws { self = try JSONReader.read(bytes) }

  package var bytes: [UInt8] { get throws { Array(try JSONEncoder().encode(self)) } }

  /// A member; null where there is none.
  package subscript(key: String) -> JSON {
    guard case .object(let members) = self else { return .null }
    return members[key] ?? .null
  }

  /// An element; null where there is none.
  package subscript(index: Int) -> JSON {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return .null }
    return elements[index]
  }

  package func has(_ key: String) -> Bool {
    guard case .object(let members) = self else { return false }
    return members[key] != nil
  }

  package var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
  package var keys: Set<String> { if case .object(let members) = self { Set(members.keys) } else { [] } }
  package var text: String? { if case .string(let text) = self { text } else { nil } }

  /// A number, whichever way it was written.
  package var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  package var integer: Int? { if case .integer(let value) = self { Int(value) } else { nil } }

  /// The object with other members.
  package func with(_ changes: [String: JSON]) -> JSON {
    guard case .object(let members) = self else { return self }
    return .object(members.merging(changes) { $1 })
  }
}

extension JSON: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .bool(let flag): try value.encode(flag)
    case .integer(let number): try value.encode(number)
    case .real(let number): try value.encode(number)
    case .string(let text): try value.encode(text)
    case .array(let elements): try value.encode(elements)
    case .object(let members): try value.encode(members)
    }
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral text: String) { self = .string(text) }
  package init(integerLiteral number: Int64) { self = .integer(number) }
  package init(floatLiteral number: Double) { self = .real(number) }
  package init(booleanLiteral flag: Bool) { self = .bool(flag) }
  package init(nilLiteral: ()) { self = .null }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral members: (String, JSON)...) { self = .object(Dictionary(members) { $1 }) }
}

extension JSON {
  /// The members of an object.
  package var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
}

extension JSON: CustomStringConvertible {
  package var description: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "not JSON"
  }
}
