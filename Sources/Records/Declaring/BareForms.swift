internal import Formats

// Bare pointers, for callers that do not give views yet; what they mean is said beside the views.

extension Catalogue {
  package func parse(id text: UnsafeRawBufferPointer) -> (resource: Resource, id: Int64)? { unsafe parse(id: ByteView(text)) }

  package static func isID(_ text: UnsafeRawBufferPointer) -> Bool { unsafe isID(ByteView(text)) }
}

extension ReferenceTables {
  package func cameo(_ code: UnsafeRawBufferPointer) -> CAMEOCode? { unsafe cameo(ByteView(code)) }

  package func country(_ code: UnsafeRawBufferPointer, in system: CountrySystem) -> String? { unsafe country(ByteView(code), in: system) }
}

extension DraftReader {
  package func read(_ text: UnsafeRawBufferPointer, _ column: Column, into draft: Draft) {
    unsafe read(ByteView(text), column, into: draft)
  }
}

extension ScalarReader {
  package func read(_ column: Column, _ text: UnsafeRawBufferPointer) throws(Refusal) -> Scalar { try unsafe read(column, ByteView(text)) }
}

/// The text in quotes, shortened: for sentences about it.
package func quoted(_ text: UnsafeRawBufferPointer) -> String { unsafe quoted(ByteView(text)) }
