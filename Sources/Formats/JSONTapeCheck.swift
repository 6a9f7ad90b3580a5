internal import Glibc

/// Checks the tape of a parsed document for what simdjson accepts: duplicate names in an object (RFC 8259 leaves their meaning open, and
/// parsers disagree on which one counts) and depth (simdjson does not count empty objects and arrays).
struct JSONTapeCheck {
  /// The fault and its tape index.
  enum Fault {
    case duplicate(Int)
    case depth(Int)
  }

  private struct Key {
    /// A mix of length and first bytes that differs for nearly all different names, so that few are compared in full.
    let mark: UInt64
    let offset: Int
    let index: Int
  }

  /// Kept between documents for its capacity.
  private var keys: [Key] = []
  /// Up to this many names each pair is compared; above, names are sorted, so that a million names do not cost a million squared.
  private static let pairwiseLimit = 32

  /// The first container nested too deep, or the first name that repeats an earlier one in its object; `nil` if there is neither.
  mutating func find(tape: UnsafePointer<UInt64>, count: Int, strings: UnsafePointer<UInt8>, maxDepth: Int) -> Fault? {
    var index = 1
    var depth = 0
    while index < count {
      let word = unsafe tape[index]
      switch UInt8(truncatingIfNeeded: word >> 56) {
      case UInt8(ascii: "{"):
        depth &+= 1
        if depth > maxDepth { return .depth(index) }
        if word >> 32 & 0xFF_FFFF > 1, let found = unsafe findInObject(at: index, tape: tape, strings: strings) { return .duplicate(found) }
        index &+= 1
      case UInt8(ascii: "["):
        depth &+= 1
        if depth > maxDepth { return .depth(index) }
        index &+= 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth &-= 1
        index &+= 1
      case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index &+= 2
      default: index &+= 1
      }
    }
    return nil
  }

  private mutating func findInObject(at index: Int, tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>) -> Int? {
    keys.removeAll(keepingCapacity: keys.capacity <= 4_096)
    unsafe JSONNode(tape: tape, strings: strings, index: index, .endless).forEachRawMember { name, value in
      unsafe keys.append(Self.key(name, strings: strings, index: value.index &- 1))
    }
    return keys.count <= Self.pairwiseLimit ? unsafe findByPairs(strings) : unsafe findBySorting(strings)
  }

  private static func key(_ name: UnsafeRawBufferPointer, strings: UnsafePointer<UInt8>, index: Int) -> Key {
    guard let start = name.baseAddress else { return Key(mark: 0, offset: 0, index: index) }
    // simdjson's string buffer has 64 bytes of padding: reading eight is safe whatever the name's length.
    let word = unsafe start.loadUnaligned(as: UInt64.self)
    let head = name.count >= 8 ? word : word & (1 << UInt64(name.count &* 8) &- 1)
    let mark = head &+ UInt64(name.count) &* 0x9E37_79B9_7F4A_7C15
    return unsafe Key(mark: mark, offset: start - UnsafeRawPointer(strings), index: index)
  }

  private func findByPairs(_ strings: UnsafePointer<UInt8>) -> Int? {
    for second in 1..<keys.count {
      for first in 0..<second where keys[first].mark == keys[second].mark {
        if unsafe Self.name(keys[first], strings).elementsEqual(Self.name(keys[second], strings)) { return keys[second].index }
      }
    }
    return nil
  }

  private mutating func findBySorting(_ strings: UnsafePointer<UInt8>) -> Int? {
    keys.sort { left, right in
      if left.mark != right.mark { return left.mark < right.mark }
      let order = unsafe Self.order(Self.name(left, strings), Self.name(right, strings))
      return order == 0 ? left.index < right.index : order < 0
    }
    var found: Int?
    for second in 1..<keys.count where keys[second - 1].mark == keys[second].mark {
      guard unsafe Self.order(Self.name(keys[second - 1], strings), Self.name(keys[second], strings)) == 0 else { continue }
      found = min(found ?? .max, keys[second].index)
    }
    return found
  }

  private static func name(_ key: Key, _ strings: UnsafePointer<UInt8>) -> UnsafeRawBufferPointer {
    let start = unsafe UnsafeRawPointer(strings) + key.offset
    return unsafe UnsafeRawBufferPointer(start: start, count: Int((start - 4).loadUnaligned(as: UInt32.self)))
  }

  private static func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    guard let start = left.baseAddress, let other = right.baseAddress else { return left.count - right.count }
    let order = unsafe Int(memcmp(start, other, min(left.count, right.count)))
    return order == 0 ? left.count - right.count : order
  }
}
