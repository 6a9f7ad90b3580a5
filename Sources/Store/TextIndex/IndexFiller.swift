internal import Formats
internal import Records
internal import SQL

/// Brings the full-text index from one change number of the register to a later one, a transaction a step.
///
/// The index is a function of the register at the number it holds: which version of a record it has is noted beside the document, and
/// the text of that version, which taking it out again needs, is in the record's history.
final class IndexFiller {
  /// The index does not fit the register: it has to be made anew.
  struct Mismatch: Error, CustomStringConvertible {
    package let description: String
  }

  private struct Change {
    let document: DocumentTexts.Document
    let isRemoval: Bool
  }

  /// Texts that are held before they are written, whatever the size of a step. FTS5 writes a segment each time, which is merged with others
  /// later: so mostly all of a step, and just below the size at which the room for them would double.
  private static let heldBytes = (8 << 20) - (1 << 16)

  private static let stored = SQLTemplate("SELECT value FROM state WHERE name = \(parameter: "name")")
  private static let store = Dialect.store(in: "state", key: ["name"], columns: ["name", "value"])
  private static let setSort = Dialect.setOption("hashsize", of: SearchLayout.texts)
  private static let known = SQLTemplate("SELECT number, version FROM documents WHERE birth = \(parameter: "birth")")
  private static let note = Dialect.store(in: "documents", key: ["birth"], columns: ["birth", "number", "record", "version"])
  private static let forget = SQLTemplate("DELETE FROM documents WHERE birth = \(parameter: "birth")")

  private let index: any Connection
  private let register: any Connection
  private let layout: SearchLayout
  private let texts: DocumentTexts
  private let key = Values()
  private let window = Values()
  private var changes: [Change] = []
  /// The register's change number that the index holds.
  package private(set) var seq: Int64 = 0

  /// - Parameters:
  ///   - identity: tells this register from all others.
  ///   - lastSeq: the register's last change number.
  /// - Throws: `Mismatch` for an index of another register, of another program, or of a later state of this one (a backup was restored).
  package init(
    index: any Connection, register: any Connection, _ layout: SearchLayout, _ configuration: SearchConfiguration, identity: String,
    lastSeq: Int64
  ) throws {
    self.index = index
    self.register = register
    self.layout = layout
    texts = DocumentTexts(width: layout.width)
    let fingerprint = "\(identity): \(layout.fingerprint)"
    if try index.integer(Dialect.isEmptyDatabase) == 1 { try make(fingerprint) }
    guard try index.integer(Dialect.hasTable, with: "state") == 1, try text("fingerprint") == fingerprint else {
      throw Mismatch(description: "the search index is of another program or register")
    }
    seq = Int64(try text("seq") ?? "") ?? 0
    guard seq <= lastSeq else { throw Mismatch(description: "the search index is ahead of the register") }
    try index.execute(Self.setSort, with: configuration.sortKiB * 1_024)
  }

  private func make(_ fingerprint: String) throws {
    try index.execute(Dialect.beginWriting)
    for statement in layout.schema { try index.execute(statement) }
    try index.execute(Dialect.setOption("automerge", of: SearchLayout.texts), with: SearchLayout.segmentsBeforeMerge)
    try set("fingerprint", fingerprint)
    try set("seq", "0")
    try index.execute(Dialect.commit)
  }

  private func text(_ name: String) throws -> String? {
    try index.text(Self.stored, with: name)
  }

  private func set(_ name: String, _ value: String) throws {
    try index.execute(Self.store, with: name, value)
  }

  // MARK: Steps

  /// Takes in all changes up to `next`, which the register has committed.
  package func advance(to next: Int64) throws {
    do {
      try register.execute(Dialect.begin)
      try index.execute(Dialect.beginWriting)
      try collect(from: seq, to: next)
      // What is left to do needs the register no more, and while somebody reads the writer cannot begin its log anew.
      try register.execute(Dialect.commit)
      try flush()
      try set("seq", String(next))
      try index.execute(Dialect.commit)
      seq = next
    } catch {
      _ = try? index.execute(Dialect.rollback)
      _ = try? register.execute(Dialect.rollback)
      throw error
    }
  }

  private func collect(from: Int64, to next: Int64) throws {
    window.reset()
    window.append(integer: from)
    window.append(integer: next)
    for part in layout.parts {
      try register.query(part.changed, window) { row in
        try take(row, part)
        return true
      }
      try register.query(part.deleted, window) { row in
        try drop(row, part)
        return true
      }
    }
  }

  private func take(_ row: Row, _ part: SearchLayout.Part) throws {
    if texts.bytes > Self.heldBytes { try flush() }
    let (record, version, birth) = (row[0].integer, row[1].integer, row[2].integer)
    guard birth > 0 else { throw Mismatch(description: "the history of a record does not reach back to its birth") }
    let number = part.document(birth: birth, day: day(row[3]))
    let document = try texts.add(part, row, first: 4, number: number)
    // A first version is new to the index, too: its change number was never taken in before.
    if version > 1, let old = try superseded(part, record: record, birth: birth) {
      if old.number == number, texts.isSame(old, document) {
        return try note(birth: birth, number: number, record: record, version: version)
      }
      changes.append(Change(document: old, isRemoval: true))
    }
    changes.append(Change(document: document, isRemoval: false))
    try note(birth: birth, number: number, record: record, version: version)
  }

  private func drop(_ row: Row, _ part: SearchLayout.Part) throws {
    if texts.bytes > Self.heldBytes { try flush() }
    let birth = row[1].integer
    guard let old = try superseded(part, record: row[0].integer, birth: birth) else { return }
    changes.append(Change(document: old, isRemoval: true))
    key.reset()
    key.append(integer: birth)
    try index.execute(Self.forget, key)
  }

  /// The document that the index has of a record; `nil` when it has none.
  private func superseded(_ part: SearchLayout.Part, record: Int64, birth: Int64) throws -> DocumentTexts.Document? {
    var known: (number: Int64, version: Int64)?
    key.reset()
    key.append(integer: birth)
    try index.query(Self.known, key) { row in
      known = (row[0].integer, row[1].integer)
      return false
    }
    guard let known else { return nil }
    key.reset()
    key.append(integer: record)
    key.append(integer: known.version)
    var document: DocumentTexts.Document?
    try register.query(part.superseded, key) { row in
      document = try texts.add(part, row, first: 1, number: known.number)
      return false
    }
    guard let document else { throw Mismatch(description: "the history lacks a version that the search index holds") }
    return document
  }

  private func note(birth: Int64, number: Int64, record: Int64, version: Int64) throws {
    key.reset()
    for value in [birth, number, record, version] { key.append(integer: value) }
    try index.execute(Self.note, key)
  }

  /// Writes what is held, in the order of the documents' numbers: FTS5 empties its memory whenever a number is below the one before.
  private func flush() throws {
    changes.sort { ($0.document.number, $0.isRemoval ? 0 : 1) < ($1.document.number, $1.isRemoval ? 0 : 1) }
    for change in changes {
      texts.bind(change.document, to: key)
      try index.execute(change.isRemoval ? layout.remove : layout.insert, key)
    }
    changes.removeAll(keepingCapacity: true)
    texts.clear()
  }

  /// Days since the first of the calendar; 0 for records without a date.
  private func day(_ cell: Cell) -> Int64 {
    guard cell.kind == .text, let date = unsafe CalendarDate(iso: cell.bytes) else { return 0 }
    return Int64(date.days - CalendarDate.first.days)
  }
}
