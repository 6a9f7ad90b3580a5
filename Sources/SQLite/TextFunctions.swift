internal import CSQLite
internal import Formats
internal import Glibc

// What the register's questions need and SQLite does not have:
//
//   folded_contains(text, folded)   1 where `text`, without case and marks, holds `folded`; null where either is null
//   record_number(id)               the number that an id such as `evt_0hk3v9q2m7x8a` stands for; null for anything else

/// Adds the functions to a connection.
func addTextFunctions(to connection: OpaquePointer) {
  let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
  // The connection owns the room for folding, and gives it back when it is closed.
  let scratch = unsafe Unmanaged.passRetained(ByteBuffer(capacity: 512)).toOpaque()
  unsafe sqlite3_create_function_v2(
    connection, "folded_contains", 2, flags, scratch,
    { context, _, arguments in
      guard let arguments = unsafe arguments, let scratch = unsafe sqlite3_user_data(context) else { return }
      let (text, wanted) = unsafe (bytes(arguments[0]), bytes(arguments[1]))
      guard let text = unsafe text, let wanted = unsafe wanted else { return unsafe sqlite3_result_null(context) }
      let folded = unsafe Unmanaged<ByteBuffer>.fromOpaque(scratch).takeUnretainedValue()
      folded.clear(keeping: 1 << 16)
      unsafe appendFolded(text, to: folded)
      unsafe sqlite3_result_int(context, folded.withBytes { unsafe holds($0, wanted) } ? 1 : 0)
    }, nil, nil, { unsafe $0.map { unsafe Unmanaged<ByteBuffer>.fromOpaque($0).release() } })
  unsafe sqlite3_create_function_v2(
    connection, "record_number", 1, flags, nil,
    { context, _, arguments in
      guard let arguments = unsafe arguments, let text = unsafe bytes(arguments[0]), let key = unsafe Identifier.key(of: text) else {
        return unsafe sqlite3_result_null(context)
      }
      unsafe sqlite3_result_int64(context, key)
    }, nil, nil, nil)
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
