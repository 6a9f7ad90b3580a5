internal import Records

extension SearchTerms {
  /// The terms as an FTS5 expression (https://sqlite.org/fts5.html#full_text_query_syntax). Each term is quoted, so no
  /// input is parsed as syntax.
  package var expression: String {
    let all = wanted.map { "(\($0.map(\.expression).joined(separator: " OR ")))" }.joined(separator: " AND ")
    return excluded.isEmpty ? all : "(\(all)) NOT (\(excluded.map(\.expression).joined(separator: " OR ")))"
  }
}

extension SearchTerms.Term {
  fileprivate var expression: String { "\"\(text.replacing("\"", with: "\"\""))\"\(isPrefix ? " *" : "")" }
}
