import Formats
import HTTP

/// What a decoder made of some bytes.
enum Decoded: Equatable {
  case head(consumed: Int)
  case incomplete
  case problem(status: Int, code: String)
}

/// Decodes a head that arrives whole.
func decode(_ text: String, limits: RequestLimits = RequestLimits(), into request: Request = Request()) -> Decoded {
  decode(Array(text.utf8), cutAt: nil, limits: limits, into: request)
}

/// Decodes a head that arrives in two parts.
func decode(_ bytes: [UInt8], cutAt cut: Int?, limits: RequestLimits = RequestLimits(), into request: Request = Request()) -> Decoded {
  var decoder = RequestDecoder(limits: limits)
  do {
    if let cut, let consumed = try decoder.decode(bytes.span.extracting(0..<cut), into: request) { return .head(consumed: consumed) }
    guard let consumed = try decoder.decode(bytes.span, into: request) else { return .incomplete }
    return .head(consumed: consumed)
  } catch {
    return .problem(status: error.status, code: error.code)
  }
}

/// A request with an HTTP/1.1 head of those lines.
func request(_ lines: String...) -> Request {
  let request = Request()
  _ = decode(lines.map { $0 + "\r\n" }.joined() + "\r\n", into: request)
  return request
}

/// Texts instead of views, for expectations.
extension Request {
  var pathText: String { path.string }
  var queryText: String { query.string }
  func headerText(_ name: StaticString) -> String? { header(name)?.string }
  func trailerText(_ name: StaticString) -> String? { trailer(name)?.string }
  func captureText(_ name: StaticString) -> String { capture(name).string }
  var captureTexts: [String] { captures.indices.map { captured($0).string } }

  func headerTexts(_ name: StaticString) -> [String] {
    var values: [String] = []
    headers(named: name) { values.append($0.string) }
    return values
  }
}
