/// Why a date or timestamp was refused: a code for programs, a sentence for people.
package struct DateError: Error, Equatable, Sendable {
  /// E.g. `malformed`, `ambiguous`, `no_such_date`, `reversed`, `no_offset`.
  package let code: String
  /// What was found and which form is expected.
  package let detail: String

  init(_ code: String, _ text: UnsafeRawBufferPointer, wanted: String) {
    self.code = code
    // Enough to recognise the value without repeating a megabyte of it.
    let shown = unsafe String(decoding: text.prefix(40), as: UTF8.self)
    detail = "found \"\(shown)\(text.count > 40 ? "…" : "")\", expected \(wanted)"
  }
}
