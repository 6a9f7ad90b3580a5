/// The offset of the first byte that is not part of valid UTF-8, or `nil` if all are.
func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
  do throws(UTF8.ValidationError) {
    _ = try unsafe UTF8Span(validating: bytes.assumingMemoryBound(to: UInt8.self).span)
    return nil
  } catch {
    return error.byteOffsets.lowerBound
  }
}
