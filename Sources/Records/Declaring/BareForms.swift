internal import Formats

// Forms that take raw pointers, for callers that do not pass views yet. The view forms document the behaviour.

extension Catalogue {
  /// The resource whose prefix the id has, and the id's number; `nil` for text of another form.
  package func parse(id text: UnsafeRawBufferPointer) -> (resource: Resource, id: Int64)? { unsafe parse(id: ByteView(text)) }

  /// Whether text has the form of an id (17 bytes), which no handle may have.
  package static func isID(_ text: UnsafeRawBufferPointer) -> Bool { unsafe isID(ByteView(text)) }
}

extension ReferenceTables {
  /// The CAMEO code's row; `nil` for a code that the table lacks.
  package func cameo(_ code: UnsafeRawBufferPointer) -> CAMEOCode? { unsafe cameo(ByteView(code)) }

  /// The ISO 3166-1 alpha-3 code of a country named in another system; `nil` if unknown.
  package func country(_ code: UnsafeRawBufferPointer, in system: CountrySystem) -> String? { unsafe country(ByteView(code), in: system) }
}

extension DraftReader {
  /// Reads one CSV cell into a field; an empty cell sets nothing. Faults go into the draft.
  package func read(_ text: UnsafeRawBufferPointer, _ column: Column, into draft: Draft) {
    unsafe read(ByteView(text), column, into: draft)
  }
}

extension ScalarReader {
  /// Reads a value written as text (CSV cell, query parameter).
  ///
  /// - Throws: `Refusal` when the value is not valid for the column.
  package func read(_ column: Column, _ text: UnsafeRawBufferPointer) throws(Refusal) -> Scalar { try unsafe read(column, ByteView(text)) }
}

/// The text in quotes for error messages, cut after 60 bytes.
package func quoted(_ text: UnsafeRawBufferPointer) -> String { unsafe quoted(ByteView(text)) }
