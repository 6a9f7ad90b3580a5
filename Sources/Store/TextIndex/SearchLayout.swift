package import Records
package import SQL

/// How records lie in the full-text index: one document a record, one column a searchable field, what names the record first.
///
/// A document's number is made of the resource, the day and the record's birth (the change number that created it), in this order.
/// So the documents of one resource are one range, and in it they lie in order of start date and then of id: the latest twenty
/// that hold a common word are the first twenty that the index meets, and nothing is sorted. The birth never changes, so the number
/// can be made again from the register alone.
package struct SearchLayout: Sendable {
  /// 68 billion changes, the days of the years 1 to 9999, 32 resources.
  private static let birthBits: Int64 = 36
  private static let dayBits: Int64 = 22
  /// `rowid & birthMask` is the birth.
  static let birthMask: Int64 = (1 << birthBits) - 1

  /// A resource that has searchable fields.
  package struct Part: Sendable {
    package let resource: Resource
    /// Where the resource stands in the catalogue.
    package let number: Int64
    /// The searchable fields, the name first.
    package let columns: [Column]
    /// `id, version, birth, date, text …` of what changed after a change number, up to another, and is there.
    package let changed: SQLTemplate
    /// `id, birth` of what was deleted after a change number, up to another.
    package let deleted: SQLTemplate
    /// `date, text …` of a record as a version said it.
    let superseded: SQLTemplate
    /// `date, text …` of a record now.
    package let current: SQLTemplate

    /// The numbers of its documents.
    package var range: ClosedRange<Int64> {
      let first = number << (SearchLayout.birthBits + SearchLayout.dayBits)
      return first...(first | (1 << (SearchLayout.birthBits + SearchLayout.dayBits) - 1))
    }

    package func document(birth: Int64, day: Int64) -> Int64 {
      range.lowerBound | day << SearchLayout.birthBits | birth & SearchLayout.birthMask
    }
  }

  package static let shared = SearchLayout(Catalogue.shared)

  package let parts: [Part]
  /// Columns of the index: as many as the resource with the most searchable fields has.
  package let width: Int
  /// Takes a document's number, then its texts.
  package let insert: SQLTemplate
  /// Takes the same values as its insertion did: the index does not keep them.
  package let remove: SQLTemplate

  private init(_ catalogue: Catalogue) {
    parts = catalogue.all.enumerated().compactMap { Part($1, number: Int64($0)) }
    let width = parts.map(\.columns.count).max() ?? 1
    self.width = width
    insert = Dialect.insertDocument(Self.texts, columns: Self.names(width))
    remove = Dialect.removeDocument(Self.texts, columns: Self.names(width))
    score = Dialect.score(Self.texts, weights: [Self.nameWeight] + Array(repeating: 1, count: width - 1))
  }

  package func part(of resource: Resource) -> Part? { parts.first { $0.resource === resource } }

  /// The numbers of the documents of a resource; none for one that cannot be searched.
  package func range(of resource: Resource) -> ClosedRange<Int64> { part(of: resource)?.range ?? -1 ... -1 }

  /// The resource that a document belongs to.
  package func part(ofDocument number: Int64) -> Part? { parts.first { $0.range.contains(number) } }

  // MARK: The index's tables

  /// A change of what is indexed, or how, makes another text of this, and the index is made anew.
  package var fingerprint: String {
    parts.map { "\($0.number) \($0.resource.name)(\($0.columns.map(\.name).joined(separator: " ")))" }.joined(separator: ", ")
      + "; \(Dialect.tokenizer); 1"
  }

  /// The index's table.
  package static let texts = "texts"

  /// 8 instead of FTS5's 4 fills faster, and a search that reads them is as fast.
  static let segmentsBeforeMerge = 8

  /// What names a record weighs as much as so many of its other texts.
  private static let nameWeight = 4.0

  private static func names(_ width: Int) -> [String] { (1...width).map { "text\($0)" } }

  /// Contentless: the texts are in the register already.
  package var schema: [SQLFragment] {
    [
      "CREATE TABLE state (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID",
      "CREATE TABLE documents (birth INTEGER PRIMARY KEY, number INTEGER NOT NULL, record INTEGER NOT NULL, version INTEGER NOT NULL) STRICT",
      Dialect.makeIndex(Self.texts, columns: Self.names(width), keepsTexts: false),
    ]
  }

  /// A table that keeps its texts, for the few documents whose words are to be shown.
  var scratchSchema: SQLFragment { Dialect.makeIndex(Self.texts, columns: Self.names(width), keepsTexts: true) }

  /// How well a document answers; the name weighs more. Smaller is better.
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
