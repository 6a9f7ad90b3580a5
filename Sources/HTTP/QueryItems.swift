package import Formats

/// Iterates over a query's `name=value` pairs, percent-decoded (`+` is a space).
package struct QueryItems {
  /// The default limit of pairs per query.
  package static let defaultMaxItems = 100

  private let query: ByteView
  private let maxItems: Int
  private var position = 0
  private var count = 0

  /// - Parameters:
  ///   - query: without `?`; must stay in place while items are read.
  ///   - maxItems: the most pairs; 400 above.
  package init(_ query: ByteView, maxItems: Int = QueryItems.defaultMaxItems) {
    self.query = query
    self.maxItems = maxItems
  }

  /// The ranges of a decoded name and value in the buffer.
  package struct Item: Sendable, Equatable {
    /// The decoded name's bytes in the buffer.
    package let name: Range<Int>
    /// The decoded value's bytes in the buffer; empty without `=`.
    package let value: Range<Int>
  }

  /// Appends the next pair, decoded, to `buffer`.
  ///
  /// - Returns: the ranges of name and value in the buffer, or `nil` at the end. Empty pairs (`a=1&&b=2`) are skipped.
  /// - Throws: 400, naming the parameter, for malformed escapes, invalid UTF-8 and NUL; 400 for too many pairs.
  package mutating func next(into buffer: ByteBuffer) throws(Problem) -> Item? {
    while position < query.count {
      let range = nextPair()
      guard !range.isEmpty else { continue }
      count += 1
      guard count <= maxItems else { throw .badRequest(.tooManyParameters, "At most \(maxItems) parameters are accepted.") }
      return try decode(query[range], into: buffer)
    }
    return nil
  }

  private mutating func nextPair() -> Range<Int> {
    let start = position
    let end = query.firstIndex(of: UInt8(ascii: "&"), from: start) ?? query.count
    position = end &+ 1
    return start..<end
  }

  private func decode(_ pair: ByteView, into buffer: ByteBuffer) throws(Problem) -> Item {
    let equals = pair.firstIndex(of: UInt8(ascii: "="))
    let nameEnd = equals ?? pair.count
    let name = try decode(pair[..<nameEnd], of: nil, into: buffer)
    guard let equals else { return Item(name: name, value: buffer.count..<buffer.count) }
    let value = try decode(pair[(equals + 1)...], of: name, into: buffer)
    return Item(name: name, value: value)
  }

  /// Decodes one side of a pair; `name` is the name's range when this is the value.
  private func decode(_ text: ByteView, of name: Range<Int>?, into buffer: ByteBuffer) throws(Problem) -> Range<Int> {
    let start = buffer.count
    let isWellFormed = text.withSpan { appendDecoded($0, to: buffer) }
    let decoded = start..<buffer.count
    guard isWellFormed, isText(buffer.bytes[decoded]) else { throw malformed(name ?? decoded, in: buffer) }
    return decoded
  }

  private func appendDecoded(_ text: Span<UInt8>, to buffer: ByteBuffer) -> Bool {
    var index = 0
    while index < text.count {
      guard let (byte, length) = text.percentDecoded(at: index), byte != 0 else { return false }
      buffer.append(length == 1 && byte == UInt8(ascii: "+") ? 0x20 : byte)
      index &+= length
    }
    return true
  }

  // Most parameters are ASCII and shorter than the cost of a call.
  private func isText(_ bytes: ByteView) -> Bool { bytes.isASCII || bytes.isValidUTF8 }

  private func malformed(_ name: Range<Int>, in buffer: ByteBuffer) -> Problem {
    let text = buffer.bytes[name].string
    return .badParameter(text, code: "bad_encoding", "The parameter must be percent-encoded UTF-8 without NUL.")
  }
}
