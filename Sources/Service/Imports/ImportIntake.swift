internal import Formats
internal import HTTP
internal import Intake
internal import Records
internal import Store

/// A complete file: unpacked, counted and hashed.
struct IncomingFile: Sendable {
  let spool: Spool
  /// SHA-256 of the file as sent, hexadecimal.
  let sha256: String
  /// The format of its rows; for an archive, by the name of the file inside.
  let form: ImportOptions.Form
}

/// Reads an import's body to its end, within its limits, into a spool.
struct ImportIntake {
  let options: ImportOptions
  let configuration: RegisterConfiguration

  /// - Throws: 413 for a body, or its unpacked content, above the limits; 422 if it cannot be unpacked; 400 if its hash is not that of
  ///   `Content-Digest`; `SpoolError` when the disk fails.
  func take(_ source: any BodySource, digest: ContentDigest) async throws -> IncomingFile {
    var digest = digest
    let spool = try Spool(folder: configuration.spoolFolder)
    let piece = ByteBuffer(capacity: 65_536)
    let inflater =
      options.packing == .gzip
      ? Inflater(format: .gzip, maxBytes: configuration.maxImportBytes, maxRatio: configuration.maxImportRatio) : nil
    do {
      while try await source.read(into: piece) {
        try piece.withView { bytes in
          digest.update(bytes)
          guard let inflater else { return try spool.write(bytes) }
          try inflater.feed(bytes) { try spool.write($0) }
        }
        guard spool.count <= configuration.maxImportBytes else { throw Problem.bodyTooLarge(maxBytes: configuration.maxImportBytes) }
        piece.clear(keeping: 65_536)
      }
      try digest.check()
      try inflater?.finish()
      guard options.packing == .zip else { return IncomingFile(spool: spool, sha256: digest.hexadecimal, form: options.form) }
      return try unpack(spool, digest.hexadecimal)
    } catch let error as InflateError { throw Problem.badPacking(error, options.packing) }
  }

  /// Extracts the only file of an archive.
  private func unpack(_ archive: Spool, _ sha256: String) throws -> IncomingFile {
    let entry: ZipEntry
    do {
      entry = try ZipEntry(archiveOf: archive.count) { offset, count in
        let bytes = ByteBuffer(capacity: count)
        while bytes.count < count {
          let before = bytes.count
          try archive.read(into: bytes, from: offset + before, atMost: count - before)
          guard bytes.count > before else { break }
        }
        return bytes.array
      }
    } catch let error as ZipError { throw Problem.badZip(error) }
    guard entry.size <= configuration.maxImportBytes else { throw Problem.bodyTooLarge(maxBytes: configuration.maxImportBytes) }
    let spool = try Spool(folder: configuration.spoolFolder)
    var crc = CRC32()
    let inflater =
      entry.isDeflated ? Inflater(format: .raw, maxBytes: configuration.maxImportBytes, maxRatio: configuration.maxImportRatio) : nil
    let piece = ByteBuffer(capacity: 65_536)
    var position = entry.bytes.lowerBound
    while position < entry.bytes.upperBound {
      piece.clear()
      try archive.read(into: piece, from: position, atMost: min(65_536, entry.bytes.upperBound - position))
      guard !piece.isEmpty else { throw InflateError.truncated }
      position += piece.count
      let take = { (bytes: ByteView) in
        crc.update(bytes)
        try spool.write(bytes)
      }
      try piece.withView { bytes in
        if let inflater { try inflater.feed(bytes, take) } else { try take(bytes) }
      }
    }
    try inflater?.finish()
    guard spool.count == entry.size, crc.value == entry.crc else {
      throw Problem.badZip(.corrupt("\(entry.name) does not have the size or the CRC-32 given in the archive"))
    }
    return IncomingFile(spool: spool, sha256: sha256, form: try options.form(ofArchived: entry.name))
  }
}

/// Compares a body's hash with `Content-Digest` and `Repr-Digest` (RFC 9530; the two are the same for a whole file).
struct ContentDigest: Sendable {
  private var sha256 = SHA256()
  private var sha512: SHA512?
  private var wanted: [(algorithm: String, digest: [UInt8])] = []
  private(set) var hexadecimal = ""

  /// - Throws: 400 for a field that is no dictionary of byte sequences. Algorithms other than sha-256 and sha-512 are ignored.
  init(_ request: Request) throws {
    for name in ["Content-Digest", "Repr-Digest"] {
      guard let field = name == "Repr-Digest" ? request.header("repr-digest") : request.header("content-digest") else { continue }
      for member in field.string.split(separator: ",") {
        let parts = member.split(separator: "=", maxSplits: 1).map { $0.trimmingSpaces }
        guard parts.count == 2, parts[1].count >= 2, parts[1].hasPrefix(":"), parts[1].hasSuffix(":"),
          let bytes = Base64.decode(String(parts[1].dropFirst().dropLast()))
        else {
          throw Problem(
            status: 400, code: "bad_header", title: "A header field is malformed",
            faults: [.init(.header(name), code: "bad_digest", detail: "expected sha-256=:…base64…: (RFC 9530)")])
        }
        let algorithm = parts[0].lowercased()
        guard algorithm == "sha-256" || algorithm == "sha-512" else { continue }
        wanted.append((algorithm, bytes))
        if algorithm == "sha-512" { sha512 = SHA512() }
      }
    }
  }

  /// Expects no digest and only computes the hashes.
  init() {}

  mutating func update(_ bytes: ByteView) {
    sha256.update(bytes)
    sha512?.update(bytes)
  }

  /// Checks the digest at the end of the body.
  mutating func check() throws {
    let found = sha256.finish()
    hexadecimal = found.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let foundToo = sha512?.finish()
    guard wanted.allSatisfy({ $0.digest == ($0.algorithm == "sha-256" ? found : foundToo) }) else {
      throw Problem(
        status: 400, code: "digest_mismatch", title: "The body does not match its digest",
        detail: "the body received has the SHA-256 \(hexadecimal)", hint: "nothing was imported; send the file again")
    }
  }
}

extension Problem {
  static func badPacking(_ error: InflateError, _ packing: ImportOptions.Packing) -> Problem {
    let name = packing == .zip ? "zip" : "gzip"
    return switch error {
    case .tooLarge(let maxBytes): .bodyTooLarge(maxBytes: maxBytes)
    case .ratio(let maxRatio):
      Problem(
        status: 413, code: "compression_ratio", title: "The body's compression ratio is too high",
        detail: "more than \(maxRatio) bytes for each compressed byte")
    case .truncated: badFile("truncated_\(name)", "the \(name) stream ends before its data does")
    case .trailingBytes: badFile("trailing_bytes", "bytes follow the \(name) stream")
    case .corrupt(let reason): badFile("corrupt_\(name)", reason)
    case .outOfMemory: .unavailable()
    }
  }

  static func badZip(_ error: ZipError) -> Problem {
    switch error {
    case .notAZip: badFile("not_a_zip", "the body has no zip directory: it is truncated, or not a zip archive")
    case .notOneFile(let names):
      badFile(
        "not_one_file",
        "expected an archive with one file; this one has \(names.count): \(names.prefix(10).joined(separator: ", "))\(names.count > 10 ? " …" : "")"
      )
    case .unsupported(let what): badFile("unsupported_zip", what)
    case .corrupt(let what): badFile("corrupt_zip", what)
    }
  }
}
