/// Locates and explains the syntax error of a document: a slow parser of RFC 8259's grammar, used only after simdjson has refused it.
///
/// It keeps its own stack, so depth needs no recursion. `@safe`: each index is checked against the count before use.
@safe
struct JSONFaultFinder {
  private enum Wanted: String {
    case value = "a value"
    case valueOrEnd = "a value or ]"
    case key = "a key in quotes"
    case keyOrEnd = "a key in quotes or }"
    case colon = "a colon"
    case commaOrEnd = "a comma or the end of the list"
    case nothing = "nothing more"
  }

  private let bytes: UnsafeRawBufferPointer
  private let count: Int
  private let maxDepth: Int
  private var place = 0
  private var wanted = Wanted.value
  /// The pending closing brackets, innermost last.
  private var closers: [UInt8] = []

  init(_ bytes: UnsafeRawBufferPointer, maxDepth: Int) {
    unsafe self.bytes = unsafe bytes
    count = bytes.count
    self.maxDepth = maxDepth
  }

  /// The first fault, or `nil` if there is none.
  consuming func find() -> JSONError? {
    if let offset = unsafe firstInvalidUTF8(bytes) { return fault(.invalidUTF8, "the byte is not valid UTF-8", at: offset) }
    do throws(JSONError) {
      while try step() {}
      return nil
    } catch {
      return error
    }
  }

  /// Reads one token; false at the end of a complete document.
  private mutating func step() throws(JSONError) -> Bool {
    skipSpace()
    guard place < count else { return try end() }
    let byte = unsafe bytes[place]
    switch wanted {
    case .nothing: throw fault(.trailingBytes, "the document has ended, but \(shown(byte)) follows")
    case .colon: try take(byte, if: byte == UInt8(ascii: ":"), then: .value)
    case .commaOrEnd: try commaOrEnd(byte)
    case .keyOrEnd where byte == UInt8(ascii: "}"), .valueOrEnd where byte == UInt8(ascii: "]"): close()
    case .key, .keyOrEnd:
      guard byte == UInt8(ascii: "\"") else { throw unexpected(byte) }
      try string()
      wanted = .colon
    case .value, .valueOrEnd: try value(byte)
    }
    return true
  }

  private func end() throws(JSONError) -> Bool {
    if wanted == .nothing { return false }
    // White space alone counts as an empty document.
    if closers.isEmpty { throw fault(.empty, "the document has only white space", at: 0) }
    throw fault(.invalidJSON, "the document ends where \(wanted.rawValue) is expected")
  }

  private mutating func skipSpace() {
    while place < count, unsafe bytes[place] == 0x20 || bytes[place] == 0x0A || bytes[place] == 0x0D || bytes[place] == 0x09 { place += 1 }
  }

  private mutating func take(_ byte: UInt8, if isRight: Bool, then next: Wanted) throws(JSONError) {
    guard isRight else { throw unexpected(byte) }
    place += 1
    wanted = next
  }

  private mutating func commaOrEnd(_ byte: UInt8) throws(JSONError) {
    if byte == closers.last { return close() }
    try take(byte, if: byte == UInt8(ascii: ","), then: closers.last == UInt8(ascii: "}") ? .key : .value)
  }

  private mutating func open(_ closer: UInt8, _ next: Wanted) throws(JSONError) {
    guard closers.count < maxDepth else { throw unsafe .depth(maxDepth, at: place, in: bytes) }
    closers.append(closer)
    place += 1
    wanted = next
  }

  private mutating func close() {
    closers.removeLast()
    place += 1
    valueIsRead()
  }

  private mutating func valueIsRead() { wanted = closers.isEmpty ? .nothing : .commaOrEnd }

  private mutating func value(_ byte: UInt8) throws(JSONError) {
    switch byte {
    case UInt8(ascii: "{"): return try open(UInt8(ascii: "}"), .keyOrEnd)
    case UInt8(ascii: "["): return try open(UInt8(ascii: "]"), .valueOrEnd)
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    case UInt8(ascii: "N"), UInt8(ascii: "I"): throw fault(.invalidJSON, "JSON has neither NaN nor Infinity; write null")
    default: throw unexpected(byte)
    }
    valueIsRead()
  }

  private mutating func word(_ word: StaticString) throws(JSONError) {
    for index in 0..<word.utf8CodeUnitCount {
      guard place + index < count, unsafe bytes[place + index] == word.utf8Start[index] else {
        throw fault(.invalidJSON, "expected \(word)")
      }
    }
    place += word.utf8CodeUnitCount
    try endOfToken()
  }

  private mutating func string() throws(JSONError) {
    let start = place
    place += 1
    while place < count {
      switch unsafe bytes[place] {
      case UInt8(ascii: "\""):
        place += 1
        return
      case UInt8(ascii: "\\"): try escape()
      case 0..<0x20: throw fault(.invalidJSON, "a control character in a string must be escaped")
      default: place += 1
      }
    }
    throw fault(.invalidJSON, "the string is not closed", at: start)
  }

  private mutating func escape() throws(JSONError) {
    guard place + 1 < count else { throw fault(.invalidJSON, "the document ends inside an escape") }
    switch unsafe bytes[place + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
      UInt8(ascii: "r"), UInt8(ascii: "t"):
      place += 2
    case UInt8(ascii: "u"):
      guard unsafe JSONEscape.unit(at: place, in: bytes) != nil else { throw fault(.invalidJSON, "\\u needs four hexadecimal digits") }
      guard let length = unsafe JSONEscape.length(at: place, in: bytes) else { throw unsafe JSONEscape.error(at: place, in: bytes) }
      place += length
    default: throw fault(.invalidJSON, "JSON has no such escape")
    }
  }

  /// `-? (0 | [1-9] [0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  private mutating func number() throws(JSONError) {
    let token = unsafe JSONNumber.token(at: place, in: bytes)
    let start = place
    if unsafe bytes[place] == UInt8(ascii: "-") { place += 1 }
    if isNext(UInt8(ascii: "0")) { place += 1 } else { try digits() }
    if isNext(UInt8(ascii: ".")) {
      place += 1
      try digits()
    }
    if isNext(UInt8(ascii: "e")) || isNext(UInt8(ascii: "E")) {
      place += 1
      if isNext(UInt8(ascii: "+")) || isNext(UInt8(ascii: "-")) { place += 1 }
      try digits()
    }
    guard place == start + token.count else { throw fault(.invalidJSON, "the number is not a valid JSON number", at: start) }
    try endOfToken()
    guard unsafe JSONNumber.survives(token) else { throw unsafe JSONNumber.error(token, at: start, in: bytes) }
  }

  private func isNext(_ byte: UInt8) -> Bool { unsafe place < count && bytes[place] == byte }

  private mutating func digits() throws(JSONError) {
    let start = place
    while place < count, unsafe bytes[place] &- UInt8(ascii: "0") < 10 { place += 1 }
    guard place > start else { throw fault(.invalidJSON, "a digit is expected") }
  }

  /// A word or a number must be followed by space, a separator or the document's end.
  private func endOfToken() throws(JSONError) {
    guard place < count else { return }
    switch unsafe bytes[place] {
    case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"), UInt8(ascii: "\""):
      return
    default: throw fault(.invalidJSON, unsafe "found \(shown(bytes[place])) where the value should end")
    }
  }

  private func unexpected(_ byte: UInt8) -> JSONError { fault(.invalidJSON, "found \(shown(byte)), expected \(wanted.rawValue)") }

  private func shown(_ byte: UInt8) -> String {
    (0x21...0x7E).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
  }

  private func fault(_ kind: JSONError.Code, _ detail: String, at offset: Int? = nil) -> JSONError {
    unsafe JSONError(kind, detail, at: offset ?? place, in: bytes)
  }
}
