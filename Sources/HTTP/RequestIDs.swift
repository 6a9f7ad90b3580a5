internal import Formats

/// Makes request ids: 13 characters, unique within a run and unlikely to repeat across runs.
package struct RequestIDs: Sendable {
  private var state: UInt64

  /// - Parameter seed: any value that differs between loops and starts.
  package init(seed: UInt64) { state = seed }

  /// The client's id if it is valid, else a new one.
  package mutating func id(for request: Request) -> String {
    if let sent = request.header("X-Request-Id"), isUsable(sent) { return sent.string }
    return next()
  }

  /// A new id. A `String` of 13 bytes needs no allocation.
  package mutating func next() -> String {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = mixed(state)
    return unsafe String(unsafeUninitializedCapacity: 13) { text in
      for index in 0..<13 {
        unsafe text[index] = unsafe Self.alphabet.utf8Start[Int(bits & 31)]
        bits >>= 5
      }
      return 13
    }
  }

  private func isUsable(_ sent: ByteView) -> Bool { (1...64).contains(sent.count) && sent.allSatisfy(\.isToken) }

  /// A bijection on 64-bit numbers that scatters neighbours (the finaliser of SplitMix64).
  private func mixed(_ number: UInt64) -> UInt64 {
    var number = number
    number = (number ^ number >> 30) &* 0xBF58_476D_1CE4_E5B9
    number = (number ^ number >> 27) &* 0x94D0_49BB_1331_11EB
    return number ^ number >> 31
  }

  private static var alphabet: StaticString { "0123456789abcdefghjkmnpqrstvwxyz" }
}
