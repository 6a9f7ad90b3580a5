import Formats
import TestSupport
import Testing

@Suite struct ZipArchiveTests {
  private let text = Array("title,type\nA visit,visit\n".utf8)

  private func entry(_ archive: [UInt8]) throws -> ZipEntry {
    try ZipEntry(archiveOf: archive.count) { offset, count in
      Array(archive[min(max(offset, 0), archive.count)..<min(max(offset, 0) + count, archive.count)])
    }
  }

  private func failure(_ archive: [UInt8]) -> ZipError? {
    do {
      _ = try entry(archive)
      return nil
    } catch { return error as? ZipError }
  }

  private func zip64() -> ZipMaker {
    var maker = ZipMaker()
    maker.isZip64 = true
    return maker
  }

  @Test func `the checksums are those of the standards' own examples`() {
    // ISO 3309's check value, and FIPS 180-4's example "abc".
    let check = Array("123456789".utf8)
    #expect(ZipMaker.crc32(check) == 0xCBF4_3926)
    var crc = CRC32()
    for byte in check { [byte].withByteView { crc.update($0) } }
    #expect(crc.value == 0xCBF4_3926)
    var sha256 = SHA256()
    for byte in Array("abc".utf8) { [byte].withByteView { sha256.update($0) } }
    let digest = sha256.finish()
    #expect(digest.prefix(4) == [0xBA, 0x78, 0x16, 0xBF] && digest.suffix(4) == [0xF2, 0x00, 0x15, 0xAD])
    var sha512 = SHA512()
    Array("abc".utf8).withByteView { sha512.update($0) }
    #expect(sha512.finish().prefix(4) == [0xDD, 0xAF, 0x35, 0xA1])
  }

  @Test func `Base64 is read with its padding and nothing else`() {
    // RFC 4648 §10.
    for (text, plain) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmFy", "foobar")] {
      #expect(Base64.decode(text) == Array(plain.utf8))
    }
    #expect(Base64.decode("+/+/") == [0xFB, 0xFF, 0xBF])
    for wrong in ["Zg", "Zg=", "Zg===", "Z===", "====", "Zm9-", "Zm9_", "Zm 9", "Zg==Zg==", "Zh=="] {
      #expect(Base64.decode(wrong) == nil, "\(wrong)")
    }
  }

  @Test func `one file is found, stored or deflated, with a comment, beside folders, in zip64`() throws {
    for maker in [ZipMaker(), zip64()] {
      for comment in [[], Array("PK\u{5}\u{6} a comment that looks like the end record".utf8)] {
        var maker = maker
        maker.comment = comment
        let found = try entry(maker.archive([.init("folder/", []), .init("folder/rows.csv", text)]))
        #expect(found.name == "folder/rows.csv")
        #expect(!found.isDeflated)
        #expect(found.size == text.count && found.crc == ZipMaker.crc32(text))
        // Behind the folder's header and name, and the file's own.
        #expect(found.bytes.lowerBound == 30 + 7 + 30 + 15)
        #expect(found.bytes.count == text.count)
      }
    }
    #expect(try entry(ZipMaker().archive([.init("x", text, deflated: [3, 0])])).isDeflated)
  }

  @Test func `none or several files are told by name`() {
    #expect(failure(ZipMaker().archive([])) == .notOneFile([]))
    #expect(failure(ZipMaker().archive([.init("only/", [])])) == .notOneFile([]))
    #expect(failure(ZipMaker().archive([.init("a.csv", text), .init("b.csv", text)])) == .notOneFile(["a.csv", "b.csv"]))
  }

  @Test func `what is encrypted or packed by another method is not taken`() {
    for flag in [0x01, 0x40] {
      var secret = ZipMaker.Entry("a.csv", text)
      secret.flags = flag
      #expect(failure(ZipMaker().archive([secret])) == .unsupported("it is encrypted"))
    }
    var other = ZipMaker.Entry("a.csv", text)
    other.method = 12
    guard case .unsupported(let what) = failure(ZipMaker().archive([other])) else {
      Issue.record("method 12 was taken")
      return
    }
    #expect(what.contains("12"))
  }

  @Test func `an archive that is cut off anywhere is refused`() throws {
    for archive in [ZipMaker().archive([.init("a.csv", text)]), zip64().archive([.init("a.csv", text)])] {
      for end in 0..<archive.count { #expect(failure(Array(archive[..<end])) != nil, "\(end)") }
      #expect(throws: Never.self) { try entry(archive) }
    }
  }

  @Test(arguments: [0, 2, 1_001, 65_535, -1, .min, .max]) func `a count that is not the directory's is refused`(count: Int) {
    var maker = zip64()
    maker.claimedCount = count
    #expect(failure(maker.archive([.init("a.csv", text)])) != nil)
  }

  @Test func `no damaged archive reads outside itself`() {
    var random = Seeded("zip")
    for archive in [ZipMaker().archive([.init("a.csv", text)]), zip64().archive([.init("a.csv", text)])] {
      for _ in 0..<3_000 {
        var damaged = archive
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          damaged[Int.random(in: 0..<damaged.count, using: &random)] =
            [0, 0x7F, 0x80, 0xFF, UInt8.random(in: .min ... .max, using: &random)]
            .randomElement(using: &random) ?? 0
        }
        guard let found = try? entry(damaged) else { continue }
        #expect(found.bytes.lowerBound >= 0 && found.bytes.upperBound <= damaged.count && found.size >= 0)
      }
    }
  }
}
