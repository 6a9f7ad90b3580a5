import SQL
import SQLite
import TestSupport

/// A database in a folder of its own, with one table of notes.
final class Scratch: Sendable {
  private let folder: TemporaryFolder
  let database: SQLiteDatabase

  static let schema = """
    CREATE TABLE register_state (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO register_state VALUES ('seq', 0), ('last_id', 0);
    CREATE TABLE notes (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, text TEXT UNIQUE, real REAL) STRICT;
    """

  var path: String { folder.path + "/scratch.db" }
  static var migrations: [Migration] { [Migration(file: "0001_notes.sql", sql: schema)].compactMap { $0 } }

  init(_ change: (inout SQLiteDatabase.Configuration) -> Void = { _ in }) throws {
    folder = try TemporaryFolder()
    var configuration = SQLiteDatabase.Configuration(path: folder.path + "/scratch.db")
    change(&configuration)
    database = try SQLiteDatabase(configuration, migrations: Self.migrations)
  }

  /// Writes a note and gives its number.
  func note(_ text: String, thenThrow: Bool = false) async throws -> Int64 {
    try await database.write { transaction in
      let seq = try Self.insert(text, transaction)
      if thenThrow { throw Refused() }
      return seq
    }
  }

  @discardableResult
  static func insert(_ text: String, _ transaction: any WriteTransaction) throws -> Int64 {
    let (seq, id) = (transaction.nextSeq(), transaction.nextID())
    try transaction.connection.execute("INSERT INTO notes (id, seq, text) VALUES (\(id), \(seq), \(text))")
    return seq
  }

  /// All numbers in the table, in order.
  func seqs() throws -> [Int64] {
    var seqs: [Int64] = []
    try database.makeReader().query(SQLTemplate("SELECT seq FROM notes ORDER BY seq"), Values()) { row in
      seqs.append(row[0].integer)
      return true
    }
    return seqs
  }

  struct Refused: Error {}
}
