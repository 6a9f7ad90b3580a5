internal import Glibc

/// A value in a parsed document: a view on simdjson's tape of two pointers and an index.
///
/// It is valid until its parser's next parse or end. `@safe`: the pointers come from a successful parse, whose tape is well-formed, so no
/// index read from it leads outside.
@safe
package struct JSONNode {
  /// The JSON types, with numbers split into whole numbers within `Int64` and others.
  package enum Kind: Sendable { case object, array, string, integer, real, bool, null }

  let tape: UnsafePointer<UInt64>
  let strings: UnsafePointer<UInt8>
  let index: Int
  /// The lifetime of the parser's buffers.
  let moment: ByteLifetime.Moment

  @inline(__always)
  init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int, _ moment: ByteLifetime.Moment) {
    unsafe self.tape = unsafe tape
    unsafe self.strings = unsafe strings
    self.index = index
    self.moment = moment
  }

  /// The tape's word: the type in the top byte, below it an index or an offset.
  @inline(__always)
  private var word: UInt64 { unsafe tape[index] }

  @inline(__always)
  private var type: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

  /// The tape index of the next value.
  @inline(__always)
  private var next: Int {
    switch type {
    case UInt8(ascii: "{"), UInt8(ascii: "["): Int(word & 0xFFFF_FFFF)
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index &+ 2
    default: index &+ 1
    }
  }

  @inline(__always)
  func at(_ index: Int) -> JSONNode { unsafe JSONNode(tape: tape, strings: strings, index: index, moment) }

  /// The value's type. A whole number above `Int64.max` is `.real` (the parser accepts it only if the double is exact).
  package var kind: Kind {
    switch type {
    case UInt8(ascii: "{"): .object
    case UInt8(ascii: "["): .array
    case UInt8(ascii: "\""): .string
    case UInt8(ascii: "l"): .integer
    case UInt8(ascii: "u"), UInt8(ascii: "d"): .real
    case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
    default: .null
    }
  }

  /// Whether the value is JSON `null`.
  package var isNull: Bool { kind == .null }

  /// A string's UTF-8, unescaped; empty for other kinds.
  var text: UnsafeRawBufferPointer {
    guard type == UInt8(ascii: "\"") else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    let start = unsafe UnsafeRawPointer(strings) + Int(word & 0x00FF_FFFF_FFFF_FFFF)
    let length = unsafe start.loadUnaligned(as: UInt32.self)
    return unsafe UnsafeRawBufferPointer(start: start + 4, count: Int(length))
  }

  /// A string's UTF-8, unescaped; empty for other kinds. Valid until the parser's next parse or end.
  @inline(__always)
  package var utf8: ByteView { unsafe ByteView(text, moment) }

  /// A string as `String`; empty for other kinds.
  package var string: String { unsafe String(decoding: text, as: UTF8.self) }

  /// A whole number; 0 for other kinds.
  package var integer: Int64 { type == UInt8(ascii: "l") ? unsafe Int64(bitPattern: tape[index &+ 1]) : 0 }

  /// A number of either kind as a double; 0 for other kinds. Whole numbers above 2^53 are rounded.
  package var real: Double {
    switch type {
    case UInt8(ascii: "d"): unsafe Double(bitPattern: tape[index &+ 1])
    case UInt8(ascii: "l"): Double(integer)
    case UInt8(ascii: "u"): unsafe Double(tape[index &+ 1])
    default: 0
    }
  }

  /// Whether the value is `true`.
  package var bool: Bool { type == UInt8(ascii: "t") }

  /// The number of members or elements; 0 for other kinds.
  package var count: Int {
    guard kind == .object || kind == .array else { return 0 }
    let stored = Int(word >> 32 & 0xFF_FFFF)
    // The tape stores 24 bits and saturates.
    return stored < 0xFF_FFFF ? stored : counted
  }

  private var counted: Int {
    var count = 0
    if kind == .object { forEachMember { _, _ in count += 1 } } else { forEachElement { _ in count += 1 } }
    return count
  }

  /// Calls `body` with each member's name (UTF-8, unescaped) and value, in document order; not at all for other kinds.
  @inline(__always)
  func forEachRawMember<Failure: Error>(_ body: (UnsafeRawBufferPointer, JSONNode) throws(Failure) -> Void) throws(Failure) {
    guard type == UInt8(ascii: "{") else { return }
    let end = next &- 1
    var key = at(index &+ 1)
    while key.index < end {
      let value = at(key.index &+ 1)
      try unsafe body(key.text, value)
      key = at(value.next)
    }
  }

  /// Calls `body` with each member's name (UTF-8, unescaped) and value, in document order; not at all for other kinds.
  @inline(__always)
  package func forEachMember<Failure: Error>(_ body: (ByteView, JSONNode) throws(Failure) -> Void) throws(Failure) {
    try unsafe forEachRawMember { name, value throws(Failure) in try unsafe body(ByteView(name, moment), value) }
  }

  /// Calls `body` with each element of an array in order; not at all for other kinds.
  @inline(__always)
  package func forEachElement<Failure: Error>(_ body: (JSONNode) throws(Failure) -> Void) throws(Failure) {
    guard type == UInt8(ascii: "[") else { return }
    let end = next &- 1
    var element = at(index &+ 1)
    while element.index < end {
      try body(element)
      element = at(element.next)
    }
  }

  /// The value of an object's member, or `nil`; scans all members before it.
  package subscript(key: StaticString) -> JSONNode? {
    unsafe self[UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)]
  }

  /// The value of the member with this name; `nil` if there is none.
  package subscript(key: String) -> JSONNode? {
    var key = key
    return key.withUTF8 { unsafe self[UnsafeRawBufferPointer($0)] }
  }

  /// The value of the member with this name (UTF-8, unescaped); `nil` if there is none.
  package subscript(key: ByteView) -> JSONNode? { unsafe self[key.unsafeBytes] }

  /// The value of the member with this name (UTF-8, unescaped); `nil` if there is none.
  subscript(key: UnsafeRawBufferPointer) -> JSONNode? {
    guard type == UInt8(ascii: "{") else { return nil }
    let end = next &- 1
    var member = at(index &+ 1)
    while member.index < end {
      let value = at(member.index &+ 1)
      if unsafe equal(member.text, key) { return value }
      member = at(value.next)
    }
    return nil
  }

  /// Writes the value as compact JSON.
  package func append(to buffer: ByteBuffer) {
    switch kind {
    case .object: appendMembers(to: buffer)
    case .array: appendElements(to: buffer)
    case .string: unsafe buffer.append(jsonString: text)
    case .integer: buffer.append(integer: integer)
    case .real: buffer.append(real: real)
    case .bool: buffer.append(bool ? "true" as StaticString : "false")
    case .null: buffer.append("null" as StaticString)
    }
  }

  private func appendMembers(to buffer: ByteBuffer) {
    var separator = UInt8(ascii: "{")
    forEachMember { key, value in
      buffer.append(separator)
      buffer.append(jsonString: key)
      buffer.append(UInt8(ascii: ":"))
      value.append(to: buffer)
      separator = UInt8(ascii: ",")
    }
    if separator == UInt8(ascii: "{") { buffer.append(separator) }
    buffer.append(UInt8(ascii: "}"))
  }

  private func appendElements(to buffer: ByteBuffer) {
    var separator = UInt8(ascii: "[")
    forEachElement { element in
      buffer.append(separator)
      element.append(to: buffer)
      separator = UInt8(ascii: ",")
    }
    if separator == UInt8(ascii: "[") { buffer.append(separator) }
    buffer.append(UInt8(ascii: "]"))
  }
}

/// Whether two runs of bytes are equal.
@inline(__always)
func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
  guard left.count == right.count, let start = left.baseAddress, let other = right.baseAddress else { return left.count == right.count }
  return unsafe memcmp(start, other, left.count) == 0
}
