internal import Formats
internal import Records
internal import SQL

/// Advances the full-text index from one change number of the register to a later one; each step is a transaction.
///
/// The index is a function of the register at its change number. It notes the indexed version beside each document; the text of that
/// version, which removing the document requires, is in the record's history.
final class IndexFiller {
  /// The index contradicts the register and must be rebuilt.
  struct Mismatch: Error, CustomStringConvertible {
    /// The reason, for the log.
    package let description: String
  }

  private struct Change {
    let document: DocumentTexts.Document
    let isRemoval: Bool
  }

  /// Most text held before it is written, whatever the size of a step. FTS5 writes a segment each time and merges it later, so this should
  /// hold most steps whole; just below the size at which the arena would double.
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
  /// The change number up to which the index is filled.
  package private(set) var seq: Int64 = 0

  /// - Parameters:
  ///   - index: the file's writer; an empty file gets its tables.
  ///   - register: a reader of the register.
  ///   - identity: identifies this register.
  ///   - lastSeq: the register's last change number.
  /// - Throws: `Mismatch` for an index of another register, of another layout, or of a later state (a backup was restored); `SQLError`.
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

  /// Indexes all changes up to `next`, which the register must have committed.
  ///
  /// - Throws: `Mismatch` or `SQLError`; the step is rolled back.
  package func advance(to next: Int64) throws {
    do {
      try register.execute(Dialect.begin)
      try index.execute(Dialect.beginWriting)
      try collect(from: seq, to: next)
      // The rest does not need the register, and an open snapshot keeps the writer from restarting its log.
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
    // A first version cannot be in the index: its change number was not indexed before.
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

  /// The document that the index holds for a record; `nil` if it has none.
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

  /// Writes the held changes in order of document number: FTS5 flushes its memory whenever a number is lower than the one before.
  private func flush() throws {
    changes.sort { ($0.document.number, $0.isRemoval ? 0 : 1) < ($1.document.number, $1.isRemoval ? 0 : 1) }
    for change in changes {
      texts.bind(change.document, to: key)
      try index.execute(change.isRemoval ? layout.remove : layout.insert, key)
    }
    changes.removeAll(keepingCapacity: true)
    texts.clear()
  }

  /// Days since the first day of the calendar (0001-01-01); 0 without a date.
  private func day(_ cell: Cell) -> Int64 {
    guard cell.kind == .text, let date = CalendarDate(iso: cell.utf8) else { return 0 }
    return Int64(date.days - CalendarDate.first.days)
  }
}
