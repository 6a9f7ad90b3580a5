package import Formats

/// The fields after a chunked body (RFC 9112 §7.1.2). They are kept apart from the header: a trailer must not pass for a header field.
final class Trailers {
  let text = ByteBuffer(capacity: 256)
  var fields: [FieldRange] = []
}

extension Request {
  /// The first trailer field with this name, once the whole body has been read.
  ///
  /// - Parameter name: in any case.
  package func trailer(_ name: StaticString) -> ByteView? {
    guard let trailers else { return nil }
    for field in trailers.fields {
      if trailers.text.bytes[field.name].equalsIgnoringCase(name) { return trailers.text.bytes[field.value] }
    }
    return nil
  }

  /// Stores one trailer line, parsed as `field`.
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
