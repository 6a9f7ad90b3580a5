/// Writes zip archives byte by byte (PKWARE APPNOTE 6.3.10), wrong ones too: no other program is needed.
package struct ZipMaker {
  /// One file of an archive; what it says of itself can be set apart from what it is.
  package struct Entry {
    package var name: String
    /// As they stand in the archive.
    package var bytes: [UInt8]
    package var size: Int
    package var crc: UInt32
    package var flags = 0
    package var method: Int

    /// - Parameters:
    ///   - content: what comes out.
    ///   - deflated: its raw deflate stream; `nil` stores it as it is.
    package init(_ name: String, _ content: [UInt8], deflated: [UInt8]? = nil) {
      self.name = name
      bytes = deflated ?? content
      size = content.count
      crc = ZipMaker.crc32(content)
      method = deflated == nil ? 0 : 8
    }
  }

  /// Whether sizes and places are told in zip64 records.
  package var isZip64 = false
  /// How many files the end record claims; `nil` for as many as there are.
  package var claimedCount: Int?
  package var comment: [UInt8] = []

  package init() {}

  package func archive(_ entries: [Entry]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      directory += central(entry, at: bytes.count)
      bytes += local(entry)
    }
    let start = bytes.count
    return bytes + directory + end(claimedCount ?? entries.count, directory.count, start)
  }

  private func local(_ entry: Entry) -> [UInt8] {
    let sizes = little(Int(entry.crc), 4) + little(entry.bytes.count, 4) + little(entry.size, 4)
    return little(0x0403_4B50, 4) + little(20, 2) + little(entry.flags, 2) + little(entry.method, 2) + little(0, 4) + sizes
      + little(entry.name.utf8.count, 2) + little(0, 2) + Array(entry.name.utf8) + entry.bytes
  }

  private func central(_ entry: Entry, at place: Int) -> [UInt8] {
    let extra = isZip64 ? little(1, 2) + little(24, 2) + little(entry.size, 8) + little(entry.bytes.count, 8) + little(place, 8) : []
    let narrow = { (number: Int) in little(isZip64 ? 0xFFFF_FFFF : number, 4) }
    return little(0x0201_4B50, 4) + little(45, 2) + little(20, 2) + little(entry.flags, 2) + little(entry.method, 2) + little(0, 4)
      + little(Int(entry.crc), 4) + narrow(entry.bytes.count) + narrow(entry.size) + little(entry.name.utf8.count, 2)
      + little(extra.count, 2) + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + narrow(place) + Array(entry.name.utf8) + extra
  }

  private func end(_ count: Int, _ size: Int, _ start: Int) -> [UInt8] {
    let close = little(comment.count, 2) + comment
    guard isZip64 else {
      return little(0x0605_4B50, 4) + little(0, 4) + little(count, 2) + little(count, 2) + little(size, 4) + little(start, 4) + close
    }
    let record =
      little(0x0606_4B50, 4) + little(44, 8) + little(45, 2) + little(45, 2) + little(0, 8) + little(count, 8) + little(count, 8)
      + little(size, 8) + little(start, 8)
    let locator = little(0x0706_4B50, 4) + little(0, 4) + little(start + size, 8) + little(1, 4)
    return record + locator + little(0x0605_4B50, 4) + little(0, 4) + little(0xFFFF, 2) + little(0xFFFF, 2) + little(0xFFFF_FFFF, 4)
      + little(0xFFFF_FFFF, 4) + close
  }

  private func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  /// Bit by bit, as the standard says it.
  package static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }
}
