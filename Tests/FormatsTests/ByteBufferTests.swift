import Formats
import Testing

@Suite struct ByteBufferTests {
  @Test func `bytes come back as they were written, across every growth`() {
    let buffer = ByteBuffer(capacity: 0)
    var expected: [UInt8] = []
    for round in 0..<300 {
      let piece = [UInt8](repeating: UInt8(round % 256), count: round % 7)
      buffer.append(piece)
      buffer.append(UInt8(ascii: "x"))
      expected += piece + [UInt8(ascii: "x")]
    }
    #expect(buffer.array == expected && buffer.count == expected.count && buffer.capacity >= buffer.count)
    #expect(buffer[0] == expected[0] && buffer[buffer.count - 1] == UInt8(ascii: "x"))
  }

  @Test func `text, constants, buffers and spans are appended alike`() {
    let buffer = ByteBuffer()
    buffer.append("é" as StaticString)
    buffer.append(String(repeating: "s", count: 20))
    let other = ByteBuffer()
    other.append("other" as StaticString)
    buffer.append(other)
    other.withSpan { buffer.append($0) }
    #expect(buffer.string == "é" + String(repeating: "s", count: 20) + "otherother")
  }

  @Test func `a buffer may be appended to itself`() {
    let buffer = ByteBuffer(capacity: 16)
    buffer.append("0123456789" as StaticString)
    buffer.append(buffer)
    #expect(buffer.string == "01234567890123456789")
  }

  @Test func `the front is dropped, the end is cut, within what is there`() {
    let buffer = ByteBuffer()
    buffer.append("0123456789" as StaticString)
    buffer.removeFirst(3)
    #expect(buffer.string == "3456789")
    buffer.truncate(to: 2)
    #expect(buffer.string == "34")
    buffer.truncate(to: 100)
    buffer.removeFirst(-1)
    #expect(buffer.string == "34")
    buffer.removeFirst(100)
    #expect(buffer.isEmpty)
    buffer.truncate(to: -1)
    #expect(buffer.count == 0)
  }

  @Test func `clearing keeps the room up to a limit`() {
    let buffer = ByteBuffer()
    buffer.append([UInt8](repeating: 0, count: 10_000))
    let grown = buffer.capacity
    buffer.clear()
    #expect(buffer.isEmpty && buffer.capacity == grown)
    buffer.clear(keeping: 1_000)
    #expect(buffer.capacity == 1_000)
    buffer.append([UInt8](repeating: 1, count: 2_000))
    #expect(buffer.count == 2_000)
  }

  @Test func `a writer into free room is held to what it was given`() {
    let buffer = ByteBuffer()
    unsafe buffer.appendUninitialized(8) { room in
      unsafe room.copyBytes(from: "abc".utf8)
      return 3
    }
    unsafe buffer.appendUninitialized(8) { _ in -1 }
    #expect(buffer.string == "abc")
    unsafe buffer.appendUninitialized(2) { room in
      unsafe room.copyBytes(from: "de".utf8)
      return 100
    }
    #expect(buffer.string == "abcde")
  }
}
