internal import CZlib

/// Why an archive was refused.
package enum ZipError: Error, Equatable, Sendable {
  /// There is no end-of-directory record.
  case notAZip
  /// The archive holds no file or several; their names.
  case notOneFile([String])
  /// The file is encrypted, or compressed by a method other than deflate; the reason.
  case unsupported(String)
  /// The archive contradicts itself or is cut off; the reason.
  case corrupt(String)
}

/// The single file of a zip archive (PKWARE APPNOTE 6.3.10, zip64 included), found by the central directory, which alone is authoritative.
package struct ZipEntry: Sendable, Equatable {
  /// The file's path in the archive, `/` between folders.
  package let name: String
  /// Whether the file is compressed with deflate (RFC 1951); stored uncompressed otherwise.
  package let isDeflated: Bool
  /// The byte range of its compressed data in the archive.
  package let bytes: Range<Int>
  /// Uncompressed size in bytes.
  package let size: Int
  /// CRC-32 of the uncompressed bytes, to compare with `CRC32.value`.
  package let crc: UInt32

  private static let endSize = 22
  private static let longestComment = 65_535
  private static let mostEntries = 1_000

  /// Reads the directory of an archive.
  ///
  /// - Parameter read: returns `count` bytes of the archive from an offset, or fewer at its end.
  /// - Throws: `ZipError`, or what `read` throws.
  package init(archiveOf count: Int, _ read: (_ offset: Int, _ count: Int) throws -> [UInt8]) throws {
    let tailStart = max(0, count - Self.endSize - Self.longestComment)
    let tail = try read(tailStart, count - tailStart)
    guard let end = Self.endRecord(in: tail) else { throw ZipError.notAZip }
    var entries = tail.number(end + 10, 2)
    var size = tail.number(end + 12, 4)
    var offset = tail.number(end + 16, 4)
    if entries == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      (entries, size, offset) = try Self.zip64(tail, end, tailStart, read)
    }
    guard 0...Self.mostEntries ~= entries, size <= 1 << 20, offset >= 0, size >= 0, offset <= count - size else {
      throw ZipError.corrupt("its directory lies outside the archive, or is too long")
    }
    let files = try Self.files(try read(offset, size), entries)
    guard files.count == 1, let file = files.first else { throw ZipError.notOneFile(files.map(\.name)) }
    try self.init(file, archiveOf: count, read)
  }

  private init(_ file: File, archiveOf count: Int, _ read: (Int, Int) throws -> [UInt8]) throws {
    guard file.flags & 0x41 == 0 else { throw ZipError.unsupported("it is encrypted") }
    guard file.method == 0 || file.method == 8 else { throw ZipError.unsupported("compression method \(file.method) is not deflate") }
    guard file.header <= count - 30 else { throw ZipError.corrupt("the file's header lies outside the archive") }
    let local = try read(file.header, 30)
    guard local.count == 30, local.number(0, 4) == 0x0403_4B50 else {
      throw ZipError.corrupt("the file's header is not where it should be")
    }
    let start = file.header + 30 + local.number(26, 2) + local.number(28, 2)
    guard file.compressed <= count, start <= count - file.compressed else { throw ZipError.corrupt("the file's bytes are cut off") }
    name = file.name
    isDeflated = file.method == 8
    bytes = start..<start + file.compressed
    size = file.size
    crc = file.crc
  }

  // MARK: Directory

  private struct File {
    let name: String
    let flags: Int
    let method: Int
    let crc: UInt32
    var compressed: Int
    var size: Int
    var header: Int
  }

  /// The last end-of-directory record whose comment ends exactly at the end of the archive.
  private static func endRecord(in tail: [UInt8]) -> Int? {
    guard tail.count >= endSize else { return nil }
    return (0...tail.count - endSize).reversed().first {
      tail.number($0, 4) == 0x0605_4B50 && $0 + endSize + tail.number($0 + 20, 2) == tail.count
    }
  }

  private static func zip64(
    _ tail: [UInt8], _ end: Int, _ tailStart: Int, _ read: (Int, Int) throws -> [UInt8]
  ) throws -> (Int, Int, Int) {
    let locator = end - 20
    guard locator >= 0, tail.number(locator, 4) == 0x0706_4B50 else { throw ZipError.corrupt("its zip64 record is missing") }
    let place = tail.number(locator + 8, 8)
    guard place >= 0, place < tailStart + locator else { throw ZipError.corrupt("its zip64 record lies outside the archive") }
    let record = try read(place, 56)
    guard record.count == 56, record.number(0, 4) == 0x0606_4B50 else { throw ZipError.corrupt("its zip64 record is damaged") }
    return (record.number(32, 8), record.number(40, 8), record.number(48, 8))
  }

  /// The files of the directory, without folders.
  private static func files(_ directory: [UInt8], _ count: Int) throws -> [File] {
    var files: [File] = []
    var place = 0
    for _ in 0..<count {
      guard place + 46 <= directory.count, directory.number(place, 4) == 0x0201_4B50 else {
        throw ZipError.corrupt("its directory is damaged")
      }
      let (name, extra, comment) = (directory.number(place + 28, 2), directory.number(place + 30, 2), directory.number(place + 32, 2))
      let end = place + 46 + name + extra + comment
      guard end <= directory.count else { throw ZipError.corrupt("its directory is damaged") }
      var file = File(
        name: String(decoding: directory[place + 46..<place + 46 + name], as: UTF8.self), flags: directory.number(place + 8, 2),
        method: directory.number(place + 10, 2), crc: UInt32(truncatingIfNeeded: directory.number(place + 16, 4)),
        compressed: directory.number(place + 20, 4), size: directory.number(place + 24, 4), header: directory.number(place + 42, 4))
      try widen(&file, Array(directory[place + 46 + name..<place + 46 + name + extra]))
      if !file.name.hasSuffix("/") { files.append(file) }
      place = end
    }
    return files
  }

  /// Reads sizes above 4 GiB from the zip64 extra field.
  private static func widen(_ file: inout File, _ extra: [UInt8]) throws {
    var place = 0
    while place + 4 <= extra.count {
      let (id, length) = (extra.number(place, 2), extra.number(place + 2, 2))
      guard place + 4 + length <= extra.count else { throw ZipError.corrupt("its directory is damaged") }
      if id == 1 {
        var at = place + 4
        for path in [\File.size, \.compressed, \.header] where file[keyPath: path] == 0xFFFF_FFFF && at + 8 <= place + 4 + length {
          file[keyPath: path] = extra.number(at, 8)
          at += 8
        }
      }
      place += 4 + length
    }
    guard file.size >= 0, file.compressed >= 0, file.header >= 0 else { throw ZipError.corrupt("a size is negative") }
  }
}

extension [UInt8] {
  /// A little-endian number of `width` bytes; 0 beyond the end.
  fileprivate func number(_ offset: Int, _ width: Int) -> Int {
    guard offset >= 0, offset + width <= count else { return 0 }
    return (0..<width).reduce(0) { $0 | Int(truncatingIfNeeded: UInt64(self[offset + $1]) << UInt64($1 * 8)) }
  }
}

/// An incremental CRC-32 as zip archives use it, from zlib.
package struct CRC32: Sendable {
  /// The CRC-32 of all bytes so far.
  package private(set) var value: UInt32 = 0

  /// The CRC-32 of no bytes: 0.
  package init() {}

  /// Adds the next bytes.
  package mutating func update(_ bytes: ByteView) {
    value = unsafe UInt32(
      truncatingIfNeeded: crc32_z(UInt(value), bytes.unsafeBytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count))
  }
}
