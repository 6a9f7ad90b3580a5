package import SQL

// The full-text index is an FTS5 table (https://www.sqlite.org/fts5.html) in a file of its own that readers attach.

extension Dialect {
  /// The schema name under which the index's file is attached.
  static let indexSchema = "search"

  /// A table of the attached index.
  package static func indexed(_ table: String) -> String { "\(indexSchema).\(table)" }

  /// Whether a document of the index `table` matches an FTS5 expression.
  package static func matches(_ table: String, _ expression: SQLFragment) -> SQLFragment { "\(raw: table) MATCH \(expression)" }

  /// A document's number, its rowid: documents are stored and found in this order.
  static func documentNumber(_ table: String) -> SQLFragment { SQLFragment(raw: "\(table).rowid") }

  /// The BM25 score of a document with a weight per column; lower is better.
  package static func score(_ table: String, weights: [Double]) -> SQLFragment {
    SQLFragment(raw: "bm25(\(table), \(weights.map { "\($0)" }.joined(separator: ", ")))")
  }

  /// An excerpt of the document around the matches.
  ///
  /// - Parameters:
  ///   - marks: code points written before and after each match.
  ///   - tokens: length of the excerpt in words, at most 64.
  package static func snippet(_ table: String, marks: (Int, Int), tokens: Int) -> SQLFragment {
    SQLFragment(raw: "snippet(\(table), -1, char(\(marks.0)), char(\(marks.1)), '…', \(tokens))")
  }

  /// Creates an index. A contentless one (`keepsTexts: false`) keeps only its own structures, not the texts.
  static func makeIndex(_ table: String, columns: [String], keepsTexts: Bool) -> SQLFragment {
    let content = keepsTexts ? "" : "content = '', "
    return SQLFragment(
      raw: "CREATE VIRTUAL TABLE \(table) USING fts5 (\(columns.joined(separator: ", ")), \(content)\(tokenizer))")
  }

  /// The tokenizer: Unicode words, ignoring case and diacritics.
  static let tokenizer = "tokenize = 'unicode61 remove_diacritics 2'"

  /// Sets an FTS5 option of an index; takes its value.
  static func setOption(_ option: String, of table: String) -> SQLTemplate {
    SQLTemplate("INSERT INTO \(raw: table) (\(raw: table), rank) VALUES ('\(raw: option)', \(parameter: "value"))")
  }

  /// Inserts a document; takes its number, then one text per column.
  static func insertDocument(_ table: String, columns: [String]) -> SQLTemplate {
    SQLTemplate(
      "INSERT INTO \(raw: table) (rowid, \(raw: columns.joined(separator: ", "))) VALUES (\(parameter: "number"), \(texts(columns)))")
  }

  /// Removes a document; takes the values it was inserted with, which a contentless index does not keep.
  static func removeDocument(_ table: String, columns: [String]) -> SQLTemplate {
    SQLTemplate(
      """
      INSERT INTO \(raw: table) (\(raw: table), rowid, \(raw: columns.joined(separator: ", "))) \
      VALUES ('delete', \(parameter: "number"), \(texts(columns)))
      """)
  }

  private static func texts(_ columns: [String]) -> SQLFragment {
    columns.map { "\(parameter: $0)" as SQLFragment }.joined(separator: ", ")
  }
}
