/// Appends text folded for comparison without case and marks: lower case, no accents, `ß` as `ss`.
///
/// ASCII takes one step a byte; other text is decomposed (NFD), which is slower.
package func appendFolded(_ bytes: ByteView, to buffer: ByteBuffer) {
  let bytes = unsafe bytes.unsafeBytes
  let start = buffer.count
  buffer.reserve(bytes.count)
  for index in 0..<bytes.count {
    let byte = unsafe bytes[index]
    guard byte < 0x80 else {
      buffer.truncate(to: start)
      return unsafe appendDecomposed(bytes, to: buffer)
    }
    buffer.append(byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte)
  }
}

private func appendDecomposed(_ bytes: UnsafeRawBufferPointer, to buffer: ByteBuffer) {
  for scalar in withoutMarks(unsafe String(decoding: bytes, as: UTF8.self)) {
    let spelled = scalar.isASCII ? "" : spelling(scalar)
    buffer.append(spelled.isEmpty ? scalar.properties.lowercaseMapping : spelled)
  }
}
