internal import Assets
internal import Formats
internal import Records

/// Writes an HTML page; all text is escaped, and the page loads nothing but its style sheet.
final class HTMLWriter {
  private let buffer: ByteBuffer

  init(_ buffer: ByteBuffer) { self.buffer = buffer }

  /// A whole page with the common style sheet.
  func page(_ title: String, _ body: () -> Void) {
    buffer.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
    text(title)
    buffer.append("</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>")
    buffer.append(Assets.required("web/docs.css"))
    buffer.append("</style></head><body><main>")
    element("h1") { text(title) }
    body()
    buffer.append("</main></body></html>\n")
  }

  func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ body: () -> Void) {
    buffer.append("<\(name)")
    for (key, value) in attributes {
      buffer.append(" \(key)=\"")
      text(value)
      buffer.append("\"")
    }
    buffer.append(">")
    body()
    buffer.append("</\(name)>")
  }

  func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text content: String) {
    element(name, attributes) { text(content) }
  }

  /// A table of text cells; the first column is code.
  func table(_ heads: [String], _ rows: [[String]]) {
    element("div", ["class": "table"]) {
      element("table") {
        element("tr") { for head in heads { element("th", text: head) } }
        for row in rows {
          element("tr") {
            for (column, cell) in row.enumerated() {
              element("td") { if column == 0 { element("code", text: cell) } else { text(cell) } }
            }
          }
        }
      }
    }
  }

  func text(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "<"): buffer.append("&lt;")
      case UInt8(ascii: ">"): buffer.append("&gt;")
      case UInt8(ascii: "&"): buffer.append("&amp;")
      case UInt8(ascii: "\""): buffer.append("&quot;")
      default: buffer.append(byte)
      }
    }
  }
}
