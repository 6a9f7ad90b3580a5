internal import CSQLite
internal import Formats
internal import Glibc

// What the register's questions need and SQLite does not have:
//
//   folded_contains(text, folded)   1 where `text`, without case and marks, holds `folded`; null where either is null
//   folded(text)                    `text` without case and marks, to sort as a reader expects; null where it is null
//   record_number(id)               the number that an id such as `evt_0hk3v9q2m7x8a` stands for; null for anything else

/// Adds the functions to a connection.
func addTextFunctions(to connection: OpaquePointer) {
  let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
  unsafe sqlite3_create_function_v2(
    connection, "folded_contains", 2, flags, makeScratch(),
    { context, _, arguments in
      guard let arguments = unsafe arguments, let wanted = unsafe bytes(arguments[1]),
        let folded = unsafe fold(arguments[0], in: context)
      else { return unsafe sqlite3_result_null(context) }
      unsafe sqlite3_result_int(context, folded.withBytes { unsafe holds($0, wanted) } ? 1 : 0)
    }, nil, nil, { unsafe release(scratch: $0) })
  unsafe sqlite3_create_function_v2(
    connection, "folded", 1, flags, makeScratch(),
    { context, _, arguments in
      guard let arguments = unsafe arguments, let folded = unsafe fold(arguments[0], in: context) else {
        return unsafe sqlite3_result_null(context)
      }
      // -1 is SQLITE_TRANSIENT, which the C header says with a cast: SQLite copies the text.
      unsafe folded.withBytes {
        unsafe sqlite3_result_text(
          context, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
      }
    }, nil, nil, { unsafe release(scratch: $0) })
  unsafe sqlite3_create_function_v2(
    connection, "record_number", 1, flags, nil,
    { context, _, arguments in
      guard let arguments = unsafe arguments, let text = unsafe bytes(arguments[0]), let key = unsafe Identifier.key(of: text) else {
        return unsafe sqlite3_result_null(context)
      }
      unsafe sqlite3_result_int64(context, key)
    }, nil, nil, nil)
}

/// Room for folding, which the connection owns and gives back when it is closed.
private func makeScratch() -> UnsafeMutableRawPointer { unsafe Unmanaged.passRetained(ByteBuffer(capacity: 512)).toOpaque() }

private func release(scratch: UnsafeMutableRawPointer?) {
  unsafe scratch.map { unsafe Unmanaged<ByteBuffer>.fromOpaque($0).release() }
}

/// A value without case and marks, in the function's scratch; `nil` for null.
private func fold(_ value: OpaquePointer?, in context: OpaquePointer?) -> ByteBuffer? {
  guard let scratch = unsafe sqlite3_user_data(context), let text = unsafe bytes(value) else { return nil }
  let folded = unsafe Unmanaged<ByteBuffer>.fromOpaque(scratch).takeUnretainedValue()
  folded.clear(keeping: 1 << 16)
  unsafe appendFolded(text, to: folded)
  return folded
}

/// A value as text; it holds until the function returns.
private func bytes(_ value: OpaquePointer?) -> UnsafeRawBufferPointer? {
  guard let text = unsafe sqlite3_value_text(value) else { return nil }
  return unsafe UnsafeRawBufferPointer(start: text, count: Int(sqlite3_value_bytes(value)))
}

private func holds(_ text: UnsafeRawBufferPointer, _ wanted: UnsafeRawBufferPointer) -> Bool {
  guard let start = wanted.baseAddress, wanted.count > 0 else { return true }
  guard var place = text.baseAddress else { return false }
  let end = unsafe place + text.count
  // From one occurrence of the first byte to the next.
  while unsafe end - place >= wanted.count, let found = unsafe memchr(place, Int32(wanted[0]), end - place - wanted.count + 1) {
    if unsafe memcmp(found, start, wanted.count) == 0 { return true }
    unsafe place = UnsafeRawPointer(found) + 1
  }
  return false
}
