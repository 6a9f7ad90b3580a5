/// Parses one field line without its CRLF (RFC 9112 §5).
///
/// - Parameters:
///   - line: the line's bytes.
///   - offset: added to the returned ranges, so that they hold for the buffer that contains the line.
/// - Throws: 400 for an empty or malformed name, blanks before the colon, a leading blank (obs-fold, §5.2: proxies join such lines in
///   different ways), and for NUL, CR and other control characters in the value.
func parseFieldLine(_ line: Span<UInt8>, offset: Int) throws(Problem) -> FieldRange {
  guard line.count > 0, !line[0].isBlank else {
    throw .badRequest(.badHeader, "A header line begins with a space. Folded lines are not supported.")
  }
  var colon = 0
  while colon < line.count, line[colon].isToken { colon &+= 1 }
  guard colon > 0, colon < line.count, line[colon] == UInt8(ascii: ":") else {
    throw .badRequest(.badHeader, "A header line must be a name, followed directly by a colon and a value.")
  }
  var index = colon &+ 1
  while index < line.count {
    guard line[index].isFieldContent else {
      throw .badRequest(.badHeader, "A header value contains a control character.")
    }
    index &+= 1
  }
  let value = line.trimming(colon &+ 1..<line.count)
  return FieldRange(name: offset..<offset &+ colon, value: value.lowerBound &+ offset..<value.upperBound &+ offset)
}

/// Finds the end of the line that begins at `start`.
///
/// - Parameter scanned: where the search continues, so that a line that arrives byte by byte is not scanned again and again; updated.
/// - Returns: the end of the line's text (before CRLF), or `nil` if it has not fully arrived.
/// - Throws: 400 for a bare LF. RFC 9112 §2.2 would allow it; proxies disagree about it, and a disagreement is how requests are smuggled.
func lineEnd(in bytes: Span<UInt8>, from start: Int, scanned: inout Int) throws(Problem) -> Int? {
  guard let feed = bytes.firstIndex(of: 0x0A, from: max(start, scanned)) else {
    scanned = bytes.count
    return nil
  }
  scanned = feed &+ 1
  guard feed > start, bytes[feed &- 1] == 0x0D else {
    throw .badRequest(.badLineEnd, "A line ends without a carriage return.")
  }
  return feed &- 1
}
