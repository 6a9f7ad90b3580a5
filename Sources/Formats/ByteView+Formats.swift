// What this room does with bytes, for views of them.

extension ByteBuffer {
  /// Writes UTF-8 as a JSON string: quoted, with quotes, backslashes and control characters escaped.
  ///
  /// Bytes from 0x80 on are written as they are: that they are UTF-8 is the caller's to know.
  package func append(jsonString text: ByteView) { unsafe append(jsonString: text.unsafeBytes) }

  /// Writes UTF-8 escaped for a JSON string, without the quotes around it: for strings put together from pieces.
  package func append(jsonFragment text: ByteView) { unsafe append(jsonFragment: text.unsafeBytes) }

  /// Writes a field; in quotes if it holds a delimiter, a quote or a line end, or starts or ends with a space.
  package func append(csvField field: ByteView, delimiter: UInt8 = UInt8(ascii: ",")) {
    unsafe append(csvField: field.unsafeBytes, delimiter: delimiter)
  }

  /// Writes a field that a spreadsheet cannot take for a formula: `'` goes in front of `=`, `+`, `-`, `@`, TAB and CR, unless the field is a plain
  /// number.
  package func append(csvSafe field: ByteView, delimiter: UInt8 = UInt8(ascii: ",")) {
    unsafe append(csvSafe: field.unsafeBytes, delimiter: delimiter)
  }
}

extension CalendarDate {
  /// Reads `YYYY-MM-DD`; `nil` for any other form and for days that the calendar lacks.
  package init?(iso text: ByteView) { unsafe self.init(iso: text.unsafeBytes) }
}

extension EDTFDate {
  /// Reads a date of the forms that `EDTFDate` describes.
  package static func parse(_ text: ByteView) throws(DateError) -> EDTFDate { try unsafe parse(text.unsafeBytes) }
}

extension Timestamp {
  /// Reads a moment (RFC 3339): Unix milliseconds.
  package static func parse(_ text: ByteView) throws(DateError) -> Int64 { try unsafe parse(text.unsafeBytes) }
}

extension Identifier {
  /// Reads an identifier that must have this prefix.
  ///
  /// - Parameter prefix: e.g. `evt`; upper and lower case differ in it, but not in the 13 characters behind it.
  /// - Returns: the key, or `nil` for any other form or a number above 63 bits.
  package static func parse(_ text: ByteView, prefix: StaticString) -> Int64? { unsafe parse(text.unsafeBytes, prefix: prefix) }

  /// The prefix of a well-formed identifier (1 to 8 letters `a-z`), or `nil`.
  package static func prefix(of text: ByteView) -> String? { unsafe prefix(of: text.unsafeBytes) }

  /// The key of an identifier with any prefix, or `nil` for text of another form.
  package static func key(of text: ByteView) -> Int64? { unsafe key(of: text.unsafeBytes) }
}

/// Where the first byte stands that is no part of valid UTF-8, or `nil` if all are.
package func firstInvalidUTF8(_ bytes: ByteView) -> Int? { unsafe firstInvalidUTF8(bytes.unsafeBytes) }

/// Appends text as it is compared when case and marks do not count: small letters, without accents, `ß` as `ss`.
package func appendFolded(_ bytes: ByteView, to buffer: ByteBuffer) { unsafe appendFolded(bytes.unsafeBytes, to: buffer) }

/// Whether text is in normalization form C (Unicode Standard Annex 15).
package func isNFC(_ bytes: ByteView) -> Bool { unsafe isNFC(bytes.unsafeBytes) }

/// Appends text in normalization form C.
package func normalizedNFC(_ bytes: ByteView, into buffer: ByteBuffer) { unsafe normalizedNFC(bytes.unsafeBytes, into: buffer) }

extension SHA256 {
  /// Takes the next bytes in.
  package mutating func update(_ bytes: ByteView) { unsafe update(bytes.unsafeBytes) }
}

extension SHA512 {
  /// Takes the next bytes in.
  package mutating func update(_ bytes: ByteView) { unsafe update(bytes.unsafeBytes) }
}

extension CRC32 {
  /// Takes the next bytes in.
  package mutating func update(_ bytes: ByteView) { unsafe update(bytes.unsafeBytes) }
}

extension Deflater {
  /// Compresses the next bytes; what comes out so far is appended to `buffer`.
  package func write(_ bytes: ByteView, into buffer: ByteBuffer) { unsafe write(bytes.unsafeBytes, into: buffer) }
}

/// Appends `bytes` as one gzip stream (RFC 1952).
package func gzip(_ bytes: ByteView, into buffer: ByteBuffer, level: Int = 6) { unsafe gzip(bytes.unsafeBytes, into: buffer, level: level) }
