/// Why a JSON document was refused.
package struct JSONError: Error, Equatable, Sendable {
  /// `empty`, `too_large`, `byte_order_mark`, `invalid_utf8`, `invalid_json`, `trailing_bytes`, `depth`, `duplicate_key`,
  /// `number_precision`, `lone_surrogate` or `out_of_memory`.
  package let code: String
  /// A sentence: what is wrong, and with what.
  package let detail: String
  /// Bytes in front of the fault.
  package let offset: Int?
  /// Counted from 1.
  package let line: Int?
  /// In bytes, counted from 1.
  package let column: Int?

  init(_ code: String, _ detail: String) {
    self.code = code
    self.detail = detail
    (offset, line, column) = (nil, nil, nil)
  }

  /// A fault at a place; counting its line costs one look at every byte before it.
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
