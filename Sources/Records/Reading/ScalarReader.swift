package import Formats
internal import SQL

/// One value that has passed its column's checks.
package enum Scalar {
  /// An integer in its column's range; booleans are 0 or 1, timestamps Unix milliseconds.
  case integer(Int64)
  /// A finite double in its column's range.
  case real(Double)
  /// Bytes in the input or in the reader's scratch buffer, valid until its next value.
  case text(ByteView)
}

/// Why a value was refused: a stable code, a sentence and valid alternatives.
package struct Refusal: Error {
  /// Stable, for programs: `out_of_range`, `not_a_word` …
  package let code: String
  /// A sentence with the value and what is wanted.
  package let detail: String
  /// Valid alternatives; empty where they are more than 40.
  package var allowed: [String] = []

  /// A refusal with a stable code and a sentence.
  package init(code: String, detail: String, allowed: [String] = []) {
    self.code = code
    self.detail = detail
    self.allowed = allowed
  }
}

/// Checks single values against their column, from JSON or from text (CSV cells, query parameters). One per thread.
package final class ScalarReader {
  private let scratch = ByteBuffer(capacity: 256)
  /// The last `period` read, with its end and precision; `nil` if there was none.
  private(set) var period: EDTFDate?

  /// A reader with an empty buffer.
  package init() {}

  func forgetPeriod() { period = nil }

  /// Reads a JSON value; its JSON type must match the column's. Throws `Refusal` for a value that the column does not take.
  package func read(_ column: Column, _ node: JSONNode) throws(Refusal) -> Scalar {
    switch column.kind {
    case .integer:
      // 4.0 is a whole number too: JSON Schema says so, and tools write integer columns with gaps that way.
      guard let value = node.kind == .real ? Int64(exactly: node.real) : node.kind == .integer ? node.integer : nil else {
        throw wrongType(column, node, "a whole number")
      }
      return .integer(try inRange(column, value))
    case .real:
      guard node.kind == .integer || node.kind == .real else { throw wrongType(column, node, "a number") }
      return .real(try inRange(column, node.real))
    case .boolean:
      guard node.kind == .bool else { throw wrongType(column, node, "true or false") }
      return .integer(node.bool ? 1 : 0)
    default:
      guard node.kind == .string else { throw wrongType(column, node, "text") }
      return try readText(column, node.utf8)
    }
  }

  /// Reads a value written as text; `1` and `0` are booleans too. Throws `Refusal` for a value that the column does not take.
  package func read(_ column: Column, _ text: ByteView) throws(Refusal) -> Scalar {
    switch column.kind {
    case .integer:
      guard let value = Int64(text.string) else { throw malformed(column, text, "a whole number") }
      return .integer(try inRange(column, value))
    case .real: return .real(try inRange(column, try real(column, text)))
    case .boolean:
      switch text.string {
      case "true", "1": return .integer(1)
      case "false", "0": return .integer(0)
      default: throw malformed(column, text, "true or false", allowed: ["true", "false"])
      }
    default: return try readText(column, text)
    }
  }

  private func readText(_ column: Column, _ text: ByteView) throws(Refusal) -> Scalar {
    switch column.kind {
    case .text: return .text(try freeText(column, text))
    case .word:
      guard let words = column.vocabulary, words.contains(text) else { throw notAWord(column, text) }
      return .text(text)
    case .handle: return .text(try handle(text))
    case .date:
      guard CalendarDate(iso: text) != nil else { throw malformed(column, text, "a date as YYYY-MM-DD") }
      return .text(text)
    case .period: return .text(try periodStart(text))
    case .timestamp:
      do { return .integer(try Timestamp.parse(text)) } catch { throw Refusal(code: error.code, detail: error.detail) }
    case .url: return .text(try url(text))
    default:
      guard text.count > 0, text.count <= 300 else { throw Refusal(code: "bad_reference", detail: "a reference has 1 to 300 bytes") }
      return .text(text)
    }
  }

  // MARK: Kinds of text

  private func freeText(_ column: Column, _ text: ByteView) throws(Refusal) -> ByteView {
    let plain = plainText(text)
    var (scalars, visible, isASCII) = (plain.bytes, plain.isVisible, true)
    for index in plain.bytes..<text.count {
      let byte = text[index]
      if byte & 0xC0 != 0x80 { scalars += 1 }
      if byte >= 0x80 { isASCII = false }
      if byte > 0x20 { visible = true }
      guard byte >= 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else {
        throw Refusal(code: "control_character", detail: "text must not contain the control character U+00\(hex(byte))")
      }
    }
    guard visible else { throw Refusal(code: "empty", detail: "the text is empty; omit the field or send null") }
    guard scalars <= column.max else {
      throw Refusal(code: "too_long", detail: "\(scalars) characters; at most \(column.max) are allowed")
    }
    // ASCII is always NFC.
    guard !isASCII else { return text }
    scratch.clear(keeping: 1 << 16)
    normalizedNFC(text, into: scratch)
    return scratch.bytes
  }

  /// The length of the leading ASCII run without control characters, eight bytes a step, and whether it has a visible character.
  private func plainText(_ text: ByteView) -> (bytes: Int, isVisible: Bool) {
    let (ones, spaces): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x2020_2020_2020_2020)
    var (index, isVisible) = (0, false)
    while index &+ 8 <= text.count {
      let word = text.word(at: index)
      // Finds bytes from 0x80 (top bit) and bytes below a space (the subtraction borrows).
      if (word | ((word &- spaces) & ~word)) & (ones &* 0x80) != 0 { break }
      if word != spaces { isVisible = true }
      index &+= 8
    }
    return (index, isVisible)
  }

  private func handle(_ text: ByteView) throws(Refusal) -> ByteView {
    let isHandle = text.allSatisfy { byte in
      (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
    guard isHandle, (1...64).contains(text.count) else {
      throw Refusal(
        code: "bad_handle", detail: "\(quoted(text)) is not a handle: 1 to 64 of A-Z a-z 0-9 - . _")
    }
    // A handle in the form of an id would be read as a reference to that record.
    guard !Catalogue.isID(text) else {
      throw Refusal(code: "bad_handle", detail: "\(quoted(text)) has the form of an id")
    }
    guard !ReservedHandles.contains(text) else {
      throw Refusal(
        code: "bad_handle", detail: "\(quoted(text)) is reserved for the register's paths, so the record could not be read there")
    }
    return text
  }

  private func periodStart(_ text: ByteView) throws(Refusal) -> ByteView {
    do {
      let interval = try EDTFDate.parse(text)
      period = interval
      scratch.clear()
      interval.start.append(to: scratch)
      return scratch.bytes
    } catch { throw Refusal(code: error.code, detail: error.detail) }
  }

  private func url(_ text: ByteView) throws(Refusal) -> ByteView {
    guard text.count <= 2_048 else { throw Refusal(code: "too_long", detail: "a URL has at most 2048 bytes") }
    let known = text.prefix(8).equalsIgnoringCase("https://") || text.prefix(7).equalsIgnoringCase("http://")
    guard known, text.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x22 && $0 != 0x3C && $0 != 0x3E }) else {
      throw Refusal(code: "bad_url", detail: "\(quoted(text)) is not an http or https URL")
    }
    return text
  }

  // MARK: Numbers

  private func real(_ column: Column, _ text: ByteView) throws(Refusal) -> Double {
    var digits = 0
    for index in 0..<text.count {
      switch text[index] {
      // Leading zeros are not significant digits.
      case 0x30: digits += digits > 0 ? 1 : 0
      case 0x31...0x39: digits += 1
      case 0x2B, 0x2D, 0x2E, 0x45, 0x65: continue
      default: throw malformed(column, text, "a number such as -2.5")
      }
    }
    guard let value = Double(text.string), value.isFinite else {
      throw malformed(column, text, "a number such as -2.5")
    }
    guard digits <= 17 else {
      throw Refusal(code: "number_precision", detail: "\(quoted(text)) has more digits than a double holds (17)")
    }
    return value
  }

  private func inRange(_ column: Column, _ value: Int64) throws(Refusal) -> Int64 {
    guard column.integers.contains(value) else {
      throw Refusal(
        code: "out_of_range", detail: "\(value) is not in \(column.integers.lowerBound)…\(column.integers.upperBound)")
    }
    return value
  }

  private func inRange(_ column: Column, _ value: Double) throws(Refusal) -> Double {
    guard column.reals.contains(value) else {
      throw Refusal(code: "out_of_range", detail: "\(value) is not in \(column.reals.lowerBound)…\(column.reals.upperBound)")
    }
    return value
  }

  // MARK: Refusals

  private func wrongType(_ column: Column, _ node: JSONNode, _ wanted: String) -> Refusal {
    if column.kind == .integer, node.kind == .real {
      return Refusal(code: "wrong_type", detail: "expected a whole number, not \(node.real)")
    }
    let isCode = column.kind == .word && node.kind == .integer
    let hint = isCode ? "; codes are text with leading zeros, \"042\" and not 42" : ""
    return Refusal(code: "wrong_type", detail: "expected \(wanted), not \(node.kind.word)\(hint)")
  }

  private func malformed(_ column: Column, _ text: ByteView, _ wanted: String, allowed: [String] = []) -> Refusal {
    Refusal(code: "malformed_value", detail: "\(quoted(text)) is not \(wanted)", allowed: allowed)
  }

  private func notAWord(_ column: Column, _ text: ByteView) -> Refusal {
    let words = column.words
    let found = text.prefix(64).string
    let all = column.vocabulary.map { "; /v1/vocabularies/\($0.name) lists them" } ?? ""
    let hint = column.vocabulary?.meant(by: found).map { "; did you mean \"\($0)\"?" } ?? all
    return Refusal(
      code: "not_a_word", detail: "\(quoted(text)) is not one of \(column.vocabulary?.name ?? "the words")\(hint)",
      allowed: words.count <= 40 ? words : [])
  }

  private func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }
}

/// The text in quotes for error messages, cut after 60 bytes.
package func quoted(_ text: ByteView) -> String {
  let shown = text.prefix(60).string
  return "\"\(shown)\(text.count > 60 ? "…" : "")\""
}

extension JSONNode.Kind {
  /// The kind in words, for error messages.
  package var word: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "text"
    case .integer, .real: "a number"
    case .bool: "true or false"
    case .null: "null"
    }
  }
}
