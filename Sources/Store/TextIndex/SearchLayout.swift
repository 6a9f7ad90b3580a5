package import Records
package import SQL

/// The layout of the full-text index: one document per record, one column per searchable field, the naming field first.
///
/// A document's number consists of the resource, the day and the record's birth (the change number that created it), in this order.
/// So the documents of one resource are one range, ordered by start date and then by id: the latest twenty with a common word are
/// the first twenty that the index finds, without sorting. The birth never changes, so the number can be recomputed from the
/// register alone.
package struct SearchLayout: Sendable {
  /// Room for 68 billion changes, the days of the years 1 to 9999, and 32 resources.
  private static let birthBits: Int64 = 36
  private static let dayBits: Int64 = 22
  /// `rowid & birthMask` is the birth.
  static let birthMask: Int64 = (1 << birthBits) - 1

  /// A resource with searchable fields.
  package struct Part: Sendable {
    /// The resource indexed.
    package let resource: Resource
    /// The resource's position in the catalogue, below 32.
    package let number: Int64
    /// The searchable fields, the name first.
    package let columns: [Column]
    /// Selects `id, version, birth, date, text …` of existing records changed after a change number, up to another; takes both.
    package let changed: SQLTemplate
    /// Selects `id, birth` of records deleted after a change number, up to another; takes both.
    package let deleted: SQLTemplate
    /// Selects `date, text …` of an earlier version; takes number and version.
    let superseded: SQLTemplate
    /// Selects `date, text …` of an existing record; takes its number.
    package let current: SQLTemplate

    /// The numbers of its documents.
    package var range: ClosedRange<Int64> {
      let first = number << (SearchLayout.birthBits + SearchLayout.dayBits)
      return first...(first | (1 << (SearchLayout.birthBits + SearchLayout.dayBits) - 1))
    }

    /// The number of a document.
    ///
    /// - Parameters:
    ///   - birth: the change number that created the record, below 2^36.
    ///   - day: days since 0001-01-01, below 2^22; 0 without a date.
    package func document(birth: Int64, day: Int64) -> Int64 {
      range.lowerBound | day << SearchLayout.birthBits | birth & SearchLayout.birthMask
    }
  }

  /// The layout of the catalogue.
  package static let shared = SearchLayout(Catalogue.shared)

  /// The searchable resources, in catalogue order.
  package let parts: [Part]
  /// Columns of the index: as many as the resource with the most searchable fields has.
  package let width: Int
  /// Inserts a document; takes its number, then one text per column.
  package let insert: SQLTemplate
  /// Removes a document; takes the values it was inserted with, which the index does not keep.
  package let remove: SQLTemplate

  private init(_ catalogue: Catalogue) {
    parts = catalogue.all.enumerated().compactMap { Part($1, number: Int64($0)) }
    let width = parts.map(\.columns.count).max() ?? 1
    self.width = width
    insert = Dialect.insertDocument(Self.texts, columns: Self.names(width))
    remove = Dialect.removeDocument(Self.texts, columns: Self.names(width))
    score = Dialect.score(Self.texts, weights: [Self.nameWeight] + Array(repeating: 1, count: width - 1))
  }

  /// The part of a resource; `nil` if it is not searchable.
  package func part(of resource: Resource) -> Part? { parts.first { $0.resource === resource } }

  /// The numbers of a resource's documents; a range without documents if it is not searchable.
  package func range(of resource: Resource) -> ClosedRange<Int64> { part(of: resource)?.range ?? -1 ... -1 }

  /// The part that a document belongs to; `nil` for a number outside all ranges.
  package func part(ofDocument number: Int64) -> Part? { parts.first { $0.range.contains(number) } }

  // MARK: The index's tables

  /// Describes what is indexed and how; an index with another fingerprint is rebuilt.
  package var fingerprint: String {
    parts.map { "\($0.number) \($0.resource.name)(\($0.columns.map(\.name).joined(separator: " ")))" }.joined(separator: ", ")
      + "; \(Dialect.tokenizer); 1"
  }

  /// The index's table.
  package static let texts = "texts"

  /// FTS5 `automerge`: 8 instead of the default 4 fills faster, and searches are as fast.
  static let segmentsBeforeMerge = 8

  /// BM25 weight of the naming field; other fields weigh 1.
  private static let nameWeight = 4.0

  private static func names(_ width: Int) -> [String] { (1...width).map { "text\($0)" } }

  /// Statements that create the index's tables. The FTS5 table is contentless: the texts are in the register.
  package var schema: [SQLFragment] {
    [
      "CREATE TABLE state (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID",
      "CREATE TABLE documents (birth INTEGER PRIMARY KEY, number INTEGER NOT NULL, record INTEGER NOT NULL, version INTEGER NOT NULL) STRICT",
      Dialect.makeIndex(Self.texts, columns: Self.names(width), keepsTexts: false),
    ]
  }

  /// A statement that creates a table with texts, for snippets of a few documents.
  var scratchSchema: SQLFragment { Dialect.makeIndex(Self.texts, columns: Self.names(width), keepsTexts: true) }

  /// SQL of a document's BM25 score; the naming field weighs 4. Lower is better.
  package let score: SQLFragment
}

extension SearchLayout.Part {
  fileprivate init?(_ resource: Resource, number: Int64) {
    guard resource.isSearchable else { return nil }
    self.resource = resource
    self.number = number
    columns = resource.searchableColumns
    let (table, history) = (resource.name, "\(resource.name)_history")
    let birth = "CASE WHEN r.version = 1 THEN r.seq ELSE (SELECT h.seq FROM \(history) h WHERE h.id = r.id AND h.version = 1) END"
    let date = resource.columns.first { $0.kind == .period }.map { "r.\($0.name)" } ?? "NULL"
    let texts = "\(date), " + columns.map { "r.\($0.name)" }.joined(separator: ", ")
    let (from, to) = ("\(parameter: "from")" as SQLFragment, "\(parameter: "to")" as SQLFragment)
    let id: SQLFragment = "r.id = \(parameter: "id")"
    changed = SQLTemplate(
      "SELECT r.id, r.version, \(raw: birth), \(raw: texts) FROM \(raw: table) r WHERE r.seq > \(from) AND r.seq <= \(to)")
    deleted = SQLTemplate(
      """
      SELECT r.id, \(raw: birth) FROM \(raw: history) r
      WHERE r.ended_by = 'delete' AND r.ended_seq > \(from) AND r.ended_seq <= \(to)
      """)
    superseded = SQLTemplate("SELECT \(raw: texts) FROM \(raw: history) r WHERE \(id) AND r.version = \(parameter: "version")")
    current = SQLTemplate("SELECT \(raw: texts) FROM \(raw: table) r WHERE \(id)")
  }
}
