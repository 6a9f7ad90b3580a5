internal import Formats

// Bare pointers, for handlers that do not take views yet; what they hold is said beside the views.

extension Request {
  package var path: UnsafeRawBufferPointer { unsafe rawPath.unsafeBytes }

  package var query: UnsafeRawBufferPointer { unsafe rawQuery.unsafeBytes }

  package func header(_ name: StaticString) -> UnsafeRawBufferPointer? { unsafe field(name).map { unsafe $0.unsafeBytes } }

  package func headers(named name: StaticString, _ body: (UnsafeRawBufferPointer) -> Void) {
    fields(named: name) { unsafe body($0.unsafeBytes) }
  }

  package func matches(etag: UnsafeRawBufferPointer, in header: StaticString, weak: Bool) -> Bool {
    unsafe matches(etag: ByteView(etag, .endless), in: header, weak: weak)
  }
}

extension QueryItems {
  package init(_ query: UnsafeRawBufferPointer, maxItems: Int = QueryItems.defaultMaxItems) {
    unsafe self.init(ByteView(query, .endless), maxItems: maxItems)
  }
}

extension Response {
  package func header(_ name: StaticString, _ value: UnsafeRawBufferPointer) { unsafe header(name, ByteView(value, .endless)) }
}
