@_spi(_Unicode) internal import Swift

/// Whether UTF-8 is in Unicode Normalization Form C (UAX #15). False for bytes that are not UTF-8.
package func isNFC(_ bytes: ByteView) -> Bool {
  let bytes = unsafe bytes.unsafeBytes
  if unsafe isBelowCombining(bytes) { return true }
  let text = unsafe String(decoding: bytes, as: UTF8.self)
  var place = 0
  for scalar in text._nfc {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
      guard place < bytes.count, unsafe bytes[place] == byte else { return false }
      place &+= 1
    }
  }
  return place == bytes.count
}

/// Appends UTF-8 in Unicode Normalization Form C. Bytes that are not UTF-8 become U+FFFD: validate first.
package func normalizedNFC(_ bytes: ByteView, into buffer: ByteBuffer) {
  let bytes = unsafe bytes.unsafeBytes
  if unsafe isBelowCombining(bytes) { return unsafe buffer.append(bytes) }
  let text = unsafe String(decoding: bytes, as: UTF8.self)
  for scalar in text._nfc { buffer.append(scalar) }
}

extension ByteBuffer {
  /// Writes a scalar in UTF-8.
  package func append(_ scalar: Unicode.Scalar) {
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
  }
}

/// The canonical decomposition (NFD) without combining marks.
func withoutMarks(_ text: String) -> [Unicode.Scalar] { text._nfd.filter { $0.properties.canonicalCombiningClass == .notReordered } }

/// Whether all scalars are below U+0300 (lead byte 0xCC), where none combines: true of most text, and checked 8 bytes a step.
private func isBelowCombining(_ bytes: UnsafeRawBufferPointer) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  var index = 0
  while index &+ 8 <= bytes.count {
    let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    // 0x4C + 0x34 is 0x80: the sum's top bit is set for seven-bit values from 0x4C on; it counts only if the byte's own top bit is set.
    if ((word & (ones &* 0x7F)) &+ ones &* 0x34) & word & (ones &* 0x80) != 0 { return false }
    index &+= 8
  }
  while index < bytes.count {
    if unsafe bytes[index] >= 0xCC { return false }
    index &+= 1
  }
  return true
}
