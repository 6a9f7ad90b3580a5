/// Splits the comma-separated values of one parameter: `a,b` or `"Talks, then a summit",b`.
///
/// A value in double quotes may hold commas; a quote in it is doubled, as in CSV (RFC 4180 §2). A quote that does not close before a comma
/// or at the end is an ordinary character. Empty values count.
package enum CommaList {
  /// One value of the list, unquoted, with its written form.
  package struct Item: Equatable, Sendable {
    /// The value without its quotes, doubled quotes made single.
    package let text: String
    /// The value as sent, with quotes and blanks.
    package let written: String
    /// Whether the value stood in double quotes; its commas are text then.
    package let isQuoted: Bool
  }

  /// Splits a list into its values, in order; empty values are kept.
  package static func items(of text: String) -> [Item] {
    // By bytes: a search for commas by `Character` took longer than the rest of parsing a query.
    let bytes = text.utf8
    guard bytes.contains(quote) else { return text.commaParts.map { Item(text: String($0), written: String($0), isQuoted: false) } }
    var items: [Item] = []
    var start = bytes.startIndex
    while true {
      let end = endOfQuoted(bytes, from: start)
      let isQuoted = end != nil
      let stop = end ?? bytes[start...].firstIndex(of: comma) ?? bytes.endIndex
      let written = String(text[start..<stop])
      items.append(Item(text: isQuoted ? unquoted(written) : written, written: written, isQuoted: isQuoted))
      guard stop < bytes.endIndex else { return items }
      start = bytes.index(after: stop)
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  /// The index after the closing quote of the value that begins at `start`; `nil` if no quoted value begins there.
  private static func endOfQuoted(_ bytes: String.UTF8View, from start: String.Index) -> String.Index? {
    guard start < bytes.endIndex, bytes[start] == quote else { return nil }
    var place = bytes.index(after: start)
    while let closing = bytes[place...].firstIndex(of: quote) {
      let next = bytes.index(after: closing)
      if next == bytes.endIndex || bytes[next] == comma { return next }
      guard bytes[next] == quote else { return nil }
      place = bytes.index(after: next)
    }
    return nil
  }

  private static func unquoted(_ written: String) -> String {
    String(written.dropFirst().dropLast()).replacing("\"\"", with: "\"")
  }
}

extension StringProtocol {
  /// The text without leading and trailing spaces and tabs.
  package var trimmingSpaces: SubSequence {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else { return self[endIndex...] }
    return self[first...last]
  }
}
