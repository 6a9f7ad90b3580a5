/// Why a JSON document was refused.
package struct JSONError: Error, Equatable, Sendable {
  /// Why; each has a page of its own under `/problems`.
  package enum Code: String, CaseIterable, Sendable {
    case empty, depth
    case tooLarge = "too_large"
    case byteOrderMark = "byte_order_mark"
    case invalidUTF8 = "invalid_utf8"
    case invalidJSON = "invalid_json"
    case trailingBytes = "trailing_bytes"
    case duplicateKey = "duplicate_key"
    case numberPrecision = "number_precision"
    case loneSurrogate = "lone_surrogate"
    case outOfMemory = "out_of_memory"
  }

  /// The kind of fault.
  package let kind: Code
  /// The kind as clients read it, such as `invalid_json`.
  package var code: String { kind.rawValue }
  /// A sentence for people, with the offending text.
  package let detail: String
  /// The byte offset of the fault; `nil` where it is unknown.
  package let offset: Int?
  /// The line of the fault, counted from 1; `nil` where it is unknown.
  package let line: Int?
  /// The column of the fault in bytes, counted from 1; `nil` where it is unknown.
  package let column: Int?

  init(_ kind: Code, _ detail: String) {
    self.kind = kind
    self.detail = detail
    (offset, line, column) = (nil, nil, nil)
  }

  /// A fault at a byte offset; finding its line scans every byte before it.
  init(_ kind: Code, _ detail: String, at offset: Int, in bytes: UnsafeRawBufferPointer) {
    self.kind = kind
    self.detail = detail
    self.offset = offset
    var line = 1
    var lineStart = 0
    for index in 0..<min(offset, bytes.count) where unsafe bytes[index] == UInt8(ascii: "\n") {
      line += 1
      lineStart = index + 1
    }
    self.line = line
    column = offset - lineStart + 1
  }

  static func depth(_ maxDepth: Int, at offset: Int, in bytes: UnsafeRawBufferPointer) -> JSONError {
    unsafe JSONError(.depth, "objects and arrays are nested more than \(maxDepth) deep", at: offset, in: bytes)
  }
}
