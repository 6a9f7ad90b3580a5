import Dispatch
import Formats
import Records
import Store
import TestSupport
import Testing

@Suite struct ImportSafetyTests {
  private let server: RegisterTester

  init() throws { server = try RegisterTester() }

  private func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let three = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
      let bits = three[0] << 16 | three[1] << 8 | three[2]
      for place in 0..<4 { text.append(start + place > bytes.count ? UInt8(ascii: "=") : alphabet[bits >> (18 - 6 * place) & 63]) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  // MARK: Keys

  @Test func `the same key and file again give the same answer and no second import`() throws {
    for (path, name) in [("/events", "a"), ("/events?on_error=continue", "b")] {
      let text = #"{"title":"\#(name)","type":"visit","start_date":"2024"}"#
      let first = try server.importFile(path, text, ["Idempotency-Key": name])
      expectImport(first, 200, "done", ["read": 1, "created": 1])
      #expect(first.header("idempotent-replayed") == nil)
      let seq = try server.lastSeq()
      let again = try server.importFile(path, text, ["Idempotency-Key": name])
      #expect(again.status == 200 && again.text == first.text)
      #expect(again.header("idempotent-replayed") == "true" && again.header("location") == first.header("location"))
      #expect(try server.lastSeq() == seq)
      // Another file, or other parameters, is another request.
      for (path, text) in [(path, text + "\n"), (path == "/events" ? "/events?mode=insert" : "/events", text)] {
        let other = try server.importFile(path, text, ["Idempotency-Key": name])
        #expect(other.status == 422 && other["code"] == "key_reused")
      }
    }
    #expect(try server.eventCount() == 2)
    #expect(try server.get("/v1/imports").items.count == 2)
    let long = String(repeating: "k", count: 256)
    #expect(try server.importFile("/events", "{}", ["Idempotency-Key": long]).status == 400)
  }

  @Test func `a refused import can be sent again under its key`() throws {
    #expect(try server.importFile("/events", "{}", ["Idempotency-Key": "k"]).status == 422)
    #expect(try server.importFile("/events", "{}", ["Idempotency-Key": "k"]).status == 422)
    expectImport(try server.importFile("/events", eventLine(1), ["Idempotency-Key": "k"]), 200, "done", ["read": 1, "created": 1])
  }

  @Test func `the same key at the same time ends in one import`() throws {
    let lines = (1...500).map { #"{"title":"\#($0)","type":"visit","start_date":"2024"}"# }.joined(separator: "\n")
    for path in ["/events", "/events?on_error=continue"] {
      let before = try server.eventCount()
      let answers = concurrently(4) { _ in try? server.importFile(path, lines, ["Idempotency-Key": "k\(path)"]) }.compactMap { $0 }
      #expect(answers.count == 4)
      let done = answers.filter { $0.status == 200 }
      #expect(!done.isEmpty && Set(done.map(\.text)).count == 1)
      #expect(
        answers.allSatisfy { $0.status == 200 || ($0.status == 409 && $0["code"] == "key_in_use" && $0.header("retry-after") != nil) })
      #expect(try server.eventCount() == before + 500)
      #expect(try server.importFile(path, lines, ["Idempotency-Key": "k\(path)"]).header("idempotent-replayed") == "true")
    }
  }

  // MARK: Digests

  @Test func `a digest is checked where one is sent, and the record has the file's`() throws {
    // `printf '\n\nabc' …`: lines that are blank are passed over, so the record is all that is made. Digest by coreutils' sha256sum of "abc":
    // ba7816bf 8f01cfea 414140de 5dae2223 b00361a3 96177a9c b410ff61 f20015ad (FIPS 180-4).
    let abc: [UInt8] = [
      0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA, 0x41, 0x41, 0x40, 0xDE, 0x5D, 0xAE, 0x22, 0x23, 0xB0, 0x03, 0x61, 0xA3, 0x96, 0x17,
      0x7A, 0x9C, 0xB4, 0x10, 0xFF, 0x61, 0xF2, 0x00, 0x15, 0xAD,
    ]
    let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    let right = "sha-256=:\(base64(abc)):"
    let wrong = "sha-256=:\(base64(Array(abc.reversed()))):"
    for field in ["Content-Digest", "Repr-Digest"] {
      let taken = try server.importFile("/events?on_error=continue", "abc", [field: "unixsum=:AAAA:, \(right)"])
      expectImport(taken, 200, "done", ["read": 1, "rejected": 1])
      #expect(taken["sha256"].text == hex)
      let refused = try server.importFile("/events?on_error=continue", "abc", [field: wrong])
      #expect(refused.status == 400 && refused["code"] == "digest_mismatch" && refused.text.contains(hex))
      for malformed in ["sha-256=\(base64(abc))", "sha-256", "sha-256=:!:", "=:AAAA", ":"] {
        let answer = try server.importFile("/events", "abc", [field: malformed])
        #expect(answer.status == 400 && answer["code"] == "bad_header" && answer.text.contains(field), "\(malformed): \(answer.text)")
      }
    }
    // One that is right does not hide one that is wrong.
    for fields in [("Content-Digest", "Repr-Digest"), ("Repr-Digest", "Content-Digest")] {
      #expect(try server.importFile("/events", "abc", [fields.0: wrong, fields.1: right]).status == 400)
    }
    #expect(try server.importFile("/events", "abc", ["Content-Digest": "sha-512=:\(base64(abc)):, \(right)"]).status == 400)
    #expect(try server.get("/v1/imports").items.count == 2)
    // Of the file as it was sent, not as it was unpacked.
    let packed = gzipped(Array("abc".utf8))
    var sha256 = SHA256()
    packed.withByteView { sha256.update($0) }
    let answer = try server.importFile(
      "/events?on_error=continue", packed, ["Content-Encoding": "gzip", "Content-Digest": "sha-256=:\(base64(sha256.finish())):"])
    expectImport(answer, 200, "done", ["read": 1, "rejected": 1])
  }

  // MARK: Archives

  private func send(_ archive: [UInt8], _ path: String = "/events") throws -> Answer {
    try server.importFile(path, archive, type: "application/zip")
  }

  @Test func `an archive with one file comes in, however it is packed`() throws {
    let rows = Array(eventLines(1...200).utf8)
    var zip64 = ZipMaker()
    zip64.isZip64 = true
    var isFirst = true
    for maker in [ZipMaker(), zip64] {
      for deflated in [nil, deflatedRaw(rows)] {
        let answer = try send(maker.archive([.init("a/rows.NDJSON", rows, deflated: deflated)]))
        expectImport(answer, 200, "done", ["read": 200, isFirst ? "created" : "unchanged": 200])
        #expect(answer["bytes"].integer == rows.count)
        isFirst = false
      }
    }
    let csv = Array("source,external_id,title,type,start_date\nt,1,Event 1,visit,2024-06-18\n".utf8)
    expectImport(try send(ZipMaker().archive([.init("x.csv", csv)])), 200, "done", ["read": 1, "unchanged": 1])
    #expect(try send(ZipMaker().archive([.init("x.csv", csv)]), "").status == 400)
    #expect(try send(ZipMaker().archive([.init("x.pdf", csv)])).status == 415)
    #expect(try server.importFile("/events", gzipped(rows), type: "application/zip", ["Content-Encoding": "gzip"]).status == 415)
  }

  @Test func `an archive that is no archive of one good file is refused and says why`() throws {
    let rows = Array(eventLines(1...50).utf8)
    let good = ZipMaker.Entry("rows.ndjson", rows, deflated: deflatedRaw(rows))
    let change = { (body: (inout ZipMaker.Entry) -> Void) -> [UInt8] in
      var entry = good
      body(&entry)
      return ZipMaker().archive([entry])
    }
    let whole = ZipMaker().archive([good])
    let cases: [(String, [UInt8], String)] = [
      ("not_one_file", ZipMaker().archive([good, .init("more.ndjson", rows)]), "more.ndjson"),
      ("not_one_file", ZipMaker().archive([]), "0"),
      ("unsupported_zip", change { $0.flags = 1 }, "encrypted"), ("unsupported_zip", change { $0.method = 9 }, "9"),
      ("corrupt_zip", change { $0.crc ^= 1 }, "CRC-32"), ("corrupt_zip", change { $0.size += 1 }, "size"),
      ("not_a_zip", Array(whole.dropLast(1)), "truncated"), ("not_a_zip", Array(whole.prefix(whole.count / 2)), "truncated"),
      ("not_a_zip", [], "truncated"), ("not_a_zip", rows, "not a zip"), ("truncated_zip", change { $0.bytes.removeLast(4) }, "ends before"),
      ("trailing_bytes", change { $0.bytes += [0, 0] }, "follow"),
    ]
    for (code, bytes, word) in cases {
      let answer = try send(bytes)
      #expect(answer.status == 422 && answer["code"] == "bad_file", "\(code): \(answer.text)")
      #expect(answer.codes == [code])
      #expect(answer.text.contains(word), "\(answer.text)")
    }
    var claims = ZipMaker()
    claims.isZip64 = true
    claims.claimedCount = -1
    #expect(try send(claims.archive([good])).status == 422)
    #expect(try server.get("/v1/imports").items.isEmpty && server.eventCount() == 0)
  }

  @Test func `an archive that grows too much is 413`() throws {
    let zeros = [UInt8](repeating: 0x0A, count: 20_000_000)
    let bomb = ZipMaker().archive([.init("rows.ndjson", zeros, deflated: deflatedRaw(zeros))])
    #expect(bomb.count < 100_000)
    let answer = try send(bomb)
    #expect(answer.status == 413 && answer["code"] == "compression_ratio")
    var liar = ZipMaker.Entry("rows.ndjson", zeros, deflated: deflatedRaw(zeros))
    liar.size = 10
    #expect(try send(ZipMaker().archive([liar])).status == 413)
    let small = try RegisterTester("--import-max-bytes", "5000")
    let rows = Array(eventLines(1...100).utf8)
    let packed = ZipMaker().archive([.init("rows.ndjson", rows, deflated: deflatedRaw(rows))])
    #expect(packed.count < 5_000)
    #expect(try small.importFile("/events", packed, type: "application/zip").status == 413)
    expectImport(try send(ZipMaker().archive([.init("x.ndjson", rows)])), 200, "done", ["read": 100, "created": 100])
  }
}
