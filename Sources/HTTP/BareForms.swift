internal import Formats

// Raw-pointer forms for handlers that do not take `ByteView` yet; see the views for the contracts.

extension Request {
  /// `rawPath` as a raw buffer; valid as long as the request is not cleared.
  package var path: UnsafeRawBufferPointer { unsafe rawPath.unsafeBytes }

  /// `rawQuery` as a raw buffer; valid as long as the request is not cleared.
  package var query: UnsafeRawBufferPointer { unsafe rawQuery.unsafeBytes }

  /// `field(_:)` as a raw buffer; valid as long as the request is not cleared.
  package func header(_ name: StaticString) -> UnsafeRawBufferPointer? { unsafe field(name).map { unsafe $0.unsafeBytes } }

  /// `fields(named:_:)` with raw buffers, each valid during `body` only.
  package func headers(named name: StaticString, _ body: (UnsafeRawBufferPointer) -> Void) {
    fields(named: name) { unsafe body($0.unsafeBytes) }
  }

  /// `matches(etag:in:weak:)` for a raw buffer (RFC 9110 §13.1).
  package func matches(etag: UnsafeRawBufferPointer, in header: StaticString, weak: Bool) -> Bool {
    unsafe matches(etag: ByteView(etag, .endless), in: header, weak: weak)
  }
}

extension QueryItems {
  /// Walks over a raw buffer, which must stay in place while items are read; more than `maxItems` pairs are a 400.
  package init(_ query: UnsafeRawBufferPointer, maxItems: Int = QueryItems.defaultMaxItems) {
    unsafe self.init(ByteView(query, .endless), maxItems: maxItems)
  }
}

extension Response {
  /// Adds a field. A control character in the value becomes a space.
  package func header(_ name: StaticString, _ value: UnsafeRawBufferPointer) { unsafe header(name, ByteView(value, .endless)) }
}
