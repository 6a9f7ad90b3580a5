package import Formats

/// The frame of every list that goes out as JSON: `{"items":[` … `],"next_cursor":…}`.
package enum ListFrame {
  private static let start: StaticString = "{\"items\":["

  package static func begin(_ json: ByteBuffer) { json.append(start) }

  /// Ends the rows; the object stays open for what stands beside them.
  ///
  /// - Parameter cursor: of the next page; `nil` when nothing follows, and then it is `null`: dashboards need the key.
  package static func endRows(_ json: ByteBuffer, cursor: String?) {
    json.append("],\"next_cursor\":" as StaticString)
    if let cursor { json.append(jsonString: cursor) } else { json.append("null" as StaticString) }
  }

  package static func end(_ json: ByteBuffer, cursor: String? = nil) {
    endRows(json, cursor: cursor)
    json.append(0x7D)
  }

  /// Appends the one row of a whole list to `json`.
  package static func appendOnly(of list: ByteBuffer, to json: ByteBuffer) {
    let end = "],\"next_cursor\":null}".utf8.count
    unsafe list.withBytes { unsafe json.append(UnsafeRawBufferPointer(rebasing: $0[start.utf8CodeUnitCount..<$0.count - end])) }
  }
}
