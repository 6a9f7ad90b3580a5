internal import CSQLite
internal import Formats
internal import Glibc

// SQL functions that the register needs and SQLite lacks:
//
//   folded_contains(text, folded)   1 if `text`, folded, contains `folded`, which is folded already; null if either is null
//   folded(text)                    `text` without case and diacritics, a sort key in reader's order; null if it is null
//   record_number(id)               the number in an id such as `evt_0hk3v9q2m7x8a`; null for anything else

/// Registers the functions on a connection.
func addTextFunctions(to connection: OpaquePointer) {
  let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
  unsafe sqlite3_create_function_v2(
    connection, "folded_contains", 2, flags, makeScratch(),
    { context, _, arguments in
      guard let arguments = unsafe arguments, let wanted = unsafe bytes(arguments[1]),
        let folded = unsafe fold(arguments[0], in: context)
      else { return unsafe sqlite3_result_null(context) }
      unsafe sqlite3_result_int(context, folded.withView { unsafe holds($0.unsafeBytes, wanted) } ? 1 : 0)
    }, nil, nil, { unsafe release(scratch: $0) })
  unsafe sqlite3_create_function_v2(
    connection, "folded", 1, flags, makeScratch(),
    { context, _, arguments in
      guard let arguments = unsafe arguments, let folded = unsafe fold(arguments[0], in: context) else {
        return unsafe sqlite3_result_null(context)
      }
      // -1 is SQLITE_TRANSIENT, a cast in the C header that is not imported: SQLite copies the text.
      folded.withView {
        let bytes = unsafe $0.unsafeBytes
        unsafe sqlite3_result_text(
          context, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
      }
    }, nil, nil, { unsafe release(scratch: $0) })
  unsafe sqlite3_create_function_v2(
    connection, "record_number", 1, flags, nil,
    { context, _, arguments in
      guard let arguments = unsafe arguments, let text = unsafe bytes(arguments[0]), let key = unsafe Identifier.key(of: ByteView(text))
      else {
        return unsafe sqlite3_result_null(context)
      }
      unsafe sqlite3_result_int64(context, key)
    }, nil, nil, nil)
}

/// A buffer for folding; the connection owns it and releases it on close.
private func makeScratch() -> UnsafeMutableRawPointer { unsafe Unmanaged.passRetained(ByteBuffer(capacity: 512)).toOpaque() }

private func release(scratch: UnsafeMutableRawPointer?) {
  unsafe scratch.map { unsafe Unmanaged<ByteBuffer>.fromOpaque($0).release() }
}

/// Folds a value into the function's scratch buffer; `nil` for null.
private func fold(_ value: OpaquePointer?, in context: OpaquePointer?) -> ByteBuffer? {
  guard let scratch = unsafe sqlite3_user_data(context), let text = unsafe bytes(value) else { return nil }
  let folded = unsafe Unmanaged<ByteBuffer>.fromOpaque(scratch).takeUnretainedValue()
  folded.clear(keeping: 1 << 16)
  unsafe appendFolded(ByteView(text), to: folded)
  return folded
}

/// A value as UTF-8, valid until the function returns; `nil` for null.
private func bytes(_ value: OpaquePointer?) -> UnsafeRawBufferPointer? {
  guard let text = unsafe sqlite3_value_text(value) else { return nil }
  return unsafe UnsafeRawBufferPointer(start: text, count: Int(sqlite3_value_bytes(value)))
}

private func holds(_ text: UnsafeRawBufferPointer, _ wanted: UnsafeRawBufferPointer) -> Bool {
  guard let start = wanted.baseAddress, wanted.count > 0 else { return true }
  guard var place = text.baseAddress else { return false }
  let end = unsafe place + text.count
  // Jump to each occurrence of the first byte.
  while unsafe end - place >= wanted.count, let found = unsafe memchr(place, Int32(wanted[0]), end - place - wanted.count + 1) {
    if unsafe memcmp(found, start, wanted.count) == 0 { return true }
    unsafe place = UnsafeRawPointer(found) + 1
  }
  return false
}
