/// Reads JSON (RFC 8259) the plain way, byte by byte: independent of our own parser, and fast enough for documents of megabytes.
struct JSONReader {
  /// What lies at `offset` is no JSON.
  struct NotJSON: Error {
    let offset: Int
  }

  private let bytes: [UInt8]
  private var position = 0

  /// - Throws: `NotJSON` for anything but one value with white space around it.
  static func read(_ bytes: [UInt8]) throws -> JSON {
    var reader = JSONReader(bytes: bytes)
    let value = try reader.value()
    reader.skipSpace()
    guard reader.position == bytes.count else { throw NotJSON(offset: reader.position) }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// The next byte; 0, which begins nothing, at the end.
  private var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

  private mutating func skipSpace() { while [0x20, 0x0A, 0x0D, 0x09].contains(next) { position += 1 } }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ text: StaticString) throws {
    for byte in "\(text)".utf8 { guard take(byte) else { throw NotJSON(offset: position) } }
  }

  private mutating func value() throws -> JSON {
    skipSpace()
    switch next {
    case 0x7B: return try object()
    case 0x5B: return try array()
    case 0x22: return .string(try string())
    case 0x74:
      try expect("true")
      return .bool(true)
    case 0x66:
      try expect("false")
      return .bool(false)
    case 0x6E:
      try expect("null")
      return .null
    default: return try number()
    }
  }

  private mutating func object() throws -> JSON {
    try expect("{")
    var members: [String: JSON] = [:]
    skipSpace()
    guard !take(0x7D) else { return .object(members) }
    repeat {
      skipSpace()
      let key = try string()
      skipSpace()
      try expect(":")
      members[key] = try value()
      skipSpace()
    } while take(0x2C)
    try expect("}")
    return .object(members)
  }

  private mutating func array() throws -> JSON {
    try expect("[")
    var elements: [JSON] = []
    skipSpace()
    guard !take(0x5D) else { return .array(elements) }
    repeat {
      elements.append(try value())
      skipSpace()
    } while take(0x2C)
    try expect("]")
    return .array(elements)
  }

  // MARK: Numbers

  /// A number without a fraction is an integer, however it is written.
  private mutating func number() throws -> JSON {
    let start = position
    _ = take(0x2D)
    if !take(0x30) { try digits() }
    if take(0x2E) { try digits() }
    if take(0x65) || take(0x45) {
      _ = take(0x2B) || take(0x2D)
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let integer = Int64(text) { return .integer(integer) }
    guard let real = Double(text) else { throw NotJSON(offset: start) }
    return Int64(exactly: real).map { .integer($0) } ?? .real(real)
  }

  private mutating func digits() throws {
    guard (0x30...0x39).contains(next) else { throw NotJSON(offset: position) }
    while (0x30...0x39).contains(next) { position += 1 }
  }

  // MARK: Strings

  private mutating func string() throws -> String {
    try expect("\"")
    var start = position
    var text: [UInt8] = []
    while position < bytes.count {
      switch bytes[position] {
      case 0x22:
        text += bytes[start..<position]
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else { throw NotJSON(offset: start) }
        return string
      case 0x5C:
        text += bytes[start..<position]
        position += 1
        text += try escape().utf8
        start = position
      case 0..<0x20: throw NotJSON(offset: position)
      default: position += 1
      }
    }
    throw NotJSON(offset: position)
  }

  private mutating func escape() throws -> String {
    let letter = next
    position += 1
    switch letter {
    case 0x22, 0x5C, 0x2F: return String(UnicodeScalar(letter))
    case 0x62: return "\u{8}"
    case 0x66: return "\u{C}"
    case 0x6E: return "\n"
    case 0x72: return "\r"
    case 0x74: return "\t"
    case 0x75: return try unicode()
    default: throw NotJSON(offset: position - 1)
    }
  }

  /// One `\u` escape, or two that are a surrogate pair.
  private mutating func unicode() throws -> String {
    let unit = try hex()
    guard unit & 0xFC00 == 0xD800 else { return try scalar(unit) }
    try expect("\\u")
    let low = try hex()
    guard low & 0xFC00 == 0xDC00 else { throw NotJSON(offset: position) }
    return try scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
  }

  private func scalar(_ code: UInt32) throws -> String {
    guard let scalar = UnicodeScalar(code) else { throw NotJSON(offset: position) }
    return String(scalar)
  }

  private mutating func hex() throws -> UInt32 {
    let digits = bytes[position..<min(position + 4, bytes.count)]
    guard digits.count == 4, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else { throw NotJSON(offset: position) }
    position += 4
    return code
  }
}
