// The forms that other targets call. Those on raw pointers, which do the work, stay within this target.

extension ByteBuffer {
  /// Writes UTF-8 as a JSON string: quoted, with quotes, backslashes and control characters escaped.
  ///
  /// Bytes from 0x80 on are copied: the caller guarantees that the text is UTF-8.
  package func append(jsonString text: ByteView) { unsafe append(jsonString: text.unsafeBytes) }

  /// Writes UTF-8 escaped for a JSON string, without surrounding quotes, for strings assembled from pieces.
  package func append(jsonFragment text: ByteView) { unsafe append(jsonFragment: text.unsafeBytes) }

  /// Writes a CSV field, quoted if it holds a delimiter, a quote or a line end, or starts or ends with a space.
  package func append(csvField field: ByteView, delimiter: UInt8 = UInt8(ascii: ",")) {
    unsafe append(csvField: field.unsafeBytes, delimiter: delimiter)
  }

  /// Writes a CSV field that no spreadsheet reads as a formula: a leading `=`, `+`, `-`, `@`, TAB or CR gets `'` in front, unless the
  /// field is a plain number.
  package func append(csvSafe field: ByteView, delimiter: UInt8 = UInt8(ascii: ",")) {
    unsafe append(csvSafe: field.unsafeBytes, delimiter: delimiter)
  }
}

extension CalendarDate {
  /// Reads `YYYY-MM-DD`; `nil` for any other form and for days that do not exist.
  package init?(iso text: ByteView) { unsafe self.init(iso: text.unsafeBytes) }
}

extension Identifier {
  /// Reads an identifier with this prefix.
  ///
  /// - Parameter prefix: e.g. `evt`; compared with case, while the 13 characters after it may be of either case.
  /// - Returns: the key, or `nil` for any other form or a number above 63 bits.
  package static func parse(_ text: ByteView, prefix: StaticString) -> Int64? { unsafe parse(text.unsafeBytes, prefix: prefix) }

  /// The prefix of a well-formed identifier (1 to 8 letters `a-z`), or `nil`.
  package static func prefix(of text: ByteView) -> String? { unsafe prefix(of: text.unsafeBytes) }

  /// The key of an identifier with any prefix, or `nil` for text of another form.
  package static func key(of text: ByteView) -> Int64? { unsafe key(of: text.unsafeBytes) }
}

/// The offset of the first byte that is not part of valid UTF-8, or `nil` if all are.
package func firstInvalidUTF8(_ bytes: ByteView) -> Int? { unsafe firstInvalidUTF8(bytes.unsafeBytes) }
