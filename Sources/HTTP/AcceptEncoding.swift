internal import Formats

extension Request {
  /// Whether `Accept-Encoding` accepts gzip: listed with a weight above 0, or covered by `*` (RFC 9110 §12.5.3).
  package var acceptsGzip: Bool {
    var named: Bool?
    var any = false
    for field in fields where isNamed(field, "Accept-Encoding") {
      bytes(field.value).withSpan { value in
        value.forEachListMember { member in
          let coding = value.extracting(member)
          let end = coding.firstIndex(of: UInt8(ascii: ";"), from: 0) ?? coding.count
          let name = coding.extracting(coding.trimming(0..<end))
          if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
            named = hasWeight(coding.extracting(end..<coding.count))
          } else if name.equals("*") {
            any = hasWeight(coding.extracting(end..<coding.count))
          }
        }
      }
    }
    return named ?? any
  }
}

/// Whether the parameters `;q=…` leave a weight above 0; the default is 1 (RFC 9110 §12.4.2).
private func hasWeight(_ parameters: Span<UInt8>) -> Bool {
  var index = 0
  while index < parameters.count, parameters[index].isBlank || parameters[index] == UInt8(ascii: ";") { index &+= 1 }
  guard index &+ 1 < parameters.count, parameters[index].lowercased == UInt8(ascii: "q") else { return true }
  for place in index &+ 2..<max(parameters.count, index &+ 2) where parameters[place] > 0x30 && parameters[place] < 0x3A { return true }
  return false
}
