package import SQL

// The full-text index is an FTS5 table in a file of its own, which a reader has attached.

extension Dialect {
  /// What the index's file is attached under.
  static let indexSchema = "search"

  /// A table of the attached index.
  package static func indexed(_ table: String) -> String { "\(indexSchema).\(table)" }

  /// Whether a document of the index `table` fits an expression.
  package static func matches(_ table: String, _ expression: SQLFragment) -> SQLFragment { "\(raw: table) MATCH \(expression)" }

  /// A document's number: documents lie and are found in its order.
  static func documentNumber(_ table: String) -> SQLFragment { SQLFragment(raw: "\(table).rowid") }

  /// How well a document fits, with a weight for each column; the best has the least.
  package static func score(_ table: String, weights: [Double]) -> SQLFragment {
    SQLFragment(raw: "bm25(\(table), \(weights.map { "\($0)" }.joined(separator: ", ")))")
  }

  /// Where a document holds what is searched for.
  ///
  /// - Parameters:
  ///   - marks: what stands before and behind each place: characters by their numbers.
  ///   - tokens: words that are shown around it.
  package static func snippet(_ table: String, marks: (Int, Int), tokens: Int) -> SQLFragment {
    SQLFragment(raw: "snippet(\(table), -1, char(\(marks.0)), char(\(marks.1)), '…', \(tokens))")
  }

  /// Makes an index that keeps what its documents hold in its own way, and their texts only where it is said.
  static func makeIndex(_ table: String, columns: [String], keepsTexts: Bool) -> SQLFragment {
    let content = keepsTexts ? "" : "content = '', "
    return SQLFragment(
      raw: "CREATE VIRTUAL TABLE \(table) USING fts5 (\(columns.joined(separator: ", ")), \(content)\(tokenizer))")
  }

  /// How words are told apart and compared.
  static let tokenizer = "tokenize = 'unicode61 remove_diacritics 2'"

  /// Sets an option of an index.
  static func setOption(_ option: String, of table: String) -> SQLTemplate {
    SQLTemplate("INSERT INTO \(raw: table) (\(raw: table), rank) VALUES ('\(raw: option)', \(parameter: "value"))")
  }

  /// Takes a document's number, then a text for each column.
  static func insertDocument(_ table: String, columns: [String]) -> SQLTemplate {
    SQLTemplate(
      "INSERT INTO \(raw: table) (rowid, \(raw: columns.joined(separator: ", "))) VALUES (\(parameter: "number"), \(texts(columns)))")
  }

  /// Takes the same values as the insertion did: an index without texts does not know what to take out.
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
