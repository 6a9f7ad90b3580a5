internal import Formats
package import Records
package import SQL

/// Reads the register together with its full-text index: ranked hits, and snippets of their matches.
package final class SearchReader {
  /// A record found in the index.
  package struct Record {
    /// Its resource.
    package let part: SearchLayout.Part
    /// Its number.
    package let id: Int64
  }

  /// The display of a hit.
  package struct Shown {
    /// The naming field as stored, not escaped; `nil` if it is null.
    package let name: String?
    /// HTML: matches in `<mark>`, everything else escaped.
    package let snippet: String
  }

  /// Length of a snippet in words.
  private static let snippetTokens = 24

  /// Marks matches with U+0002 and U+0003, which no text of the register contains.
  private static let snippets = SQLTemplate(
    """
    SELECT \(Dialect.documentNumber(SearchLayout.texts)), \(Dialect.snippet(SearchLayout.texts, marks: (2, 3), tokens: snippetTokens))
    FROM \(raw: SearchLayout.texts) WHERE \(Dialect.matches(SearchLayout.texts, "\(parameter: "expression")"))
    """)

  /// Reads the register; the index is attached as schema `search`.
  package let connection: any Connection
  /// Number of the index file.
  let generation: Int
  private let file: any DerivedFile
  private var scratch: (any Connection)?
  private let texts = DocumentTexts(width: SearchLayout.shared.width)
  private let key = Values()

  /// Opens a connection with the index attached.
  ///
  /// - Parameter generation: of the index file; see `Indexer`.
  /// - Throws: `SQLError`, `.damaged` for a damaged index.
  package init(_ file: any DerivedFile, generation: Int) throws {
    self.file = file
    self.generation = generation
    connection = try file.makeReader(schema: Dialect.indexSchema)
  }

  /// A matching record with its score.
  package struct Hit {
    /// The record found.
    package let record: Record
    /// BM25; lower is better.
    package let score: Double
  }

  /// The best matches in the index, best first.
  ///
  /// - Parameters:
  ///   - parts: the resources to search; empty for all.
  ///   - after: the keyset (score, number) of the previous page's last hit; `nil` for the first page.
  /// - Returns: at most `limit` hits; `last`, the keyset for the next page, only if more follow.
  /// - Throws: `SQLError`.
  package func best(_ terms: SearchTerms, in parts: [SearchLayout.Part], after: Values?, limit: Int) throws -> (hits: [Hit], last: Values?)
  {
    let (texts, score) = (SearchLayout.texts, SearchLayout.shared.score)
    let number = Dialect.documentNumber(texts)
    var condition = Dialect.matches(texts, "\(terms.expression)")
    if !parts.isEmpty {
      let ranges = parts.map { "\(number) BETWEEN \($0.range.lowerBound) AND \($0.range.upperBound)" as SQLFragment }
      condition.append(" AND (\(ranges.joined(separator: " OR ")))")
    }
    if let after { condition.append(" AND (\(score), \(number)) > (\(after[0]), \(after[1]))") }
    var hits: [Hit] = []
    let last = Values()
    var hasMore = false
    try connection.query(
      """
      SELECT h.score, h.number, d.record FROM (
        SELECT \(score) AS score, \(number) AS number FROM \(raw: Dialect.indexed(texts)) WHERE \(condition)
        ORDER BY score, number LIMIT \(limit + 1)
      ) h LEFT JOIN \(raw: Dialect.indexed("documents")) d ON d.birth = h.number & \(SearchLayout.birthMask) ORDER BY h.score, h.number
      """
    ) { row in
      guard hits.count < limit else {
        hasMore = true
        return false
      }
      guard let part = SearchLayout.shared.part(ofDocument: row[1].integer) else { return true }
      hits.append(Hit(record: Record(part: part, id: row[2].integer), score: row[0].real))
      last.reset()
      last.append(row[0])
      last.append(row[1])
      return true
    }
    return (hits, hasMore ? last : nil)
  }

  /// The names and snippets of the records' current texts, in order; `nil` for a deleted record or one that no longer matches.
  ///
  /// The index has no texts, and snippets need the same tokenizer: a table in memory indexes just these records.
  ///
  /// - Throws: `SQLError`.
  package func show(_ records: [Record], _ terms: SearchTerms) throws -> [Shown?] {
    let scratch = try openScratch()
    texts.clear()
    try scratch.execute(Dialect.begin)
    defer { _ = try? scratch.execute(Dialect.rollback) }
    var names = [String?](repeating: nil, count: records.count)
    for (position, record) in records.enumerated() { names[position] = try put(record, number: Int64(position) + 1, in: scratch) }
    var shown = [Shown?](repeating: nil, count: records.count)
    try scratch.query(Self.snippets, with: terms.expression) { row in
      let position = Int(row[0].integer) - 1
      shown[position] = Shown(name: names[position], snippet: Self.html(row[1]))
      return true
    }
    return shown
  }

  private func put(_ record: Record, number: Int64, in scratch: any Connection) throws -> String? {
    key.reset()
    key.append(integer: record.id)
    var document: DocumentTexts.Document?
    try connection.query(record.part.current, key) { row in
      document = try texts.add(record.part, row, first: 1, number: number)
      return false
    }
    guard let document else { return nil }
    texts.bind(document, to: key)
    try scratch.execute(SearchLayout.shared.insert, key)
    return texts.name(document)
  }

  private func openScratch() throws -> any Connection {
    if let scratch { return scratch }
    let made = try file.makeScratch()
    try made.execute(SearchLayout.shared.scratchSchema)
    scratch = made
    return made
  }

  private static func html(_ cell: Cell) -> String {
    let html = ByteBuffer(capacity: 512)
    let bytes = cell.utf8
    for position in 0..<bytes.count {
      switch bytes[position] {
      case 0x02: html.append("<mark>" as StaticString)
      case 0x03: html.append("</mark>" as StaticString)
      case UInt8(ascii: "&"): html.append("&amp;" as StaticString)
      case UInt8(ascii: "<"): html.append("&lt;" as StaticString)
      case UInt8(ascii: ">"): html.append("&gt;" as StaticString)
      case UInt8(ascii: "\""): html.append("&quot;" as StaticString)
      case UInt8(ascii: "'"): html.append("&#39;" as StaticString)
      default: html.append(bytes[position])
      }
    }
    return html.string
  }
}
