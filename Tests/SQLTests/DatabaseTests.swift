import Glibc
import SQL
import SQLite
import Testing

@Suite struct DatabaseTests {
  // MARK: One connection

  @Test func `values go through the engine and come back as they were`() async throws {
    let scratch = try Scratch()
    let values = Values()
    values.append(integer: .max)
    values.append(real: 0.1)
    values.append(text: "Zoë, \"日本\"")
    values.append(text: "")
    values.append(.null)
    let reader = try scratch.database.makeReader()
    var kinds: [Cell.Kind] = []
    let all = ["a", "b", "c", "d", "e"].map { "\(parameter: $0)" as SQLFragment }.joined(separator: ", ")
    let rows = try reader.query(SQLTemplate("SELECT \(all)" as SQLFragment), values) { row in
      kinds = (0..<row.count).map { row[$0].kind }
      #expect(row[0].integer == .max && row[1].real == 0.1 && row[2].string == "Zoë, \"日本\"")
      #expect(row[3].string.isEmpty)
      return true
    }
    #expect(rows == 1)
    #expect(kinds == [.integer, .real, .text, .text, .null])
  }

  /// Rows come from several places of one statement: each arm of a compound, a sorter, a group, an outer join without a partner.
  @Test(arguments: [
    "VALUES (1, 'one', 1.5), (2, 'two', 2.5), (3, 'three', 3.5)",
    "SELECT 1, 'one', 1.5 UNION ALL SELECT * FROM (SELECT 2, 'two', 2.5 UNION ALL SELECT 3, 'three', 3.5)",
    "SELECT * FROM (SELECT 3 AS n, 'three', 3.5 UNION SELECT 1, 'one', 1.5 UNION SELECT 2, 'two', 2.5) ORDER BY n",
    "SELECT max(column1), column2, column3 FROM (VALUES (3, 'three', 3.5), (1, 'one', 1.5), (2, 'two', 2.5)) GROUP BY column1 ORDER BY 1",
    """
    WITH w(n, name) AS (VALUES (1, 'one'), (2, 'two'), (3, 'three')) \
    SELECT n, name, coalesce(half, n + 0.5) FROM w LEFT JOIN (SELECT 2 AS whole, 2.5 AS half) ON whole = n ORDER BY length(name), n
    """,
  ])
  func `every column of every row is read, whichever way a row is made`(sql: String) throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    let text = SQLTemplate(SQLFragment(raw: sql))
    for _ in 0..<2 {
      var rows: [String] = []
      try reader.query(text, Values()) { row in
        rows.append("\(row[0].integer) \(row[1].string) \(row[2].real)")
        return true
      }
      #expect(rows == ["1 one 1.5", "2 two 2.5", "3 three 3.5"])
    }
  }

  @Test func `a query stops when its reader has enough, and can be asked again`() throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    let sql = SQLTemplate("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n")
    for _ in 0..<2 {
      var seen: [Int64] = []
      #expect(
        try reader.query(sql, Values()) { row in
          seen.append(row[0].integer)
          return seen.count < 3
        } == 3)
      #expect(seen == [1, 2, 3])
    }
    #expect(throws: Scratch.Refused.self) { try reader.query(sql, Values()) { _ in throw Scratch.Refused() } }
    #expect(try reader.integer(SQLTemplate("SELECT 7")) == 7)
  }

  @Test func `a reader cannot write`() async throws {
    let scratch = try Scratch()
    _ = try await scratch.note("first")
    let reader = try scratch.database.makeReader()
    for sql in ["DELETE FROM notes", "INSERT INTO notes (id, seq) VALUES (1, 9)", "DROP TABLE notes", "CREATE TABLE t (x)"] {
      #expect(throws: SQLError.self, "\(sql)") { try reader.execute(SQLFragment(raw: sql)) }
    }
    #expect(try scratch.seqs() == [1])
  }

  @Test func `a deadline ends a query that has no end, and the connection goes on`() throws {
    let scratch = try Scratch()
    defer { withExtendedLifetime(scratch) {} }
    let reader = try scratch.database.makeReader()
    let endless = SQLTemplate("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
    reader.setDeadline(milliseconds: 20)
    let error = #expect(throws: SQLError.self) { try reader.integer(endless) }
    #expect(error?.kind == .interrupted)
    reader.setDeadline(milliseconds: nil)
    #expect(try reader.integer(SQLTemplate("SELECT 1")) == 1)
    // Longer than the deadline was, and let run.
    let long = SQLTemplate("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300000) SELECT count(*) FROM n")
    #expect(try reader.integer(long) == 300_000)
  }

  @Test func `errors say of which kind they are`() async throws {
    let scratch = try Scratch()
    _ = try await scratch.note("same")
    let unique = await #expect(throws: SQLError.self) { try await scratch.note("same") }
    #expect(unique?.kind == .unique)
    #expect(unique?.detail.contains("notes.text") == true)
    let constraint = await #expect(throws: SQLError.self) {
      try await scratch.database.write {
        try $0.connection.execute(SQLFragment(raw: "INSERT INTO notes (id, seq) VALUES (1, NULL)"))
      }
    }
    #expect(constraint?.kind == .constraint)
    let syntax = #expect(throws: SQLError.self) { try scratch.database.makeReader().integer(SQLTemplate("SELEC 1")) }
    #expect(syntax?.kind == .other)
  }

  // MARK: The writer

  @Test func `writes that fail among many at once harm no other and leave no gap`() async throws {
    let scratch = try Scratch()
    let count = 600
    let given = await withTaskGroup(of: Int64?.self) { group in
      for number in 0..<count {
        // Some throw after their insert, some are refused by the engine.
        group.addTask { try? await scratch.note(number % 7 == 3 ? "same" : "note \(number)", thenThrow: number % 5 == 0) }
      }
      return await group.reduce(into: [Int64]()) { all, seq in if let seq { all.append(seq) } }
    }
    let expected = (0..<count).count { $0 % 5 != 0 && $0 % 7 != 3 } + 1
    #expect(given.count == expected)
    #expect(given.sorted() == Array(1...Int64(expected)))
    #expect(try scratch.seqs() == given.sorted())
    #expect(scratch.database.lastSeq == Int64(expected))
    #expect(try await scratch.note("after") == Int64(expected) + 1)
  }

  @Test func `a number that is taken back is given again`() async throws {
    let scratch = try Scratch()
    let numbers = try await scratch.database.write { transaction in
      let first = transaction.nextSeq()
      transaction.takeBackSeq()
      return [first, try Scratch.insert("a", transaction), try Scratch.insert("b", transaction)]
    }
    #expect(numbers == [1, 1, 2])
    #expect(scratch.database.lastSeq == 2)
  }

  @Test func `ids are unique and rise, and the last one is kept for the next start`() async throws {
    let scratch = try Scratch()
    let first = try await scratch.database.write { transaction in
      let ids = (0..<5_000).map { _ in transaction.nextID() }
      _ = transaction.nextSeq()
      return ids
    }
    #expect(first == first.sorted() && Set(first).count == 5_000)
    let stored = SQLFragment(raw: "SELECT value FROM register_state WHERE name = 'last_id'")
    #expect(try scratch.database.makeReader().integer(stored) == first.last)
    // A change that takes a number and no id.
    _ = try await scratch.database.write { $0.nextSeq() }
    #expect(try scratch.database.makeReader().integer(stored) == first.last)
    #expect(scratch.database.lastSeq == 2)
  }

  @Test func `what a reader sees stays as it was while others write`() async throws {
    let scratch = try Scratch()
    for number in 0..<10 { _ = try await scratch.note("\(number)") }
    let reader = try scratch.database.makeReader()
    try reader.execute(SQLTemplate("BEGIN"))
    let count = SQLTemplate("SELECT count(*) FROM notes")
    #expect(try reader.integer(count) == 10)
    for number in 10..<20 { _ = try await scratch.note("\(number)") }
    #expect(try reader.integer(count) == 10)
    #expect(try scratch.database.makeReader().integer(count) == 20)
    try reader.execute(SQLTemplate("COMMIT"))
    #expect(try reader.integer(count) == 20)
  }

  @Test func `a write that is answered is seen by every reader at once`() async throws {
    let scratch = try Scratch()
    let reader = try scratch.database.makeReader()
    let last = SQLTemplate("SELECT max(seq) FROM notes")
    for number in 1...50 {
      let seq = try await scratch.note("\(number)")
      #expect(try reader.integer(last) == seq)
      #expect(scratch.database.lastSeq == seq)
    }
  }

  @Test func `a closed database refuses writes`() async throws {
    let scratch = try Scratch()
    _ = try await scratch.note("first")
    scratch.database.close()
    let error = await #expect(throws: SQLError.self) { try await scratch.note("late") }
    #expect(error?.kind == .unavailable)
    #expect(try scratch.seqs() == [1])
  }

  @Test func `more writes than may wait are refused, the others are done`() async throws {
    let scratch = try Scratch { $0.maxWaitingWrites = 8 }
    let results = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<400 { group.addTask { (try? await scratch.note("\(number)")) != nil } }
      return await group.reduce(into: [Bool]()) { $0.append($1) }
    }
    #expect(try scratch.seqs().count == results.count { $0 })
    #expect(try await scratch.note("after") == Int64(results.count { $0 }) + 1)
  }

  // MARK: The file

  @Test func `a second writer is refused while the first has the file`() async throws {
    let scratch = try Scratch()
    let configuration = SQLiteDatabase.Configuration(path: scratch.path)
    #expect(throws: FileLock.Held.self) { try SQLiteDatabase(configuration, migrations: Scratch.migrations) }
    _ = try await scratch.note("still")
    #expect(try scratch.seqs() == [1])
  }

  @Test func `a second writer is refused by any other name of the file, too`() throws {
    let scratch = try Scratch()
    let link = scratch.path + ".link"
    try #require(unsafe symlink(scratch.path, link) == 0)
    #expect(throws: FileLock.Held.self) { try SQLiteDatabase(.init(path: link), migrations: Scratch.migrations) }
    let other = scratch.path + ".other"
    try #require(unsafe Glibc.link(scratch.path, other) == 0)
    #expect(throws: SQLErrorAtOpen.self) { try SQLiteDatabase(.init(path: other), migrations: Scratch.migrations) }
  }

  @Test func `a lock that is refused closes its file once: the number may be another file's by then`() throws {
    let scratch = try Scratch()
    #expect(throws: FileLock.Held.self) { try FileLock(path: scratch.path + ".lock") }
    let isClosedTwice = (try? FileLock(path: scratch.path + ".lock")) == nil && errno == EBADF
    #expect(!isClosedTwice)
  }

  @Test func `a migration that fails leaves nothing of itself`() async throws {
    let scratch = try Scratch()
    scratch.database.close()
    let connection = try SQLiteConnection(path: scratch.path, role: .writer, cacheKiB: 256, mapMiB: 0)
    let bad = try #require(Migration(file: "0002_bad.sql", sql: "CREATE TABLE half (x INTEGER); INSERT INTO nowhere VALUES (1);"))
    #expect(throws: SQLError.self) { try Migrator(connection).apply(Scratch.migrations + [bad]) }
    #expect(try connection.integer(SQLTemplate("SELECT count(*) FROM sqlite_schema WHERE name = 'half'")) == 0)
    #expect(try Migrator(connection).state(Scratch.migrations + [bad]) == .pending([2]))
    #expect(try Migrator(connection).state(Scratch.migrations) == .current)
  }
}
