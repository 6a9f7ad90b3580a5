internal import CSimdjson

/// Parses whole JSON documents (RFC 8259) with simdjson, and also refuses what simdjson accepts but a register must not store: duplicate
/// keys, numbers that would change, lone surrogates.
///
/// One parser per thread: it reuses its buffers (about 14 times the longest document). `@safe`: the C parser lives exactly as long as this
/// object.
@safe
package final class JSONParser {
  private let parser: OpaquePointer?
  private let maxDepth: Int
  private let keepBytes: Int
  private var tapeCheck = JSONTapeCheck()
  /// The lifetime of the buffers that nodes point into.
  private let lifetime = ByteLifetime()
  /// simdjson counts offsets in 32 bits.
  private static let maxBytes = Int(UInt32.max)
  /// The greatest nesting of any document; used for stored documents, whatever limit applied on input.
  package static let greatestDepth = 1_024

  /// Allocates a parser; its buffers grow with the documents.
  ///
  /// - Parameters:
  ///   - maxDepth: the greatest nesting of objects and arrays, at most 1,024, because readers of the values recurse.
  ///   - keepBytes: buffers above this are freed before the next document of at most this size.
  package init(maxDepth: Int, keepBytes: Int = 1 << 20) {
    self.maxDepth = min(max(maxDepth, 0), Self.greatestDepth)
    self.keepBytes = keepBytes
    // simdjson refuses a container that reaches its limit, so the limit is one above ours.
    unsafe parser = unsafe csimdjson_new(Self.maxBytes, self.maxDepth + 1)
  }

  deinit {
    lifetime.end()
    unsafe csimdjson_free(parser)
  }

  /// Parses one document with a new parser that lives during the call of `body`: a node does not keep its parser alive.
  ///
  /// - Throws: `JSONError`, or what `body` throws.
  package static func reading<Result>(_ bytes: ByteView, maxDepth: Int = 64, _ body: (JSONNode) throws -> Result) throws -> Result {
    let parser = JSONParser(maxDepth: maxDepth)
    defer { withExtendedLifetime(parser) {} }
    return try body(try parser.parse(bytes))
  }

  /// Parses one document.
  ///
  /// - Parameter bytes: the document; it is copied and need not outlive the call.
  /// - Returns: the root, a view into this parser's buffers, valid until the next call.
  /// - Throws: `JSONError`, with the place of the fault where it is known.
  package func parse(_ bytes: ByteView) throws(JSONError) -> JSONNode {
    let bytes = unsafe bytes.unsafeBytes
    lifetime.end()
    try unsafe refuseWhatIsNoDocument(bytes)
    guard let parser = unsafe parser, let start = bytes.baseAddress else { throw JSONError(.outOfMemory, "out of memory for the parser") }
    if bytes.count <= keepBytes { unsafe csimdjson_trim(parser, keepBytes) }
    let document = unsafe csimdjson_parse(parser, start.assumingMemoryBound(to: UInt8.self), bytes.count)
    guard unsafe document.error == 0, let tape = unsafe document.tape, let strings = unsafe document.strings else {
      throw unsafe fault(in: bytes, code: document.error)
    }
    let root = unsafe JSONNode(tape: tape, strings: strings, index: 1, lifetime.moment)
    let tokens = unsafe UnsafeBufferPointer(start: document.structurals, count: document.structural_count)
    try unsafe JSONNumber.check(bytes, tokens: tokens)
    try unsafe JSONEscape.check(bytes)
    if let fault = unsafe tapeCheck.find(tape: tape, count: document.tape_count, strings: strings, maxDepth: maxDepth) {
      throw unsafe error(for: fault, root: root, tokens: tokens, in: bytes)
    }
    return root
  }

  private func refuseWhatIsNoDocument(_ bytes: UnsafeRawBufferPointer) throws(JSONError) {
    if bytes.count == 0 { throw JSONError(.empty, "the document is empty") }
    if bytes.count > Self.maxBytes { throw JSONError(.tooLarge, "a document must be smaller than 4 GiB") }
    if unsafe bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw unsafe JSONError(.byteOrderMark, "the document starts with a byte order mark", at: 0, in: bytes)
    }
  }

  /// simdjson does not report where a fault is; the slow parser finds it.
  private func fault(in bytes: UnsafeRawBufferPointer, code: Int32) -> JSONError {
    if let found = unsafe JSONFaultFinder(bytes, maxDepth: maxDepth).find() { return found }
    let message = unsafe csimdjson_error(code).map { unsafe String(cString: $0) } ?? "the document cannot be parsed"
    return JSONError(.invalidJSON, message)
  }

  private func error(
    for fault: JSONTapeCheck.Fault, root: JSONNode, tokens: UnsafeBufferPointer<UInt32>, in bytes: UnsafeRawBufferPointer
  ) -> JSONError {
    switch fault {
    case .depth(let index):
      let offset = unsafe Self.offset(ofTapeIndex: index, tokens: tokens, in: bytes)
      return unsafe .depth(maxDepth, at: offset, in: bytes)
    case .duplicate(let index):
      let name = unsafe String(decoding: root.at(index).text.prefix(100), as: UTF8.self)
      let offset = unsafe Self.offset(ofTapeIndex: index, tokens: tokens, in: bytes)
      return unsafe JSONError(.duplicateKey, "the object has the key \"\(name)\" twice", at: offset, in: bytes)
    }
  }

  /// Tape and tokens hold the same values in the same order; the tape omits `:` and `,` and has two words per number.
  private static func offset(ofTapeIndex wanted: Int, tokens: UnsafeBufferPointer<UInt32>, in bytes: UnsafeRawBufferPointer) -> Int {
    var index = 1
    for token in 0..<tokens.count {
      let offset = unsafe Int(tokens[token])
      let byte = unsafe bytes[offset]
      if byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",") { continue }
      if index == wanted { return offset }
      index += JSONNumber.starts(with: byte) ? 2 : 1
    }
    return bytes.count
  }
}
