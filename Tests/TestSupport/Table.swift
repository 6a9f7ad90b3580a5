/// The rows of a CSV text (RFC 4180), read the plain way: independent of our own reader.
package func table(_ text: String) -> [[String]] {
  var rows: [[String]] = []
  var row: [String] = []
  var field: [UInt8] = []
  var isQuoted = false
  var wasQuote = false
  func endField() {
    row.append(String(decoding: field, as: UTF8.self))
    field = []
  }
  for byte in text.utf8 {
    if isQuoted {
      if byte == 0x22 { (isQuoted, wasQuote) = (false, true) } else { field.append(byte) }
      continue
    }
    switch byte {
    case 0x22:
      if wasQuote { field.append(byte) }
      isQuoted = true
    case 0x2C: endField()
    case 0x0D: break
    case 0x0A:
      endField()
      rows.append(row)
      row = []
    default: field.append(byte)
    }
    wasQuote = false
  }
  if !field.isEmpty || !row.isEmpty {
    endField()
    rows.append(row)
  }
  return rows
}
