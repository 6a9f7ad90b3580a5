internal import CSimdjson

/// Whether bytes are valid UTF-8 (Unicode 3.9, D92: no surrogates, nothing overlong).
func isValidUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard let start = bytes.baseAddress, bytes.count > 0 else { return true }
  return unsafe csimdjson_valid_utf8(start.assumingMemoryBound(to: UInt8.self), bytes.count) != 0
}

/// The offset of the first byte that is not part of valid UTF-8, or `nil` if all are.
func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
  do throws(UTF8.ValidationError) {
    _ = try unsafe UTF8Span(validating: bytes.assumingMemoryBound(to: UInt8.self).span)
    return nil
  } catch {
    return error.byteOffsets.lowerBound
  }
}
