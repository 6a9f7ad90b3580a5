/// Writes CSV fields (RFC 4180), quoted only where needed.
extension ByteBuffer {
  /// Writes a CSV field, quoted if it holds a delimiter, a quote or a line end, or starts or ends with a space.
  func append(csvField field: UnsafeRawBufferPointer, delimiter: UInt8 = UInt8(ascii: ",")) {
    guard field.count > 0 else { return }
    let special = ByteSet(delimiter, UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    let space = UInt8(ascii: " ")
    if unsafe special.firstIndex(in: field, from: 0) == field.count && field[0] != space && field[field.count &- 1] != space {
      unsafe append(field)
    } else {
      unsafe append(quoted: field)
    }
  }

  /// Writes a CSV field that no spreadsheet reads as a formula: a leading `=`, `+`, `-`, `@`, TAB or CR gets `'` in front, unless the
  /// field is a plain number.
  func append(csvSafe field: UnsafeRawBufferPointer, delimiter: UInt8 = UInt8(ascii: ",")) {
    guard unsafe isFormula(field) else { return unsafe append(csvField: field, delimiter: delimiter) }
    let safe = ByteBuffer(capacity: field.count &+ 1)
    safe.append(UInt8(ascii: "'"))
    unsafe safe.append(field)
    unsafe safe.withBytes { unsafe append(csvField: $0, delimiter: delimiter) }
  }

  private func append(quoted field: UnsafeRawBufferPointer) {
    append(UInt8(ascii: "\""))
    let quotes = ByteSet(UInt8(ascii: "\""), UInt8(ascii: "\""))
    var start = 0
    while start < field.count {
      let end = unsafe quotes.firstIndex(in: field, from: start)
      unsafe append(UnsafeRawBufferPointer(rebasing: field[start..<end]))
      if end < field.count { append("\"\"" as StaticString) }
      start = end &+ 1
    }
    append(UInt8(ascii: "\""))
  }

  private func isFormula(_ field: UnsafeRawBufferPointer) -> Bool {
    guard field.count > 0 else { return false }
    switch unsafe field[0] {
    case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): return true
    case UInt8(ascii: "+"), UInt8(ascii: "-"): return unsafe !isPlainNumber(field)
    default: return false
    }
  }

  /// A sign, digits, and perhaps a point and more digits.
  private func isPlainNumber(_ field: UnsafeRawBufferPointer) -> Bool {
    var digits = 0
    var points = 0
    for index in 1..<field.count {
      let byte = unsafe field[index]
      if byte &- UInt8(ascii: "0") < 10 {
        digits &+= 1
      } else if byte == UInt8(ascii: "."), digits > 0 {
        points &+= 1
      } else {
        return false
      }
    }
    return unsafe digits > 0 && points <= 1 && field[field.count &- 1] != UInt8(ascii: ".")
  }
}
