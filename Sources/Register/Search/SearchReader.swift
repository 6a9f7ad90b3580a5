internal import Formats
internal import SQL

/// A connection that reads the register and its full-text index, and can show where a record holds what is searched for.
final class SearchReader {
  /// A record that the index named.
  struct Record {
    let part: SearchLayout.Part
    let id: Int64
  }

  /// What is shown of a record that holds the words.
  struct Shown {
    /// The field that names it, as it is.
    let name: String?
    /// HTML: the words in `<mark>`, everything else escaped.
    let snippet: String
  }

  /// What the index and its tables are called under.
  static let schema = "search"
  /// Words around those that were found.
  private static let snippetTokens = 24

  private static let begin = SQLText("BEGIN")
  private static let rollback = SQLText("ROLLBACK")
  /// Characters that no text of the register holds stand for the marks.
  private static let snippets = SQLText(
    "SELECT rowid, snippet(texts, -1, char(2), char(3), '…', \(snippetTokens)) FROM texts WHERE texts MATCH ?1")

  let connection: any Connection
  /// Counts the files that the index had.
  let generation: Int
  private let file: any DerivedFile
  private var scratch: (any Connection)?
  private let texts = DocumentTexts(width: SearchLayout.shared.width)
  private let key = Values()

  init(_ file: any DerivedFile, generation: Int) throws {
    self.file = file
    self.generation = generation
    connection = try file.makeReader(schema: Self.schema)
  }

  /// Shows the records as they are now; `nil` for one that is gone, or that does not hold the words any more.
  ///
  /// The index has no texts, and one that folds letters as it does is needed to find them: the engine's own, over a table in memory that
  /// holds nothing but these records.
  func show(_ records: [Record], _ terms: SearchTerms) throws -> [Shown?] {
    let scratch = try openScratch()
    texts.clear()
    try scratch.execute(Self.begin)
    defer { _ = try? scratch.execute(Self.rollback) }
    var names = [String?](repeating: nil, count: records.count)
    for (position, record) in records.enumerated() { names[position] = try put(record, number: Int64(position) + 1, in: scratch) }
    var shown = [Shown?](repeating: nil, count: records.count)
    key.reset()
    key.append(text: terms.expression)
    try scratch.query(Self.snippets, key) { row in
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
    try made.execute(SQLText(SearchLayout.shared.scratchSchema, isFixed: false))
    scratch = made
    return made
  }

  private static func html(_ cell: Cell) -> String {
    let html = ByteBuffer(capacity: 512)
    let bytes = unsafe cell.bytes
    for position in 0..<bytes.count {
      switch unsafe bytes[position] {
      case 0x02: html.append("<mark>" as StaticString)
      case 0x03: html.append("</mark>" as StaticString)
      case UInt8(ascii: "&"): html.append("&amp;" as StaticString)
      case UInt8(ascii: "<"): html.append("&lt;" as StaticString)
      case UInt8(ascii: ">"): html.append("&gt;" as StaticString)
      case UInt8(ascii: "\""): html.append("&quot;" as StaticString)
      case UInt8(ascii: "'"): html.append("&#39;" as StaticString)
      default: html.append(unsafe bytes[position])
      }
    }
    return html.string
  }
}
