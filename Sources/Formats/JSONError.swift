/// Why a JSON document was refused.
package struct JSONError: Error, Equatable, Sendable {
  /// `empty`, `too_large`, `byte_order_mark`, `invalid_utf8`, `invalid_json`, `trailing_bytes`, `depth`, `duplicate_key`,
  /// `number_precision`, `lone_surrogate` or `out_of_memory`.
  package let code: String
  /// A sentence for people, with the offending text.
  package let detail: String
  /// The byte offset of the fault; `nil` where it is unknown.
  package let offset: Int?
  /// The line of the fault, counted from 1; `nil` where it is unknown.
  package let line: Int?
  /// The column of the fault in bytes, counted from 1; `nil` where it is unknown.
  package let column: Int?

  init(_ code: String, _ detail: String) {
    self.code = code
    self.detail = detail
    (offset, line, column) = (nil, nil, nil)
  }

  /// A fault at a byte offset; finding its line scans every byte before it.
  init(_ code: String, _ detail: String, at offset: Int, in bytes: UnsafeRawBufferPointer) {
    self.code = code
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
    unsafe JSONError("depth", "objects and arrays lie more than \(maxDepth) deep within each other", at: offset, in: bytes)
  }
}
