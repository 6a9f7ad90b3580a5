import Formats
import Testing

/// "hello, hello, hello\n" as Python's zlib 1.2.13 compresses it.
private let python: [(Inflater.Format, [UInt8])] = [
  (.gzip, [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 203, 72, 205, 201, 201, 215, 81, 200, 64, 162, 184, 0, 231, 66, 110, 82, 20, 0, 0, 0]),
  (.zlib, [120, 156, 203, 72, 205, 201, 201, 215, 81, 200, 64, 162, 184, 0, 75, 7, 6, 223]),
  (.raw, [203, 72, 205, 201, 201, 215, 81, 200, 64, 162, 184, 0]),
]
private let hello = "hello, hello, hello\n"

/// Inflates pieces that are cut anyhow; the text, or the error.
private func inflated(
  _ pieces: [[UInt8]], _ format: Inflater.Format = .gzip, maxBytes: Int = 1 << 24, maxRatio: Int = 2_000
) -> Result<[UInt8], InflateError> {
  let inflater = Inflater(format: format, maxBytes: maxBytes, maxRatio: maxRatio)
  let output = ByteBuffer()
  do throws(InflateError) {
    for piece in pieces {
      let input = ByteBuffer()
      input.append(piece)
      try input.withView { bytes throws(InflateError) in try inflater.feed(bytes, into: output) }
    }
    try inflater.finish()
    return .success(output.array)
  } catch {
    return .failure(error)
  }
}

private func gzipped(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
  let input = ByteBuffer()
  input.append(bytes)
  let output = ByteBuffer()
  input.withView { gzip($0, into: output, level: level) }
  return output.array
}

/// Text that compresses about as well as records do.
private func sample(_ count: Int, _ random: inout Seeded) -> [UInt8] {
  (0..<count).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0..<8, using: &random) }
}

@Suite struct InflaterTests {
  @Test func `what another program has compressed is read in all three formats`() {
    for (format, bytes) in python { #expect(inflated([bytes], format) == .success(Array(hello.utf8))) }
  }

  @Test func `it does not matter how the stream is cut`() {
    for (format, bytes) in python { everyCut(bytes) { #expect(inflated($0, format) == .success(Array(hello.utf8))) } }
    let members = python[0].1 + python[0].1
    everyCut(members) { #expect(inflated($0) == .success(Array((hello + hello).utf8))) }
  }

  @Test func `a stream that ends early is truncated at every place`() {
    for (format, bytes) in python {
      for end in 0..<bytes.count { #expect(inflated([Array(bytes[..<end])], format) == .failure(.truncated), "\(format) \(end)") }
    }
  }

  @Test(arguments: [[0], [0x1F, 0], [0x78, 0x9C], [0x1F, 0x8C, 8]] as [[UInt8]]) func `bytes behind the end are refused`(rest: [UInt8]) {
    for (format, bytes) in python {
      #expect(inflated([bytes + rest], format) == .failure(.trailingBytes))
      #expect(inflated([bytes] + rest.map { [$0] }, format) == .failure(.trailingBytes))
    }
    #expect(inflated([python[0].1 + [0x1F, 0x8B]]) == .failure(.truncated))
  }

  @Test func `damage is told`() {
    for (format, bytes) in python where format != .raw {
      var damaged = bytes
      damaged[bytes.count - 5] ^= 1
      let result = inflated([damaged], format)
      guard case .failure(.corrupt(let reason)) = result else {
        Issue.record("\(format): \(result)")
        continue
      }
      #expect(!reason.isEmpty)
    }
    #expect(inflated([Array("not gzip at all".utf8)]) == .failure(.corrupt("incorrect header check")))
  }

  @Test func `the size limit holds at, under and over`() {
    let size = hello.utf8.count
    #expect(inflated([python[0].1], maxBytes: size) == .success(Array(hello.utf8)))
    #expect(inflated([python[0].1], maxBytes: size - 1) == .failure(.tooLarge(maxBytes: size - 1)))
    #expect(inflated([python[0].1], maxBytes: 0) == .failure(.tooLarge(maxBytes: 0)))
  }

  @Test func `a bomb is stopped by its ratio, long before it is unpacked`() throws {
    let bomb = gzipped([UInt8](repeating: 0, count: 8 << 20))
    #expect(inflated([bomb], maxRatio: 100) == .failure(.ratio(maxRatio: 100)))
    #expect(inflated([bomb]) == .success([UInt8](repeating: 0, count: 8 << 20)))
    let inflater = Inflater(format: .gzip, maxBytes: .max, maxRatio: 100)
    var given = 0
    _ = bomb.withByteView { bytes in
      #expect(throws: InflateError.ratio(maxRatio: 100)) { try inflater.feed(bytes) { given += $0.count } }
    }
    #expect(given <= 1 << 20)
    #expect(throws: InflateError.ratio(maxRatio: 100)) { try inflater.finish() }
  }

  @Test func `small bodies that compress well are no bombs`() {
    let zeros = [UInt8](repeating: 0, count: 1 << 16)
    #expect(inflated([gzipped(zeros)], maxRatio: 10) == .success(zeros))
  }

  @Test func `output comes in pieces of at most 64 KiB`() throws {
    var random = Seeded("inflate")
    let text = sample(300_000, &random)
    let inflater = Inflater(format: .gzip, maxBytes: 1 << 20, maxRatio: 100)
    var largest = 0
    var output: [UInt8] = []
    let packed = gzipped(text)
    try packed.withByteView { bytes in
      try inflater.feed(bytes) { piece in
        largest = max(largest, piece.count)
        output.append(contentsOf: piece)
      }
    }
    try inflater.finish()
    #expect(largest == 1 << 16 && output == text)
    #expect(inflater.bytesIn == packed.count && inflater.bytesOut == text.count)
  }

  @Test func `the receiver's error comes out as it is`() {
    struct Stop: Error {}
    let inflater = Inflater(format: .gzip, maxBytes: 100, maxRatio: 100)
    _ = python[0].1.withByteView { bytes in #expect(throws: Stop.self) { try inflater.feed(bytes) { _ in throw Stop() } } }
  }

  @Test func `mutated streams do no harm`() {
    var random = Seeded("inflate mutations")
    let packed = gzipped(sample(2_000, &random))
    var refused = 0
    for _ in 0..<3_000 {
      let bytes = random.mutate(packed, alphabet: [0x1F, 0x8B, 0, 8, 0xFF])
      if case .failure = inflated([bytes], maxBytes: 100_000, maxRatio: 50) { refused += 1 }
    }
    #expect(refused > 2_500)
  }
}

@Suite struct DeflaterTests {
  @Test(arguments: [0, 1, 6, 9, 99, -1]) func `every level makes the round trip`(level: Int) {
    var random = Seeded("deflate")
    for size in [0, 1, 1_000, 100_000] {
      let text = sample(size, &random)
      #expect(inflated([gzipped(text, level: level)]) == .success(text))
    }
  }

  @Test func `a level that compresses makes text smaller`() {
    var random = Seeded("deflate")
    #expect(gzipped(sample(100_000, &random)).count < 50_000)
  }

  @Test func `a deflater is used again after a stream, finished or not`() {
    let deflater = Deflater()
    let packed = ByteBuffer()
    for round in 0..<3 {
      packed.clear()
      if round == 1 {
        Array("dropped".utf8).withByteView { deflater.write($0, into: packed) }
        deflater.reset()
        packed.clear()
      }
      Array(hello.utf8).withByteView { deflater.write($0, into: packed) }
      deflater.finish(into: packed)
      #expect(inflated([packed.array]) == .success(Array(hello.utf8)))
    }
  }
}
