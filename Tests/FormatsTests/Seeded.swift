import Formats

/// SplitMix64: the same numbers for the same seed, so that a failure can be repeated.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  /// A fresh seed each run, printed; give a seed to repeat a run.
  init(_ name: String, seed: UInt64 = .random(in: .min ... .max)) {
    state = seed
    print("\(name): seed \(seed)")
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One to four random edits: a byte changed, taken out, doubled, or a piece moved.
  mutating func mutate(_ bytes: [UInt8], alphabet: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &self)
      switch Int.random(in: 0..<5, using: &self) {
      case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &self)
      case 1: bytes[place] = alphabet.randomElement(using: &self) ?? 0
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(alphabet.randomElement(using: &self) ?? 0, at: place)
      default: bytes.insert(contentsOf: bytes[place..<min(place + 8, bytes.count)], at: bytes.count / 2)
      }
    }
    return bytes
  }
}

/// What `body` writes, as text.
func written(_ body: (ByteBuffer) -> Void) -> String {
  let buffer = ByteBuffer()
  body(buffer)
  return buffer.string
}
