/// The values of one parameter, with commas between: `a,b` or `"Talks, then a summit",b`.
///
/// A value in double quotes may hold commas; a quote in it is doubled, as in CSV (RFC 4180 §2). A quote that closes neither before a comma
/// nor at the end is a letter like any other. Empty values count.
package enum CommaList {
  package struct Item: Equatable, Sendable {
    /// What the value says.
    package let text: String
    /// As it was sent, quotes and blanks included.
    package let written: String
    package let isQuoted: Bool
  }

  /// Cuts a list into its values, empty ones too.
  package static func items(of text: String) -> [Item] {
    // By bytes: to look for commas by characters took longer than all else of a question.
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

  /// Behind the closing quote of a value that begins at `start`; `nil` where no quoted value stands there.
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
  /// Without blanks at both ends.
  package var trimmingSpaces: SubSequence {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else { return self[endIndex...] }
    return self[first...last]
  }
}
