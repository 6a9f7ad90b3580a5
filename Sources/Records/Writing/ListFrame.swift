package import Formats

/// The JSON envelope of every list: `{"items":[` … `],"next_cursor":…}`.
package enum ListFrame {
  private static let start: StaticString = "{\"items\":["

  /// Opens the object and its `items`.
  package static func begin(_ json: ByteBuffer) { json.append(start) }

  /// Appends a whole list, without a next page, whose rows are a JSON array already.
  package static func append(array: [UInt8], to json: ByteBuffer) {
    begin(json)
    array.withByteView { json.append($0.dropFirst().dropLast()) }
    end(json)
  }

  /// Ends the rows and writes `next_cursor`; the object stays open for further members.
  ///
  /// - Parameter cursor: the next page's cursor; `nil` on the last page writes `null`, because dashboards need the key.
  package static func endRows(_ json: ByteBuffer, cursor: String?) {
    json.append("],\"next_cursor\":" as StaticString)
    if let cursor { json.append(jsonString: cursor) } else { json.append("null" as StaticString) }
  }

  /// Ends the rows and closes the object.
  ///
  /// - Parameter cursor: the next page's cursor; `nil` writes `null`.
  package static func end(_ json: ByteBuffer, cursor: String? = nil) {
    endRows(json, cursor: cursor)
    json.append(0x7D)
  }

  /// Appends the single row of a finished list to `json`, without the envelope.
  package static func appendOnly(of list: ByteBuffer, to json: ByteBuffer) {
    let end = "],\"next_cursor\":null}".utf8.count
    list.withView { json.append($0[start.utf8CodeUnitCount..<$0.count - end]) }
  }
}
