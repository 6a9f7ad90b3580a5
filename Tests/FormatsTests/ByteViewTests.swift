import Formats
import Testing

@Suite struct `A view of bytes` {
  private func buffer(_ text: String) -> ByteBuffer {
    let buffer = ByteBuffer()
    buffer.append(text)
    return buffer
  }

  @Test func `reads, slices and copies`() {
    let owner = buffer("one;two;;three")
    let view = owner.bytes
    #expect(view.count == 14 && !view.isEmpty && view[0] == UInt8(ascii: "o") && view.last == UInt8(ascii: "e"))
    #expect(view[4..<7].string == "two" && view[4..<7][0] == UInt8(ascii: "t"))
    #expect(view[..<3].string == "one" && view[9...].string == "three")
    #expect(view.prefix(99).count == 14 && view.dropFirst(99).isEmpty && view.dropLast(99).isEmpty)
    #expect(view[4...6].string == "two" && view.word(at: 5) == 0x6572_6874_3b3b_6f77)
    #expect(view.dropFirst().dropLast().string == "ne;two;;thre")
    #expect(view.split(separator: 0x3B).map(\.string) == ["one", "two", "three"])
    #expect(view.split(separator: 0x3B, omittingEmptySubsequences: false).map(\.string) == ["one", "two", "", "three"])
    #expect(
      ByteView.empty.split(separator: 0x3B).isEmpty && ByteView.empty.split(separator: 0x3B, omittingEmptySubsequences: false).count == 1)
    #expect(Array(view) == owner.array && view.array == owner.array)
    #expect(ByteView.empty.first == nil && ByteView.empty.last == nil && ByteView.empty.string == "")
  }

  @Test func `finds and compares bytes`() {
    let owner = buffer("one;two;;three")
    let view = owner.bytes
    #expect(view.firstIndex(of: 0x3B) == 3 && view.firstIndex(of: 0x3B, from: 4) == 7 && view.firstIndex(of: 0x3B, from: 14) == nil)
    #expect(view.lastIndex(of: 0x3B) == 8 && view.lastIndex(of: 0x21) == nil)
    #expect(view[0..<3] == "one" && view[0..<3].equals("one" as String) && view[0..<3] == Array("one".utf8))
    #expect(!(view[0..<3] == "ona") && !(view[0..<3] == "ones") && ByteView.empty == "")
    #expect(view.starts(with: "one") && !view.starts(with: "two") && !view[0..<2].starts(with: "one") && view.starts(with: view[0..<5]))
    #expect(view.ends(with: "three") && !view[0..<2].ends(with: "three"))
    #expect(ByteView("Content-TYPE").equalsIgnoringCase("content-type") && !ByteView("content_type").equalsIgnoringCase("content-type"))
    #expect(Set([view[0..<3], ByteView("one"), view[4..<7]]).count == 2)
    // Bytes are compared, not characters: e and a combining accent are another text.
    #expect(!ByteView("e\u{301}").equals("é" as String))
  }

  @Test(arguments: [("", true, true), ("plain text of more than eight", true, true), ("eleven bytes ä", false, true), ("ä", false, true)])
  func `knows plain text`(text: String, isASCII: Bool, isText: Bool) {
    text.withByteView { view in
      #expect(view.isASCII == isASCII && view.isValidUTF8 == isText && view.string == text)
    }
    #expect(([0x61, 0xFF] as [UInt8]).withByteView { !$0.isASCII && !$0.isValidUTF8 })
  }

  @Test func `holds while bytes are added that fit`() {
    let owner = ByteBuffer(capacity: 64)
    owner.append("one")
    let view = owner.bytes
    owner.append("two")
    #expect(view.string == "one" && owner.bytes.string == "onetwo")
  }

  @Test func `stops the program at an index outside`() async {
    await #expect(processExitsWith: .failure) { _ = ByteView("one")[3] }
    await #expect(processExitsWith: .failure) { _ = ByteView("one")[-1] }
    await #expect(processExitsWith: .failure) { _ = ByteView("one")[1..<4] }
    await #expect(processExitsWith: .failure) { _ = ByteView("one two").word(at: 0) }
  }

  @Test func `stops a debug build when its bytes are gone`() async {
    await #expect(processExitsWith: .failure) {
      let owner = ByteBuffer()
      owner.append("one")
      let view = owner.bytes
      owner.clear()
      owner.append("two")
      _ = view[0]
    }
    await #expect(processExitsWith: .failure) {
      let owner = ByteBuffer(capacity: 16)
      owner.append("one")
      let part = owner.bytes[0..<1]
      owner.append(String(repeating: "x", count: 100))
      _ = part.string
    }
    await #expect(processExitsWith: .failure) {
      var owner: ByteBuffer? = ByteBuffer()
      owner?.append("one")
      let view = owner?.bytes
      owner = nil
      _ = view == ByteView("one")
    }
    await #expect(processExitsWith: .failure) {
      let view = "one".withByteView { $0 }
      _ = view.first
    }
  }
}
