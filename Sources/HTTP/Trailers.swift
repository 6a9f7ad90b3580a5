package import Formats

/// The fields behind a chunked body (RFC 9112 §7.1.2). They are kept apart from the header: a trailer must not pass for one.
final class Trailers {
  let text = ByteBuffer(capacity: 256)
  var fields: [FieldRange] = []
}

extension Request {
  /// The first trailer field of that name, once the body has been read to its end.
  ///
  /// - Parameter name: in any case.
  package func trailer(_ name: StaticString) -> ByteView? {
    guard let trailers else { return nil }
    for field in trailers.fields {
      if trailers.text.bytes[field.name].equalsIgnoringCase(name) { return trailers.text.bytes[field.value] }
    }
    return nil
  }

  /// Keeps one trailer line, which `field` describes.
  func addTrailer(_ line: Span<UInt8>, _ field: FieldRange) {
    let kept = trailers ?? Trailers()
    let start = kept.text.count
    kept.text.append(line)
    kept.fields.append(
      FieldRange(
        name: field.name.lowerBound + start..<field.name.upperBound + start,
        value: field.value.lowerBound + start..<field.value.upperBound + start))
    trailers = kept
  }
}
